import { type Line, scanLines } from '../markdown/lines.ts';
import { followConventions, type Heading, isAscending } from './conventions.ts';
import { readTitle } from './titles.ts';
import { compareVersions } from './versions.ts';
import type { Title } from './wording.ts';

type Place = Pick<Heading, 'first' | 'index' | 'last' | 'source'>;

/** The lines of a changelog and the headings that divide it, in order. */
export interface Outline {
  readonly lines: readonly Line[];
  readonly headings: readonly Heading[];
}

/**
 * Finds the headings that divide a changelog.
 *
 * Real headings (`#`, underlined, `=`, `<h2>`) count wherever they announce a version. Bold, plain
 * and list lines count only where the file uses them for its releases. Takes linear time.
 */
export function readOutline(text: string): Outline {
  const lines = scanLines(text.startsWith('\uFEFF') ? ` ${text.slice(1)}` : text);
  const isRst = looksLikeRst(lines);
  const file = { lines, isRst, readTitle: onceEach(readTitle) };
  const headings: Heading[] = [];
  for (let index = endOfFrontMatter(lines); index < lines.length; index++) {
    const line = lines[index];
    // reStructuredText has neither fences nor HTML comments, but underlines that look like fences.
    if (!line?.text || (!isRst && (line.fence || line.raw || line.inComment))) continue;
    const heading = readHeading(file, index);
    if (heading && heading.kind !== 'other') headings.push(heading);
  }
  return { lines, headings: followConventions(withSeries(lines, headings)) };
}

/**
 * Marks headings that stand for a series, such as "Kettle 3.4" above 3.4.2 and 3.4.1, as groups: the
 * title of the file, and those with nothing of their own above deeper headings.
 */
function withSeries(lines: readonly Line[], headings: readonly Heading[]): Heading[] {
  const releases = headings.filter((heading) => heading.kind === 'release');
  return headings.map((heading, index) => {
    const next = headings[index + 1];
    const version = heading.versions[0]?.text;
    if (!version || !next?.versions[0]?.text.startsWith(`${version}.`)) return heading;
    const isAbove = heading.level < next.level && next.level <= 6;
    const between = lines.slice(heading.last + 1, next.first);
    const isEmpty = isAbove && between.every((line) => line.text.trim() === '');
    const isSeries = isEmpty || (heading === releases[0] && isTitle(releases));
    return isSeries ? { ...heading, kind: 'group', versions: [] } : heading;
  });
}

/** Whether the first heading has a level for itself, or can't be a release where versions fall. */
function isTitle([first, ...rest]: readonly Heading[]): boolean {
  const version = first?.versions[0]?.text;
  const next = rest[0]?.versions[0]?.text;
  if (!first || version === undefined || next === undefined) return false;
  const isOutOfOrder = compareVersions(next, version) > 0 && !isAscending([first, ...rest]);
  return isOutOfOrder || rest.every((other) => other.level > first.level);
}

