import { convert } from 'html-to-text';
import { Marked } from 'marked';
import { trimLines } from '../text.ts';
import { type FitOptions, type FittedNotes, firstWords } from './fit.ts';

/**
 * Makes plain text of Markdown, for programs that print notes as they are: links are their text and,
 * once, their address; images are their text; tables have columns. Hostile Markdown takes long from some
 * 50,000 characters on.
 *
 * @throws RangeError for blocks that are nested too deeply
 */
export function toPlainText(markdown: string): string {
  const shown = new Set<string>();
  const parser = new Marked({
    async: false,
    renderer: {
      link({ href, tokens }) {
        if (shown.has(href)) return this.parser.parseInline(tokens);
        shown.add(href);
        return false;
      },
      checkbox: ({ checked }) => (checked ? '[x] ' : '[ ] '),
    },
  });
  const html = parser.parse(markdown, { async: false });
  const heading = { uppercase: false };
  const text = convert(html, {
    wordwrap: false,
    formatters: { alt: ({ attribs }, _, builder) => builder.addInline(attribs['alt'] ?? '') },
    selectors: [
      { selector: 'img', format: 'alt' },
      ...['h1', 'h2', 'h3', 'h4', 'h5', 'h6'].map((selector) => ({ selector, options: heading })),
      {
        selector: 'a',
        options: { hideLinkHrefIfSameAsText: true, linkBrackets: ['(', ')'], noAnchorUrl: true },
      },
      { selector: 'ul', options: { itemPrefix: '- ' } },
      { selector: 'table', format: 'dataTable', options: { uppercaseHeaderCells: false } },
    ],
  });
  const lines = text.split('\n').map((line) => line.trimEnd());
  return trimLines(lines.join('\n').replace(/\n{3,}/g, '\n\n'));
}

/**
 * Makes plain text keep to a limit: it is cut at the end of a paragraph, else of a line, a word, a
 * character, and ends in `…` and the address of the full notes.
 *
 * The limit counts bytes of UTF-8.
 */
export function fitPlainText(text: string, { limit, link }: FitOptions): FittedNotes {
  const utf8 = new TextEncoder();
  const bytesOf = (part: string) => utf8.encode(part).length;
  if (bytesOf(text) <= limit) return { text };
  const closings = link === undefined ? ['\n\n…'] : [`\n\n… ${link}`, '\n\n…'];
  // Some text must stay beside it.
  const closing = closings.find((each) => bytesOf(each) <= limit * 0.75) ?? '';
  const room = new Uint8Array(limit - bytesOf(closing));
  const most = text.slice(0, utf8.encodeInto(text, room).read);
  const ends = ['\n\n', '\n', ' '].map((end) => most.lastIndexOf(end));
  const end = ends.find((at) => at > most.length / 2) ?? most.length;
  const kept = most.slice(0, end).trimEnd();
  const firstLine = firstWords(text.slice(kept.length));
  return { text: kept + closing, lost: { firstLine, titles: [] } };
}
