import type { Span } from '../text.ts';
import type { Line } from './lines.ts';

/** Where code blocks are, and the stretches whose inline markup belongs together. */
export interface Blocks {
  /** Lines of fenced and indented code, and what lines have of a `<pre>`, in order. */
  readonly code: readonly Span[];
  /** Paragraphs, list items, headings and table rows, in order: no code span or link crosses them. */
  readonly inline: readonly Span[];
}

/**
 * Divides lines of Markdown into code blocks and inline stretches, in linear time.
 *
 * Indented code is told from list content by the columns of the open list items (CommonMark 0.31,
 * §4.4 and §5.2). Inside block quotes it counts as text.
 */
export function divideBlocks(lines: readonly Line[]): Blocks {
  const code: Span[] = [];
  const inline: Span[] = [];
  const items: number[] = [];
  let open: Span | undefined;
  let canStartCode = true;
  let wasQuoted = false;

  const close = () => {
    if (open) inline.push(open);
    open = undefined;
  };
  for (const [index, line] of lines.entries()) {
    const column = columnAt(line.text, indentOf(line.text));
    const leaveItems = () => {
      while ((items.at(-1) ?? 0) > column) items.pop();
    };
    if (line.fence) {
      close();
      if (line.fence.openedAt === index) leaveItems();
      code.push(line);
      canStartCode = true;
      continue;
    }
    const { start, end, raw } = line;
    if (raw) {
      close();
      if (start < raw.start) inline.push({ start, end: raw.start });
      if (raw.start < raw.end) code.push(raw);
      if (raw.end < end) inline.push({ start: raw.end, end });
      canStartCode = true;
      continue;
    }
    if (isBlank(line)) {
      close();
      canStartCode = true;
      continue;
    }
    const kind = kindOf(line);
    if (canStartCode || kind === 'item') leaveItems();
    if (canStartCode && column - (items.at(-1) ?? 0) >= 4) {
      code.push(line);
      continue;
    }
    if (kind === 'item') items.push(contentColumn(line.text));
    // A quote ends the paragraph above it; a line without its mark may go on with the quote's.
    const quotes = isQuoted(line);
    if (kind !== 'text' || (quotes && !wasQuoted)) close();
    wasQuoted = quotes;
    if (kind === 'line' && /^[ \t>]*\|/.test(line.text)) {
      for (const cell of cellsOf(line)) inline.push(cell);
      canStartCode = true;
      continue;
    }
    open = { start: open?.start ?? line.start, end: line.end };
    if (kind === 'line') close();
    canStartCode = kind === 'line';
  }
  close();
  return { code, inline };
}

const quoteMarks = /^[ \t>]*/;
const itemMarker = /^[ \t>]*(?:[-+*]|\d{1,9}[.)])(?:[ \t]|$)/;
// Headings, table rows, rules and underlines stand alone on their line.
const wholeLine =
  /^[ \t>]*(?:#{1,6}(?:[ \t]|$)|\||=+[ \t]*$|(?:-[ \t]*){3,}$|(?:\*[ \t]*){3,}$|(?:_[ \t]*){3,}$)/;

function isBlank({ text }: Line): boolean {
  return (quoteMarks.exec(text)?.[0].length ?? 0) === text.length;
}

function kindOf({ text }: Line): 'item' | 'line' | 'text' {
  if (wholeLine.test(text)) return 'line';
  return itemMarker.test(text) ? 'item' : 'text';
}

function isQuoted({ text }: Line): boolean {
  return /^ {0,3}(?:(?:[-+*]|\d{1,9}[.)])[ \t]+)?>/.test(text);
}

function indentOf(text: string): number {
  let at = 0;
  while (text[at] === ' ' || text[at] === '\t') at++;
  return at;
}

function columnAt(text: string, end: number): number {
  let column = 0;
  for (let at = 0; at < end; at++) column += text[at] === '\t' ? 4 - (column % 4) : 1;
  return column;
}

/** The cells of a table row: a `|` parts them even in code, unless it is escaped (GFM, §4.10). */
function cellsOf({ text, start, end }: Line): Span[] {
  const cells: Span[] = [];
  let from = start;
  for (const { index } of text.matchAll(/(?<!\\)\|/g)) {
    cells.push({ start: from, end: start + index });
    from = start + index + 1;
  }
  return [...cells, { start: from, end }];
}

/** The column at which the content of a list item starts; its later lines are indented to it. */
function contentColumn(text: string): number {
  const marker = itemMarker.exec(text)?.[0].trimEnd().length ?? 0;
  const gap = indentOf(text.slice(marker));
  const isEmptyOrCode = marker + gap === text.length || gap > 4;
  return columnAt(text, marker + (isEmptyOrCode ? 1 : gap));
}
