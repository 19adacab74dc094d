import type { Heading } from './conventions.ts';
import { usualName } from './conventions.ts';
import { readOutline } from './headings.ts';
import { endOfSection, isBlank } from './sections.ts';
import { compareVersions } from './versions.ts';
import type { TitleVersion } from './wording.ts';

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
 * Finds the section of `version` (without `v`) in the text of a changelog in Markdown, reStructuredText
 * or plain text. Gives undefined when no heading announces the version; a body is never guessed.
 *
 * A section runs to the next heading that announces a release, whatever its level, or that stands for
 * several ("1.x", "Older versions", "Unreleased"). `5.7` answers for `5.7.0`, and the reverse, only
 * when no heading has the exact version and just one has an equal one. Takes linear time.
 */
export function findSection(
  text: string,
  version: string,
  options: ChangelogOptions = {},
): Section | undefined {
  const outline = readOutline(text);
  const found = matches(outline.headings, version, options);
  const [heading] = found.headings;
  if (!heading || found.spellings.size > 1) return undefined;

  const from = heading.last + 1;
  const to = endOfSection(outline, heading);
  const { lines } = outline;
  let first = from;
  let last = to - 1;
  while (first <= last && isBlank(lines[first]?.text)) first++;
  while (last >= first && isBlank(lines[last]?.text)) last--;
  const isEmpty = first > last;
  return {
    body: isEmpty ? '' : text.slice(lines[first]?.start, lines[last]?.end),
    heading: heading.source,
    line: heading.index + 1,
    bodyLine: (isEmpty ? from : first) + 1,
    match: found.match,
    version: [...found.spellings][0] ?? version,
    duplicates: found.headings.filter((other) => other.index >= to).map((other) => other.index + 1),
  };
}

/** The headings of a version. */
export interface Matches {
  readonly match: Section['match'];
  readonly headings: readonly Heading[];
  /** The different ways in which the headings write the version. */
  readonly spellings: ReadonlySet<string>;
}

/** The headings that announce a version, or one that is equal to it. */
export function matches(
  headings: readonly Heading[],
  version: string,
  options: ChangelogOptions,
): Matches {
  const all = releases(headings).filter((heading) => namesPackage(heading, options.package));
  const isExact = (named: TitleVersion) => named.text === version && isFor(named, options.package);
  const exact = all.filter((heading) => heading.versions.some(isExact));
  if (exact.length > 0) {
    // Beside "1.2.3 (beta)", the plain 1.2.3 is meant.
    const final = exact.filter(({ isTentative }) => !isTentative);
    const found = ownFirst(final.length > 0 ? final : exact, all, isExact);
    return { match: 'exact', headings: found, spellings: new Set([version]) };
  }

  const isEqual = (named: TitleVersion) =>
    compareVersions(named.text, version) === 0 && isFor(named, options.package);
  const equivalent = all.filter((heading) => heading.versions.some(isEqual));
  const spellings = new Set(
    equivalent.flatMap((heading) => heading.versions.filter(isEqual).map((named) => named.text)),
  );
  return { match: 'equivalent', headings: ownFirst(equivalent, all, isEqual), spellings };
}

/** Without a package asked for, the one that the file is about comes before those it mentions. */
function ownFirst(
  found: readonly Heading[],
  all: readonly Heading[],
  isAsked: (version: TitleVersion) => boolean,
): readonly Heading[] {
  if (found.length < 2) return found;
  const { name } = usualName(all);
  const own = found.filter(({ versions }) =>
    versions.some((version) => isAsked(version) && (version.name === '' || version.name === name)),
  );
  return own.length > 0 ? own : found;
}

/** The headings that announce releases. */
export function releases(headings: readonly Heading[]): readonly Heading[] {
  return headings.filter((heading) => heading.kind === 'release');
}

/** Whether a heading is about the package, or about none. */
export function namesPackage(heading: Heading, wanted: string | undefined): boolean {
  return heading.versions.some((version) => isFor(version, wanted));
}

/** `@scope/app`, `libs/app` and `App` are one name: the last part of a path, whatever its case. */
function isFor({ name }: TitleVersion, wanted: string | undefined): boolean {
  const last = (name: string) =>
    name
      .toLowerCase()
      .split('/')
      .at(-1)
      ?.replace(/[\s_]+/g, '-');
  return wanted === undefined || name === '' || last(name) === last(wanted);
}
