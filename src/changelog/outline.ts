import {
  type Candidate,
  climb,
  findCandidates,
  formOf,
  groupByForm,
  isAscending,
  nameOf,
  rises,
} from './candidates.ts';
import { withoutParts, withProducts, withSeries, withTopics } from './topics.ts';
import { earlier, isDayFirst } from './words.ts';

const styles: readonly Candidate['style'][] = ['heading', 'bold', 'plain', 'list'];

/**
 * The headings that divide a changelog; each line of `text` ends in `\n`. These are those without a
 * version, and those in the file's own way of announcing releases: lines of one form (their markup, and
 * the words in front of the version) whose versions differ and are in order. What follows another way
 * counts where its version fits between those of its neighbours: the habit of an earlier time, and not
 * a topic such as "Node 18.0".
 */
export function readOutline(text: string): readonly Candidate[] {
  const found = withSeries(settle(withoutDays(findCandidates(text))));
  const isClear = found.every(({ style, versions, tail }) => {
    return style === 'heading' && tail !== 'prose' && versions.every(({ name }) => name === '');
  });
  return withProducts(withTopics(isClear ? found : withoutParts(follow(found))));
}

function follow(found: readonly Candidate[]): readonly Candidate[] {
  const forms = groupByForm(found);
  // Two words such as "See 1.2.3" are only a heading where others are like it.
  const isCommon = (one: Candidate) =>
    (one.tail !== 'prose' && (nameOf(one) === '' || one.hasDate)) ||
    (forms.get(formOf(one))?.length ?? 0) > 1;
  const style = leadingStyle(found.filter((one) => one.style === 'heading' || isCommon(one)));
  const isUsual = (one: Candidate) =>
    one.style === 'heading' || (one.style === style && isCommon(one));
  const releases = found.filter((one) => one.kind === 'release' && isUsual(one));
  const { name, isUsual: isNamed } = usualName(releases);
  const dated = new Set(releases.filter(({ hasDate }) => hasDate).map(formOf));
  const isOwn = ({ versions }: Candidate) =>
    versions.some((version) => version.name === '' || version.name === name);
  const clear = releases.filter((one) => isOwn(one) && one.tail !== 'prose');
  const deepest = clear.reduce((most, { level }) => Math.max(most, level), 0) || 7;

  /** Whether a line is a heading for sure, or where its version fits; undefined for no heading at all. */
  const judge = (one: Candidate): 'sure' | 'fitting' | undefined => {
    const isHigh = one.level <= deepest;
    if (!isUsual(one)) {
      const isLike = one.hasDate || (one.style !== 'list' && nameOf(one) === name);
      return isLike && one.style !== style && /none|date/.test(one.tail) ? 'fitting' : undefined;
    }
    if (one.kind !== 'release') return 'sure';
    // Below the level of releases, more words make a topic: "#### 2.0 upgrade guide".
    if (isOwn(one)) return one.tail !== 'prose' || isHigh ? 'sure' : undefined;
    if (!isHigh || (one.tail === 'prose' && !one.hasDate)) return undefined;
    // A name where there usually is one, a date (of one like it) or an `@` tell another package's release.
    const isPackage = (isNamed && one.style !== 'list') || one.source.includes('@');
    if (isPackage || (one.style === 'heading' && dated.has(formOf(one)))) return 'sure';
    return one.hasDate || (forms.get(formOf(one))?.length ?? 0) > 1 ? 'fitting' : undefined;
  };
  const verdicts = new Map(found.map((one) => [one, judge(one)]));
  const doubtful = found.filter((one) => verdicts.get(one) === 'fitting');
  const sure = found.filter((one) => verdicts.get(one) === 'sure');
  const fitting = new Set(inOrder(sure, doubtful));
  const habits = styles.filter((style) => {
    const lines = doubtful.filter((one) => one.style === style);
    return lines.filter((one) => fitting.has(one)).length * 2 > lines.length;
  });
  return found.filter((one) => {
    if (verdicts.get(one) !== 'fitting') return verdicts.get(one) === 'sure';
    return isUsual(one) ? fitting.has(one) : habits.includes(one.style);
  });
}

