import { isPrerelease, isRange, release } from './versions.ts';
import {
  dateWord,
  isFiller,
  isTrial,
  marker,
  plural,
  readGroup,
  speaking,
  tagWord,
  usualTitles,
} from './vocabulary.ts';
import {
  holdsDate,
  isDate,
  isDottedDate,
  readWords,
  type TitleVersion,
  type Word,
} from './words.ts';

/** What the words of a heading say, their markup taken off. */
export interface Title {
  /**
   * `release`: names versions. `group`: stands for several releases. `unreleased`: for none yet.
   * `product`: has the releases of a product or a platform below it.
   */
  readonly kind: 'release' | 'unreleased' | 'group' | 'product' | 'other';
  readonly versions: readonly TitleVersion[];
  /** Its form: the words in front of the version, without dates, brackets and punctuation. */
  readonly lead: string;
  /** What follows the versions: nothing, a date, a remark set off by punctuation, or prose. */
  readonly tail: 'none' | 'date' | 'remark' | 'prose';
  /** Whether a date stands in front of the versions or at the end. */
  readonly hasDate: boolean;
  /** What follows calls it a prerelease, in a remark: "1.2.3 (beta)". */
  readonly isTentative?: boolean;
  /** What it is unless the file announces its releases in this form; see {@link readTitle}. */
  readonly otherwise?: Title['kind'];
}

// What tools write: `[1.2.3](https://…) - 2024-05-01`, `v1.2.3 (2024-05-01)`, `1.2.3`.
const usualForm =
  /^\[?v?(\d{1,9}(?:\.\d{1,9}){2,3})(?:\](?:\([^()\s]*\))?)?(?:(?: -)? (?:(?:19|20)\d\d-\d\d-\d\d|\((?:19|20)\d\d-\d\d-\d\d\)))?$/;

/**
 * Reads the words of a heading (without `#` or underline) for the versions that it announces.
 *
 * "Version 1.2.3 (2024-05-01)" announces one. "Upgrading from 1.2.3" speaks of one, and "The day we
 * met 1.2.3" may: such a title is a release only in a file that announces others in the same words,
 * and `otherwise` says what it is elsewhere. Takes linear time.
 */
export function readTitle(source: string): Title {
  const trimmed = source.trim();
  if (usualTitles.has(trimmed.toLowerCase())) return without('other');
  // The patterns that read word by word cost a run more than the rest of its changelog.
  const usual = usualForm.exec(trimmed)?.[1];
  if (usual !== undefined) {
    const hasDate = /[ (-](?:19|20)\d\d-\d\d-\d\d\)?$/.test(trimmed);
    const versions = [{ text: usual, name: '' }];
    return { kind: 'release', versions, lead: '', tail: hasDate ? 'date' : 'none', hasDate };
  }
  // Debian: "app (1.2.3-1) unstable; urgency=medium"; the revision is that of the package.
  const debian = trimmed.includes('; urgency=');
  const words = readWords(debian ? trimmed.slice(0, trimmed.indexOf(')') + 1) : trimmed);
  const found = subject(words);
  const title = found && announcement(words, found, trimmed);
  if (!title) return { ...without(readGroup(words)), hasDate: holdsDate(texts(words)) };
  if (!debian) return title;
  const upstream = title.versions.map(({ text, name }) => ({ text: release(text), name }));
  return { ...title, tail: 'date', hasDate: true, versions: [...title.versions, ...upstream] };
}

