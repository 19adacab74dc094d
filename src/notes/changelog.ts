import { isAscending, usualName } from './conventions.ts';
import { type Heading, readOutline } from './headings.ts';
import { endOfSection, isBlank } from './sections.ts';
import { compareVersions, haveSameNumbers, isPrerelease, sharedParts } from './versions.ts';
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

/** A heading that announces releases. */
export interface VersionHeading {
  readonly heading: string;
  /** Line of the heading, from 1. */
  readonly line: number;
  readonly versions: readonly string[];
  /** Package that the heading names, '' for none. */
  readonly package: string;
}

/** A heading near the version asked for, and why it isn't that version's. */
export interface NearHeading {
  readonly heading: string;
  /** Line of the heading, from 1. */
  readonly line: number;
  readonly why: string;
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

/** The headings that announce releases, in the order of the file. */
export function listVersionHeadings(
  text: string,
  options: ChangelogOptions = {},
): VersionHeading[] {
  return releases(readOutline(text).headings)
    .filter((heading) => namesPackage(heading, options.package))
    .map(({ source, index, versions }) => ({
      heading: source,
      line: index + 1,
      versions: versions.map((version) => version.text),
      package: versions[0]?.name ?? '',
    }));
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

interface Matches {
  readonly match: Section['match'];
  readonly headings: readonly Heading[];
  /** The different ways in which the headings write the version. */
  readonly spellings: ReadonlySet<string>;
}

function matches(
  headings: readonly Heading[],
  version: string,
  options: ChangelogOptions,
): Matches {
  const all = releases(headings).filter((heading) => namesPackage(heading, options.package));
  const isExact = (named: TitleVersion) => named.text === version && isFor(named, options.package);
  const exact = all.filter((heading) => heading.versions.some(isExact));
  if (exact.length > 0) {
    const found = ownFirst(exact, all, isExact);
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
  const { name } = usualName(all);
  const own = found.filter(({ versions }) =>
    versions.some((version) => isAsked(version) && (version.name === '' || version.name === name)),
  );
  return own.length > 0 ? own : found;
}

function releases(headings: readonly Heading[]): readonly Heading[] {
  return headings.filter((heading) => heading.kind === 'release');
}

function namesPackage(heading: Heading, wanted: string | undefined): boolean {
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
