import type { Span } from '../text.ts';
import { divideBlocks } from './blocks.ts';
import { scanLines } from './lines.ts';

/** Takes the HTML comments outside code out of `text`; a block comment left open runs to the end. */
export function withoutComments(text: string): string {
  if (!text.includes('<!--')) return text;
  const lines = scanLines(text);
  const code = divideBlocks(lines).code;
  let nextCode = 0;
  let isCode = false;
  const comments = lines.flatMap((line) => {
    while ((code[nextCode]?.end ?? text.length) < line.start) nextCode++;
    // A comment that code seems to open is none in its further lines either.
    const wasCode = isCode;
    isCode = (code[nextCode]?.start ?? text.length) <= line.start && (!line.inComment || wasCode);
    return isCode ? [] : line.comments;
  });
  const unclosed = lines.find(
    ({ text: line, fence, comments: [first], start, inComment }) =>
      !fence &&
      !inComment &&
      first?.start !== start + line.indexOf('<') &&
      /^ {0,3}<!--/.test(line),
  );
  if (!unclosed) return withoutSpans(text, comments);
  const rest = { start: unclosed.start, end: text.length };
  return withoutSpans(text, [...comments.filter(({ start }) => start < rest.start), rest]);
}

const startsBlock = /^[ \t]*(?:[-+*#>|]|\d{1,9}[.)]|```|~~~)/;

/** Cuts `spans`, in order, out of `text`, and the lines that they leave blank. */
export function withoutSpans(text: string, spans: readonly Span[]): string {
  const kept: string[] = [];
  let next = 0;
  let isGap = false;
  let start = 0;
  for (const line of text.split('\n')) {
    const end = start + line.length;
    const inLine: Span[] = [];
    for (let span = spans[next]; span && span.start <= end; span = spans[next]) {
      if (span.start < end || span.end > end || span.start === span.end) inLine.push(span);
      if (span.end > end) break;
      next++;
    }
    const rest = inLine.length > 0 ? withoutParts(line, start, inLine) : line;
    const isBlank = rest.trim() === '';
    const followsBlank = kept.length === 0 || kept.at(-1)?.trim() === '';
    if (isBlank && inLine.length > 0) isGap = true;
    else if (!isGap || !isBlank || !followsBlank) {
      if (isGap && !isBlank && !followsBlank && !startsBlock.test(rest)) kept.push('');
      kept.push(rest);
      isGap = false;
    }
    start = end + 1;
  }
  return kept.join('\n');
}

function withoutParts(line: string, start: number, spans: readonly Span[]): string {
  const parts: string[] = [];
  let at = 0;
  for (const span of spans) {
    parts.push(line.slice(at, Math.max(at, span.start - start)));
    at = Math.min(line.length, Math.max(at, span.end - start));
  }
  parts.push(line.slice(at));
  const rest = parts.map((part, index) => join(parts[index - 1], part)).join('');
  const isAtStart = parts[0]?.trim() === '';
  const isAtEnd = parts.at(-1)?.trim() === '';
  // What follows keeps the indentation of the line, not the space after the comment.
  const indented = isAtStart ? (parts[0] ?? '') + rest.trimStart() : rest;
  return isAtEnd ? indented.trimEnd() : indented;
}

function join(before: string | undefined, part: string): string {
  if (before?.endsWith(' ') && part.startsWith(' ')) return part.slice(1);
  // `<` and `!--` that came together would open another comment.
  return before !== undefined && /<!?-?$/.test(before.slice(-3)) ? ` ${part}` : part;
}
