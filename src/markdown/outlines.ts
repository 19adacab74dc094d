import { literalLines, underlines } from './asciidoc.ts';
import type { Format } from './format.ts';
import { type Heading, isApart, isLabel, markedTitle, weakest } from './headings.ts';
import { type Line, scanLines } from './lines.ts';

/**
 * Finds the headings of a text that is not Markdown, in order: `=== Title` (AsciiDoc, RDoc), `h3. Title`
 * (Textile), `<h3>Title</h3>`, titles underlined by a row of one character (reStructuredText), lines
 * that are bold as a whole, `[ Title ]` (Debian), `Title:` and a title right above a list, and
 * `** Title` (Emacs).
 */
export function outlineOf(text: string, format: Format): Heading[] {
  if (format === 'HTML') return htmlHeadings(text);
  const lines = scanLines(text);
  const literal = format === 'AsciiDoc' ? literalLines(lines.map((line) => line.text)) : undefined;
  /** The characters that underline titles, the highest level first; of AsciiDoc they are known. */
  const ranks = format === 'AsciiDoc' ? [...'=-~^+'] : [];
  const found: Heading[] = [];
  for (const [index, line] of lines.entries()) {
    const words = line.text.trim();
    if (words === '' || literal?.has(index)) continue;
    const rule = lines[index + 1];
    if (rule && isUnderlined(line.text, rule.text, format)) {
      const mark = rule.text.charAt(0);
      if (!ranks.includes(mark)) ranks.push(mark);
      const overline = lines[index - 1];
      const isFramed = overline?.text.trim() === rule.text.trim();
      const start = isFramed ? overline.start : line.start;
      found.push({ start, end: rule.end, level: ranks.indexOf(mark) + 1, title: words });
      continue;
    }
    const marked = markedTitle(words) ?? weakTitle(lines, index, format);
    if (marked) found.push({ start: line.start, end: line.end, ...marked });
  }
  return found;
}

/** A title without the marks of a heading. */
function weakTitle(lines: readonly Line[], index: number, format: Format) {
  const title = lines[index]?.text.trimEnd() ?? '';
  if (/^(?:\*\*[^*]+\*\*|\*[^*\s][^*]*\*|\[ .+ \]):?$/.test(title))
    return { level: weakest - 1, title };
  if (isLabel(title) && isApart(lines[index - 1]?.text)) return { level: weakest, title };
  if (format !== 'plain text') return undefined;
  const stars = /^\*+(?= [^\s])/.exec(title)?.[0].length;
  if (stars !== undefined) return { level: weakest + 1 + stars, title: title.slice(stars) };
  const [above = '', below = '', next = ''] = [index - 1, index + 1, index + 2].map((at) =>
    lines[at]?.text.trim(),
  );
  const heads = above === '' && /^[-*+•o] /.test(below || next) && isLabel(`${title}:`);
  // A label is the surer sign: what only seems a title must not end what it heads.
  return heads ? { level: weakest + 1, title } : undefined;
}

/** A row of one character, about as long as the line above it; Textile knows none. */
function isUnderlined(line: string, rule: string, format: Format): boolean {
  const [title, row] = [line.trim(), rule.trim()];
  if (format === 'Textile') return false;
  if (format === 'AsciiDoc' && !underlines(title, row)) return false;
  if (/^[ \t]/.test(line) || !/^[=\-~^"'`+*#:.<>_]{3}/.test(rule)) return false;
  if (row.length * 2 < title.length || isRow(title)) return false;
  return isRow(row) && !/^[-*+] /.test(title);
}

function isRow(text: string): boolean {
  const mark = text.charAt(0);
  return /^[^\w\s]$/.test(mark) && text === mark.repeat(text.length);
}

const htmlTitle = /<h([1-6])(?:\s[^<>]*)?>|<p>\s*<(?:b|strong)>/gi;

function htmlHeadings(html: string): Heading[] {
  const text = withoutHtmlComments(html);
  const headings: Heading[] = [];
  for (const { 0: tag, 1: level, index } of text.matchAll(htmlTitle)) {
    const content = text.slice(index + tag.length, index + tag.length + 300);
    const close = content.search(
      level === undefined ? /<\/(?:b|strong)>:?\s*<\/p>/i : /<\/h[1-6]/i,
    );
    if (close < 0) continue;
    const end = index + tag.length + close;
    const title = content.slice(0, close);
    headings.push({ start: index, end, level: Number(level ?? weakest - 1), title });
  }
  return headings;
}

/** A text as long, with spaces in place of its comments. */
function withoutHtmlComments(text: string): string {
  let blanked = '';
  let at = 0;
  for (let open = text.indexOf('<!--'); open >= 0; open = text.indexOf('<!--', at)) {
    const close = text.indexOf('-->', open);
    if (close < 0) break;
    blanked += text.slice(at, open) + ' '.repeat(close + 3 - open);
    at = close + 3;
  }
  return blanked + text.slice(at);
}