/** What a version in a title announces; undefined if the words around it rule that out. */
function announcement(words: readonly Word[], found: Subject, source: string): Title | undefined {
  const { at, isStep } = found;
  const before = words[at - 1]?.raw ?? '';
  const lead = readLead(found.lead, source);
  const { versions, next } = readVersions(words, at, lead.name);
  const rest = words.slice(next);
  const tail = readTail(words, next);
  const hasDate = tail === 'date' || holdsDate(texts(found.lead)) || endsInDate(rest);

  // "< 1.2.3" and "1.2 series" stand for several releases; "Node >= 18.0" asks for something.
  const isGroup = found.lead.length > 0 && readGroup(found.lead) === 'group';
  if (isGroup || /^[<≤]/.test(before) || /^[<≤]/.test(words[at]?.raw ?? ''))
    return without('group');
  if (!lead.isSpeaking && plural.test(words[next]?.text ?? '')) return without('group');
  if (/^[>≥]/.test(before)) return undefined;
  // "v2 API", "V3 Release Notes" and "from 1.2 to 2.0 in small steps" are topics.
  const isNumber = versions.every((version) => !version.text.includes('.'));
  if (isNumber && tail !== 'none' && !hasDate) return undefined;
  if (isStep && tail === 'prose' && !hasDate) return undefined;

  const isSetOff = /^[-–—|:]$/.test(before);
  const isMarked = isSetOff || /^(?:version|ver|v|release)$/.test(words[at - 1]?.text ?? '');
  // "Fix for the lid - 1.2.3 (2024-05-01)": the date tells that the words are a title.
  const isTitled = isSetOff && hasDate && lead.isSpeaking;
  const isDoubtful = !isTitled && (lead.isSpeaking || (lead.isLong && !isMarked));
  const remarks = texts(rest).filter(Boolean);
  const isTentative =
    remarks.some(isTrial) &&
    remarks.every((text) => isTrial(text) || isDate(text) || dateWord.test(text) || isFiller(text));
  const build = rest.findIndex(({ text }) => text === 'build');
  const built = build < 0 ? undefined : rest[build + 1]?.version;
  return {
    kind: 'release',
    versions: (built ? [...versions, built] : versions).map(({ text, name }) => ({
      text,
      name: isTitled && name === lead.name ? '' : name,
    })),
    lead: lead.form,
    tail,
    hasDate,
    ...(isTentative && { isTentative }),
    ...(isDoubtful && { otherwise: readGroup(words) }),
  };
}

