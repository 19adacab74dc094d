import { isRange, isSuffix } from './versions.ts';

/** A version as a heading writes it. */
export interface TitleVersion {
  /** Without `v` and package name: `1.2.3`, `1.2.3-rc.1`, `1.2.0a1`, `1.2.3+5`. */
  readonly text: string;
  /** The package named with it, in lower case: `app` in `app@1.2.3` and in `App 1.2.3`; '' for none. */
  readonly name: string;
}

/** A word of a heading; `text` in lower case, without punctuation around it, '' for that alone. */
export interface Word {
  readonly text: string;
  readonly raw: string;
  readonly version: TitleVersion | undefined;
}

/** The words of a heading without its markup. The bounds keep hostile lines cheap: headings are short. */
export function readWords(source: string): Word[] {
  const start = source.slice(0, 2000);
  const ascii = /[^ -~]/.test(start) ? inAscii(start) : start;
  const plain = /[<&[*`~\\"(),:{|]/.test(ascii) ? withoutMarkup(ascii) : ascii;
  return plain.slice(0, 300).split(/\s+/).filter(Boolean).flatMap(readWord);
}

/** Brackets and punctuation of full width, and numbers that stand apart from the letters around them. */
function inAscii(source: string): string {
  return source
    .replace(/((?:19|20)\d\d)年 ?(\d\d?)月 ?(\d\d?)日/g, '$1-$2-$3')
    .replace(/[（［【〔「『《〈]/g, ' (')
    .replace(/[）］】〕」』》〉]/g, ') ')
    .replace(/：/g, ': ')
    .replace(/[，、]/g, ', ')
    .replace(/¶/g, ' ')
    .replace(/(?<=\d)α/g, 'alpha')
    .replace(/(?<=\d)β/g, 'beta')
    .replace(/([^\0-~])(?=[vV]?\d)/g, '$1 ')
    .replace(/(\d)(?=[^\0-~])/g, '$1 ');
}

function withoutMarkup(source: string): string {
  return source
    .replace(/<[^<>]*>/g, ' ')
    .replace(/:[a-z+-][a-z0-9_+-]*:/gi, '')
    .replace(/&[a-z]{2,8};/gi, ' ')
    .replace(/\]\([^()]*(?:\([^()]*\))?\)/g, ']')
    .replace(/\]\[[^\][]*\]/g, ']')
    .replace(/\{(?:#| ?[a-z]+=|: )[^{}]*\}/g, ' ')
    .replace(/\b([vV])[[(](?=\d)/g, '$1')
    .replace(/"([^"]*)"/g, '($1)')
    .replace(/\*|`|~~|\\|"|\{\{\{/g, '')
    .replace(/[[(]/g, ' (')
    .replace(/[\])]/g, ') ')
    .replace(/\|/g, ' | ')
    .replace(/,/g, ', ')
    .replace(/(\d):(?=[A-Z])/g, '$1: ');
}

function readWord(raw: string): Word[] {
  const text = trimPunctuation(raw);
  // "1.2.3-1.2.5" holds two versions.
  const range = /^v?(\d[\d.]*)[-–—]v?(\d[\d.]*)$/i.exec(text);
  if (range?.[1] && range[2] && isRange(range[1], range[2]))
    return [...readWord(range[1]), ...readWord('–'), ...readWord(range[2])];
  const core = text.length > 100 ? null : /\d+(?:\.\d+)+/.exec(text);
  if (!core) {
    const single = /^(?:v|r)\.?(\d{1,3})$/i.exec(text)?.[1];
    const version = single ? { text: single, name: '' } : undefined;
    return [{ text: text.toLowerCase(), raw, version }];
  }
  const before = text.slice(0, core.index);
  const after = text.slice(core.index + core[0].length);
  // "1.2.3/2024-05-01" and "1.2.3/1.2.4" hold two words.
  const slash = after.indexOf('/');
  if (slash >= 0 && !/^\d+[./]\d+[./]\d+$/.test(text)) {
    const cut = core.index + core[0].length + slash;
    return [...readWord(text.slice(0, cut)), ...readWord('/'), ...readWord(text.slice(cut + 1))];
  }
  // "1.2.3_canary_2024-05-01": a channel and a day, no part of the version.
  const channel = /^_[a-z]+_(\d{4}-\d\d-\d\d)$/i.exec(after)?.[1];
  if (channel) return [...readWord(before + core[0]), ...readWord(channel)];
  const name = nameBefore(before);
  const spelled = core[0] + after.replace(/[-_~]$/, '');
  const isVersion = name !== undefined && isSuffix(after);
  const version = isVersion ? { text: spelled, name: name.toLowerCase() } : undefined;
  return [{ text: text.toLowerCase(), raw, version }];
}

const opening = '([{\'"<«“_#=';
const closing = ')]}\'">»”_,:;.!?';

function trimPunctuation(raw: string): string {
  let start = 0;
  let end = raw.length;
  while (start < end && opening.includes(raw.charAt(start))) start++;
  while (end > start && closing.includes(raw.charAt(end - 1))) end--;
  const text = raw.slice(start, end);
  // Written out, since V8 takes most of a millisecond to make the pattern for all letters.
  return /[A-Za-z\d\u00aa-\u1fff\u3040-\ud7ff]/.test(text) ? text : '';
}

/** `v`, `release-`, `app@`, `@scope/app-v` in front of digits: the package or '', or not a prefix at all. */
function nameBefore(before: string): string | undefined {
  if (before === '') return '';
  if (!/^[\w@/.+:-]+$/.test(before)) return undefined;
  const name = before.replace(/(?<![A-Za-z])(?:v|ver|version|r|rel|release)[.:]?[-_/]?$/i, '');
  const bare = name.replace(/[-@/_:]$/, '');
  // "Pre-1.0" stands for what came before.
  if (/^(?:pre|[\d:]+)$/i.test(bare)) return undefined;
  if (bare === '') return name === before ? undefined : '';
  return /^[@A-Za-z0-9].*[A-Za-z0-9]$|^[A-Za-z]$/.test(bare) ? bare : undefined;
}

const dates =
  /^(?:\d{1,2}(?:st|nd|rd|th)?|(?:19|20)\d\d|(?:19|20)\d{6}|\d{1,4}[-/.]\d{1,2}(?:[-/.]\d{1,4})?(?:t[\d:.z+-]+)?|(?:(?:19|20)[\dx?]{2}|y{4})[-/.][\dx?m]{1,2}[-/.][\dx?d]{1,2}|\d{1,2}:\d\d(?::\d\d)?|[+-]\d{4}|\d{1,2}-[a-z]{3,9}-(?:\d\d){1,2}|gmt|utc|am|pm)$/;
const calendar =
  /^(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?|mon(?:day)?|tue(?:s|sday)?|wed(?:nesday)?|thu(?:rs|rsday)?|fri(?:day)?|sat(?:urday)?|sun(?:day)?)$/;

/** Whether a word is a date or a part of one. */
export const isDate = (text: string) => dates.test(text) || calendar.test(text);

/** Whether words hold the day or month of a year. */
export function holdsDate(texts: readonly string[]): boolean {
  const found = texts.filter(isDate);
  const hasYear = found.some((text) => /(?:19|20)\d\d/.test(text));
  return hasYear && (found.length > 1 || /[-/.]|\d{6}/.test(found[0] ?? ''));
}

/** `2024.05.01` and `01.05.2024` are dates wherever the title has another version. */
export function isDottedDate(text: string): boolean {
  const first = /^(?:19|20)\d\d\.(?:0?[1-9]|1[0-2])(?:\.\d{1,2})?$/;
  return first.test(text) || /^\d{1,2}\.\d{1,2}\.(?:19|20)\d\d$/.test(text);
}

export const textsOf = (words: readonly Word[]) => words.map(({ text }) => text);