/** Takes lines such as "24.04.2018" for days, unless the file announces nothing else. */
function withoutDays(candidates: readonly Candidate[]): readonly Candidate[] {
  const isDay = ({ versions }: Candidate) => isDayFirst(versions[0]?.text ?? '');
  const days = new Set(candidates.filter(isDay));
  if (!candidates.some((one) => one.kind === 'release' && !days.has(one))) return candidates;
  return candidates.flatMap((one): Candidate[] => {
    if (!days.has(one)) return [one];
    return one.style === 'heading' ? [{ ...one, kind: 'other', versions: [], hasDate: true }] : [];
  });
}

/**
 * Decides on titles whose words may speak of a version: they announce it where they come again with
 * versions in order, and tell more than all that is clear ("Support Tool 1.2.3") or what that lacks. So
 * does a number alone in a form that is clear: "Kettle 9" above "Kettle 8.3".
 */
function settle(candidates: readonly Candidate[]): readonly Candidate[] {
  if (candidates.every(({ otherwise }) => otherwise === undefined)) return candidates;
  const clear = candidates.filter(({ otherwise }) => otherwise === undefined);
  const most = Math.max(...countVersions(clear));
  const known = new Set(clear.flatMap(({ versions }) => versions.map(({ text }) => text)));
  const usual = new Set(clear.flatMap((one) => (one.kind === 'release' ? formOf(one) : [])));
  const levels = new Set(clear.flatMap((one) => (one.kind === 'release' ? one.level : [])));
  const forms = groupByForm(candidates.filter(({ otherwise }) => otherwise !== undefined));
  const learned = new Set(
    [...forms.values()].flatMap((form) => {
      const own = new Set(form.map(({ versions }) => versions[0]?.text ?? ''));
      const level = form[0]?.level ?? 7;
      const isNew = level < 7 && levels.has(level) && ![...own].some((text) => known.has(text));
      const isNumber = ![...own].some((text) => text.includes('.'));
      const isOwn = own.size > 1 && !isNumber && !earlier.test(form[0]?.lead ?? '');
      const isOrderly = Math.abs(climb(form)) >= (form.length - 1) * 0.6;
      return isOwn && (own.size > most || isNew) && isOrderly ? form : [];
    }),
  );
  return candidates.flatMap((one): Candidate[] => {
    if (one.otherwise === undefined || learned.has(one) || usual.has(formOf(one))) return [one];
    return one.style === 'heading' ? [{ ...one, kind: one.otherwise, versions: [] }] : [];
  });
}

function leadingStyle(found: readonly Candidate[]): Candidate['style'] {
  const [heading = 0, bold = 0, plain = 0, list = 0] = countVersions(found);
  // Items below plain lines are entries of theirs.
  const isFirst = found.find(({ versions }) => versions.length > 0)?.style === 'list';
  if (heading === 0 && isFirst && list > Math.max(bold, plain)) return 'list';
  if (bold > heading && bold >= plain) return 'bold';
  return plain > heading ? 'plain' : 'heading';
}

/** How many versions headings, bold lines, plain ones and items announce, be they repeated or not. */
function countVersions(found: readonly Candidate[]): number[] {
  return styles.map((style) => {
    const all = found.flatMap((one) => (one.style === style ? one.versions : []));
    return new Set(all.map(({ name, text }) => `${name} ${text}`)).size;
  });
}

/** The name that most releases of a file carry, if most carry one. */
export function usualName(headings: readonly Candidate[]): { name: string; isUsual: boolean } {
  const counts = new Map<string, number>();
  for (const one of headings) counts.set(nameOf(one), (counts.get(nameOf(one)) ?? 0) + 1);
  const isUsual = (counts.get('') ?? 0) * 2 < headings.length;
  counts.delete('');
  const [most] = [...counts].sort(([, one], [, other]) => other - one);
  return { name: (isUsual && most?.[0]) || '', isUsual };
}

/** The doubtful headings whose version fits between those of their neighbours. */
function inOrder(accepted: readonly Candidate[], others: readonly Candidate[]): Candidate[] {
  const sure = accepted.filter(({ kind }) => kind === 'release');
  const direction = isAscending(sure) ? 1 : -1;
  const fitting: Candidate[] = [];
  let at = 0;
  let above: Candidate | undefined;
  for (const other of others) {
    for (let next = sure[at]; next && next.start < other.start; next = sure[++at]) above = next;
    const below = sure[at];
    const fitsAbove = !above || rises(above, other) * direction > 0;
    const fitsBelow = !below || rises(other, below) * direction > 0;
    if ((!above && !below) || !fitsAbove || !fitsBelow) continue;
    fitting.push(other);
    above = other;
  }
  return fitting;
}
