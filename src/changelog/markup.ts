import { scanLines } from '../markdown/lines.ts';
import { type Span, within } from '../text.ts';

/** What the markup of a line makes of it; `title` is without the marks, `last` another last line. */
export interface LineMarkup {
  readonly title: string;
  /** 1–6; 7 for lines that are no headings in Markdown's own sense, 8 and 9 for `**` and `***` items. */
  readonly level: number;
  readonly style: 'heading' | 'bold' | 'plain' | 'list';
  readonly last?: Span;
  /** An item with more like it around it: an entry of a list, unless the list is one of releases. */
  readonly isDense?: boolean;
}

/** What may underline a heading: all that reStructuredText takes. */
export const underlines = '=-~^"\'`+*#:.<>_';

/** `## 1.2.3 ##`, `== 1.2.3 ==` (RDoc, AsciiDoc, WordPress), `h2. 1.2.3` (Textile), `<h2>1.2.3</h2>`. */
export function readMarked(text: string, line: Span, at: number): LineMarkup | undefined {
  const source = wordsOf(text, line);
  const first = source.charAt(0);
  const html = first === '<' ? /^<h([1-6])[\s>]/i.exec(source)?.[1] : undefined;
  if (html) return readHtml(text, line, source, Number(html));
  // §4.2: four spaces make code, not a heading.
  if (at - line.start > 3 || text.charAt(line.start) === '\t') return undefined;
  const textile = first === 'h' ? /^h([1-6])\. /.exec(source)?.[1] : undefined;
  if (textile) return { title: source.slice(4), level: Number(textile), style: 'heading' };
  // A slip: "**# 1.2.3".
  let title = source.startsWith('**#') ? source.slice(2) : source;
  const mark = title.charAt(0);
  if (mark !== '#' && mark !== '=') return undefined;
  // An indented "= text" is an item of a list.
  if (mark === '=' && at > line.start && !title.endsWith(mark)) return undefined;
  let level = 1;
  while (title.charAt(level) === mark) level++;
  // Some editors leave a no-break space.
  if (level > 6 || !/\s/.test(title.charAt(level))) return undefined;
  while (title.endsWith(mark)) title = title.slice(0, -1);
  return { title: title.slice(level), level, style: 'heading' };
}

/** `<h2>`, its words and `</h2>` may stand on lines of their own. */
function readHtml(text: string, line: Span, source: string, level: number): LineMarkup {
  const isOpen = source.replace(/<[^<>]*>/g, '') === '';
  const close = isOpen ? text.slice(line.end, line.end + 300).indexOf('</h') : -1;
  if (close < 0) return { title: source, level, style: 'heading' };
  const last = { start: line.start, end: endOfLine(text, line.end + close) };
  return { title: text.slice(line.start, last.end), level, style: 'heading', last };
}

// The outlines of Emacs, as in the NEWS of GNU, count their levels in stars.
const listMark = /^(?:[-+•]|\*{1,3}\)?) /;
const boldMark = /^(?:\*\*(?=\S)|__)/;
const boldTag =
  /^<(?:summary|dt|b|strong|(?:details|p|a|div|span|font|u)\b[^<>]*>\s*<(?:summary|b|strong|span|a)\b|(?:p|div|span)\s[^<>]*(?:version|release|title|head))/i;

/** A line without heading marks that could be one in a file that does without them. */
export function readWeak(text: string, line: Span, at: number): LineMarkup | undefined {
  const source = wordsOf(text, line);
  const isHtml = source.startsWith('<');
  if (!/\d\.\d|nreleased|^\*{3} .*\d:?$/.test(source)) return undefined;
  // Longer lines are paragraphs; a link into the page is an entry of a list of contents.
  if (source.length > 360 || /\]\(#|^<.*href=["']?[^"'\s>]*#/.test(source)) return undefined;
  // Code, anchors of AsciiDoc, link definitions, tables and quotes.
  const isCode = at - line.start > 3 || text.charAt(line.start) === '\t';
  if (isHtml ? !boldTag.test(source) : isCode) return undefined;
  if (/^(?:\[\[[^\]]*\]\]$|\||>(?!>)|\(|<!--)/.test(source)) return undefined;
  // §4.7: the destination of a link definition may stand on the next line.
  const around = text.slice(line.start, line.end + 9);
  if (/^\s*\[[^\]]*\]:(?:[ \t]*\r?\n)?[ \t]*[^\s*+-]/.test(around)) return undefined;
  const mark = listMark.exec(source)?.[0] ?? '';
  const style = isHtml || boldMark.test(source) ? 'bold' : mark === '' ? 'plain' : 'list';
  if (style === 'plain' && /[.;!。]$/.test(source)) return undefined;
  const isDense = mark !== '' && !opensList(text, line, mark);
  // "2024.05.01 (1.2.3)" is no line of a paragraph.
  const isDated = /^(?:19|20)\d\d[-./年]\d/.test(source);
  if (mark === '' && !isHtml && !isDated && !standsAlone(text, line)) return undefined;
  const level = mark.startsWith('**') ? 5 + mark.length : 7;
  return { title: source.slice(mark.length), level, style, isDense };
}

