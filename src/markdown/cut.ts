import { byStart, type Span } from '../text.ts';
import { headingsOf } from './headings.ts';
import type { Element, Markup } from './inline.ts';
import type { Line } from './lines.ts';

/** How much of a text before a place is looked at first to find where a character begins there. */
const smallestWindow = 256;

/** What is known about a text that is to be cut. */
interface Structure {
  readonly text: string;
  readonly lines: readonly Line[];
  readonly markup: readonly Markup[];
  readonly elements: readonly Element[];
  /** No cut is behind this offset. */
  readonly end: number;
}

/**
 * Prepares a text for being cut. All counts are UTF-16 code units.
 *
 * @returns Gives the best place for a cut that keeps at most `budget`: the end of a block, or that of
 *   a line when it keeps much more, or else the end of a sentence or word, or a grapheme's start.
 *   It is never within a link, a code span, a tag or a comment, nor right after a heading.
 */
export function cutsOf(structure: Structure): (budget: number) => number {
  const { text, lines, end } = structure;
  const openings = openingsOf(structure);
  const wholes = merge([...openings, ...wholesOf(structure)]);
  const fences = lines.filter(({ fence }, index) => fence?.openedAt === index);
  const leads = merge([...headingsOf(lines), ...tableHeads(lines), ...fences, ...openings]);
  return (budget) => {
    const most = Math.min(budget, end);
    if (most <= 0) return 0;
    const lineEnd = lastLineEnd(lines, wholes, most);
    // More than half of the budget is worth a cut within a block, or within a line.
    const least = most - most / 2;
    const place =
      lineEnd.at < least
        ? Math.max(lineEnd.at, outside(wholes, wordEnd(text, least, most)))
        : lastBlockEnd(lines, wholes, lineEnd);
    return withoutLeads(text, leads, place);
  };
}

/** What else is broken when only a part of it is kept. */
function wholesOf({ text, lines, markup, elements }: Structure): Span[] {
  const codeLines = new Set(lines.filter(({ fence }) => fence).map(({ start }) => start));
  const comments = lines.flatMap((line, index) => {
    const next = lines[index + 1];
    return line.comments.map(({ start, end }) =>
      next?.inComment && end === line.end ? { start, end: next.start + 1 } : { start, end },
    );
  });
  return [
    ...markup.filter(({ kind, start }) => kind !== 'code' || !codeLines.has(start)),
    ...elements.filter(({ name }) => name === 'a' || name === 'summary'),
    // Addresses, character references and escaped characters.
    ...[...text.matchAll(/https?:\/\/\S+|&#?\w{1,31};|\\./g)].map(({ 0: whole, index }) => ({
      start: index,
      end: index + whole.length,
    })),
    ...comments,
  ];
}

/** The tags and summaries that `<details>` begin with. */
function openingsOf({ text, elements }: Structure): Span[] {
  const summaries = elements.filter(({ name }) => name === 'summary');
  let next = 0;
  return elements
    .filter(({ name }) => name === 'details')
    .map(({ start, content }) => {
      while ((summaries[next]?.start ?? Infinity) < content.start) next++;
      const summary = summaries[next];
      const isFirst = summary && text.slice(content.start, summary.start).trim() === '';
      return { start, end: isFirst ? summary.end : content.start };
    });
}

function tableHeads(lines: readonly Line[]): Span[] {
  return lines.flatMap(({ fence, start, text }, index) => {
    const rule = lines[index + 1];
    const isHead = !fence && rule && text.includes('|') && /^[ \t|:-]*$/.test(rule.text);
    return isHead && rule.text.includes('-') ? [{ start, end: rule.end }] : [];
  });
}

/** Sorts spans and joins those that overlap. */
function merge(spans: readonly Span[]): Span[] {
  const merged: { start: number; end: number }[] = [];
  for (const { start, end } of spans.toSorted(byStart)) {
    const last = merged.at(-1);
    if (last && start < last.end) last.end = Math.max(last.end, end);
    else merged.push({ start, end });
  }
  return merged;
}

