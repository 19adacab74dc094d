import { byStart, type Span, within } from '../text.ts';
import { startsBlock } from './comments.ts';
import { isEscaped } from './html.ts';
import { scanMarkup } from './inline.ts';

/** What was taken out of notes, counted. */
export interface TakenOut {
  links: number;
  images: number;
}

/** Text in place of a stretch of source. */
export interface Edit extends Span {
  readonly text: string;
  /** What it takes out. */
  readonly takes?: keyof TakenOut;
}

export function removal(start: number, end: number, takes?: keyof TakenOut): Edit {
  return { start, end, text: '', ...(takes && { takes }) };
}

/** A comment left open in a line is text, but some viewers hide the rest of the notes behind it. */
export function openerEdits(text: string, code: readonly Span[]): Edit[] {
  return outside(code, [...text.matchAll(/<!--/g)])
    .filter(({ index }) => !isEscaped(text, index))
    .map(({ index }) => ({ start: index, end: index, text: '\\' }));
}

const alert = /^([ \t]*>[ \t>]*)\[!(note|tip|important|warning|caution)\][ \t]*$/gim;

/** `> [!NOTE]` is a box on GitHub, and nothing elsewhere. */
export function alertEdits(text: string, code: readonly Span[]): Edit[] {
  return outside(code, [...text.matchAll(alert)]).map(
    ({ 0: line, 1: quote = '', 2: kind = '', index }) => {
      const name = kind.charAt(0).toUpperCase() + kind.slice(1).toLowerCase();
      return {
        start: index,
        end: index + line.length,
        text: `${quote}**${name}**\n${quote.trimEnd()}`,
      };
    },
  );
}

const lonely =
  /^([ \t>]*(?:(?:[-+*]|\d{1,9}[.)])[ \t]+)?)(<?[a-z]+:\/\/\S+|[*_[]*full changelog\S*(?:[ \t]+\S+)?)[ \t]*$/gim;

/** Takes out what is alone on its line, or in its list item, and of no use to readers. */
export function pointerEdits(
  text: string,
  code: readonly Span[],
  isPointer: (text: string) => boolean,
): Edit[] {
  return outside(code, [...text.matchAll(lonely)])
    .filter(({ 2: found = '' }) => isPointer(found))
    .map(({ 0: line, 1: prefix = '', index }) =>
      removal(index + prefix.length, index + line.length, 'links'),
    );
}

/** The matches that are not in code; both in order. */
function outside(code: readonly Span[], matches: readonly RegExpExecArray[]): RegExpExecArray[] {
  const isCode = within(code);
  return matches.filter(({ index }) => !isCode(index));
}

const shortcode = /(?<=^|\s):([a-z0-9_+-]+):(?=\s|$)/gm;

/**
 * Puts the emoji in place of GitHub's codes such as `:sparkles:`, where they stand between spaces or
 * line ends and not in code, tags or addresses. Their names are loaded when a text has such a code.
 */
export async function withEmoji(text: string): Promise<string> {
  const codes = [...text.matchAll(shortcode)];
  if (codes.length === 0) return text;
  const { default: names } = await import('markdown-it-emoji/lib/data/full.mjs');
  const emoji = new Map(Object.entries(names));
  const hidden = scanMarkup(text, () => false).map((item) =>
    item.kind === 'link' ? { start: item.text.end, end: item.end } : item,
  );
  hidden.sort(byStart);
  const edits = outside(hidden, codes).flatMap(({ 0: code, 1: name = '', index: start }) => {
    const shown = emoji.get(name);
    return shown === undefined ? [] : [{ start, end: start + code.length, text: shown }];
  });
  return applyEdits(text, edits, { links: 0, images: 0 });
}

/**
 * Makes the edits, the first of those that overlap. Lines that they leave blank go: a blank line would
 * end an HTML block or a paragraph. So do list items and quotes of which they leave only the marker.
 */
export function applyEdits(text: string, edits: readonly Edit[], takenOut: TakenOut): string {
  let edited = '';
  let at = 0;
  const emptied: number[] = [];
  for (const edit of edits.toSorted(byStart)) {
    if (edit.start < at) continue;
    edited += text.slice(at, edit.start) + edit.text;
    at = edit.end;
    if (edit.text === '') emptied.push(edited.length);
    if (edit.takes) takenOut[edit.takes]++;
  }
  edited += text.slice(at);
  return emptied.length === 0 ? edited : withoutEmptied(edited, emptied);
}

/** @param emptied Where something was taken out, in order. */
function withoutEmptied(text: string, emptied: number[]): string {
  const kept: string[] = [];
  let following = '';
  let start = text.length + 1;
  // From the end: an item goes when all that it held is gone.
  for (const line of text.split('\n').reverse()) {
    start -= line.length + 1;
    const first = emptied.length;
    while ((emptied.at(-1) ?? -1) >= start) emptied.pop();
    if (first > emptied.length && isEmpty(line, kept.at(-1) ?? '', following)) continue;
    kept.push(line);
    if (line.trim() !== '') following = line;
  }
  return kept.reverse().join('\n');
}

/** Whether a line holds nothing but a marker, if that, and nothing after it becomes another block. */
function isEmpty(line: string, next: string, following: string): boolean {
  if (line.trim() === '') return true;
  const isMarker = /^[ \t>]*(?:(?:[-+*]|\d{1,9}[.)])[ \t]*)?$/.test(line);
  const endsHere = next.trim() === '' || startsBlock.test(next);
  return isMarker && endsHere && indentOf(following) <= indentOf(line);
}

function indentOf(line: string): number {
  return /^[ \t>]*/.exec(line)?.[0].length ?? 0;
}
