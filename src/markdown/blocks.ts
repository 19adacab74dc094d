import type { Span } from '../text.ts';
import { type Line, skipSpace } from './lines.ts';

/** Where code blocks are, and the stretches whose inline markup belongs together. */
interface Blocks {
  /** Lines of fenced and indented code, and what lines have of a `<pre>`, in order. */
  readonly code: readonly Span[];
  /** Paragraphs, list items, headings and table rows, in order: no code span or link crosses them. */
  readonly inline: readonly Span[];
  /** What is around each line with text, if anything is. */
  readonly around: readonly Around[];
}

/** A line that goes on with an item's paragraph without its indentation doesn't count as in it. */
type Around = 'html' | 'item' | undefined;

/**
 * Divides lines of Markdown into code blocks and inline stretches, in linear time.
 *
 * Indented code is told from list content by the columns of the open list items (CommonMark 0.31,
 * §4.4 and §5.2). Inside block quotes it counts as text.
 */
export function divideBlocks(lines: readonly Line[]): Blocks {
  const code: Span[] = [];
  const inline: Span[] = [];
  const around: Around[] = [];
  const items: number[] = [];
  let inHtml = false;
  let open: Span | undefined;
  let canStartCode = true;
  let wasQuoted = false;

  const close = () => {
    if (open) inline.push(open);
    open = undefined;
  };
  for (const [index, line] of lines.entries()) {
    const { column } = skipSpace(line.text, 0, 0);
    const leaveItems = () => {
      while ((items.at(-1) ?? 0) > column) items.pop();
    };
    if (line.fence) {
      close();
      if (line.fence.openedAt === index) leaveItems();
      around.push(undefined);
      code.push(line);
      canStartCode = true;
      continue;
    }
    const { start, end, raw } = line;
    if (raw) {
      close();
      around.push('html');
      if (start < raw.start) inline.push({ start, end: raw.start });
      if (raw.start < raw.end) code.push(raw);
      if (raw.end < end) inline.push({ start: raw.end, end });
      canStartCode = true;
      continue;
    }
    if (isBlank(line)) {
      close();
      around.push(undefined);
      inHtml = false;
      canStartCode = true;
      continue;
    }
    const isParagraph = open !== undefined && !wasQuoted && column >= (items.at(-1) ?? 0);
    const kind = isParagraph && underline.test(line.text) ? 'underline' : kindOf(line);
    if (canStartCode || kind === 'item' || kind === 'line') leaveItems();
    inHtml ||= items.length === 0 && startsHtml(line, open !== undefined);
    const inItem = column >= (items[0] ?? Infinity);
    around.push(inHtml ? 'html' : inItem ? 'item' : undefined);
    if (canStartCode && column - (items.at(-1) ?? 0) >= 4) {
      code.push(line);
      continue;
    }
    const item = kind === 'item' ? readItem(line.text) : undefined;
    if (item) items.push(item.column);
    // A quote ends the paragraph above it; a line without its mark may go on with the quote's.
    const quotes = isQuoted(line);
    if (kind === 'item' || kind === 'line' || (quotes && !wasQuoted)) close();
    wasQuoted = quotes;
    if (kind === 'line' && /^[ \t>]*\|/.test(line.text)) {
      for (const cell of cellsOf(line)) inline.push(cell);
      canStartCode = true;
      continue;
    }
    if (item?.isCode) {
      code.push({ start: start + item.markerEnd, end });
      canStartCode = true;
      continue;
    }
    open = { start: open?.start ?? start, end };
    canStartCode = kind === 'line' || kind === 'underline';
    if (canStartCode) close();
  }
  close();
  return { code, inline, around };
}

const itemMarker = /^[ \t>]*(?:[-+*]|\d{1,9}[.)])(?:[ \t]|$)/;
/** What makes a heading of the paragraph above it (CommonMark 0.31, §4.3). */
export const underline = /^ {0,3}(?:=+|-+)[ \t]*$/;
// Headings, table rows and rules stand alone on their line.
const wholeLine =
  /^[ \t>]*(?:#{1,6}(?:[ \t]|$)|\||(?:-[ \t]*){3,}$|(?:\*[ \t]*){3,}$|(?:_[ \t]*){3,}$)/;

const isBlank = ({ text }: Line) => /^[ \t>]*$/.test(text);

function kindOf({ text }: Line): 'item' | 'line' | 'text' {
  if (wholeLine.test(text)) return 'line';
  return itemMarker.test(text) ? 'item' : 'text';
}

const blockTags = new Set(
  `address article aside base basefont blockquote body caption center col colgroup dd details dialog
  dir div dl dt fieldset figcaption figure footer form frame frameset h1 h2 h3 h4 h5 h6 head header hr
  html iframe legend li link main menu menuitem nav noframes ol optgroup option p param search section
  summary table tbody td tfoot th thead title tr track ul`.split(/\s+/),
);
const firstTag = /^ {0,3}<\/?([a-z][a-z0-9]*)(?:[ \t]|\/?>|$)/i;
const loneTag = /^ {0,3}<(?:\/[a-z][a-z0-9-]*\s*|[a-z][a-z0-9-]*(?:\s[^<>]*)?\/?)>[ \t]*$/i;

/** Whether a line opens an HTML block that goes on to the next blank line (§4.6, kinds 6 and 7). */
function startsHtml({ text }: Line, isParagraph: boolean): boolean {
  const name = firstTag.exec(text)?.[1]?.toLowerCase() ?? '';
  return blockTags.has(name) || (!isParagraph && loneTag.test(text));
}

function isQuoted({ text }: Line): boolean {
  return /^ {0,3}(?:(?:[-+*]|\d{1,9}[.)])[ \t]+)?>/.test(text);
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

/** Where the marker of a list item ends, and the column of its content, to which later lines are indented. */
function readItem(text: string) {
  const markerEnd = itemMarker.exec(text)?.[0].trimEnd().length ?? 0;
  const after = columnAt(text, markerEnd);
  const content = skipSpace(text, markerEnd, after);
  const isEmpty = content.at === text.length;
  // §5.2: five or more spaces after the marker are one, and indented code.
  const isCode = !isEmpty && content.column - after > 4;
  const column = isEmpty || isCode ? columnAt(text, markerEnd + 1) : content.column;
  return { markerEnd, column, isCode };
}
