import { isRange, isSuffix } from './versions.ts';

/** A version as a heading writes it. */
export interface TitleVersion {
  /** Without `v` and package name: `1.2.3`, `1.2.3-rc.1`, `1.2.0a1`, `1.2.3+5`. */
  readonly text: string;
  /** The package named with it: `app` in `app@1.2.3` and in `app 1.2.3`; '' for none. */
  readonly name: string;
}

/** What the words of a heading say, their markup taken off. */
export interface Title {
  /** `release`: names versions. `group`: stands for several releases. `unreleased`: for none yet. */
  readonly kind: 'release' | 'unreleased' | 'group' | 'other';
  readonly versions: readonly TitleVersion[];
  /** What follows the versions: nothing, a date, a remark set off by punctuation, or prose. */
  readonly tail: 'none' | 'date' | 'remark' | 'prose';
  /** Whether a date stands in front of the versions or at the end. */
  readonly hasDate: boolean;
  /** What follows calls it a prerelease, in a remark: "1.2.3 (beta)". */
  readonly isTentative?: boolean;
}

/** A word of a heading. */
export interface Word {
  /** In lower case, without the punctuation around it; '' for punctuation alone. */
  readonly text: string;
  readonly raw: string;
  readonly version: TitleVersion | undefined;
}

// A heading is short. The bounds keep hostile lines cheap.
const longestSource = 2000;
const longestTitle = 300;
const longestVersion = 100;

