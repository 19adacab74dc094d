import { divideBlocks, underline } from './blocks.ts';
import type { Line } from './lines.ts';
import { type Heading, isApart, isLabel, markedTitle, weakest } from './titles.ts';

/** How the line of a link definition begins. */
export const definition = /^ {0,3}\[[^\]]+\]:/;
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
