import { readUsualTitle } from './usual-titles.ts';
import { isPrerelease, isRange } from './versions.ts';
import {
  holdsDate,
  isBlocking,
  isDate,
  isDateWord,
  isFiller,
  isMarker,
  isPlural,
  isPrereleaseWord,
  isTrial,
  leadsTo,
  readGroup,
  readWords,
  type Title,
  type TitleVersion,
  type Word,
} from './wording.ts';

/**
 * Reads the words of a heading (without `#` or underline) for the versions that it announces.
 * "Version 1.2.3 (2024-05-01)" announces one; "Migrating from 1.2.3" and "Node 18.0 or later" don't
 * or only seem to, which `tail` and `name` let the caller decide. Takes linear time.
 */
export function readTitle(source: string): Title {
  const usual = readUsualTitle(source);
  if (usual) return usual;
  const words = readWords(source);
  const found = subject(words);
  const title = found && announcement(words, found);
  return title ?? without(readGroup(texts(words).filter(Boolean).join(' ')));
}

/** What a version in a title announces; undefined if the words in front of it rule that out. */
function announcement(words: readonly Word[], found: Subject): Title | undefined {
  const { at, isStep } = found;
  const before = words[at - 1]?.raw ?? '';
  const lead = readLead(found.lead);
  const { versions, next } = readVersions(words, at, lead?.name ?? '');
  const tail = readTail(words, next);
  const hasDate = tail === 'date' || holdsDate(texts(found.lead)) || endsInDate(words.slice(next));

  // "< 1.2.3" and "1.2 series" stand for several releases; "Node >= 18.0" asks for something.
  const isBelow = /^[<≤]/.test(before) || /^[<≤]/.test(words[at]?.raw ?? '');
  if (isBelow || (lead && isPlural(words[next]?.text ?? ''))) return without('group');
  if (/^[>≥]/.test(before)) return without('other');
  // "Fix for the lid - 1.2.3 (2024-05-01)": the date tells that the words are a title.
  const isTitled = tail === 'date' && /^[-–—|:]$/.test(before);
  if (!lead && !isTitled) return undefined;

  // "v2 API" and "from 1.2 to 2.0 in small steps" are topics: where more is said, a single number
  // is no version, and neither is the goal of a journey.
  const isNumber = versions.every((version) => !version.text.includes('.'));
  const isTopic = isNumber
    ? tail === 'prose' || tail === 'remark'
    : isStep && tail === 'prose' && !hasDate;
  if (isTopic) return without('other');
  const rest = texts(words.slice(next)).filter(Boolean);
  const isTentative =
    rest.some(isTrial) &&
    rest.every((text) => isTrial(text) || isDate(text) || isDateWord(text) || isFiller(text));
  return { kind: 'release', versions, tail, hasDate, ...(isTentative && { isTentative }) };
}

/** A title that announces no version. */
function without(kind: Title['kind']): Title {
  return { kind, versions: [], tail: 'none', hasDate: false };
}

interface Subject {
  /** Index of the announced version. */
  readonly at: number;
  /** The words that lead up to it. */
  readonly lead: readonly Word[];
  /** Announced as what followed another version: "from 1.2.2 to 1.2.3". */
  readonly isStep?: true;
}

function subject(words: readonly Word[]): Subject | undefined {
  const first = words.findIndex((word) => word.version);
  if (first < 0) return bareNumber(words);
  const word = words[first];
  if (word && isDotted(word)) {
    const real = words.findIndex((other) => other.version && !isDotted(other));
    if (real >= 0 && words.slice(first + 1, real).every((between) => isFiller(between.text))) {
      return { at: real, lead: words.slice(0, real) };
    }
  }
  return step(words, first) ?? { at: first, lead: words.slice(0, first) };
}

/** `2024.05.01` and `01.05.2024` are dates wherever the title has another version. */
function isDotted(word: Word): boolean {
  return /^(?:19|20)\d\d\.(?:0?[1-9]|1[0-2])(?:\.\d{1,2})?$|^\d{1,2}\.\d{1,2}\.(?:19|20)\d\d$/.test(
    word.text,
  );
}

/** "Changes from 1.1.x to 1.2.0", "between Kettle 1.2.2 and Kettle 1.2.3", "1.2.2 -> 1.2.3": the second. */
function step(words: readonly Word[], first: number): Subject | undefined {
  const from = words.findIndex(({ text }) => text === 'from' || text === 'between');
  const begin = from >= 0 && from < first ? from : first;
  const reach = begin === first ? 2 : 5;
  const joint = words.findIndex(
    ({ text, raw }, index) =>
      index > begin &&
      index < begin + reach &&
      (leadsTo(raw) || (begin === from && text === 'and')),
  );
  if (joint < 0) return undefined;
  const at = words.findIndex((word, index) => index > joint && word.version);
  if (at < 0 || at > joint + 3) return undefined;
  const names = [...words.slice(begin + 1, joint), ...words.slice(joint + 1, at)];
  return {
    at,
    lead: [...words.slice(0, begin), ...names.filter(({ text }) => !/^v?\d/.test(text))],
    isStep: true,
  };
}

