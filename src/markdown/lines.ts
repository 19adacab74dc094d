import type { Span } from '../text.ts';
import { none, readComments, readRawHtml } from './html.ts';

/** A line of Markdown source. Offsets are UTF-16 code units into the text. */
export interface Line {
  readonly start: number;
  /** End of the line without its line break. */
  readonly end: number;
  readonly text: string;
  /** Inside a fenced code block; its opening and closing delimiter lines count. */
  readonly fence: Fence | undefined;
  /** The part that is shown as it stands, since it is in an HTML block such as `<pre>`. */
  readonly raw: Span | undefined;
  /** The line begins inside an HTML comment that an earlier line opened. */
  readonly inComment: boolean;
  /** The parts of this line that are HTML comments, in order; empty on a blank line within one. */
  readonly comments: readonly Span[];
}

interface Fence {
  readonly marker: '`' | '~';
  readonly length: number;
  /** Index of the line that opens the fence. */
  readonly openedAt: number;
}

/**
 * Splits Markdown into lines (`\n`, `\r\n` or a lone `\r`) and says which are code or comment.
 *
 * Fences follow CommonMark 0.31 (§4.5), also in list items and block quotes, whose end closes them.
 * Two deliberate differences: a fence without a closing line, and a comment without `-->`, are plain
 * text here, where CommonMark runs them to the end of the file. One slip of an author would
 * otherwise hide every older release. Code spans are recognised within one line.
 *
 * Takes linear time. A text that ends in a line break has an empty last line.
 */
export function scanLines(text: string): Line[] {
  if (!mayHide.test(text)) return bareLines(text);
  const bounds = splitLines(text);
  const closers = findClosers(text, bounds);
  const comments = readComments(text);
  const rawHtml = readRawHtml(text);
  const lines: Line[] = [];
  /** Content columns of the list items that are open. */
  const items: number[] = [];
  let open: OpenFence | undefined;

  for (let at = 0; at < bounds.length; at += 2) {
    const start = bounds[at] ?? 0;
    const end = bounds[at + 1] ?? 0;
    const line = text.slice(start, end);
    if (open && leavesContainer(line, open)) open = undefined;
    const inComment = !open && comments.isOpenAt(start);
    const raw = open || inComment ? undefined : rawHtml(start, line);

    let fence = open?.fence;
    if (open) {
      if (closes(line, open)) open = undefined;
    } else if (!inComment && !raw && closers.exist) {
      updateItems(items, line);
      open = openFence(line, items, lines.length);
      if (open && !closers.hasAfter(open.fence)) open = undefined;
      fence = open?.fence;
    }
    const found = fence || raw ? none : comments.read(start, end);
    lines.push({ start, end, text: line, fence, raw, inComment, comments: found });
  }
  return lines;
}

/** The fences that are open at the end of a text, for viewers and so for what is put behind it. */
export function openFences(text: string): Fence[] {
  return (['`', '~'] as const).flatMap((marker) => {
    if (!text.includes(marker.repeat(3))) return [];
    // `scanLines` takes a fence for one when it is closed, so this closes it.
    const fence = scanLines(`${text}\n${marker.repeat(999)}`).at(-1)?.fence;
    return fence ? [fence] : [];
  });
}

/** Whether what is put behind a text would be shown as it stands: in a fence, `<pre>` or the like. */
export function endsInCode(text: string): boolean {
  if (openFences(text).length > 0) return true;
  if (!/<(?:pre|script|style|textarea)/i.test(text)) return false;
  return scanLines(`${text}\n.</pre>`).at(-1)?.raw !== undefined;
}

// Other line breaks, code or comments: without any of them a line needs no closer look.
const mayHide = /\r|```|~~~|<!--|<(?:pre|script|style|textarea)/i;

function bareLines(source: string): Line[] {
  let next = 0;
  return source.split('\n').map((text) => {
    const start = next;
    const end = start + text.length;
    next = end + 1;
    // Written out, since spreading what all lines have takes three times as long.
    return { start, end, text, fence: undefined, raw: undefined, inComment: false, comments: none };
  });
}

interface OpenFence {
  readonly fence: Fence;
  /** Content column of the list item around it; 0 outside lists. */
  readonly column: number;
  readonly quoted: boolean;
}

/** Start and end of each line in turn: plain numbers, since a text may be a million blank lines. */
function splitLines(text: string): number[] {
  const bounds: number[] = [];
  let start = 0;
  for (const { 0: lineBreak, index } of text.matchAll(/\r\n?|\n/g)) {
    bounds.push(start, index);
    start = index + lineBreak.length;
  }
  bounds.push(start, text.length);
  return bounds;
}

const bareFence = /^[\t >]*(`{3,}|~{3,})[\t ]*$/;

