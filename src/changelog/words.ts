import { isRange, isSuffix, split, trials } from './versions.ts';

/** A version as a heading writes it, and the package named with it: `1.2.0a1`, `app` in `App v1.2.0a1`. */
export interface TitleVersion {
  readonly text: string;
  /** In lower case; '' for none. */
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
    .replace(/(?<=\d)[αβ]/g, (letter) => (letter === 'α' ? 'alpha' : 'beta'))
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
  // A URL announces nothing.
  if (!/^[\w@/.+:-]+$/.test(before) || before.includes('://')) return undefined;
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

export const isDate = (text: string) => dates.test(text) || calendar.test(text);

export function holdsDate(texts: readonly string[]): boolean {
  const found = texts.filter(isDate);
  const hasYear = found.some((text) => /(?:19|20)\d\d/.test(text));
  return hasYear && (found.length > 1 || /[-/.]|\d{6}/.test(found[0] ?? ''));
}

/** `2024.05.01` and `01.05.2024` are dates wherever the title has another version. */
export function isDottedDate(text: string): boolean {
  const first = /^(?:19|20)\d\d\.(?:0?[1-9]|1[0-2])(?:\.\d{1,2})?$/;
  return first.test(text) || isDayFirst(text);
}

export const isDayFirst = (text: string) => /^\d{1,2}\.\d{1,2}\.(?:19|20)\d\d$/.test(text);

export const textsOf = (words: readonly Word[]) => words.map(({ text }) => text);

// What a reader must know where a file announces one release alone, or speaks of others.

/** The title of a changelog and the sub-sections of its releases: they announce nothing. */
export const usualTitles: ReadonlySet<string> = split(
  'changelog|change log|release notes|added|changed|deprecated|removed|fixed|security|features|bug fixes|performance improvements|breaking changes|major changes|minor changes|patch changes',
);

const fillers = split(
  "version|versions|versión|версия|versão|wersja|版本|バージョン|revision|ver|v|release|releases|released|rel|changes|change|changed|what's|whats|what’s|new|in|for|of|the|to|notes|note|changelog|news|highlights|noteworthy|notable|tagged|stable|patch|hotfix|update|major|minor|overview|summary|user-visible|is|-|/|:||",
);

/** Words that speak of a version without announcing it: "Upgrading from 1.2.3". */
export const speaking: ReadonlySet<string> = split(
  'since|from|between|after|before|until|prior|than|with|without|against|upgrade|upgrading|migrate|migrating|migration|move|moving|bump|bumps|update|updates|updated|require|requires|required|support|supports|supported|deprecate|deprecated|remove|removed|drop|drops|dropped|dropping|end|see|fix|fixes|fixed|compatible|compatibility|breaking|introduced|bug|bugs|example|examples|add|added|adds|use|uses|using|and|or|at|on|by|as|if|when|via',
);

/** A version that was there before, whatever the file: "Changes since 1.2.3". */
export const earlier =
  /\b(?:since|from|after|before|until|prior|than|against|upgrad(?:e|ing)|migrat(?:e|ing|ion))\b/;

/** Whether a word leads up to a version without being a name: "Changes in version 1.2.3". */
export const isFiller = (text: string) => text === '' || fillers.has(text);

/** Whether a word says that a version is not the final one: "beta", "rc2", "m1". */
export function isTrial(text: string): boolean {
  const word = /^([a-z]+)[-.]?\d{0,4}$/.exec(text)?.[1] ?? '';
  return trials.has(word) || /^(?:[abm]\d+|release candidate|pre-release)$/.test(text);
}

export const behind = {
  /** May make it another: "beta", "rc2", "sp 1"; the word, the space and the number. */
  tag: /^(release candidate|service pack|[a-z]+)([-. ]?)(\d{0,4})(?![^ ])/,
  state: /^(?:yanked|unreleased|unpublished|withdrawn|deprecated|retracted|lts|stable|final|ga)$/,
  date: /^(?:released?|releases|date|release-?date|on|of|unreleased|tbd|tba|published)$/,
  /** Makes it stand for several: "1.2 series". */
  plural: /^(?:series|releases|versions|pre-?releases)$/,
};
/** A heading over a whole changelog, rather than over one of several products or platforms. */
export const wholeChangelog = /change|release|history|news|notes|version|log|更新|日志|履歴|変更/i;

/** A heading that goes on with a page of which the changelog is a part. */
export const page =
  /\b(?:licen[sc]e|authors?|contribut(?:ing|ors?)|credits|contact|copyright|see also|references|installation|usage)\b/i;

const unreleased =
  /^(?:the )?(?:un-?released|upcoming|next|head|master|main|trunk|in progress|work in progress|wip|not (?:yet )?released|vnext|unversioned)(?: (?:changes|releases?|versions?|unreleased|not yet released|in progress))?$/;
const older =
  /^(?:(?:[\w/-]+ ){0,2}archives?|older|earlier|previous|legacy)$|\b(?:older|old|previous|prior|earlier|past|legacy|archived?|historic|historical) (?:versions?|releases?|changes|changelogs?|changelog entries|change log|history|entries|(?:release )?notes)\b/;
const before =
  /^(?:(?:versions?|releases?) )?(?:before|prior to|up to|older than|earlier than|pre-?) ?v?\d[\d.]*$/;

/** What a title without a version stands for; its words in lower case, without punctuation. */
export function readGroup(words: readonly Word[]) {
  const remark = words.findIndex(({ raw }, index) => index > 0 && raw.startsWith('('));
  const own = remark < 0 ? words : words.slice(0, remark);
  const known = own.flatMap(({ text }) => (/^\d{4}\.x\.x$/.test(text) ? [] : text || []));
  const text = known.join(' ');
  if (unreleased.test(text) || text.startsWith('unreleased ')) return 'unreleased';
  // "1.x", "Kettle 0.9.x releases", and the same in any language.
  const series = known.findIndex((word) => /^v?\d+(?:\.\d+)?\.[x*](?:\.[x*])?$/.test(word));
  const isShort = series >= 0 && series < 3 && known.length < 8;
  const isSeries = isShort && !known.some((word) => speaking.has(word));
  const isYear = /^(?:19|20)\d\d$/.test(text);
  const isOlder = older.test(text) && !/\bwith\b/.test(text);
  return isYear || isSeries || isOlder || before.test(text) ? 'group' : 'other';
}
