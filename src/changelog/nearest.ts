import { quote } from '../text.ts';
import type { Candidate } from './candidates.ts';
import { withLineFeeds } from './lines.ts';
import { type Conflict, readFit } from './packages.ts';
import { isAscending } from './releases.ts';
import { type ChangelogOptions, matches, readOutline } from './section.ts';
import { compareVersions, haveSameNumbers, isPrerelease, sharedParts } from './versions.ts';

/** A heading near the version asked for, and why it isn't that version's. */
export interface NearHeading {
  readonly heading: string;
  /** Line of the heading, from 1. */
  readonly line: number;
  readonly why: string;
}

/**
 * Up to five headings nearest to a version that has no section, nearest first, and what tells them
 * apart: another package, a prerelease, another spelling that two headings share, another version.
 * Where headings of several packages or platforms announce it, all of them come first. Of a changelog
 * in XML, which is not read, its first line is the only entry.
 */
export function explainMissing(
  text: string,
  version: string,
  options: ChangelogOptions = {},
): NearHeading[] {
  if (isXml(text)) {
    const [heading = ''] = text.trim().split(/[\r\n]/, 1);
    return [{ heading: heading.slice(0, 200), line: 1, why: 'XML, which is not read' }];
  }
  const outline = readOutline(withLineFeeds(text));
  const { spellings, conflicts } = matches(outline, version, options);
  const isFit = readFit(outline, options.package);
  const isConflict = new Set(conflicts.map(({ heading }) => heading));
  const releases = outline.filter((one) => one.kind === 'release' && !isConflict.has(one));
  const judged = releases.map((heading) => {
    const names = heading.versions.map((named) => named.text);
    const near = names.reduce((one, other) =>
      sharedParts(other, version) > sharedParts(one, version) ? other : one,
    );
    const { why, rank } = judge(heading, near, version, spellings, isFit(heading));
    return { heading: heading.source, line: heading.line, why: `${near}: ${why}`, rank };
  });
  // Sorting is stable: what is equally near keeps the order of the file.
  const nearest = judged
    .sort((one, other) => one.rank - other.rank)
    .slice(0, Math.max(0, 5 - conflicts.length))
    .map(({ heading, line, why }) => ({ heading, line, why }));
  return [...conflicts.map((conflict) => explainConflict(conflict, version)), ...nearest];
}

/** The newest version of a changelog: the first one, or the last one where versions ascend. */
export function newestVersion(text: string, options: ChangelogOptions = {}): string | undefined {
  if (isXml(text)) return undefined;
  const outline = readOutline(withLineFeeds(text));
  const isFit = readFit(outline, options.package);
  const headings = outline.filter((heading) => heading.kind === 'release' && isFit(heading));
  const newest = isAscending(headings) ? headings.at(-1) : headings[0];
  return newest?.versions
    .map((version) => version.text)
    .reduce((one, other) => (compareVersions(one, other) < 0 ? other : one));
}

/** AppStream and its like; XHTML has headings. */
function isXml(text: string): boolean {
  const start = text.slice(0, 2000);
  return /^\s*<(?:\?xml|component|application|releases)[\s>]/.test(start) && !/<html/i.test(start);
}

function explainConflict({ heading, name, group }: Conflict, version: string): NearHeading {
  const why =
    name === ''
      ? `also ${version}: below the heading ${quote(group, 80)}`
      : `also ${version}: name the package in the tag (${name})`;
  return { heading: heading.source, line: heading.line, why };
}

function judge(
  heading: Candidate,
  near: string,
  version: string,
  spellings: ReadonlySet<string>,
  isFit: boolean,
) {
  const isEqual = compareVersions(near, version) === 0;
  if (isEqual && !isFit) {
    return { rank: 0, why: `of another package (${heading.versions[0]?.name})` };
  }
  if (isEqual && spellings.size > 1) {
    return { rank: 0, why: `not the same as ${version} (${spellings.size} headings would match)` };
  }
  if (haveSameNumbers(near, version)) {
    return {
      rank: 1,
      why: isPrerelease(near)
        ? 'a prerelease'
        : isPrerelease(version)
          ? 'the release'
          : 'another build',
    };
  }
  const isContinued = near.startsWith(version) || version.startsWith(near);
  return {
    rank: isContinued ? 2 : 10 - Math.min(7, sharedParts(near, version)),
    why: 'another version',
  };
}
