import { convert, type Element, type Formatter } from 'html-to-text';
import { Marked } from 'marked';
import { cleanText, trimLines } from '../text.ts';
import { type FitOptions, type FittedNotes, firstWords } from './fit.ts';
import { formatting } from './html.ts';

/**
 * Makes plain text of Markdown, for programs that print notes as they are: links are their text and,
 * once, their address; images are their text; tables have columns. Hostile Markdown takes long from some
 * 50,000 characters on.
 *
 * @throws RangeError for blocks that are nested too deeply
 */
export function toPlainText(markdown: string): string {
  const linked = new Set<string>();
  const parser = new Marked({
    async: false,
    renderer: {
      link({ href, tokens }) {
        if (linked.has(href)) return this.parser.parseInline(tokens);
        linked.add(href);
        return false;
      },
      checkbox: ({ checked }) => (checked ? '[x] ' : '[ ] '),
      html: ({ text }) => withNamedTags(text),
    },
  });
  const html = parser.parse(markdown, { async: false });
  const heading = { uppercase: false };
  const text = convert(html, {
    wordwrap: false,
    formatters: {
      alt: ({ attribs }, _, builder) => builder.addInline(attribs['alt'] ?? ''),
      grid: formatTable,
    },
    selectors: [
      { selector: 'img', format: 'alt' },
      ...['h1', 'h2', 'h3', 'h4', 'h5', 'h6'].map((selector) => ({ selector, options: heading })),
      {
        selector: 'a',
        options: { hideLinkHrefIfSameAsText: true, linkBrackets: ['(', ')'], noAnchorUrl: true },
      },
      { selector: 'ul', options: { itemPrefix: '- ' } },
      { selector: 'table', format: 'grid', options: { uppercaseHeaderCells: false } },
      ...['caption', 'tr'].map((selector) => ({ selector, format: 'block', options: ownLine })),
      ...['th', 'td'].map((selector) => ({ selector, format: 'inlineSurround', options: apart })),
    ],
  });
  // Entities such as `&#27;` are characters now.
  const lines = cleanText(text)
    .split('\n')
    .map((line) => line.trimEnd());
  return trimLines(lines.join('\n').replace(/\n{3,}/g, '\n\n'));
}

const ownLine = { leadingLineBreaks: 1, trailingLineBreaks: 1 };
const apart = { suffix: ' ' };

/** The start of a comment or of a whole tag, whose quotes are closed; else no more than the `<`. */
const tag = /<(?:!--|\/?([a-z][a-z0-9]*)(?=(?:[\s/](?:[^<>"']|"[^"<>]*"|'[^'<>]*')*)?>))?/gi;

/** HTML in which what is no formatting is text: its words would be lost, and often all that follow. */
function withNamedTags(html: string): string {
  const lastEnd = html.lastIndexOf('-->');
  return html.replace(tag, (start, name: string | undefined, at: number) =>
    (name === undefined ? start !== '<' && at < lastEnd : formatting.test(name))
      ? start
      : start.replace('<', '&lt;'),
  );
}

/** A table has columns; where it has words outside its cells, which columns would lose, it has lines. */
const formatTable: Formatter = (element, walk, builder, options) => {
  const format = builder.options.formatters[hasOnlyCells(element) ? 'dataTable' : 'block'];
  format?.(element, walk, builder, options);
};

const nesting = /^(?:table t(?:head|body|foot|r)|t(?:head|body|foot) tr|tr t[dh])$/;

function hasOnlyCells({ name, children }: Element): boolean {
  return children.every(
    (child) =>
      child.data?.trim() === '' ||
      (nesting.test(`${name} ${child.name}`) && (name === 'tr' || hasOnlyCells(child))),
  );
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
