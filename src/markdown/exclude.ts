import { byStart, type Span, within } from '../text.ts';
import type { Format } from './format.ts';
import { type Heading, headingsOf } from './headings.ts';
import { scanMarkup } from './inline.ts';
import { type Line, scanLines } from './lines.ts';
import { outlineOf } from './outlines.ts';

/**
 * Drops the sub-sections whose title is listed: from the heading up to the next heading of the same
 * or a higher level, or to the end of the `<details>` around it. Headings are those of
 * {@link headingsOf} in Markdown, and of {@link outlineOf} in everything else.
 *
 * Titles are compared by {@link comparableTitle}. Link definitions go with what
 * they are in, since `makePortable` adds those that are used; footnotes stay where they are used.
 *
 * @param notes Text with any line breaks.
 * @param titles Titles as people write them; blank ones are ignored.
 * @returns The notes without those sub-sections; what is kept is unchanged, but for a blank line where
 *   it would otherwise go on with the line above the gap.
 */
export function excludeSections(
  notes: string,
  titles: readonly string[],
  format: Format = 'Markdown',
): string {
  const unwanted = new Set(titles.map(comparableTitle).filter((title) => title !== ''));
  if (unwanted.size === 0) return notes;
  const isUnwanted = ({ title }: Heading) => unwanted.has(comparableTitle(title));
  if (format !== 'Markdown')
    return withoutGaps(notes, gapsIn(outlineOf(notes, format), isUnwanted, notes.length));
  const lines = scanLines(notes);
  const marks = [...headingsOf(lines), ...detailsOf(notes, lines)];
  marks.sort(byStart);
  const gaps = gapsIn(marks, isUnwanted, notes.length);
  const kept = withoutGaps(notes, gaps);
  const used = new Set(kept.match(footnoteMark));
  const isDropped = within(gaps);
  const footnotes = lines.filter(
    ({ start, text, fence, raw, inComment }) =>
      isDropped(start) &&
      !(fence || raw || inComment) &&
      used.has(/^ {0,3}(\[\^[^[\]\s]+\]):/.exec(text)?.[1] ?? ''),
  );
  if (footnotes.length === 0) return kept;
  return `${kept.trimEnd()}\n\n${footnotes.map(({ text }) => text).join('\n')}\n`;
}

const footnoteMark = /\[\^[^[\]\s]+\]/g;

/** The titles of the sub-sections, in order and as a reader sees them. */
export function titlesOf(notes: string, format: Format = 'Markdown'): string[] {
  const isMarkdown = format === 'Markdown';
  const headings = isMarkdown ? headingsOf(scanLines(notes)) : outlineOf(notes, format);
  return headings.map(({ title }) => plainTitle(title));
}

/** The sub-sections to drop. The end of the `<details>` around one ends it; one of none does not. */
function gapsIn(
  marks: readonly (Heading | Details)[],
  isUnwanted: (heading: Heading) => boolean,
  end: number,
): Span[] {
  const gaps: Span[] = [];
  let dropping: Heading | undefined;
  let depth = 0;
  let outerDepth = 0;
  for (const mark of marks) {
    const isHeading = 'level' in mark;
    if (!isHeading) depth = Math.max(0, depth + (mark.opens ? 1 : -1));
    const isEnd = isHeading ? mark.level <= (dropping?.level ?? 0) : depth < outerDepth;
    if (dropping && isEnd) {
      gaps.push({ start: dropping.start, end: mark.start });
      dropping = undefined;
    }
    if (dropping || !isHeading || !isUnwanted(mark)) continue;
    dropping = mark;
    outerDepth = depth;
  }
  return dropping ? [...gaps, { start: dropping.start, end: Math.max(dropping.start, end) }] : gaps;
}

function withoutGaps(notes: string, gaps: readonly Span[]): string {
  let kept = '';
  let at = 0;
  for (const { start, end } of gaps) {
    kept += notes.slice(at, start);
    at = end;
    const rest = notes.slice(end, end + 100);
    const canFollow = /^(?:[ \t]*[\r\n]|[ \t]*$| {0,3}#{1,6}[ \t])/.test(rest);
    if (kept === '' || canFollow || /(?:^|\n|\r(?!\n))[ \t]*(?:\r\n|\n|\r)$/.test(kept.slice(-100)))
      continue;
    kept += /(?:\r\n|\n|\r)$/.exec(kept)?.[0] ?? '';
  }
  return kept + notes.slice(at);
}

interface Details extends Span {
  readonly opens: boolean;
}

/** The tags outside code and comments that open or close `<details>`. */
function detailsOf(notes: string, lines: readonly Line[]): Details[] {
  if (!/<\/details/i.test(notes)) return [];
  const isComment = within(lines.flatMap((line) => line.comments));
  return scanMarkup(notes, () => false).flatMap((item) => {
    if (item.kind !== 'tag' || !/^\/?details$/.test(item.name)) return [];
    const { start, end, name } = item;
    return isComment(start) ? [] : [{ start, end, opens: name === 'details' }];
  });
}

/** A title in the form in which titles are compared: {@link plainTitle} without case. */
function comparableTitle(title: string): string {
  return plainTitle(title).toLowerCase();
}

/**
 * The words of a title as a reader sees them, from the first to the last letter or digit: without
 * emphasis, links, badges and emoji.
 */
function plainTitle(title: string): string {
  const words = title
    .replace(/!\[[^[\]]*\](?:\([^()]*\)|\[[^[\]]*\])?/g, ' ')
    .replace(/\[([^[\]]*)\](?:\([^()]*\)|\[[^[\]]*\])?/g, '$1')
    .replace(/<[^<>]*>/g, ' ')
    .replace(/:[\w+-]+:/g, ' ')
    .replace(/[*_`]+/g, '')
    .replace(/\\([!-/:-@[-`{-~])/g, '$1')
    .replace(entity, characterOf)
    .normalize('NFKC')
    .replace(/\s+/g, ' ')
    .trim();
  const own = /[\p{L}\p{N}](?:.*[\p{L}\p{N}])?/u.exec(words)?.[0];
  // A title of emoji alone is compared as it stands.
  return own ?? words.replace(/^#+ | #+$/g, '');
}

const entity = /&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|(amp|lt|gt|quot|apos|nbsp));/gi;
const named = new Map(Object.entries({ amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }));

function characterOf(_: string, decimal?: string, hex?: string, name = ''): string {
  const code = decimal === undefined ? Number.parseInt(hex ?? '20', 16) : Number(decimal);
  return named.get(name.toLowerCase()) ?? (code <= 0x10ffff ? String.fromCodePoint(code) : ' ');
}

/** A title that was asked for and is nowhere. */
interface MissingTitle {
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
  if (Math.abs(one.length - other.length) > 2) return Infinity;
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
