import { isPrerelease, isRange, release } from './versions.ts';
import type { TitleVersion, Word } from './words.ts';
import * as known from './words.ts';

/**
 * What the words of a heading say, their markup taken off. `lead` is its form: the words in front of the
 * version, without dates, brackets and punctuation. `tail` is what follows, a remark or prose if it isn't
 * a date; `isTentative` for "1.2.3 (beta)". `otherwise` is what it is unless the file announces its
 * releases in this form. A `group` stands for several releases, a `product` has its own below it.
 */
export interface Title {
  readonly kind: 'release' | 'unreleased' | 'group' | 'product' | 'other';
  readonly versions: readonly TitleVersion[];
  readonly lead: string;
  readonly tail: 'none' | 'date' | 'remark' | 'prose';
  readonly hasDate: boolean;
  readonly isTentative?: boolean | undefined;
  readonly otherwise?: Title['kind'] | undefined;
}

// What tools write: `[1.2.3](https://…) - 2024-05-01`, `v1.2.3 (2024-05-01)`, `1.2.3`.
const usualForm =
  /^\[?v?(\d{1,9}(?:\.\d{1,9}){2,3})(?:\](?:\([^()\s]*\))?)?(?:(?: -)? ((?:19|20)\d\d-\d\d-\d\d|\((?:19|20)\d\d-\d\d-\d\d\)))?$/;

// "app (1:1.2.3-1) unstable; urgency=medium": an epoch, the version, and the revision of the package.
const debianForm = /^([a-z\d][a-z\d+.-]*) \((?:\d+:)?(\d[^()\s]*)\)[\w. -]*; urgency=/;

/**
 * Reads the words of a heading (without `#` or underline) for the versions that it announces. Linear.
 * "Upgrading from 1.2.3" speaks of one, and "The day we met 1.2.3" may: such a title is a release only
 * in a file that announces others in the same words, and `otherwise` says what it is elsewhere.
 */
export function readTitle(source: string): Title {
  const trimmed = source.trim();
  const none = { versions: [], lead: '', tail: 'none', hasDate: false } as const;
  if (known.usualTitles.has(trimmed.toLowerCase())) return { ...none, kind: 'other' };
  // The patterns that read word by word cost a run more than the rest of its changelog.
  const [, usual, date] = usualForm.exec(trimmed) ?? [];
  if (usual !== undefined) {
    const dated = date === undefined ? {} : ({ tail: 'date', hasDate: true } as const);
    return { ...none, kind: 'release', versions: [{ text: usual, name: '' }], ...dated };
  }
  const [debian, name = '', full = ''] = debianForm.exec(trimmed) ?? [];
  const versions = [...new Set([full, release(full)])].map((text) => ({ text, name }));
  if (debian) return { kind: 'release', versions, lead: name, tail: 'date', hasDate: true };
  const words = known.readWords(trimmed);
  const title = readAnnouncement(words, trimmed);
  if (typeof title !== 'string') return title;
  return { ...none, kind: title, hasDate: known.holdsDate(known.textsOf(words)) };
}

