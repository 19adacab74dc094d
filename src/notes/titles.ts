import { isBlocking, isDate, isDateWord, isFiller, readGroup } from './wording.ts';

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
}

/**
 * Reads the words of a heading (without `#` or underline) for the versions that it announces.
 * "Version 1.2.3 (2024-05-01)" announces one; "Migrating from 1.2.3" and "Node 18.0 or later" don't
 * or only seem to, which `tail` and `name` let the caller decide. Takes linear time.
 */
export function readTitle(source: string): Title {
  const words = plainWords(source);
  const first = subject(words);
  const lead = first === undefined ? undefined : readLead(words.slice(0, first.lead));
  if (first === undefined || lead === undefined)
    return { kind: readGroup(phrase(words)), versions: [], tail: 'none' };

  const { versions, next } = readVersions(words, first.at, lead.name);
  const tail = readTail(words, next);
  // "v2 API" is a topic; a single number is a version only where nothing else is said.
  const oneNumber = versions.every((version) => !version.text.includes('.'));
  if (oneNumber && (tail === 'prose' || tail === 'remark'))
    return { kind: 'other', versions: [], tail };
  return { kind: 'release', versions, tail };
}

interface Word {
  /** In lower case, without the punctuation around it; '' for punctuation alone. */
  readonly text: string;
  readonly raw: string;
  readonly version: TitleVersion | undefined;
}

// A heading is short. The bounds keep hostile lines cheap.
const longestSource = 2000;
const longestTitle = 300;
const longestVersion = 100;

