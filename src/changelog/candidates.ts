import type { Span } from '../text.ts';
import {
  endOfFrontMatter,
  endOfLine,
  firstInk,
  isRule,
  isUnderlined,
  type LineMarkup,
  lineAbove,
  readHidden,
  readMarked,
  readWeak,
  underlines,
  wordsOf,
} from './markup.ts';
import { readTitle, type Title } from './titles.ts';
import { compareVersions } from './versions.ts';
import { isFiller } from './words.ts';

/**
 * A heading, or a line that could announce a release: from `start`, where an overline may be, to `end`,
 * behind an underline, in UTF-16 code units. `line` has the words, which begin at `at`, trimmed in `source`.
 */
export interface Candidate extends Title {
  readonly start: number;
  readonly at: number;
  readonly end: number;
  /** Counted from 1, as is the line below the heading. */
  readonly line: number;
  readonly lineBelow: number;
  readonly source: string;
  readonly level: LineMarkup['level'];
  readonly style: LineMarkup['style'];
}

// A line with the mark of a heading, a rule, or a version in it, behind the line feed above.
const promising =
  /\n(?:[^!-\x9f\xa1-\uffff\n]*(?:[#=<]|h\d\.|[-~^"'`+*:.>_]{3})|[^\n]*?(?:\d\.\d|nreleased))/g;

/** The headings and the lines that could be one, in order; no other line gets an object. Linear. */
export function findCandidates(text: string): Candidate[] {
  const found: Candidate[] = [];
  const isHidden = readHidden(text);
  const titles = new Map<string, Title>();
  let until = endOfFrontMatter(text);
  let rule = { line: -2, start: 0, mark: '' };
  let [line, counted] = [1, 0];

  // A loop over all lines would make V8 compile it three times: 18 ms for 220 KB.
  for (const { index: start } of `\n${text}`.matchAll(promising)) {
    line += text.slice(counted, start).split('\n').length - 1;
    counted = start;
    if (start < until || isHidden(start)) continue;
    const end = endOfLine(text, start);
    const at = firstInk(text, start, end);
    const mark = text.charAt(at);
    const place = { start, end };
    if (text.charAt(at + 1) === mark && isRule(text, start, end, underlines)) {
      const above = lineAbove(text, start);
      const over = rule.line === line - 2 && rule.mark === mark ? rule.start : undefined;
      rule = { line, start, mark };
      if (!above || above.start < until || !isUnderlined(text, above, place)) continue;
      if (found.at(-1)?.line === line - 1) found.pop();
      const level = '=-'.indexOf(mark) + 1 || 3;
      const title = wordsOf(text, above);
      const span = { start: over ?? above.start, end };
      add({ title, level, style: 'heading' }, above, span, line - 1, line + 1);
      continue;
    }
    const markup = readMarked(text, place, at) ?? readWeak(text, place, at);
    if (!markup) continue;
    const { last = place } = markup;
    const below = line + (last === place ? 1 : text.slice(end, last.end).split('\n').length);
    add(markup, place, { start, end: last.end }, line, below);
    if (last !== place) until = last.end;
  }
  return found;

  function add(markup: LineMarkup, words: Span, span: Span, line: number, lineBelow: number) {
    const { level, style, isDense = false } = markup;
    const title = titles.get(markup.title) ?? readTitle(markup.title);
    titles.set(markup.title, title);
    const isProse = title.tail === 'prose' && !title.hasDate;
    if (style !== 'heading' && (isProse || title.kind === 'other')) return;
    const isNamed = !title.lead.split(' ').every(isFiller);
    if (isDense && (isNamed || !(title.tail === 'remark' || title.hasDate))) return;
    const source = wordsOf(text, words);
    const at = firstInk(text, words.start, words.end);
    const { start, end } = span;
    // `title` last: seven times as fast as first, which shows in a file of many headings.
    found.push({ start, end, line, lineBelow, source, at, level, style, ...title });
  }
}

/** What is left of a heading without its version: its markup, and the words in front of the version. */
export const formOf = ({ style, level, lead }: Candidate) => `${style}${level} ${lead}`;

/** The package that a heading names; '' where it names none. */
export const nameOf = ({ versions }: Candidate) => versions[0]?.name ?? '';

/** The headings of each form, in their order. */
export function groupByForm(candidates: readonly Candidate[]): Map<string, Candidate[]> {
  const forms = new Map<string, Candidate[]>(candidates.map((one) => [formOf(one), []]));
  for (const one of candidates) forms.get(formOf(one))?.push(one);
  return forms;
}

/** Whether the versions rise from the top to the bottom of the file. */
export function isAscending(headings: readonly Candidate[]): boolean {
  return climb(headings.filter(({ versions }) => versions.length > 0)) > 0;
}

/** How many steps from one version to the next go up, less those that go down. */
export function climb(releases: readonly Candidate[]): number {
  return releases.reduce((sum, one, index) => sum + rises(releases[index - 1] ?? one, one), 0);
}

/** 1 if the second has the newer version, -1 if the first, 0 for equal ones. */
export function rises(one: Candidate, other: Candidate): number {
  return Math.sign(compareVersions(other.versions[0]?.text ?? '', one.versions[0]?.text ?? ''));
}
