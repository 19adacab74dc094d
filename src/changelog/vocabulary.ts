import type { Word } from './words.ts';

// What a reader must know where a file announces one release alone, or speaks of others.

const split = (words: string): ReadonlySet<string> => new Set(words.split('|'));

/** The title of a changelog and the sub-sections of its releases: they announce nothing. */
export const usualTitles: ReadonlySet<string> = split(
  'changelog|change log|release notes|added|changed|deprecated|removed|fixed|security|features|bug fixes|performance improvements|breaking changes|major changes|minor changes|patch changes',
);

const fillers = split(
  "version|versions|versión|версия|versão|wersja|版本|バージョン|revision|ver|v|release|releases|released|rel|changes|change|changed|what's|whats|what’s|new|in|for|of|the|to|notes|note|changelog|news|highlights|noteworthy|notable|tagged|stable|patch|hotfix|update|major|minor|overview|user-visible|is|-|/|:||",
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

/** Whether a word says that a version is not the final one. */
export function isTrial(text: string): boolean {
  const word = /^(?:alpha|beta|rc|pre|preview|dev|snapshot|candidate|ctp|milestone)[-.]?\d{0,4}$/;
  return (
    word.test(text) || /^(?:release candidate|pre-?release|nightly|canary|[abm]\d+)$/.test(text)
  );
}

/** Words behind a version. */
export const behind = {
  /** Makes it another: "beta", "rc2", "sp 1"; the word, the space and the number. */
  tag: /^(release candidate|service pack|alpha|beta|rc|pre|preview|dev|snapshot|candidate|ctp|sp|hotfix|[abm](?=\d)|milestone(?= ?\d))([-. ]?)(\d{0,4})(?![^ ])/,
  /** Says in which state it is. */
  state: /^(?:yanked|unreleased|unpublished|withdrawn|deprecated|retracted|lts|stable|final|ga)$/,
  /** Goes with a date. */
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
  const known = own.flatMap(({ text }) => text || []);
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
