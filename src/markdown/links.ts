import type { Span } from '../text.ts';
import { divideBlocks } from './blocks.ts';
import { scanLines } from './lines.ts';

/** A link or image: an inline one has a destination, a reference a label. */
export interface Link extends Span {
  readonly kind: 'link';
  readonly isImage: boolean;
  /** What the brackets hold: the text of a link, the alt text of an image. */
  readonly text: Span;
  readonly destination: Span | undefined;
  readonly label: string | undefined;
}

/** `[label]: destination "title"`. */
export interface Definition extends Span {
  readonly kind: 'definition';
  /** In the form in which labels are compared. */
  readonly label: string;
  readonly destination: Span;
}

/** Says whether a label, in the form in which labels are compared, is defined. */
export type IsDefined = (label: string) => boolean;

/** An opening bracket. */
export interface Opener {
  readonly start: number;
  /** Where the text between the brackets starts. */
  readonly inner: number;
  readonly isImage: boolean;
}

/** Finds the link definitions alone, in order. */
export function findDefinitions(text: string): Definition[] {
  const definitions: Definition[] = [];
  if (!text.includes(']:')) return definitions;
  for (const block of divideBlocks(scanLines(text)).inline)
    readDefinitions(text, block, definitions);
  return definitions;
}

/** The definitions by their labels: of those with the same one, the first counts. */
export function firstByLabel(definitions: readonly Definition[]): Map<string, Definition> {
  return new Map(definitions.toReversed().map((each) => [each.label, each]));
}

/**
 * Reads the definitions that `block` begins with.
 *
 * @param found Takes them up.
 * @returns What follows them.
 */
export function readDefinitions(text: string, block: Span, found: Definition[]): Span {
  let start = block.start;
  // What is not at a line's start, such as a cell, has none.
  while (start < block.end && (start === 0 || isLineBreak(text[start - 1]))) {
    const opening = start + lengthAt(blockPrefix, text, start);
    const definition = readDefinition(text, opening, block.end);
    if (!definition) break;
    found.push(definition);
    start = definition.end + 1;
  }
  return { start, end: block.end };
}

function isLineBreak(character: string | undefined): boolean {
  return character === '\n' || character === '\r';
}

const blockPrefix = /[ \t>]*(?:(?:[-+*]|\d{1,9}[.)])[ \t]+)?/y;

/** How long what a sticky pattern finds at a place is; 0 where it finds nothing. */
export function lengthAt(sticky: RegExp, text: string, at: number): number {
  sticky.lastIndex = at;
  return sticky.exec(text)?.[0].length ?? 0;
}

// Authors paste no-break spaces, and mean a space.
const blanks = /[ \t\u00A0]*/y;

function readDefinition(text: string, start: number, limit: number): Definition | undefined {
  const labelEnd = text[start] === '[' ? endOfLabel(text, start, limit) : -1;
  if (labelEnd < 0 || text[labelEnd + 1] !== ':') return undefined;
  const label = comparableLabel(text.slice(start + 1, labelEnd));
  const destination = readDestination(text, skipSpace(text, labelEnd + 2, limit), limit);
  if (label === undefined || !destination || destination.next === destination.start)
    return undefined;
  // What looks like a title but has text after it on its line isn't one (§4.7).
  const ends = [endOfTitle(text, destination.next, limit), destination.next];
  const end = ends
    .map((at) => (at === undefined ? -1 : Math.min(at + lengthAt(blanks, text, at), limit)))
    .find((at) => at === limit || text[at] === '\n');
  return end === undefined ? undefined : { kind: 'definition', label, destination, start, end };
}

interface LinkPosition {
  readonly opener: Opener;
  readonly close: number;
  readonly limit: number;
  readonly isDefined: IsDefined;
}

/** Reads the link or image whose brackets are `opener` and `close`, if it is one. */
export function readLink(
  text: string,
  { opener, close, limit, isDefined }: LinkPosition,
): Link | undefined {
  const { start, isImage, inner } = opener;
  const link = { kind: 'link' as const, isImage, start, text: { start: inner, end: close } };
  if (text[close + 1] === '(') {
    const destination = readDestination(text, skipSpace(text, close + 2, limit), limit);
    if (destination) {
      const titleEnd = endOfTitle(text, destination.next, limit) ?? destination.next;
      const end = skipSpace(text, titleEnd, limit) + 1;
      if (end <= limit && text[end - 1] === ')')
        return { ...link, destination, label: undefined, end };
    }
  }
  const labelEnd = text[close + 1] === '[' ? endOfLabel(text, close + 1, limit) : -1;
  const end = (labelEnd < 0 ? close : labelEnd) + 1;
  const isFull = labelEnd > close + 2;
  // The text is a label itself only when it holds no brackets, not even in code.
  if (!isFull && endOfLabel(text, inner - 1, limit) !== close) return undefined;
  const label = comparableLabel(
    isFull ? text.slice(close + 2, labelEnd) : text.slice(inner, close),
  );
  if (label === undefined || !isDefined(label)) return undefined;
  return { ...link, destination: undefined, label, end };
}

/** Where the bracket closes that opens at `start`; -1 when what it holds is no label (§4.7). */
function endOfLabel(text: string, start: number, limit: number): number {
  const last = Math.min(limit, start + 1001);
  for (let at = start + 1; at < last; at++) {
    if (text[at] === ']') return at;
    if (text[at] === '[') return -1;
    if (text[at] === '\\') at++;
  }
  return -1;
}

/** §6.3: labels match without case, and with any whitespace. `[^1]` is a footnote. */
function comparableLabel(text: string): string | undefined {
  const label = text.replace(/\s+/g, ' ').trim().toLowerCase().toUpperCase();
  return label === '' || label.startsWith('^') ? undefined : label;
}

interface Destination extends Span {
  /** Where the text goes on. */
  readonly next: number;
}

/** A destination that may be empty, at `start` (§6.3); `undefined` when it is malformed. */
function readDestination(text: string, start: number, limit: number): Destination | undefined {
  if (text[start] === '<') {
    for (let at = start + 1; at < limit && text[at] !== '<' && text[at] !== '\n'; at++) {
      if (text[at] === '>') return { start: start + 1, end: at, next: at + 1 };
      if (text[at] === '\\') at++;
    }
    return undefined;
  }
  let depth = 0;
  let at = start;
  for (; at < limit && !isSpace(text[at]); at++) {
    if (text[at] === '\\' && !isSpace(text[at + 1])) at++;
    // The specification asks for three levels at least; a bound keeps hostile text linear.
    else if (text[at] === '(' && ++depth > 32) return undefined;
    else if (text[at] === ')' && --depth < 0) break;
  }
  const end = Math.min(at, limit);
  return depth > 0 ? undefined : { start, end, next: end };
}

/** Where the title ends that follows a destination, after whitespace; `undefined` without one. */
function endOfTitle(text: string, from: number, limit: number): number | undefined {
  const start = skipSpace(text, from, limit);
  const opening = text[start] ?? '';
  if (start === from || !`"'(`.includes(opening) || start >= limit) return undefined;
  const closing = opening === '(' ? ')' : opening;
  for (let at = start + 1; at < limit; at++) {
    if (text[at] === closing) return at + 1;
    if (text[at] === '(' && opening === '(') return undefined;
    if (text[at] === '\\') at++;
  }
  return undefined;
}

function isSpace(character: string | undefined): boolean {
  return character === undefined || ' \t\n\u00A0'.includes(character);
}

function skipSpace(text: string, from: number, limit: number): number {
  let at = from;
  while (at < limit && isSpace(text[at])) at++;
  return at;
}