/** "Version 5" and "Release 12": one number, announced by a word for it. */
function bareNumber(words: readonly Word[]): Subject | undefined {
  const at = words.findIndex(
    (word, index) =>
      /^\d{1,3}$/.test(word.text) && /^(?:version|release|ver)$/.test(words[index - 1]?.text ?? ''),
  );
  return at < 0 ? undefined : { at, lead: words.slice(0, at) };
}

/** The package named in front of the version, or undefined if the words rule an announcement out. */
function readLead(words: readonly Word[]): { name: string } | undefined {
  const names = new Set<string>();
  for (const [index, word] of words.entries()) {
    const previous = words[index - 1]?.text;
    if (isFiller(word.text) || isDate(word.text)) continue;
    // "Changes with nginx 1.25.3"
    if (word.text === 'with' && previous === 'changes') continue;
    if (isBlocking(word.text)) return undefined;
    names.add(word.text);
  }
  return names.size > 3 ? undefined : { name: [...names].join(' ') };
}

/** The versions in a row: "1.2.3, 1.2.4", "1.2.3 & 1.2.4", "version 1.2.3 / version 1.2.4", "1.2.3 - 1.2.5". */
function readVersions(words: readonly Word[], first: number, firstName: string) {
  const versions: TitleVersion[] = [];
  let name = firstName;
  let next = first;
  for (let at = first; ; ) {
    const word = words[at];
    const text = word?.version?.text ?? (at === first ? word?.text : undefined);
    if (!word || text === undefined || (at > first && isDotted(word))) break;
    next = at + 1;
    const tag = isPrerelease(text) ? { text: '', next } : readTag(words, next);
    next = tag.next;
    versions.push({ text: text + tag.text, name: word.version?.name || name });
    at = next;
    if (isThrough(words, at, text)) at++;
    else if (/[,&]$/.test(word.raw) || isJoint(words[at])) {
      while (isJoint(words[at]) || /^(?:version|release)$/.test(words[at]?.text ?? '')) at++;
    } else break;
    // "kettle 1.2.3, teapot 0.4.1"
    if (name !== '' && isName(words[at]) && words[at + 1]?.version) name = words[at++]?.text ?? '';
  }
  return { versions, next };
}

function isName(word: Word | undefined): boolean {
  return word !== undefined && !word.version && !isFiller(word.text) && !isBlocking(word.text);
}

function isJoint(word: Word | undefined): boolean {
  return /^(?:[/&+|,]|and)$/i.test(word?.raw ?? '');
}

/** "1.2.3 - 1.2.5" and "1.2.3 through 1.2.5" */
function isThrough(words: readonly Word[], at: number, version: string): boolean {
  const isRow = /^(?:[-–—]|through)$/.test(words[at]?.raw ?? '');
  return isRow && isRange(version, words[at + 1]?.version?.text ?? '');
}

/**
 * "1.2.3 RC 1", "1.2.3 Beta", "1.2.3 (RC 1)" and "1.2.3 - beta2" are prereleases; "1.2.3: Beta" and
 * "1.2.3 (beta)" remark on 1.2.3.
 */
function readTag(words: readonly Word[], next: number): { text: string; next: number } {
  const none = { text: '', next };
  const start = words[next]?.text === '' ? next + 1 : next;
  const isCandidate = words[start]?.text === 'release' && words[start + 1]?.text === 'candidate';
  const at = isCandidate ? start + 1 : start;
  const word = words[at];
  if (!word || !isPrereleaseWord(word.text)) return none;
  const isSetOff =
    start > next ||
    /[:,;]$/.test(words[next - 1]?.raw ?? '') ||
    words[start]?.raw.startsWith('(') === true;
  const text = `-${isCandidate ? 'rc' : word.text}`;
  const number = words[at + 1]?.text ?? '';
  const isSplit = !/\d$/.test(text) && /^\d{1,2}$/.test(number);
  const tag = isSplit ? { text: `${text}.${number}`, next: at + 2 } : { text, next: at + 1 };
  if (!isSetOff) return tag;
  // A number makes it a prerelease for sure, unless a sentence goes on: "1.2.3: Beta 2 ends".
  const isEnd = ['none', 'date'].includes(readTail(words, tag.next));
  return /\d$/.test(tag.text) && isEnd ? tag : none;
}

function readTail(words: readonly Word[], next: number): Title['tail'] {
  const rest = words.slice(next).filter((word) => word.text !== '');
  const [start] = rest;
  if (!start) return 'none';
  if (rest.every(({ text }) => isDate(text) || isDateWord(text) || isFiller(text))) return 'date';
  const isSetOff = /[:,;–—-]$/.test(words[next - 1]?.raw ?? '') || words[next]?.text === '';
  if (isSetOff || start.raw.startsWith('(') || isDate(start.text) || isMarker(start.text))
    return 'remark';
  return 'prose';
}

/** "Better pots (May 1, 2024)" */
function endsInDate(rest: readonly Word[]): boolean {
  const bracket = rest.findLastIndex(({ raw }) => raw.startsWith('('));
  const last = texts(rest.slice(bracket));
  return bracket >= 0 && last.every(isDate) && holdsDate(last);
}

function texts(words: readonly Word[]): string[] {
  return words.map((word) => word.text);
}
