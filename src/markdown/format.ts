import { skipSpace } from './lines.ts';

/** How a text is marked up; the values are what people call it. */
export type Format =
  | 'Markdown'
  | 'AsciiDoc'
  | 'HTML'
  | 'reStructuredText'
  | 'Textile'
  | 'a Debian changelog'
  | 'plain text';

const endings: readonly (readonly [Format, RegExp])[] = [
  ['Markdown', /\.(?:md|markdown|mdown|mkd|mdx)$/i],
  ['AsciiDoc', /\.(?:adoc|asciidoc|asc)$/i],
  ['HTML', /\.x?html?$/i],
  ['reStructuredText', /\.(?:rst|rest)$/i],
  ['Textile', /\.textile$/i],
];

// What only one of them has, the surest first.
const signs: readonly (readonly [Format, RegExp])[] = [
  ['HTML', /^\s*<(?:!doctype html|html|\?xml)/i],
  ['a Debian changelog', /^[a-z0-9][a-z0-9+.-]* \([^()\s]+\).*; urgency=/m],
  ['Markdown', /^(?:#{1,6} |```|\[[^\]\s]+\]: (?=\S*[/#.])\S+(?:[ \t]*$|[ \t]+["']))|\]\([^()\s]/m],
  ['AsciiDoc', /^:[a-z][\w-]*: |^(?:link|image|include)::?[^\s[]+\[|^={2,6} [^\n=]+$/m],
  ['Textile', /^h[1-6]\. /m],
  [
    'reStructuredText',
    /^\.\. (?:_|[a-z-]+::)|:[a-z]{1,40}:`|`_{1,2}(?:\W|$)|^[^\s\w]?\w.*\n([~^"'+])\1{3,}$/m,
  ],
];

/**
 * Tells how a text is marked up: by the ending of its file, or else by signs that only one markup has.
 *
 * @param path Of the file; only its ending counts.
 * @param text The whole file.
 */
export function formatOf(path: string, text: string): Format {
  const lines = text.replace(/\r\n?/g, '\n');
  const known =
    endings.find(([, ending]) => ending.test(path)) ?? signs.find(([, sign]) => sign.test(lines));
  return known?.[0] ?? 'plain text';
}

/**
 * Takes off what a changelog puts around notes: the indentation that all lines have, which would make
 * code of them in Markdown (less than four spaces stay), and the line with which a Debian changelog is
 * signed.
 */
export function unwrapNotes(notes: string, format: Format): string {
  const all = notes.split('\n');
  const lines =
    format === 'a Debian changelog' ? all.filter((line) => !/^ -- .*<[^<>]*>/.test(line)) : all;
  const texts = lines.filter((line) => line.trim() !== '');
  const width = texts.reduce(
    (least, line) => Math.min(least, skipSpace(line, 0, 0).column),
    texts.length > 0 ? Infinity : 0,
  );
  // Up to three spaces mean nothing in Markdown.
  if (format === 'Markdown' && width < 4) return notes;
  return lines.map((line) => (line.trim() === '' ? line : withoutColumns(line, width))).join('\n');
}

/** The tabs that stay count as Markdown counts them, whatever they meant to the author. */
function withoutColumns(line: string, width: number): string {
  const { column, at } = skipSpace(line, 0, 0, width);
  return ' '.repeat(column - width) + line.slice(at);
}