/** Directives, labels, roles or underlines that Markdown doesn't know; and neither `#` nor code fences. */
function looksLikeRst(lines: readonly Line[]): boolean {
  let isRst = false;
  for (const [index, { text, fence }] of lines.entries()) {
    if (text === '') continue;
    if (fence?.marker === '`' || /^(?:#{1,6} |~~~+ *\w)/.test(text)) return false;
    isRst ||= /^\.\. (?:_|[a-z-]+::)|`_{1,2}(?:\W|$)|:[a-z]+:`/.test(text.slice(0, 300));
    isRst ||= isRule(text, '~^"\'+') && underlines(lines, index);
  }
  return isRst;
}

/** Whether a rule is as long as the single line above it, as reStructuredText asks for. */
function underlines(lines: readonly Line[], index: number): boolean {
  const title = lines[index - 1]?.text.trimEnd() ?? '';
  const length = lines[index]?.text.trimEnd().length ?? 0;
  return title.length > 3 && length >= title.length && (lines[index - 2]?.text ?? '').trim() === '';
}

/** A line of one repeated character, at least three times. */
function isRule(text: string, characters: string): boolean {
  const mark = text.charAt(0);
  if (mark === '' || !characters.includes(mark) || text.charAt(1) !== mark) return false;
  const rule = text.trimEnd();
  if (rule.length < 3) return false;
  for (let at = 2; at < rule.length; at++) if (rule.charAt(at) !== mark) return false;
  return true;
}

/** A YAML block at the top is no text, though its end looks like an underline. */
function endOfFrontMatter(lines: readonly Line[]): number {
  if (lines[0]?.text.trim() !== '---' || !/^[\w-]+:/.test(lines[1]?.text ?? '')) return 0;
  const end = lines.findIndex((line, index) => index > 0 && /^(?:---|\.\.\.)\s*$/.test(line.text));
  return end + 1;
}

/** What the reading of each line looks at. */
interface Source {
  readonly lines: readonly Line[];
  readonly isRst: boolean;
  readonly readTitle: (source: string) => Title;
}

/** Sub-headings such as "Added" come back in every release: each is read once. */
function onceEach(read: (source: string) => Title): (source: string) => Title {
  const known = new Map<string, Title>();
  return (source) => {
    const title = known.get(source) ?? read(source);
    known.set(source, title);
    return title;
  };
}

// A heading mark, a version, or the word for what has none yet. Most lines have none of them, and the
// closer look would cost a quarter of the time that a whole changelog takes.
const mayAnnounce = /^ {0,3}(?:[#=]|<h|h[1-6]\. )|\d\.\d|unreleased|; urgency=/i;

function readHeading(file: Source, index: number): Heading | undefined {
  const { lines, isRst } = file;
  const text = lines[index]?.text ?? '';
  const underline = lines[index + 1]?.text ?? '';
  const mayBeUnderlined = underline !== '' && underline.charAt(0) === underline.charAt(1);
  if (!mayBeUnderlined && !mayAnnounce.test(text)) return undefined;
  // §4.2: four spaces make code, not a heading.
  if (!/^ {0,3}[^\s]/.test(text)) return undefined;
  const source = text.trim();
  const place = { first: index, index, last: index, source };

  const marked = markedHeading(source);
  if (marked) return toHeading(place, file.readTitle(marked.title), marked.level, 'heading');

  if (isRule(underline, isRst ? '=-~^"\'`+*#:.<>_' : '=-') && isUnderlinable(source)) {
    const level = '=-'.indexOf(underline.charAt(0)) + 1 || 3;
    const hasOverline = lines[index - 1]?.text.trimEnd() === underline.trimEnd();
    const first = hasOverline ? index - 1 : index;
    return toHeading(
      { first, index, last: index + 1, source },
      file.readTitle(source),
      level,
      'heading',
    );
  }
  return weakHeading(file, index, place);
}

function toHeading(
  { first, index, last, source }: Place,
  title: Title,
  level: number,
  style: Heading['style'],
): Heading {
  return { first, index, last, source, ...title, level, style };
}

/** `## 1.2.3 ##`, `== 1.2.3 ==` (RDoc, AsciiDoc, WordPress), `h2. 1.2.3` (Textile), `<h2>1.2.3</h2>`. */
function markedHeading(source: string): { title: string; level: number } | undefined {
  const mark = source.charAt(0);
  if (mark === '#' || mark === '=') {
    let level = 1;
    while (source.charAt(level) === mark) level++;
    // Some editors leave a no-break space.
    if (level > 6 || !/\s/.test(source.charAt(level))) return undefined;
    let end = source.length;
    while (source.charAt(end - 1) === mark) end--;
    return { title: source.slice(level, end), level };
  }
  // Debian: "app (1.2.3-1) unstable; urgency=medium"
  if (/^[a-z0-9][a-z0-9+.-]* \([^()\s]+\)[\w. -]*; urgency=/.test(source)) {
    return { title: source.slice(0, source.indexOf(')') + 1), level: 1 };
  }
  const html = /^(?:<h([1-6])[\s>]|h([1-6])\. )/i.exec(source);
  if (!html) return undefined;
  return { title: source.slice(html[2] ? 4 : 0), level: Number(html[1] ?? html[2]) };
}

function isUnderlinable(source: string): boolean {
  return !/^(?:[-*+>|]\s|#)/.test(source) && !isRule(source, '=-~^"\'`+*#:.<>_');
}

// The outlines of Emacs, as in the NEWS of GNU, count their levels in stars.
const listMark = /^(?:[-+]|\*{1,3}) /;
const boldMark = /^(?:\*\*(?=\S)|__|(?:<details[^<>]*>)?<summary|<b>|<strong>)/;
const linkDefinition = /^\[[^\]]*\]:/;
// With links; longer lines are paragraphs.
const longestWeak = 360;

/** A line without heading marks that could be one in a file that does without them. */
function weakHeading(file: Source, index: number, place: Place): Heading | undefined {
  const { lines } = file;
  const { source } = place;
  // A link into the page is an entry of a list of contents.
  if (source.includes('](#')) return undefined;
  if (
    source.length > longestWeak ||
    !/\d\.\d|unreleased/i.test(source) ||
    linkDefinition.test(source)
  )
    return undefined;
  const mark = listMark.exec(source)?.[0] ?? '';
  const style = boldMark.test(source) ? 'bold' : mark === '' ? 'plain' : 'list';
  // "##1.2.3" is text in CommonMark, yet its author means a heading.
  if (style === 'plain' && !/^(?:[\w@[`]|(?:#{1,6}|={1,6})[v[]?\d)/.test(source)) return undefined;
  if (mark === '' ? !standsAlone(lines, index) : !opensList(lines, index, mark)) return undefined;
  if (style === 'plain' && /[.;?!]$/.test(source)) return undefined;
  const title = file.readTitle(source.slice(mark.length));
  if (title.tail === 'prose' || title.kind === 'group') return undefined;
  return toHeading(place, title, Math.max(7, 5 + mark.length), style);
}

/** Nothing above belongs to the same paragraph. */
function standsAlone(lines: readonly Line[], index: number): boolean {
  const above = lines[index - 1]?.text ?? '';
  if (/^\s/.test(lines[index]?.text ?? '')) return above.trim() === '';
  return /^\s|^[-*+#=<]|^$/.test(above) || isRule(above, '=-~_*');
}

/** An item that stands apart or has something below it, rather than its next sibling. */
function opensList(lines: readonly Line[], index: number, mark: string): boolean {
  const next = lines.slice(index + 1, index + 4).find((line) => line.text.trim() !== '')?.text;
  const isApart = lines[index + 1]?.text.trim() === '';
  return next !== undefined && (isApart || !next.startsWith(mark)) && !next.startsWith('# ');
}
