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

/**
 * A title in the form in which titles are compared: its words as a reader sees them, from the first to
 * the last letter or digit, without case, emphasis, links, badges and emoji.
 */
export function comparableTitle(title: string): string {
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
    .toLowerCase()
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