function standsAlone(text: string, line: Span): boolean {
  const place = lineAbove(text, line.start);
  if (!place) return true;
  const above = text.slice(place.start, place.end).trimEnd();
  if (firstInk(text, line.start, line.end) > line.start) return above === '';
  const isEntry = /^(?:\s|[-*+#=<・•]|$|v?\d+\.\d)/.test(above);
  return isEntry || isRule(text, place.start, place.end, `${underlines}|`);
}

/** An item that stands apart or has something below it, rather than its next sibling. */
function opensList(text: string, line: Span, mark: string): boolean {
  const below = text.slice(line.end + 1, line.end + 200).replace(/^\r?\n/, '');
  if (/^\s*(?:$|# )/.test(below)) return false;
  return /^\r?\n/.test(text.slice(line.end + 1, line.end + 3)) || !below.startsWith(mark);
}

/** Whether a rule below it makes a line a heading: no item, quote, heading or rule. */
export function isUnderlined(text: string, line: Span, rule: Span): boolean {
  const title = wordsOf(text, line);
  const isCode = firstInk(text, line.start, line.end) - line.start > 3;
  if (title === '' || isCode || /^(?:[-*+>|]\s|#)/.test(title)) return false;
  if (isRule(text, line.start, line.end, underlines)) return false;
  const mark = text.charAt(firstInk(text, rule.start, rule.end));
  // Markdown knows two; those of reStructuredText are as long as the title.
  return '=-'.includes(mark) || wordsOf(text, rule).length >= Math.min(title.length, 60) - 2;
}

/** A text with a `\n` at the end of each line, a `\r` before it or not; all offsets stay. */
export function withLineFeeds(text: string): string {
  const plain = text.startsWith('\uFEFF') ? ` ${text.slice(1)}` : text;
  const fed = plain.includes('\r') ? plain.replace(/\r(?!\n)/g, '\n') : plain;
  return fed.endsWith('\n') ? fed : `${fed}\n`;
}

export function lineAbove(text: string, start: number): Span | undefined {
  if (start === 0) return undefined;
  const end = start - 1;
  return { start: end === 0 ? 0 : text.lastIndexOf('\n', end - 1) + 1, end };
}

export function endOfLine(text: string, start: number): number {
  const end = text.indexOf('\n', start);
  return end < 0 ? text.length : end;
}

export const wordsOf = (text: string, line: Span | undefined) =>
  line ? text.slice(line.start, line.end).trim() : '';

export function firstInk(text: string, start: number, end: number): number {
  let at = start;
  while (at < end && (text.charCodeAt(at) <= 32 || text.charCodeAt(at) === 0xa0)) at++;
  return at;
}

/** Whether a line is one repeated character out of `marks`, three times or more. */
export function isRule(text: string, start: number, end: number, marks: string): boolean {
  let at = firstInk(text, start, end);
  const mark = text.charAt(at);
  if (at + 2 >= end || text.charAt(at + 1) !== mark || !marks.includes(mark)) return false;
  const first = at;
  while (at < end && text.charAt(at) === mark) at++;
  return at - first > 2 && firstInk(text, at, end) === end;
}

/** Offset of the first line below a YAML block at the top, whose end looks like an underline. */
export function endOfFrontMatter(text: string): number {
  if (!/^\s*---[ \t\r]*\n[\w-]+:/.test(text)) return 0;
  const end = /\n(?:---|\.\.\.)[ \t\r]*(?=\n|$)/.exec(text.slice(4));
  return end ? 4 + end.index + end[0].length : 0;
}

/** Says of the starts of lines, asked in order, whether code or a comment hides the line. */
export function readHidden(text: string): (start: number) => boolean {
  // Plain searches first: the first run of a pattern over a whole text takes milliseconds.
  const mayHide =
    ['```', '~~~', '<!--'].some((mark) => text.includes(mark)) ||
    (text.includes('<') && /<(?:pre|script|style|textarea)/i.test(text));
  if (!mayHide || looksLikeRst(text)) return () => false;
  return within(scanLines(text).filter(({ fence, raw, inComment }) => fence || raw || inComment));
}

/** reStructuredText has neither fences nor HTML comments, but underlines that look like fences. */
function looksLikeRst(text: string): boolean {
  const rst = /^\.\. (?:_|[a-z-]+::)|`_{1,2}(?:\W|$)|:[a-z]+:`|^\S.{3,}\n([~^"'+])\1{3,}\s*$/m;
  return !/^(?:#{1,6} |~~~+ *\w|[ \t]*```)/m.test(text) && rst.test(text);
}
