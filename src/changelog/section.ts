import { type Candidate, findCandidates } from './candidates.ts';
import { endOfSection } from './ends.ts';
import { firstInk, withLineFeeds } from './lines.ts';
import { type Asked, choose } from './packages.ts';
import { chooseReleases } from './releases.ts';
import { compareVersions } from './versions.ts';
import type { TitleVersion } from './words.ts';

/** The part of a changelog that describes one version. Lines are counted from 1. */
export interface Section {
  /** The source between the heading and the end of the section, without outer blank lines; '' if empty. */
  readonly body: string;
  /** The heading as it is written. */
  readonly heading: string;
  /** Line of the heading. */
  readonly line: number;
  /** Line of the body's first line; the line below the heading if the body is empty. */
  readonly bodyLine: number;
  /** `equivalent`: only another spelling was there, such as 5.7 for 5.7.0. */
  readonly match: 'exact' | 'equivalent';
  /** The version as the heading spells it. */
  readonly version: string;
  /** Lines of further headings of the same version; the first one counts. */
  readonly duplicates: readonly number[];
}

export interface ChangelogOptions {
  /** Only headings for this package count, and those that name none. */
  readonly package?: string;
}

/**
 * Finds the section of `version` (without `v`): to the next heading that announces a release, or that
 * stands for several ("1.x", "Older versions", "# macOS"). Gives undefined when no heading announces the
 * version, and when headings of different packages or platforms do; a body is never guessed.
 * `5.7` answers for `5.7.0`, and the reverse, only when just one heading has an equal version. Linear.
 */
export function findSection(
  text: string,
  version: string,
  options: ChangelogOptions = {},
): Section | undefined {
  const source = withLineFeeds(text);
  const outline = readOutline(source);
  const found = matches(outline, version, options);
  const [heading] = found.headings;
  if (!heading || found.spellings.size > 1 || found.conflicts.length > 0) return undefined;

  const to = endOfSection(source, outline, heading);
  const { from, line } = startOfBody(source, heading, to);
  const body = text.slice(from, to).trimEnd();
  return {
    body,
    heading: heading.source,
    line: heading.line,
    bodyLine: line,
    match: found.match,
    version: [...found.spellings][0] ?? version,
    duplicates: found.headings.filter(({ start }) => start >= to).map((other) => other.line),
  };
}

/** Where the notes begin: on the first line with text, or behind the version where one line has it all. */
function startOfBody(text: string, heading: Candidate, to: number) {
  const below = heading.end + 1;
  const ink = firstInk(text, below, to);
  const from = text.lastIndexOf('\n', ink) + 1;
  const isGoingOn =
    heading.style === 'list' && from === below && /^\s+[^\s*+-]/.test(text.slice(from, ink + 1));
  const isLine = heading.style === 'plain' || heading.style === 'list';
  if (isLine && heading.tail === 'remark' && (ink >= to || isGoingOn)) {
    const { source, at } = heading;
    const version = heading.versions.at(-1)?.text ?? '';
    const rest = source.slice(source.lastIndexOf(version) + version.length);
    const words = rest.replace(/^[\])}*_`]*(?:\s*[([][^()[\]]*[)\]])*[\s:–—-]*/, '');
    if (words) return { from: at + source.length - words.length, line: heading.line };
  }
  if (ink >= to) return { from: to, line: heading.lineBelow };
  return { from, line: heading.lineBelow + text.slice(below, from).split('\n').length - 1 };
}

/** The headings that divide a changelog; `text` as {@link withLineFeeds} gives it. */
export const readOutline = (text: string) => chooseReleases(findCandidates(text));

/** The headings that announce a version, or one that is equal to it, and how these write it. */
export function matches(
  outline: readonly Candidate[],
  version: string,
  options: ChangelogOptions,
): Asked & { readonly match: Section['match']; readonly spellings: ReadonlySet<string> } {
  const isExact = ({ text }: TitleVersion) => text === version;
  const exact = choose(outline, isExact, options.package);
  if (exact.headings.length > 0) return { match: 'exact', ...exact, spellings: new Set([version]) };
  const isEqual = ({ text }: TitleVersion) => compareVersions(text, version) === 0;
  const equal = choose(outline, isEqual, options.package);
  const spellings = equal.headings.flatMap(({ versions }) => versions.filter(isEqual));
  return { match: 'equivalent', ...equal, spellings: new Set(spellings.map(({ text }) => text)) };
}
