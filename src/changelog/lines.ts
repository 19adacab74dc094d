import { scanLines } from '../markdown/lines.ts';
import type { Span } from '../text.ts';

/** The same text at the same offsets, each of whose lines ends in `\n` (a `\r` before it may stay). */
export function withLineFeeds(text: string): string {
  const plain = text.startsWith('\uFEFF') ? ` ${text.slice(1)}` : text;
  const fed = plain.includes('\r') ? plain.replace(/\r(?!\n)/g, '\n') : plain;
  return fed.endsWith('\n') ? fed : `${fed}\n`;
}

/** The line above the one that starts at an offset. */
export function lineAbove(text: string, start: number): Span | undefined {
  if (start === 0) return undefined;
  const end = start - 1;
  return { start: end === 0 ? 0 : text.lastIndexOf('\n', end - 1) + 1, end };
}

export function endOfLine(text: string, start: number): number {
  const end = text.indexOf('\n', start);
  return end < 0 ? text.length : end;
}

/** The words of a line, without the spaces around them; '' for no line. */
export const wordsOf = (text: string, line: Span | undefined) =>
  line ? text.slice(line.start, line.end).trim() : '';

/** Offset of the first character that is neither space nor tab, `end` if there is none. */
export function firstInk(text: string, start: number, end: number): number {
  let at = start;
  while (at < end && (text.charCodeAt(at) <= 32 || text.charCodeAt(at) === 0xa0)) at++;
  return at;
}

/** Whether a line is one repeated character out of `marks`, three times or more. */
export function isRule(text: string, start: number, end: number, marks: string): boolean {
  let at = firstInk(text, start, end);
  const mark = text.charAt(at);
  if (at + 2 >= end || text.charAt(at + 1) !== mark || !marks.includes(mark)) return false;
  const first = at;
  while (at < end && text.charAt(at) === mark) at++;
  return at - first > 2 && firstInk(text, at, end) === end;
}

/** Offset of the first line below a YAML block at the top, whose end looks like an underline. */
export function endOfFrontMatter(text: string): number {
  if (!/^\s*---[ \t\r]*\n[\w-]+:/.test(text)) return 0;
  const end = /\n(?:---|\.\.\.)[ \t\r]*(?=\n|$)/.exec(text.slice(4));
  return end ? 4 + end.index + end[0].length : 0;
}

/** Says of the starts of lines, asked in order, whether code or a comment hides the line. */
export function readHidden(text: string): (start: number) => boolean {
  // Plain searches first: the first run of a pattern over a whole text takes milliseconds.
  const mayHide =
    ['```', '~~~', '<!--'].some((mark) => text.includes(mark)) ||
    (text.includes('<') && /<(?:pre|script|style|textarea)/i.test(text));
  if (!mayHide || looksLikeRst(text)) return () => false;
  const hidden = scanLines(text).filter(({ fence, raw, inComment }) => fence || raw || inComment);
  let next = 0;
  return (start) => {
    while ((hidden[next]?.start ?? Infinity) < start) next++;
    return hidden[next]?.start === start;
  };
}

/** reStructuredText has neither fences nor HTML comments, but underlines that look like fences. */
function looksLikeRst(text: string): boolean {
  const rst = /^\.\. (?:_|[a-z-]+::)|`_{1,2}(?:\W|$)|:[a-z]+:`|^\S.{3,}\n([~^"'+])\1{3,}\s*$/m;
  return !/^(?:#{1,6} |~~~+ *\w|[ \t]*```)/m.test(text) && rst.test(text);
}
