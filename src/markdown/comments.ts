import { type Span, within } from '../text.ts';
import { divideBlocks } from './blocks.ts';
import { scanLines } from './lines.ts';

/** Takes the HTML comments outside code out of `text`; a block comment left open runs to the end. */
export function withoutComments(text: string): string {
  if (!text.includes('<!--')) return text;
  const lines = scanLines(text);
  const { code, around } = divideBlocks(lines);
  const comments: { start: number; end: number }[] = [];
  const startsInCode = within(code);
  let isCode = false;
  for (const line of lines) {
    // A comment that code seems to open is none in its further lines either.
    isCode = startsInCode(line.start) && (!line.inComment || isCode);
    if (isCode) continue;
    for (const [index, part] of line.comments.entries()) {
      const last = line.inComment && index === 0 ? comments.at(-1) : undefined;
      if (last) last.end = part.end;
      else comments.push({ ...part });
    }
  }
  const unclosed = lines.find(
    ({ text: line, fence, raw, comments: [first], start, inComment }) =>
      !fence &&
      !raw &&
      !inComment &&
      first?.start !== start + line.indexOf('<') &&
      /^ {0,3}<!--/.test(line),
  );
  const rest = unclosed && { start: unclosed.start, end: text.length };
  const spans = rest ? [...comments.filter(({ start }) => start < rest.start), rest] : comments;
  return withoutSpans(text, spans, (index) => around[index] === 'html');
}

// What ends a paragraph by itself; `---` would make a title of it.
export const startsBlock = /^[ \t]*(?:(?:[-+*]|\d{1,9}[.)]|#{1,6})[ \t]|[>|]|```|~~~)/;

/**
 * Cuts `spans`, in order, out of `text`, and the lines that they leave blank.
 *
 * @param isHtml Says whether a line is in an HTML block, which a blank line would end.
 */
export function withoutSpans(
  text: string,
  spans: readonly Span[],
  isHtml: (index: number) => boolean = () => false,
): string {
  const kept: string[] = [];
  let next = 0;
  let isGap = false;
  let isInline = false;
  let start = 0;
  for (const [index, line] of text.split('\n').entries()) {
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
    // A span that began behind text is a part of its paragraph, and parts nothing.
    const goesOn: boolean = isInline && (inLine[0]?.start ?? start) < start;
    if (isBlank && inLine.length > 0) isGap ||= !goesOn;
    else if (!isGap || !isBlank || !followsBlank) {
      const canFollow = isBlank || followsBlank || startsBlock.test(rest) || isHtml(index);
      if (isGap && !canFollow) kept.push('');
      kept.push(rest);
      isGap = false;
    }
    isInline = goesOn || !isBlank;
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
  const tail = parts.at(-1) ?? '';
  // What follows keeps the indentation of the line, not the space after the comment.
  const indented = isAtStart ? (parts[0] ?? '') + rest.trimStart() : rest;
  if (tail.trim() !== '') return indented;
  // Two spaces at the end are a line break.
  return indented.trimEnd() + (tail.length > 1 && indented.trim() !== '' ? '  ' : '');
}

function join(before: string | undefined, part: string): string {
  if (before?.endsWith(' ') && part.startsWith(' ')) return part.slice(1);
  // `<` and `!--` that came together would open another comment.
  return before !== undefined && /<!?-?$/.test(before.slice(-3)) ? ` ${part}` : part;
}
