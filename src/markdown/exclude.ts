import type { Span } from '../text.ts';
import { type Line, scanLines } from './lines.ts';

/**
 * Drops the sub-sections whose title is listed: from the heading up to the next heading of the same
 * or a higher level, or to the end of the `<details>` around it. Headings are `### Title`, underlined titles, and lines that are bold as a whole,
 * which rank below every real heading.
 *
 * Titles are compared without case, emphasis, emoji, links, closing `#` and trailing punctuation.
 * Link definitions at the very end stay, since they serve the whole text.
 *
 * @param notes Markdown with any line breaks.
 * @param titles Titles as people write them; blank ones are ignored.
 * @returns The notes without those sub-sections; what is kept is unchanged.
 */
export function excludeSections(notes: string, titles: readonly string[]): string {
  const unwanted = new Set(titles.map(comparable).filter((title) => title !== ''));
  if (unwanted.size === 0) return notes;

  const lines = scanLines(notes);
  const end = startOfClosingDefinitions(lines);
  let kept = '';
  let keptUpTo = 0;
  let dropping: Heading | undefined;
  let depth = 0;
  const marks = [...headingsOf(lines), ...detailsOf(lines)].sort((a, b) => a.start - b.start);
  for (const heading of marks) {
    if ('opens' in heading) {
      depth = dropping ? depth + (heading.opens ? 1 : -1) : 0;
      if (depth < 0) {
        keptUpTo = heading.start;
        dropping = undefined;
        depth = 0;
      }
      continue;
    }
    if (dropping && heading.level > dropping.level) continue;
    const isUnwanted = unwanted.has(comparable(heading.title));
    if (isUnwanted && !dropping) kept += notes.slice(keptUpTo, heading.start);
    if (!isUnwanted && dropping) keptUpTo = heading.start;
    if (!dropping) depth = 0;
    dropping = isUnwanted ? heading : undefined;
  }
  return kept + notes.slice(dropping ? Math.max(dropping.start, end) : keptUpTo);
}

/** A heading; offsets are UTF-16 code units, and `end` includes an underline. */
export interface Heading extends Span {
  /** 1 to 6; 7 for a bold line. */
  readonly level: number;
  /** The heading's line as it is written, without HTML comments. */
  readonly title: string;
}

// CommonMark 0.31, §4.2 and §4.3.
const atx = /^ {0,3}(#{1,6})(?:[ \t]|$)/;
const underline = /^ {0,3}(?:=+|-+)[ \t]*$/;
const bold = /^ {0,3}(?:\*\*[^*]+\*\*|__[^_]+__):?[ \t]*$/;
// A line that starts a list item, quote or table row is no title, whatever is below it.
const otherBlock = /^ {0,3}(?:[-+*>|]|\d{1,9}[.)](?:[ \t]|$))/;

/** Finds the headings outside code and comments, in order. */
export function headingsOf(lines: readonly Line[]): Heading[] {
  return lines.flatMap((line, index): Heading[] => {
    if (line.fence || line.raw || line.inComment) return [];
    const { start, end } = line;
    const title = visibleText(line);
    const hashes = atx.exec(title)?.[1];
    if (hashes) return [{ start, end, level: hashes.length, title }];
    const next = lines[index + 1];
    if (next && startsBlock(lines[index - 1]) && isUnderlined(title, next))
      return [{ start, end: next.end, level: next.text.includes('=') ? 1 : 2, title }];
    return bold.test(title) ? [{ start, end, level: 7, title }] : [];
  });
}

/** The lines that open or close `<details>`. */
function detailsOf(lines: readonly Line[]) {
  return lines.flatMap(({ text, fence, raw, inComment, start }) => {
    if (fence || raw || inComment) return [];
    const slash = /^ {0,3}<(\/?)details[\s>](?!.*<\/details>)/i.exec(text)?.[1];
    return slash === undefined ? [] : [{ start, opens: slash === '' }];
  });
}

function startsBlock(before: Line | undefined): boolean {
  return !before || before.fence !== undefined || /^\s*$|^ {0,3}#/.test(before.text);
}

function isUnderlined(title: string, next: Line): boolean {
  const canBeTitle = /^ {0,3}\S/.test(title) && (bold.test(title) || !otherBlock.test(title));
  return canBeTitle && next.fence === undefined && underline.test(next.text);
}

function visibleText({ text, start, comments }: Line): string {
  let visible = '';
  let at = 0;
  for (const comment of comments) {
    visible += text.slice(at, comment.start - start);
    at = comment.end - start;
  }
  return visible + text.slice(at);
}

const definition = /^ {0,3}\[[^\]]+\]:/;

/** Where the block of link definitions (and blank lines) begins that ends the text. */
function startOfClosingDefinitions(lines: readonly Line[]): number {
  const last = lines.findLastIndex(
    (line) => line.fence || (line.text.trim() !== '' && !definition.test(line.text)),
  );
  const first = lines.findIndex((line, index) => index > last && definition.test(line.text));
  return lines[first]?.start ?? lines.at(-1)?.end ?? 0;
}

const link = /\[([^[\]]*)\](?:\([^()]*\)|\[[^[\]]*\])?/g;
const tag = /<[^<>]*>/g;
const shortcode = /:[\w+-]+:/g;
const wordCharacter = /[\p{L}\p{N}]/u;

/** A title as it is compared: the words from the first to the last letter or digit. */
function comparable(title: string): string {
  const words = title
    .normalize('NFKC')
    .replace(link, '$1')
    .replace(tag, ' ')
    .replace(shortcode, ' ')
    .replace(/[\s*_`]+/g, ' ')
    .toLowerCase()
    .trim();
  const characters = [...words];
  const first = characters.findIndex((character) => wordCharacter.test(character));
  const last = characters.findLastIndex((character) => wordCharacter.test(character));
  // A title of emoji alone is compared as it stands.
  return first < 0 ? words.replace(/^#+ | #+$/g, '') : characters.slice(first, last + 1).join('');
}
