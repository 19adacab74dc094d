import { comparableTitle } from './titles.ts';

/** A title that was asked for and is nowhere. */
export interface MissingTitle {
  readonly title: string;
  /** Those that are there, not wanted, and may have been meant; in order. */
  readonly near: readonly string[];
}

/** Longer titles are not compared letter by letter. */
const longest = 80;

/** The wanted titles that are not among those that are there, with those that may have been meant. */
export function missingTitles(
  wanted: readonly string[],
  there: readonly string[],
): readonly MissingTitle[] {
  const known = new Map(there.map((title) => [comparableTitle(title), title]));
  const missing = wanted.filter((title) => !known.has(comparableTitle(title)));
  for (const title of wanted) known.delete(comparableTitle(title));
  return missing.map((title) => {
    const own = comparableTitle(title);
    const near = [...known].filter(([other]) => isNear(own, other));
    return { title, near: near.map(([, shown]) => shown) };
  });
}

/** The same words in another order or number, or at most two letters apart. */
function isNear(one: string, other: string): boolean {
  const words = wordsOf(one);
  if (words !== '' && words === wordsOf(other)) return true;
  const longer = Math.max(one.length, other.length);
  return longer > 4 && longer <= longest && distance(one, other) <= 2;
}

function wordsOf(title: string): string {
  const words = title.split(/[^\p{L}\p{N}]+/u).map((word) => word.replace(/s$/, ''));
  return words
    .filter((word) => word !== 'and' && word !== '')
    .sort()
    .join(' ');
}

/** How many letters have to be put in, taken out or changed (Levenshtein). */
function distance(one: string, other: string): number {
  if (Math.abs(one.length - other.length) > 2) return Number.POSITIVE_INFINITY;
  let row = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (let at = 1; at <= one.length; at++) {
    const next = [at];
    for (let column = 1; column <= other.length; column++) {
      const changed = (row[column - 1] ?? 0) + (one[at - 1] === other[column - 1] ? 0 : 1);
      next.push(Math.min(changed, (row[column] ?? 0) + 1, (next[column - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[other.length] ?? 0;
}
