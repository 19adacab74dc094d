import { quote } from '../text.ts';
import { isAscending } from './candidates.ts';
import { withLineFeeds } from './markup.ts';
import { readOutline } from './outline.ts';
import { matches, raterOf } from './section.ts';
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
 * apart. Where headings of several packages or platforms announce it, all of them come first. Of a
 * changelog in XML, which is not read, its first line is the only entry.
 */
export function explainMissing(text: string, version: string, wanted?: string): NearHeading[] {
  if (isXml(text)) {
    const [heading = ''] = text.trim().split(/[\r\n]/, 1);
    return [{ heading: heading.slice(0, 200), line: 1, why: 'XML, which is not supported' }];
  }
  const outline = readOutline(withLineFeeds(text));
  const { spellings, conflicts } = matches(outline, version, wanted);
  const rate = raterOf(outline, wanted);
  const isConflict = new Set(conflicts.map(({ heading }) => heading));
  const same = `not the same as ${version} (${spellings.size} headings would match)`;
  const judged = outline.flatMap((heading) => {
    if (heading.versions.length === 0 || isConflict.has(heading)) return [];
    const { text: near, name } = heading.versions.reduce((one, other) =>
      sharedParts(other.text, version) > sharedParts(one.text, version) ? other : one,
    );
    const { fit, group } = rate(heading, name);
    const isFit = fit > 0;
    const owner = name || group;
    const isEqual = compareVersions(near, version) === 0 && (!isFit || spellings.size > 1);
    const reason = isFit ? same : `of another package (${owner})`;
    const { why, rank } = isEqual ? { why: reason, rank: 0 } : judge(near, version);
    return { rank, near: { heading: heading.source, line: heading.line, why: `${near}: ${why}` } };
  });
  // Sorting is stable: what is equally near keeps the order of the file.
  const nearest = judged.sort((one, other) => one.rank - other.rank);
  const told = conflicts.map(({ heading, name, group }) => {
    const below = `below the heading ${quote(group, 80)}`;
    const why = name ? `name the package in the tag (${name})` : below;
    return { heading: heading.source, line: heading.line, why: `also ${version}: ${why}` };
  });
  return [...told, ...nearest.map(({ near }) => near).slice(0, Math.max(0, 5 - told.length))];
}

/** The newest version of a changelog: the first one, or the last one where versions ascend. */
export function newestVersion(text: string): string | undefined {
  if (isXml(text)) return undefined;
  const headings = readOutline(withLineFeeds(text)).filter(({ versions }) => versions.length > 0);
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

function judge(near: string, version: string) {
  if (haveSameNumbers(near, version)) {
    const other = isPrerelease(version) ? 'the release' : 'another build';
    return { rank: 1, why: isPrerelease(near) ? 'a prerelease' : other };
  }
  const isContinued = near.startsWith(version) || version.startsWith(near);
  const rank = isContinued ? 2 : 10 - Math.min(7, sharedParts(near, version));
  return { rank, why: 'another version' };
}