/** The number of spans that start (or end) before `at`, of spans in order. */
function countBefore(spans: readonly Span[], side: 'start' | 'end', at: number): number {
  let low = 0;
  let high = spans.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((spans[middle]?.[side] ?? at) < at) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** `at`, or the start of the span that it is in. */
function outside(spans: readonly Span[], at: number): number {
  const span = spans[countBefore(spans, 'start', at) - 1];
  return span && at < span.end ? span.start : at;
}

interface LineEnd {
  readonly index: number;
  readonly at: number;
}

function lastLineEnd(lines: readonly Line[], wholes: readonly Span[], most: number): LineEnd {
  let index = countBefore(lines, 'end', most + 1) - 1;
  while (index >= 0) {
    const end = lines[index]?.end ?? 0;
    const at = outside(wholes, end);
    if (at < end) index = countBefore(lines, 'end', at + 1) - 1;
    else return { index, at };
  }
  return { index, at: 0 };
}

const blockStart = /^[ \t>]*(?:[-+*][ \t]|\d{1,9}[.)][ \t]|#{1,6}[ \t]|<\/?[a-z]|$)/i;

function lastBlockEnd(lines: readonly Line[], wholes: readonly Span[], from: LineEnd): number {
  for (let index = from.index; index >= 0; index--) {
    const at = lines[index]?.end ?? 0;
    if (at < from.at / 2) break;
    if (isBlockEnd(lines, index) && outside(wholes, at) === at) return at;
  }
  return from.at;
}

function isBlockEnd(lines: readonly Line[], index: number): boolean {
  const fence = lines[index]?.fence;
  const next = lines[index + 1];
  if (!next || next.fence?.openedAt !== fence?.openedAt) return true;
  return fence === undefined && blockStart.test(next.text);
}

/** Where the last sentence or word between two offsets ends, or a grapheme starts. */
function wordEnd(text: string, least: number, most: number): number {
  const start = Math.ceil(least);
  const part = text.slice(start, most + 1);
  const sentence = [...part.matchAll(/[.!?…]["')\]’”]*(?=\s)|[。！？]/g)].at(-1);
  const word = part.search(/\s\S*$/);
  const lengths = [sentence && sentence.index + sentence[0].length, word, part.length - 1];
  return graphemeStart(text, start + (lengths.find((length) => length && length > 0) ?? 0));
}

function withoutLeads(text: string, leads: readonly Span[], cut: number): number {
  let place = cut;
  for (;;) {
    const end = text.slice(0, place).trimEnd().length;
    const lead = leads[countBefore(leads, 'start', end) - 1];
    if (!lead || lead.end < end) return place;
    place = lead.start;
  }
}

let segmenter: Intl.Segmenter | undefined;

/**
 * Gives the last place at or before `at` that divides no character as people see it (a grapheme
 * cluster, UAX 29). Offsets are UTF-16 code units.
 */
function graphemeStart(text: string, at: number): number {
  if (at === text.length) return at;
  const next = text.charCodeAt(at);
  // Nothing but a preceding format character joins with ASCII: no need for the costly segmenter.
  if (next < 128 && !/[\p{Cf}\uD800-\uDFFF]/u.test(text[at - 1] ?? '')) return at;

  segmenter ??= new Intl.Segmenter('en', { granularity: 'grapheme' });
  for (let size = smallestWindow; ; size *= 4) {
    const start = flagsStart(text, Math.max(0, at - size));
    const window = text.slice(start, at + 2);
    const found = segmenter.segment(window).containing(at - start)?.index ?? 0;
    // The first clusters of a window may be the rest of one that began before it.
    if (start === 0 || found > size / 4) return start + found;
  }
}

/** Flags are pairs of regional indicators, so that only the start of a row tells the pairs. */
function flagsStart(text: string, from: number): number {
  let at = /[\uDC00-\uDFFF]/.test(text[from] ?? '') ? Math.max(0, from - 1) : from;
  while (at >= 2 && /^[\u{1F1E6}-\u{1F1FF}]$/u.test(text.slice(at - 2, at))) at -= 2;
  return at;
}
