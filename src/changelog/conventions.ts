import { compareVersions } from './versions.ts';
import type { Title } from './wording.ts';

/** A line that announces one or more releases, or closes the section above it. */
export interface Heading extends Title {
  /** Index of the heading's first line: an overline, or the heading itself. */
  readonly first: number;
  /** Index of the line with the words. */
  readonly index: number;
  /** Index of its last line: the underline, or the heading itself. */
  readonly last: number;
  /** 1–6; 7 for lines that are no headings in Markdown's own sense, 8 and 9 for `**` and `***` items. */
  readonly level: number;
  readonly style: 'heading' | 'bold' | 'plain' | 'list';
  /** The line as it is written, trimmed. */
  readonly source: string;
}

/**
 * Keeps the headings that follow the file's own way of announcing releases.
 *
 * What follows another way counts only if its version fits between those of its neighbours: the
 * habit of an earlier time, and not a topic such as "Node 18.0". Bold and plain lines count together:
 * all of them if most fit, or none, since "5.0 beta 1" below every topic of 5.0 parts something else.
 */
export function followConventions(found: readonly Heading[]): Heading[] {
  if (found.every(isClear)) return [...found];
  const style = leadingStyle(found);
  const names = countNames(found);
  const usual = found.filter((heading) => {
    if (heading.style === 'heading') return true;
    // Two words such as "See 1.2.3" are only a heading where others are like it.
    const name = heading.versions[0]?.name ?? '';
    const isCommon = name === '' || heading.hasDate || (names.get(name) ?? 0) > 1;
    return heading.style === style && isCommon;
  });
  const { own, others } = divide(usual);
  const weak = found.filter(
    ({ style: other, versions, tail }) =>
      (other === 'bold' || other === 'plain') &&
      other !== style &&
      versions[0]?.name === own.name &&
      (tail === 'none' || tail === 'date'),
  );
  const inOrder = withInOrder(own.headings, sortByPlace([...others, ...weak]));
  if (weak.length === 0) return inOrder;
  const fitting = new Set(inOrder);
  const habits = (['bold', 'plain'] as const).filter((habit) => {
    const lines = weak.filter((heading) => heading.style === habit);
    return lines.filter((heading) => fitting.has(heading)).length * 2 > lines.length;
  });
  const isWeak = new Set(weak);
  return sortByPlace([
    ...inOrder.filter((heading) => !isWeak.has(heading)),
    ...weak.filter((heading) => habits.some((habit) => habit === heading.style)),
  ]);
}

/** A heading in its own right, of the file's own. */
function isClear({ style, versions, tail }: Heading): boolean {
  return style === 'heading' && tail !== 'prose' && versions.every(({ name }) => name === '');
}

function sortByPlace(headings: readonly Heading[]): Heading[] {
  return headings.toSorted((one, other) => one.index - other.index);
}

/** The style in which the file announces the most versions, be they repeated or not. */
function leadingStyle(found: readonly Heading[]): Heading['style'] {
  const known: Record<Heading['style'], Set<string>> = {
    heading: new Set(),
    bold: new Set(),
    plain: new Set(),
    list: new Set(),
  };
  for (const { style, versions } of found) {
    for (const { name, text } of versions) known[style].add(`${name} ${text}`);
  }
  const count = (style: Heading['style']) => known[style].size;
  if (count('heading') === 0 && count('list') > Math.max(count('bold'), count('plain')))
    return 'list';
  if (count('bold') > count('heading') && count('bold') >= count('plain')) return 'bold';
  return count('plain') > count('heading') ? 'plain' : 'heading';
}

/** Parts the file's own headings from those on something else that has a version. */
function divide(headings: readonly Heading[]) {
  const releases = headings.filter((heading) => heading.kind === 'release');
  const { name, isUsual } = usualName(releases);
  const isOwn = (heading: Heading) =>
    heading.versions.some((version) => version.name === '' || version.name === name);
  const clear = releases.filter((heading) => isOwn(heading) && heading.tail !== 'prose');
  const deepest = clear.reduce((most, heading) => Math.max(most, heading.level), 0) || 7;
  const own: Heading[] = [];
  const others: Heading[] = [];
  for (const heading of headings) {
    const isDistinct = (heading.tail !== 'prose' || heading.hasDate) && heading.level <= deepest;
    if (heading.kind !== 'release') own.push(heading);
    else if (isOwn(heading)) {
      // Below the level of releases, more words make a topic: "#### 2.0 upgrade guide".
      if (heading.tail !== 'prose' || heading.level <= deepest) own.push(heading);
    } else if (isDistinct) {
      // A name where there usually is one, a date or an `@` tell another package's release.
      const isPackage = isUsual || heading.hasDate || heading.source.includes('@');
      (isPackage ? own : others).push(heading);
    }
  }
  return { own: { headings: own, name }, others };
}

/** The name that most releases of a file carry, if most carry one. */
export function usualName(headings: readonly Heading[]): { name: string; isUsual: boolean } {
  const counts = countNames(headings);
  const bare = counts.get('') ?? 0;
  if (headings.length - bare <= bare) return { name: '', isUsual: false };
  counts.delete('');
  const [name] = [...counts].reduce((most, entry) => (entry[1] > most[1] ? entry : most), ['', 0]);
  return { name, isUsual: true };
}

function countNames(headings: readonly Heading[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { versions } of headings) {
    const name = versions[0]?.name ?? '';
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return counts;
}

/** Adds the doubtful headings whose version fits between those of their neighbours. */
function withInOrder(accepted: readonly Heading[], others: readonly Heading[]): Heading[] {
  const direction = isAscending(accepted) ? 1 : -1;
  const merged: Heading[] = [];
  let at = 0;
  let above: string | undefined;
  for (const other of others) {
    for (let next = accepted[at]; next && next.index < other.index; next = accepted[++at]) {
      merged.push(next);
      above = next.versions[0]?.text ?? above;
    }
    const version = other.versions[0]?.text ?? '';
    const below = accepted[at]?.versions[0]?.text;
    const hasNeighbour = above !== undefined || below !== undefined;
    const fitsAbove = above === undefined || compareVersions(version, above) * direction > 0;
    const fitsBelow = below === undefined || compareVersions(below, version) * direction > 0;
    if (!hasNeighbour || !fitsAbove || !fitsBelow) continue;
    merged.push(other);
    above = version;
  }
  return [...merged, ...accepted.slice(at)];
}

/** Whether the versions rise from the top to the bottom of the file. */
export function isAscending(headings: readonly Heading[]): boolean {
  let rising = 0;
  let previous: string | undefined;
  for (const { versions } of headings) {
    const version = versions[0]?.text;
    if (version !== undefined && previous !== undefined)
      rising += Math.sign(compareVersions(version, previous));
    previous = version ?? previous;
  }
  return rising > 0;
}
