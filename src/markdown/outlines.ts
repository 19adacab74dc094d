import { literalLines, underlines } from './asciidoc.ts';
import type { Format } from './format.ts';
import { type Heading, isApart, isLabel, markedTitle, weakest } from './headings.ts';

/** A line of any text. Offsets are UTF-16 code units; `end` is before the line break. */
interface TextLine {
  readonly start: number;
  readonly end: number;
  readonly whole: string;
  /** Without indentation and spaces at its end. */
  readonly text: string;
  readonly isIndented: boolean;
}

/**
 * Finds the headings of a text that is not Markdown, in order: `=== Title` (AsciiDoc, RDoc), `h3. Title`
 * (Textile), `<h3>Title</h3>`, titles underlined by a row of one character (reStructuredText), lines
 * that are bold as a whole, `[ Title ]` (Debian), `Title:` and a title right above a list, and
 * `** Title` (Emacs).
 */
export function outlineOf(text: string, format: Format): Heading[] {
  if (format === 'HTML') return htmlHeadings(text);
  const lines = linesOf(text);
  const literal = format === 'AsciiDoc' ? literalLines(lines.map(({ whole }) => whole)) : undefined;
  /** The characters that underline titles, the highest level first; of AsciiDoc they are known. */
  const ranks = format === 'AsciiDoc' ? [...'=-~^+'] : [];
  const found: Heading[] = [];
  for (const [index, line] of lines.entries()) {
    if (line.text === '' || literal?.has(index)) continue;
    const rule = lines[index + 1];
    if (rule && isUnderlined(line, rule, format)) {
      const mark = rule.text.charAt(0);
      if (!ranks.includes(mark)) ranks.push(mark);
      const overline = lines[index - 1];
      const start = overline?.text === rule.text ? overline.start : line.start;
      found.push({ start, end: rule.end, level: ranks.indexOf(mark) + 1, title: line.text });
      continue;
    }
    const marked = markedTitle(line.text) ?? weakTitle(lines, index, format);
    if (marked) found.push({ start: line.start, end: line.end, ...marked });
  }
  return found;
}

/** A title without the marks of a heading. */
function weakTitle(lines: readonly TextLine[], index: number, format: Format) {
  const title = lines[index]?.whole.trimEnd() ?? '';
  if (/^(?:\*\*[^*]+\*\*|\*[^*\s][^*]*\*|\[ .+ \]):?$/.test(title))
    return { level: weakest - 1, title };
  if (isLabel(title) && isApart(lines[index - 1]?.whole)) return { level: weakest, title };
  if (format !== 'plain text') return undefined;
  const stars = /^\*+(?= [^\s])/.exec(title)?.[0].length;
  if (stars !== undefined) return { level: weakest + 1 + stars, title: title.slice(stars) };
  const above = lines[index - 1]?.text ?? '';
  const below = lines[index + 1]?.text || lines[index + 2]?.text || '';
  const heads = above === '' && /^[-*+•o] /.test(below) && isLabel(`${title}:`);
  // A label is the surer sign: what only seems a title must not end what it heads.
  return heads ? { level: weakest + 1, title } : undefined;
}

function linesOf(text: string): TextLine[] {
  const lines: TextLine[] = [];
  for (const { 0: line, 1: content = '', index } of text.matchAll(/([^\r\n]*)(?:\r\n|\r|\n|$)/g)) {
    if (line === '' && index === text.length) break;
    const end = index + content.length;
    const isIndented = /^[ \t]/.test(content);
    lines.push({ start: index, end, whole: content, text: content.trim(), isIndented });
  }
  return lines;
}

/** A row of one character, about as long as the line above it; Textile knows none. */
function isUnderlined(line: TextLine, rule: TextLine, format: Format): boolean {
  if (format === 'Textile') return false;
  if (format === 'AsciiDoc' && !underlines(line.text, rule.text)) return false;
  const { text } = rule;
  const mark = text.charAt(0);
  if (line.isIndented || rule.isIndented || !'=-~^"\'`+*#:.<>_'.includes(mark) || text.length < 3)
    return false;
  if (text.length * 2 < line.text.length || isRow(line.text)) return false;
  return isRow(text) && !/^[-*+] /.test(line.text);
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
