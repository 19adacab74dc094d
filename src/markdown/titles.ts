import type { Span } from '../text.ts';

/** A heading; offsets are UTF-16 code units, and `end` includes an underline. */
export interface Heading extends Span {
  /** 1 to 6; higher for a line that is a title without the marks of one, such as a bold one. */
  readonly level: number;
  /** The heading as it is written, without HTML comments. */
  readonly title: string;
}

/** The level of lines that are titles by their place; bold ones are right above. */
export const weakest = 8;

/** Reads `=== Title` (AsciiDoc, RDoc), `h3. Title` (Textile), `<h3>Title</h3>` and `### Title`. */
export function markedTitle(line: string): Pick<Heading, 'level' | 'title'> | undefined {
  const mark = /^(?:(={1,6}|#{1,6})\s|h([1-6])(?:\([^()]*\))?\. |<h([1-6])[\s>])/i.exec(line);
  if (!mark) return undefined;
  const level = Number(mark[2] ?? mark[3] ?? mark[1]?.length);
  const title = mark[3] === undefined ? line.slice(mark[0].length) : line;
  return { level, title: title.replace(/\s=+$/, '') };
}

/** Whether a line is `Title:`, of a few words. */
export function isLabel(line: string): boolean {
  if (line.length > 60 || !line.includes(':') || line.split(' ').length > 5) return false;
  return /^[\p{L}\p{N}\p{So}][^:.;!?]*::?\s*$/u.test(line);
}

/** Whether a line below this one is not its continuation. */
export function isApart(above = ''): boolean {
  return above.trim() === '' || /^(?:\s|[-*+•]\s|\d{1,9}[.)]\s|[<#=])/.test(above);
}

const image = /!\[[^[\]]*\](?:\([^()]*\)|\[[^[\]]*\])?/g;
const link = /\[([^[\]]*)\](?:\([^()]*\)|\[[^[\]]*\])?/g;
const tag = /<[^<>]*>/g;
const shortcode = /:[\w+-]+:/g;
const emphasis = /[*_`]+/g;
const escaped = /\\([!-/:-@[-`{-~])/g;
const entity = /&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|(amp|lt|gt|quot|apos|nbsp));/gi;
const named = new Map([
  ['amp', '&'],
  ['lt', '<'],
  ['gt', '>'],
  ['quot', '"'],
  ['apos', "'"],
]);
const wordCharacter = /[\p{L}\p{N}]/u;

/** A title in the form in which titles are compared: {@link plainTitle} without case. */
export function comparableTitle(title: string): string {
  return plainTitle(title).toLowerCase();
}

/**
 * The words of a title as a reader sees them, from the first to the last letter or digit: without
 * emphasis, links, badges and emoji.
 */
export function plainTitle(title: string): string {
  const words = title
    .replace(image, ' ')
    .replace(link, '$1')
    .replace(tag, ' ')
    .replace(shortcode, ' ')
    .replace(emphasis, '')
    .replace(escaped, '$1')
    .replace(entity, characterOf)
    .normalize('NFKC')
    .replace(/\s+/g, ' ')
    .trim();
  const characters = [...words];
  const first = characters.findIndex((character) => wordCharacter.test(character));
  const last = characters.findLastIndex((character) => wordCharacter.test(character));
  // A title of emoji alone is compared as it stands.
  return first < 0 ? words.replace(/^#+ | #+$/g, '') : characters.slice(first, last + 1).join('');
}

function characterOf(_: string, decimal?: string, hex?: string, name = ''): string {
  const code = decimal === undefined ? Number.parseInt(hex ?? '20', 16) : Number(decimal);
  return named.get(name.toLowerCase()) ?? (code <= 0x10ffff ? String.fromCodePoint(code) : ' ');
}