function plainWords(source: string): Word[] {
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
    .replace(/\*|`|~~|\\|"/g, '')
    .replace(/[[(]/g, ' (')
    .replace(/[\])]/g, ') ')
    .replace(/,/g, ', ');
}

function readWord(raw: string): Word[] {
  const text = trimPunctuation(raw);
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

const opening = '([{\'"<«“_#';
const closing = ')]}\'">»”_,:;.!?';

function trimPunctuation(raw: string): string {
  let start = 0;
  let end = raw.length;
  while (start < end && opening.includes(raw.charAt(start))) start++;
  while (end > start && closing.includes(raw.charAt(end - 1))) end--;
  return /[\p{L}\p{N}]/u.test(raw.slice(start, end)) ? raw.slice(start, end) : '';
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

/** Tags that are written right behind the digits: PEP 440, Ruby gems, Maven, OpenSSL's letters. */
const attachedTag =
  /^\.?(?:[a-wyz]|rc|cr|alpha|beta|pre|preview|dev|post|final|release|ga|sp|milestone|snapshot|rev|patch|hotfix|nightly|canary|incubating)(?![a-z])/i;

function isSuffix(after: string): boolean {
  if (/^[-_~]*$/.test(after)) return true;
  if (!/^[0-9A-Za-z.+_~-]+$/.test(after)) return false;
  return /^[-+~_][0-9A-Za-z]/.test(after) || attachedTag.test(after);
}

/** `2024.05.01` and `01.05.2024` are dates wherever the title has another version. */
function isDotted(word: Word): boolean {
  return /^(?:19|20)\d\d\.(?:0?[1-9]|1[0-2])(?:\.\d{1,2})?$|^\d{1,2}\.\d{1,2}\.(?:19|20)\d\d$/.test(
    word.text,
  );
}

/** Where the announced version stands, and how many words lead up to it. */
function subject(words: readonly Word[]): { at: number; lead: number } | undefined {
  const first = words.findIndex((word) => word.version);
  if (first < 0) return bareNumber(words);
  const word = words[first];
  if (word && isDotted(word)) {
    const real = words.findIndex((other) => other.version && !isDotted(other));
    if (real >= 0 && words.slice(first + 1, real).every((between) => isFiller(between.text))) {
      return { at: real, lead: real };
    }
  }
  // "Changes between 1.2.2 and 1.2.3" announces the second.
  const joint = words[first + 1]?.text ?? '';
  const isSpan =
    /^(?:between|from)$/.test(words[first - 1]?.text ?? '') && /^(?:and|to)$/.test(joint);
  if (isSpan && words[first + 2]?.version) return { at: first + 2, lead: first - 1 };
  return { at: first, lead: first };
}

/** "Version 5" and "Release 12": one number, announced by a word for it. */
function bareNumber(words: readonly Word[]): { at: number; lead: number } | undefined {
  const at = words.findIndex(
    (word, index) =>
      /^\d{1,3}$/.test(word.text) && /^(?:version|release|ver)$/.test(words[index - 1]?.text ?? ''),
  );
  return at < 0 ? undefined : { at, lead: at };
}

/** The package named in front of the version, or undefined if the words rule an announcement out. */
function readLead(words: readonly Word[]): { name: string } | undefined {
  const names: string[] = [];
  for (const [index, word] of words.entries()) {
    const previous = words[index - 1]?.text;
    if (isFiller(word.text) || isDate(word.text)) continue;
    // "Changes with nginx 1.25.3"
    if (word.text === 'with' && previous === 'changes') continue;
    if (isBlocking(word.text)) return undefined;
    names.push(word.text);
  }
  return names.length > 3 ? undefined : { name: names.join(' ') };
}

const prereleaseWord =
  /^(?:(?:alpha|beta|rc|pre|preview|dev|snapshot|candidate)[-.]?\d{0,4}|(?:a|b|m|milestone)\d{1,4})$/;

/** The versions in a row: "1.2.3, 1.2.4", "1.2.3 & 1.2.4", "version 1.2.3 / version 1.2.4". */
function readVersions(words: readonly Word[], first: number, name: string) {
  const versions: TitleVersion[] = [];
  let next = first;
  for (let at = first; ; ) {
    const word = words[at];
    const text = word?.version?.text ?? (at === first ? word?.text : undefined);
    if (!word || text === undefined || (at > first && isDotted(word))) break;
    next = at + 1;
    const tag = readTag(words, next);
    next = tag.next;
    versions.push({ text: text + tag.text, name: word.version?.name || name });
    at = next;
    const isJoined = /[,&]$/.test(word.raw) || /^(?:[/&+|,]|and)$/.test(words[at]?.raw ?? '');
    if (!isJoined) break;
    while (/^(?:[/&+|,]|and|version|release)$/.test(words[at]?.raw.toLowerCase() ?? '')) at++;
  }
  return { versions, next };
}

/** "1.2.3 RC 1" and "1.2.3 Beta" are prereleases; "1.2.3: Beta" and "1.2.3 (beta)" remark on 1.2.3. */
function readTag(words: readonly Word[], next: number): { text: string; next: number } {
  const isCandidate = words[next]?.text === 'release' && words[next + 1]?.text === 'candidate';
  const at = isCandidate ? next + 1 : next;
  const word = words[at];
  const isSetOff = /[:,;]$/.test(words[next - 1]?.raw ?? '') || word?.raw.startsWith('(');
  if (!word || isSetOff || !prereleaseWord.test(word.text)) return { text: '', next };
  const text = `-${isCandidate ? 'rc' : word.text}`;
  const number = words[at + 1]?.text ?? '';
  if (/\d$/.test(text) || !/^\d{1,2}$/.test(number)) return { text, next: at + 1 };
  return { text: `${text}.${number}`, next: at + 2 };
}

const markers =
  /^(?:yanked|unreleased|unpublished|withdrawn|deprecated|retracted|lts|stable|final|ga)$/;

function readTail(words: readonly Word[], next: number): Title['tail'] {
  const rest = words.slice(next).filter((word) => word.text !== '');
  const [start] = rest;
  if (!start) return 'none';
  if (rest.every(({ text }) => isDate(text) || isDateWord(text) || isFiller(text))) return 'date';
  const isSetOff = /[:,;–—-]$/.test(words[next - 1]?.raw ?? '') || words[next]?.text === '';
  if (isSetOff || start.raw.startsWith('(') || isDate(start.text) || markers.test(start.text))
    return 'remark';
  return 'prose';
}

function phrase(words: readonly Word[]): string {
  return words
    .map((word) => word.text)
    .filter(Boolean)
    .join(' ');
}