/** A title that announces no version. */
function without(kind: Title['kind']): Title {
  return { kind, versions: [], lead: '', tail: 'none', hasDate: false };
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
  if (first < 0) {
    // "Version 5" and "Release 12": one number, announced by a word for it.
    const at = words.findIndex(
      ({ text }, index) =>
        /^\d{1,3}$/.test(text) && /^(?:version|release|ver)$/.test(words[index - 1]?.text ?? ''),
    );
    return at < 0 ? undefined : { at, lead: words.slice(0, at) };
  }
  // A date with dots is one wherever the title goes on with a version.
  const isDotted = isDottedDate(words[first]?.text ?? '');
  const real = isDotted
    ? words.findIndex(({ version, text }) => version && !isDottedDate(text))
    : -1;
  if (real > first && real < first + 8) return { at: real, lead: words.slice(0, real) };
  return step(words, first) ?? { at: first, lead: words.slice(0, first) };
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
      (/^(?:to|-{1,2}>|=>|→)$/i.test(raw) || (begin === from && text === 'and')),
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

/** The words in front of a version: their form, the package that they name, and whether they speak of it. */
function readLead(words: readonly Word[], source: string) {
  const form = words.flatMap(({ text }) => (text === '' || isDate(text) ? [] : [text]));
  const own = form.filter((text, at) => {
    // "Changes with nginx 1.25.3"
    const isWith = text === 'with' && /^changes?$/.test(form[at - 1] ?? '');
    return !isWith && !isFiller(text);
  });
  const names = new Set(own);
  // Who has a mail address made the release.
  const isPerson = /<[^<>\s@]+@[^<>\s@]+>/.test(source);
  return {
    form: isPerson ? '@' : [...new Set(form)].join(' '),
    name: isPerson ? '' : [...names].join(' '),
    isSpeaking: !isPerson && own.some((text) => speaking.has(text)),
    isLong: names.size > 3,
  };
}

/** The versions in a row: "1.2.3, 1.2.4", "1.2.3 & 1.2.4", "version 1.2.3 / version 1.2.4", "1.2.3 - 1.2.5". */
function readVersions(words: readonly Word[], first: number, firstName: string) {
  const versions: TitleVersion[] = [];
  let name = firstName;
  let next = first;
  for (let at = first; ; ) {
    const word = words[at];
    const text = word?.version?.text ?? (at === first ? word?.text : undefined);
    if (!word || text === undefined || (at > first && isDottedDate(word.text))) break;
    next = at + 1;
    const tag = isPrerelease(text) ? { text: '', next } : readTag(words, next);
    next = tag.next;
    versions.push({ text: text + tag.text, name: word.version?.name || name });
    at = next;
    const isRow = /^(?:[-–—]|through)$/.test(words[at]?.raw ?? '');
    if (isRow && isRange(text, words[at + 1]?.version?.text ?? '')) at++;
    else if (/[,&]$/.test(word.raw) || isJoint(words[at])) {
      while (isJoint(words[at]) || /^(?:version|release)$/.test(words[at]?.text ?? '')) at++;
    } else break;
    // "kettle 1.2.3, teapot 0.4.1"
    const other = words[at];
    const isName = other && !other.version && !isFiller(other.text) && !speaking.has(other.text);
    if (name !== '' && isName && words[at + 1]?.version) name = words[at++]?.text ?? '';
  }
  return { versions, next };
}

function isJoint(word: Word | undefined): boolean {
  return /^(?:[/&+|,]|and)$/i.test(word?.raw ?? '');
}

/**
 * "1.2.3 RC 1", "1.2.3 Beta", "1.2.3 (RC 1)", "1.2.3 - beta2" are prereleases and "1.2.3 SP1" is a
 * patch of its own; "1.2.3: Beta" and "1.2.3 (beta)" remark on 1.2.3.
 */
function readTag(words: readonly Word[], next: number): { text: string; next: number } {
  const none = { text: '', next };
  const start = words[next]?.text === '' ? next + 1 : next;
  const isPair = /^(?:release candidate|service pack)$/.test(
    texts(words.slice(start, start + 2)).join(' '),
  );
  const at = isPair ? start + 1 : start;
  const word = words[at];
  if (!word || !tagWord.test(isPair ? 'rc' : word.text)) return none;
  const isSetOff =
    start > next ||
    /[:,;]$/.test(words[next - 1]?.raw ?? '') ||
    words[start]?.raw.startsWith('(') === true;
  const text = `-${isPair ? (word.text === 'pack' ? 'sp' : 'rc') : word.text}`;
  const number = words[at + 1]?.text ?? '';
  const isSplit = !/\d$/.test(text) && /^\d{1,2}$/.test(number);
  const tag = isSplit ? { text: `${text}.${number}`, next: at + 2 } : { text, next: at + 1 };
  const isNumbered = /\d$/.test(tag.text);
  if (!isSetOff) return isNumbered || isTrial(word.text) || isPair ? tag : none;
  // A number makes it a prerelease for sure, unless a sentence goes on: "1.2.3: Beta 2 ends".
  return isNumbered && /none|date/.test(readTail(words, tag.next)) ? tag : none;
}

function readTail(words: readonly Word[], next: number): Title['tail'] {
  const rest = words.slice(next).filter((word) => word.text !== '');
  const [start] = rest;
  if (!start) return 'none';
  if (rest.every(({ text }) => isDate(text) || dateWord.test(text) || isFiller(text)))
    return 'date';
  const isSetOff = /[:,;–—-]$/.test(words[next - 1]?.raw ?? '') || words[next]?.text === '';
  const isRemark = start.raw.startsWith('(') || isDate(start.text) || marker.test(start.text);
  return isSetOff || isRemark ? 'remark' : 'prose';
}

/** "Better pots (May 1, 2024)" */
function endsInDate(rest: readonly Word[]): boolean {
  const before = rest.findLastIndex(({ text }) => !isDate(text));
  return holdsDate(texts(rest.slice(before + 1)));
}

function texts(words: readonly Word[]): string[] {
  return words.map((word) => word.text);
}