/** What a title announces, or its kind if it has no version or the words around it rule that out. */
function readAnnouncement(words: readonly Word[], source: string): Title | Title['kind'] {
  const found = findSubject(words);
  if (!found) return known.readGroup(words);
  const { at, isStep } = found;
  const lead = readLead(found.lead, source);
  const { versions, next } = readVersions(words, at, lead.name);
  const rest = words.slice(next);
  const remarks = known.textsOf(rest).filter(Boolean);
  const tail = readTail(words, next);
  const end = rest.slice(rest.findLastIndex(({ text }) => !known.isDate(text)) + 1);
  const isDated = remarks.some((text) => known.isDate(text) || /^(?:tb[ad]|unrel)/.test(text));
  const isAround = [found.lead, end].some((some) => known.holdsDate(known.textsOf(some)));
  const hasDate = isAround || (tail === 'date' && isDated);

  // "< 1.2.3" and "1.2 series" stand for several releases; "Node >= 18.0" asks for something.
  const before = words[at - 1]?.raw ?? '';
  const isSeries = !lead.isSpeaking && known.behind.plural.test(words[next]?.text ?? '');
  if (isSeries && !hasDate) return 'group';
  if ([before, words[at]?.raw ?? ''].some((raw) => /^[<≤]/.test(raw))) {
    // "Builds with Node < 18.0" is prose, and a line of prose is no heading.
    const tail = lead.name === '' ? 'none' : 'prose';
    return { kind: 'group', versions: [], lead: '', tail, hasDate: false };
  }
  if (known.readGroup(found.lead) === 'group') return 'group';
  // "v2 API", "V3 Release Notes" and "from 1.2 to 2.0 in small steps" are topics.
  const isNumber = !versions.some(({ text }) => text.includes('.'));
  if (isNumber && tail === 'date' && !hasDate) return 'group';
  const isTopic = (isNumber && tail !== 'none') || (isStep && tail === 'prose');
  if ((isTopic && !hasDate) || /^[>≥]=?$/.test(before)) return known.readGroup(words);

  const isSetOff = /^[-–—|:]$/.test(before);
  const isNoun = /^(?:version|ver|v|release)$/.test(words[at - 1]?.text ?? '');
  const isMarked = isSetOff || (isNoun && hasDate);
  // "Fix for the lid - 1.2.3 (2024-05-01)": the date tells that the words are a title.
  const isTitled = isSetOff && hasDate && lead.isSpeaking;
  const isDoubtful = !isTitled && (lead.isSpeaking || (lead.isLong && !isMarked));
  const isTentative =
    remarks.some(known.isTrial) &&
    remarks.every((text) => known.isTrial(text) || isAboutDate(text));
  // "2024.2 (build 24.2.0.1234)"
  const build = rest[rest.findIndex(({ text }) => text === 'build') + 1]?.version;
  const all = build && remarks.includes('build') ? [...versions, build] : versions;
  return {
    kind: 'release',
    versions: isTitled ? all.map(({ text }) => ({ text, name: '' })) : all,
    lead: `${lead.form} ${words[at]?.version?.name ?? ''}`.trim(),
    tail,
    hasDate,
    isTentative: isTentative || undefined,
    otherwise: isDoubtful || found.isLone ? known.readGroup(words) : undefined,
  };
}