/** Knows whether a line that can close a given fence comes after it. */
function findClosers(text: string, bounds: readonly number[]) {
  const exist = text.includes('```') || text.includes('~~~');
  // From the end of the file upwards, only a longer delimiter than those below it adds anything.
  const closers = { '`': [] as Closer[], '~': [] as Closer[] };
  for (let index = exist ? bounds.length / 2 - 1 : -1; index >= 0; index--) {
    const start = bounds[2 * index] ?? 0;
    const end = bounds[2 * index + 1] ?? 0;
    const last = text.charCodeAt(end - 1);
    if (last > 32 && last !== 96 && last !== 126) continue;
    const run = bareFence.exec(text.slice(start, Math.min(end, start + 1000)))?.[1];
    if (run === undefined) continue;
    const known = closers[markerOf(run)];
    if (run.length > (known.at(-1)?.length ?? 0)) known.push({ index, length: run.length });
  }
  return {
    exist,
    hasAfter({ marker, length, openedAt }: Fence): boolean {
      const closer = closers[marker].find((candidate) => candidate.length >= length);
      return closer !== undefined && closer.index > openedAt;
    },
  };
}

type Closer = Pick<Fence, 'length'> & { readonly index: number };

const markerOf = (run: string) => (run.startsWith('`') ? '`' : '~');

const listMarker = /^(?:[-+*]|\d{1,9}[.)])(?=[\t ]|$)/;
const deepestNesting = 20;

/** Closes the list items that the indentation of `line` ends, and opens those that it begins. */
function updateItems(items: number[], line: string): void {
  const first = line.charCodeAt(0);
  // Most lines: neither space, tab, list marker nor digit; NaN for an empty line changes nothing.
  if (first > 57 || first === 35) items.length = 0;
  if (!(first <= 57) || first === 35) return;
  let { column, at } = skipSpace(line, 0, 0);
  if (at === line.length) return;
  while ((items.at(-1) ?? 0) > column) items.pop();
  while (items.length < deepestNesting) {
    const marker = listMarker.exec(line.slice(at, at + 11))?.[0];
    if (marker === undefined) return;
    const after = column + marker.length;
    const content = skipSpace(line, at + marker.length, after);
    // §5.2: five or more spaces after the marker are one space and indented code.
    const isFar = content.column - after > 4 || content.at === line.length;
    items.push(isFar ? after + 1 : content.column);
    ({ column, at } = content);
  }
}

const fenceRun = /^(?:`{3,}|~{3,})/;

function openFence(
  line: string,
  items: readonly number[],
  openedAt: number,
): OpenFence | undefined {
  if (!line.includes('```') && !line.includes('~~~')) return undefined;
  let { column, at } = skipSpace(line, 0, 0);
  const quoted = line[at] === '>';
  while (line[at] === '>') ({ column, at } = skipSpace(line, at + 1, 0));
  for (let depth = 0; depth < deepestNesting; depth++) {
    const marker = listMarker.exec(line.slice(at, at + 11))?.[0];
    if (marker === undefined) break;
    ({ column, at } = skipSpace(line, at + marker.length, column + marker.length));
  }
  const container = quoted ? 0 : (items.findLast((start) => start <= column) ?? 0);
  const run = fenceRun.exec(line.slice(at))?.[0];
  if (run === undefined || column - container > 3) return undefined;
  const marker = markerOf(run);
  // §4.5: an info string after backticks holds none, or `code` in a line of its own would open a block.
  if (marker === '`' && line.includes('`', at + run.length)) return undefined;
  return { fence: { marker, length: run.length, openedAt }, column: container, quoted };
}

function leavesContainer(line: string, { column, quoted }: OpenFence): boolean {
  if (!quoted && column === 0) return false;
  const start = skipSpace(line, 0, 0);
  return quoted ? line[start.at] !== '>' : start.at < line.length && start.column < column;
}

function closes(line: string, { fence, column, quoted }: OpenFence): boolean {
  const run = bareFence.exec(line.slice(0, 1000))?.[1];
  if (!run?.startsWith(fence.marker) || run.length < fence.length) return false;
  return quoted || (!line.includes('>') && skipSpace(line, 0, 0).column - column <= 3);
}

/** The first column that is not a space, or is `until`, tabs counted to the next multiple of four (§2.2). */
export function skipSpace(line: string, from: number, column: number, until = Infinity) {
  let at = from;
  let width = column;
  for (; width < until && (line[at] === ' ' || line[at] === '\t'); at++)
    width += line[at] === '\t' ? 4 - (width % 4) : 1;
  return { column: width, at };
}