/** The words of a heading without its markup, at most the first 300 characters. */
export function readWords(source: string): Word[] {
  const start = source.slice(0, longestSource);
  const plain = /[<&[*`~\\"(),:]/.test(start) ? withoutMarkup(start) : start;
  return plain.slice(0, longestTitle).split(/\s+/).filter(Boolean).flatMap(readWord);
}

function withoutMarkup(source: string): string {
  return source
    .replace(/<[^<>]*>/g, '')
    .replace(/:[a-z0-9_+-]+:/gi, '')
    .replace(/&[a-z]{2,8};/gi, ' ')
    .replace(/\]\([^()]*(?:\([^()]*\))?\)/g, ']')
    .replace(/\]\[[^\][]*\]/g, ']')
    .replace(/\b([vV])\[/g, '$1')
    .replace(/"([^"]*)"/g, '($1)')
    .replace(/\*|`|~~|\\|"/g, '')
    .replace(/[[(]/g, ' (')
    .replace(/[\])]/g, ') ')
    .replace(/,/g, ', ');
}

function readWord(raw: string): Word[] {
  const text = trimPunctuation(raw);
  // "1.2.3-1.2.5" holds two versions.
  const range = /^v?(\d[\d.]*)[-–—]v?(\d[\d.]*)$/i.exec(text);
  if (range?.[1] && range[2] && isRange(range[1], range[2]))
    return [...readWord(range[1]), ...readWord('–'), ...readWord(range[2])];
  const core = text.length > longestVersion ? null : /\d+(?:\.\d+)+/.exec(text);
  if (!core) {
    const single = /^(?:v|r)\.?(\d{1,3})$/i.exec(text)?.[1];
    return [
      { text: text.toLowerCase(), raw, version: single ? { text: single, name: '' } : undefined },
    ];
  }
  const before = text.slice(0, core.index);
  const after = text.slice(core.index + core[0].length);
  // "1.2.3/2024-05-01" and "1.2.3/1.2.4" hold two words.
  const slash = after.indexOf('/');
  if (slash >= 0 && !/^\d+[./]\d+[./]\d+$/.test(text)) {
    const cut = core.index + core[0].length + slash;
    return [...readWord(text.slice(0, cut)), ...readWord('/'), ...readWord(text.slice(cut + 1))];
  }
  const name = nameBefore(before);
  const isVersion = name !== undefined && isSuffix(after);
  const version = isVersion ? { text: core[0] + after.replace(/[-_~]+$/, ''), name } : undefined;
  return [{ text: text.toLowerCase(), raw, version }];
}

const letterOrDigit = '[\\p{L}\\p{N}]';
const opening = '([{\'"<«“_#=';
const closing = ')]}\'">»”_,:;.!?';

function trimPunctuation(raw: string): string {
  let start = 0;
  let end = raw.length;
  while (start < end && opening.includes(raw.charAt(start))) start++;
  while (end > start && closing.includes(raw.charAt(end - 1))) end--;
  const text = raw.slice(start, end);
  // The ASCII ones first. V8 takes most of a millisecond to make the pattern for all scripts, and as
  // a literal it would be looked at in every run.
  return /[a-z\d]/i.test(text) || new RegExp(letterOrDigit, 'u').test(text) ? text : '';
}

/** `v`, `release-`, `app@`, `@scope/app-v` in front of digits: the package or '', or not a prefix at all. */
function nameBefore(before: string): string | undefined {
  if (before === '') return '';
  if (!/^[\w@/.+:-]+$/.test(before)) return undefined;
  const name = before.replace(/(?<![A-Za-z])(?:v|ver|version|r|rel|release)[.:]?[-_/]?$/i, '');
  const bare = name.replace(/[-@/_:]$/, '');
  // "Pre-1.0" stands for what came before.
  if (/^pre$/i.test(bare)) return undefined;
  if (bare === '') return name === before ? undefined : '';
  return /^[@A-Za-z0-9].*[A-Za-z0-9]$|^[A-Za-z]$/.test(bare) ? bare : undefined;
}

/** Whether a word leads up to a version without being a name: "Changes in version 1.2.3". */
export function isFiller(text: string): boolean {
  return text === '' || fillers.has(text);
}

/** Whether a word speaks of a version without announcing it: "Upgrading from 1.2.3". */
export function isBlocking(text: string): boolean {
  return blocking.has(text);
}

/** Whether a word is a date or a part of one. */
export function isDate(text: string): boolean {
  return dates.test(text) || calendar.test(text);
}

/** Whether a word goes with a date: "released", "on". */
export function isDateWord(text: string): boolean {
  return dateWords.test(text);
}

/** Whether words hold the day or month of a year. */
export function holdsDate(texts: readonly string[]): boolean {
  const found = texts.filter(isDate);
  const hasYear = found.some((text) => /(?:19|20)\d\d/.test(text));
  return hasYear && (found.length > 1 || /[-/.]|\d{6}/.test(found[0] ?? ''));
}

/** Whether a word behind a version says in which state it is: "yanked", "lts". */
export function isMarker(text: string): boolean {
  return markers.test(text);
}

/** Whether a word behind a version makes it stand for several: "1.2 series". */
export function isPlural(text: string): boolean {
  return /^(?:series|releases|versions|pre-?releases)$/.test(text);
}

/** Whether a word behind a version makes it a prerelease: "beta", "rc2". */
export function isPrereleaseWord(text: string): boolean {
  return prereleaseWord.test(text);
}

/** Whether a word of a remark says that a version is not the final one. */
export function isTrial(text: string): boolean {
  return isPrereleaseWord(text) || /^(?:pre-?release|nightly|canary)$/.test(text);
}

/** Whether a word stands between a version and the one that followed: "to", "->". */
export function leadsTo(raw: string): boolean {
  return /^(?:to|-{1,2}>|=>|→)$/i.test(raw);
}

/** What a heading without a version stands for; `text` in lower case, without punctuation. */
export function readGroup(text: string): 'unreleased' | 'group' | 'other' {
  if (unreleased.test(text) || text.startsWith('unreleased ')) return 'unreleased';
  const isYear = /^(?:19|20)\d\d$/.test(text);
  const isSeries =
    series.test(text) || (namedSeries.test(text) && !text.split(' ').some(isBlocking));
  return isYear || isSeries || (older.test(text) && !/\bwith\b/.test(text)) || before.test(text)
    ? 'group'
    : 'other';
}

const fillers = new Set(
  "version versions revision ver v release releases released rel changes change changed what's whats what’s new in for of the to notes note changelog news highlights noteworthy notable tagged stable patch hotfix update major minor overview user-visible is - / : |".split(
    ' ',
  ),
);

const blocking = new Set(
  'since from between after before until prior than with without against upgrade upgrading migrate migrating migration move moving bump bumps update updates updated require requires required support supports supported deprecate deprecated remove removed drop drops dropped dropping end see fix fixes fixed compatible compatibility breaking introduced bug bugs example examples add added adds use uses using and or at on by as if when via'.split(
    ' ',
  ),
);

const dates =
  /^(?:\d{1,2}(?:st|nd|rd|th)?|(?:19|20)\d\d|(?:19|20)\d{6}|\d{1,4}[-/.]\d{1,2}(?:[-/.]\d{1,4})?(?:t[\d:.z+-]+)?|(?:19|20)[\dx?]{2}[-/.][\dx?m]{1,2}[-/.][\dx?d]{1,2}|\d{4}年.*|\d{1,2}:\d\d(?::\d\d)?|[+-]\d{4}|\d{1,2}-[a-z]{3,9}-(?:\d\d){1,2}|gmt|utc|am|pm)$/;
const calendar =
  /^(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?|mon(?:day)?|tue(?:s|sday)?|wed(?:nesday)?|thu(?:rs|rsday)?|fri(?:day)?|sat(?:urday)?|sun(?:day)?)$/;
const dateWords = /^(?:released?|releases|date|release-?date|on|of|unreleased|tbd|tba|published)$/;

const unreleased =
  /^(?:the )?(?:un-?released|upcoming|next|head|master|main|trunk|in progress|work in progress|wip|not (?:yet )?released|vnext|unversioned)(?: (?:changes|releases?|versions?|unreleased|not yet released|in progress))?$/;
const series =
  /^(?:(?:version|release|series|branch|the|changes in|changelog for) )?v?\d+(?:\.\d+)?\.[x*](?:\.[x*])?(?: (?:releases?|versions?|series|branch|line|changelog|changes|history|and .*))?$/;
const namedSeries = /^([\w@./-]+ ){1,2}v?\d+(?:\.\d+)?\.[x*](?:\.[x*])?$/;
const older =
  /^(?:(?:[\w/-]+ ){0,2}archives?|older|earlier|previous|legacy)$|\b(?:older|old|previous|prior|earlier|past|legacy|archived?|historic|historical) (?:versions?|releases?|changes|changelogs?|changelog entries|change log|history|entries|(?:release )?notes)$/;
const before =
  /^(?:(?:versions?|releases?) )?(?:before|prior to|up to|older than|earlier than|pre-?) ?v?\d[\d.]*$/;

const prereleaseWord =
  /^(?:(?:alpha|beta|rc|pre|preview|dev|snapshot|candidate)[-.]?\d{0,4}|(?:a|b|m|milestone)\d{1,4})$/;
const markers =
  /^(?:yanked|unreleased|unpublished|withdrawn|deprecated|retracted|lts|stable|final|ga)$/;