/** The announced version, and the words that lead up to it. */
function findSubject(words: readonly Word[]) {
  const first = words.findIndex((word) => word.version);
  const plain = (at: number) => {
    return { at, lead: words.slice(0, at), isStep: false, isLone: false };
  };
  if (first < 0) {
    // "Version 5" and "Release 12": one number, announced by a word for it.
    const noun = words.findIndex(({ text }) => /^(?:version|release|ver|from|between)$/.test(text));
    const isNumber = /^\d{1,3}[a-z]?$/.test(words[noun + 1]?.text ?? '');
    if (isNumber && /^[vr]/.test(words[noun]?.text ?? '')) return plain(noun + 1);
    // "Kettle 9" and "9 (2024-05-01)", but no "9 lids" and no "May 9".
    const at = words.findIndex(({ text }) => /^\d{1,3}$/.test(text));
    const isLast = /^(?:\(|[^\w(]*$)/.test(words[at + 1]?.raw ?? '');
    const isDay = known.isDate(words[at - 1]?.text ?? '');
    return at >= 0 && isLast && !isDay ? { ...plain(at), isLone: true } : undefined;
  }
  // A date with dots is one wherever the title goes on with a version.
  const isVersion = ({ version, text }: Word, at: number) =>
    version && (!known.isDottedDate(text) || words[at + 1]?.text === 'build');
  const real = words.findIndex(isVersion);
  if (real > first && real < first + 8) return plain(real);
  // "Changes from 1.1.x to 1.2.0", "between Kettle 1.2.2 and Kettle 1.2.3", "1.2.2 -> 1.2.3": the second.
  const from = words.slice(0, first).findIndex(({ text }) => /^(?:from|between)$/.test(text));
  const [begin, reach] = from < 0 ? [first, 2] : [from, 5];
  const joint = words.slice(0, begin + reach).findIndex(({ text, raw }, index) => {
    const isJoint = /^(?:to|-{1,2}>|=>|→)$/i.test(raw) || (from >= 0 && text === 'and');
    return index > begin && isJoint;
  });
  const at = words.findIndex((word, index) => index > joint && word.version);
  if (joint < 0 || at < 0 || at > joint + 3) return plain(first);
  const isName = (index: number) => {
    const text = words[index]?.text ?? '';
    return index !== joint && !/^v?\d/.test(text) && !known.isTrial(text);
  };
  const lead = words.slice(0, at).filter((_, at) => at < begin || (at > begin && isName(at)));
  return { at, lead, isStep: true, isLone: false };
}

/** The words in front of a version: their form, the package that they name, and whether they speak of it. */
function readLead(words: readonly Word[], source: string) {
  const form = known.textsOf(words).filter((text) => text !== '' && !known.isDate(text));
  // "Changes with nginx 1.25.3"
  const isWith = (at: number) => form[at] === 'with' && /^changes?$/.test(form[at - 1] ?? '');
  const names = new Set(form.filter((text, at) => !isWith(at) && !known.isFiller(text)));
  // Who has a mail address made the release.
  if (/<[^<>\s@]+@[^<>\s@]+>/.test(source)) return { form: '@', name: '' };
  return {
    form: [...new Set(form)].join(' '),
    name: [...names].join(' '),
    isSpeaking: [...names].some((text) => known.speaking.has(text)),
    isLong: names.size > 3,
  };
}

/** The versions in a row: "1.2.3, 1.2.4", "1.2.3 & 1.2.4", "version 1.2.3 / version 1.2.4", "1.2.3 - 1.2.5". */
function readVersions(words: readonly Word[], first: number, firstName: string) {
  const isJoint = (at: number) => /^(?:[/&+|,]|and)$/i.test(words[at]?.raw ?? '');
  const versions: TitleVersion[] = [];
  let name = firstName;
  let next = first;
  for (let at = first; ; ) {
    const word = words[at];
    const text = word?.version?.text ?? (at === first ? word?.text : undefined);
    if (!word || text === undefined || (at > first && known.isDottedDate(word.text))) break;
    const suffix = isPrerelease(text) ? undefined : readTag(words, at + 1);
    next = suffix?.next ?? at + 1;
    versions.push({ text: text + (suffix?.text ?? ''), name: word.version?.name || name });
    at = next;
    const isRow = /^(?:[-–—]|through)$/.test(words[at]?.raw ?? '');
    if (isRow && isRange(text, words[at + 1]?.version?.text ?? '')) at++;
    else if (/[,&]$/.test(word.raw) || isJoint(at)) {
      while (isJoint(at) || /^(?:version|release)$/.test(words[at]?.text ?? '')) at++;
    } else break;
    // "kettle 1.2.3, teapot 0.4.1"
    const other = words[at];
    const isName =
      other && !other.version && !known.isFiller(other.text) && !known.speaking.has(other.text);
    if (name !== '' && isName && words[at + 1]?.version) name = words[at++]?.text ?? '';
  }
  return { versions, next };
}

/**
 * "1.2.3 RC 1", "1.2.3 Beta", "1.2.3 (RC 1)", "1.2.3 - beta2" are prereleases and "1.2.3 SP1" is a
 * patch of its own; "1.2.3: Beta" and "1.2.3 (beta)" remark on 1.2.3.
 */
function readTag(words: readonly Word[], next: number): { text: string; next: number } | undefined {
  const start = words[next]?.text === '' ? next + 1 : next;
  const found = known.behind.tag.exec(known.textsOf(words.slice(start, start + 3)).join(' '));
  if (!found) return undefined;
  const [all, word = '', space = '', number = ''] = found;
  const short = word.replace('release candidate', 'rc').replace('service pack', 'sp');
  const isPatch = number !== '' && /^(?:sp|hotfix|stable)$/.test(short);
  // "1.2.3 a 5" is no alpha, and "1.2.3 Nightly" remarks on 1.2.3.
  const isTrial = known.isTrial(space === '' ? short + number : short);
  const isVague = number === '' && /^(?:milestone|nightly|canary)$/.test(short);
  if (!isPatch && (!isTrial || isVague)) return undefined;
  const end = start + all.trimEnd().split(' ').length;
  const isApart = start > next || /[:,;]$/.test(words[next - 1]?.raw ?? '');
  const isRemark = isApart || words[start]?.raw.startsWith('(');
  // A number makes it a prerelease for sure, unless a sentence goes on: "1.2.3: Beta 2 ends".
  const isSure = number !== '' && /none|date/.test(readTail(words, end));
  if (isRemark && !isSure) return undefined;
  const joint = number === '' ? '' : space.replace(' ', '.');
  return { text: `-${short}${joint}${number}`, next: end };
}

function readTail(words: readonly Word[], next: number): Title['tail'] {
  const [start, ...rest] = words.slice(next).filter((word) => word.text !== '');
  if (!start) return 'none';
  if ([start, ...rest].every(({ text }) => isAboutDate(text))) return 'date';
  const isSetOff = /[:,;–—-]$/.test(words[next - 1]?.raw ?? '') || words[next]?.text === '';
  const isRemark =
    start.raw.startsWith('(') || known.isDate(start.text) || known.behind.state.test(start.text);
  return isSetOff || isRemark ? 'remark' : 'prose';
}

const isAboutDate = (text: string) =>
  known.isDate(text) || known.behind.date.test(text) || known.isFiller(text);
