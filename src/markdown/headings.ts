import type { Span } from '../text.ts';
import { divideBlocks, underline } from './blocks.ts';
import type { Line } from './lines.ts';

/** A heading; offsets are UTF-16 code units, and `end` includes an underline. */
export interface Heading extends Span {
  /** 1 to 6; higher for a line that is a title without the marks of one, such as a bold one. */
  readonly level: number;
  /** The heading as it is written, without HTML comments. */
  readonly title: string;
}

/** The level of lines that are titles by their place; bold ones are right above. */
export const weakest = 8;

/** Reads `=== Title` (AsciiDoc, RDoc), `h3. Title` (Textile), `<h3>Title</h3>` and `### Title`. */
export function markedTitle(line: string): Pick<Heading, 'level' | 'title'> | undefined {
  const mark = /^(?:(={1,6}|#{1,6})\s|h([1-6])(?:\([^()]*\))?\. |<h([1-6])[\s>])/i.exec(line);
  if (!mark) return undefined;
  const level = Number(mark[2] ?? mark[3] ?? mark[1]?.length);
  const title = mark[3] === undefined ? line.slice(mark[0].length) : line;
  return { level, title: title.replace(/\s=+$/, '') };
}

/** Whether a line is `Title:`, of a few words. */
export function isLabel(line: string): boolean {
  if (line.length > 60 || !line.includes(':') || line.split(' ').length > 5) return false;
  return /^[\p{L}\p{N}\p{So}][^:.;!?]*::?\s*$/u.test(line);
}

/** Whether a line below this one is not its continuation. */
export function isApart(above = ''): boolean {
  return above.trim() === '' || /^(?:\s|[-*+•]\s|\d{1,9}[.)]\s|[<#=])/.test(above);
}

/** How the line of a link definition begins. */
const definition = /^ {0,3}\[[^\]]+\]:/;
// CommonMark 0.31, §4.2.
const atx = /^ {0,3}(#{1,6})(?:[ \t]|$)/;

const htmlHeading = /^ {0,3}<h([1-6])[\s>]/i;

/**
 * Finds the headings of Markdown, in order: `### Title`, underlined titles, `<h3>`, lines that are bold
 * as a whole, and below these `Title:` on a line of its own and the marks of other markups. Those in
 * code, comments, list items and quotes don't count, and in HTML blocks only `<h3>`.
 */
export function headingsOf(lines: readonly Line[]): Heading[] {
  const { inline, around } = divideBlocks(lines);
  const found: Heading[] = [];
  let next = 0;
  for (const [index, line] of lines.entries()) {
    if (line.fence || line.raw || line.inComment) continue;
    const { start, end } = line;
    const title = visibleText(line);
    if (around[index]) {
      const level = around[index] === 'html' ? htmlHeading.exec(title)?.[1] : undefined;
      if (level !== undefined) found.push({ start, end, level: Number(level), title });
      continue;
    }
    const hashes = atx.exec(title)?.[1];
    if (hashes) found.push({ start, end, level: hashes.length, title });
    else if (isBold(title)) found.push({ start, end, level: 7, title });
    else if (isForeign(title) || (isLabel(title) && isApart(lines[index - 1]?.text)))
      found.push({ start, end, level: weakest, title: markedTitle(title)?.title ?? title });
    else if (underline.test(line.text)) {
      while ((inline[next]?.end ?? end) < end) next++;
      const from = inline[next]?.start ?? start;
      const paragraph = paragraphAbove(lines, index, from);
      if (paragraph.length === 0 || around[index - paragraph.length]) continue;
      while ((found.at(-1)?.start ?? -1) >= from) found.pop();
      const words = paragraph.map((each) => visibleText(each).trim()).join(' ');
      if (words.startsWith('>') || words.trim() === '') continue;
      found.push({ start: from, end, level: line.text.includes('=') ? 1 : 2, title: words });
    }
  }
  return found;
}

function paragraphAbove(lines: readonly Line[], index: number, start: number): readonly Line[] {
  let first = index;
  while (first > 0 && (lines[first - 1]?.start ?? -1) >= start) first--;
  while (first < index && definition.test(lines[first]?.text ?? '')) first++;
  return lines.slice(first, index);
}

/** A heading of another markup, in a text that is otherwise Markdown. */
function isForeign(line: string): boolean {
  return /^[=h]/.test(line) && markedTitle(line) !== undefined;
}

/** `**Title**`, `__Title:__` or `**Title**:`, alone on its line. */
function isBold(line: string): boolean {
  if (!/^ {0,3}(?:\*\*|__)\S/.test(line)) return false;
  const text = line.trim().replace(/:$/, '');
  const mark = text.slice(0, 2);
  const words = text.slice(2, -2);
  return words !== '' && text.endsWith(mark) && !words.includes(mark) && /\S$/.test(words);
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
