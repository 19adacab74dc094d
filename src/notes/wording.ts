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

/** What a heading without a version stands for; `text` in lower case, without punctuation. */
export function readGroup(text: string): 'unreleased' | 'group' | 'other' {
  if (unreleased.test(text) || text.startsWith('unreleased ')) return 'unreleased';
  const isYear = /^(?:19|20)\d\d$/.test(text);
  const isSeries =
    series.test(text) || (namedSeries.test(text) && !text.split(' ').some(isBlocking));
  return isYear || isSeries || older.test(text) || before.test(text) ? 'group' : 'other';
}

const fillers = new Set(
  "version versions ver v release releases released rel changes change changed what's whats what’s new in for of the to notes note changelog news highlights noteworthy notable tagged stable patch hotfix update is - / : |".split(
    ' ',
  ),
);

const blocking = new Set(
  'since from between after before until prior than with without against upgrade upgrading migrate migrating migration move moving bump bumps update updates updated require requires required support supports supported deprecate deprecated remove removed drop drops dropped dropping end see fix fixes fixed compatible compatibility breaking add added adds use uses using and or at on by as if when via'.split(
    ' ',
  ),
);

const dates =
  /^(?:\d{1,2}(?:st|nd|rd|th)?|(?:19|20)\d\d|(?:19|20)\d{6}|\d{1,4}[-/.]\d{1,2}(?:[-/.]\d{1,4})?(?:t[\d:.z+-]+)?|(?:19|20)[\dx?]{2}[-/.][\dx?m]{1,2}[-/.][\dx?d]{1,2}|\d{4}年.*|\d{1,2}:\d\d(?::\d\d)?|[+-]\d{4}|gmt|utc|am|pm)$/;
const calendar =
  /^(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?|mon(?:day)?|tue(?:s|sday)?|wed(?:nesday)?|thu(?:rs|rsday)?|fri(?:day)?|sat(?:urday)?|sun(?:day)?)$/;
const dateWords = /^(?:released?|releases|date|releasedate|on|of|unreleased|tbd|tba|published)$/;

const unreleased =
  /^(?:the )?(?:un-?released|upcoming|next|head|master|main|trunk|in progress|work in progress|wip|not (?:yet )?released|vnext|unversioned)(?: (?:changes|releases?|versions?|unreleased|not yet released|in progress))?$/;
const series =
  /^(?:(?:version|release|series|branch|the|changes in|changelog for) )?v?\d+(?:\.\d+)?\.[x*](?:\.[x*])?(?: (?:releases?|versions?|series|branch|line|changelog|changes|history|and .*))?$/;
const namedSeries = /^([\w@./-]+ ){1,2}v?\d+(?:\.\d+)?\.[x*](?:\.[x*])?$/;
const older =
  /^(?:archives?|older|earlier|previous|legacy)$|\b(?:older|old|previous|prior|earlier|past|legacy|archived?|historic|historical) (?:versions?|releases?|changes|changelogs?|change log|history|entries|(?:release )?notes)$/;
const before =
  /^(?:(?:versions?|releases?) )?(?:before|prior to|up to|older than|earlier than|pre-?) ?v?\d[\d.]*$/;
