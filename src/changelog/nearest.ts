import type { Heading } from './conventions.ts';
import { isAscending } from './conventions.ts';
import { readOutline } from './headings.ts';
import { type ChangelogOptions, matches, namesPackage, releases } from './section.ts';
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
 */
export function explainMissing(
  text: string,
  version: string,
  options: ChangelogOptions = {},
): NearHeading[] {
  const headings = releases(readOutline(text).headings);
  const { spellings } = matches(headings, version, options);
  const judged = headings.map((heading) => {
    const names = heading.versions.map((named) => named.text);
    const near = names.reduce((one, other) =>
      sharedParts(other, version) > sharedParts(one, version) ? other : one,
    );
    const verdict = judge(heading, near, version, spellings, options.package);
    return {
      heading: heading.source,
      line: heading.index + 1,
      near: `${near}: ${verdict.why}`,
      rank: verdict.rank,
    };
  });
  // Sorting is stable: what is equally near keeps the order of the file.
  return judged
    .sort((one, other) => one.rank - other.rank)
    .slice(0, 5)
    .map(({ heading, line, near }) => ({ heading, line, why: near }));
}

/** The newest version of a changelog: the first one, or the last one where versions ascend. */
export function newestVersion(text: string, options: ChangelogOptions = {}): string | undefined {
  const headings = releases(readOutline(text).headings).filter((heading) =>
    namesPackage(heading, options.package),
  );
  const newest = isAscending(headings) ? headings.at(-1) : headings[0];
  return newest?.versions
    .map((version) => version.text)
    .reduce((one, other) => (compareVersions(one, other) < 0 ? other : one));
}

function judge(
  heading: Heading,
  near: string,
  version: string,
  spellings: ReadonlySet<string>,
  wanted?: string,
) {
  const isEqual = compareVersions(near, version) === 0;
  if (isEqual && !namesPackage(heading, wanted)) {
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
