import type { Candidate } from './candidates.ts';
import { compareVersions } from './versions.ts';

/**
 * Keeps the headings that follow the file's own way of announcing releases, and those without a version.
 *
 * The way shows in what comes again: lines of one form (their markup, and the words in front of the
 * version) whose versions differ and are in order. What follows another way counts only if its version
 * fits between those of its neighbours: the habit of an earlier time, and not a topic such as "Node
 * 18.0". Bold and plain lines count together: all of them if most fit, or none, since "5.0 beta 1"
 * below every topic of 5.0 parts something else.
 */
export function chooseReleases(candidates: readonly Candidate[]): readonly Candidate[] {
  const found = withSeries(settle(candidates));
  return withProducts(found.every(isClear) ? found : follow(found));
}

/** A heading in its own right, of no other package. */
function isClear({ style, versions, tail }: Candidate): boolean {
  return style === 'heading' && tail !== 'prose' && versions.every(({ name }) => name === '');
}

function follow(found: readonly Candidate[]): readonly Candidate[] {
  const forms = groupByForm(found);
  // Two words such as "See 1.2.3" are only a heading where others are like it.
  const isCommon = (one: Candidate) =>
    nameOf(one) === '' || one.hasDate || (forms.get(formOf(one))?.length ?? 0) > 1;
  const style = leadingStyle(found.filter((one) => one.style === 'heading' || isCommon(one)));
  const { own, name, others } = divide(
    found.filter((one) => one.style === 'heading' || (one.style === style && isCommon(one))),
  );
  const weak = found.filter(
    (one) =>
      one.style !== 'heading' &&
      one.style !== style &&
      (one.hasDate || (one.style !== 'list' && nameOf(one) === name)) &&
      /none|date/.test(one.tail),
  );
  const fitting = new Set(inOrder(own, sortByPlace([...others, ...weak])));
  const habits = ['bold', 'plain', 'list'].flatMap((habit) => {
    const lines = weak.filter((one) => one.style === habit);
    return lines.filter((one) => fitting.has(one)).length * 2 > lines.length ? lines : [];
  });
  return sortByPlace([...own, ...others.filter((one) => fitting.has(one)), ...habits]);
}

/**
 * Decides on the titles whose words may speak of a version. They announce it where they come again with
 * versions in order, and tell more than all that is clear ("Support Tool 1.2.3") or what that lacks.
 */
function settle(candidates: readonly Candidate[]): readonly Candidate[] {
  if (candidates.every(({ otherwise }) => otherwise === undefined)) return candidates;
  const clear = candidates.filter(({ otherwise }) => otherwise === undefined);
  const most = Math.max(...countStyles(clear).values());
  const known = new Set(clear.flatMap(({ versions }) => versions.map(({ text }) => text)));
  const levels = new Set(clear.flatMap((one) => (one.kind === 'release' ? one.level : [])));
  const forms = groupByForm(candidates.filter(({ otherwise }) => otherwise !== undefined));
  const learned = new Set(
    [...forms.values()].flatMap((form) => {
      const own = new Set(form.map(({ versions }) => versions[0]?.text ?? ''));
      const isNew = levels.has(form[0]?.level ?? 0) && ![...own].some((text) => known.has(text));
      return own.size > 1 && (own.size > most || isNew) && isOrderly(form) ? form : [];
    }),
  );
  return candidates.flatMap((one): Candidate[] => {
    if (one.otherwise === undefined || learned.has(one)) return [one];
    return one.style === 'heading' ? [{ ...one, kind: one.otherwise, versions: [] }] : [];
  });
}

function groupByForm(candidates: readonly Candidate[]): Map<string, Candidate[]> {
  const forms = new Map<string, Candidate[]>();
  for (const one of candidates) {
    const others = forms.get(formOf(one));
    if (others) others.push(one);
    else forms.set(formOf(one), [one]);
  }
  return forms;
}

function formOf({ style, level, lead }: Candidate): string {
  return `${style}${level} ${lead}`;
}

function nameOf({ versions }: Candidate): string {
  return versions[0]?.name ?? '';
}

/**
 * Marks headings that stand for a series, such as "Kettle 3.4" above 3.4.2 and 3.4.1, as groups: the
 * title of the file, and those with nothing of their own above deeper headings.
 */
function withSeries(headings: readonly Candidate[]): readonly Candidate[] {
  const releases = headings.filter(({ kind }) => kind === 'release');
  const series = new Set(
    releases.filter((heading, index) => {
      const next = releases[index + 1];
      const version = heading.versions[0]?.text;
      if (!version || !next?.versions[0]?.text.startsWith(`${version}.`)) return false;
      const isAbove = heading.level < next.level;
      return (isAbove && next.line - heading.lineBelow < 3) || (index === 0 && isTitle(releases));
    }),
  );
  if (series.size === 0) return headings;
  return headings.map((one) => (series.has(one) ? { ...one, kind: 'group', versions: [] } : one));
}

/** Whether the first heading has a level for itself, or can't be a release where versions fall. */
function isTitle([first, ...rest]: readonly Candidate[]): boolean {
  if (!first || !rest[0]) return false;
  const isOutOfOrder = rises(first, rest[0]) > 0 && !isAscending([first, ...rest]);
  return isOutOfOrder || rest.every((other) => other.level > first.level);
}

/**
 * Marks headings such as "# macOS", directly above deeper releases: where the first release has one of
 * their level, too, they tell products or platforms, and not a topic without text.
 */
function withProducts(headings: readonly Candidate[]): readonly Candidate[] {
  const first = headings.findIndex(({ kind }) => kind === 'release');
  const levels = new Set(headings.slice(0, Math.max(0, first)).map(({ level }) => level));
  return headings.map((heading, index) => {
    const next = headings[index + 1];
    if (heading.kind !== 'other' || !next || !/release$|unreleased/.test(next.kind)) return heading;
    const isAbove = next.level > heading.level && next.start - heading.start < 300;
    return isAbove && levels.has(heading.level) ? { ...heading, kind: 'product' } : heading;
  });
}

function sortByPlace(headings: readonly Candidate[]): Candidate[] {
  return headings.toSorted((one, other) => one.start - other.start);
}

/** How many versions each style announces, be they repeated or not. */
function countStyles(found: readonly Candidate[]): Map<Candidate['style'], number> {
  const known = new Set<string>();
  const counts = new Map<Candidate['style'], number>([['heading', 0]]);
  for (const { style, versions } of found) {
    for (const { name, text } of versions) known.add(`${style} ${name} ${text}`);
  }
  for (const one of known) {
    const style = one.slice(0, one.indexOf(' ')) as Candidate['style'];
    counts.set(style, (counts.get(style) ?? 0) + 1);
  }
  return counts;
}

/** The style in which the file announces the most versions. */
function leadingStyle(found: readonly Candidate[]): Candidate['style'] {
  const counts = countStyles(found);
  const [heading = 0, bold = 0, plain = 0, list = 0] = (
    ['heading', 'bold', 'plain', 'list'] as const
  ).map((style) => counts.get(style));
  if (heading === 0 && list > Math.max(bold, plain)) return 'list';
  if (bold > heading && bold >= plain) return 'bold';
  return plain > heading ? 'plain' : 'heading';
}

/** Parts the file's own headings from those on something else that has a version. */
function divide(headings: readonly Candidate[]) {
  const releases = headings.filter(({ kind }) => kind === 'release');
  const { name, isUsual } = usualName(releases);
  const dated = new Set(releases.filter(({ hasDate }) => hasDate).map(formOf));
  const isOwn = ({ versions }: Candidate) =>
    versions.some((version) => version.name === '' || version.name === name);
  const clear = releases.filter((one) => isOwn(one) && one.tail !== 'prose');
  const deepest = clear.reduce((most, { level }) => Math.max(most, level), 0) || 7;
  const own: Candidate[] = [];
  const others: Candidate[] = [];
  for (const one of headings) {
    // Below the level of releases, more words make a topic: "#### 2.0 upgrade guide".
    const isDistinct = one.level <= deepest && (one.tail !== 'prose' || one.hasDate);
    // A name where there usually is one, a date (of one like it) or an `@` tell another package's release.
    const isPackage = isUsual || dated.has(formOf(one)) || one.source.includes('@');
    if (one.kind !== 'release') own.push(one);
    else if (isOwn(one) && (one.tail !== 'prose' || one.level <= deepest)) own.push(one);
    else if (!isOwn(one) && isDistinct) (isPackage ? own : others).push(one);
  }
  return { own, name, others };
}

/** The name that most releases of a file carry, if most carry one. */
export function usualName(headings: readonly Candidate[]): { name: string; isUsual: boolean } {
  const counts = new Map<string, number>();
  for (const one of headings) counts.set(nameOf(one), (counts.get(nameOf(one)) ?? 0) + 1);
  const bare = counts.get('') ?? 0;
  if (headings.length - bare <= bare) return { name: '', isUsual: false };
  counts.delete('');
  const [name] = [...counts].reduce((most, entry) => (entry[1] > most[1] ? entry : most), ['', 0]);
  return { name, isUsual: true };
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

/** Whether the versions rise from the top to the bottom of the file. */
export function isAscending(headings: readonly Candidate[]): boolean {
  const releases = headings.filter(({ versions }) => versions.length > 0);
  return steps(releases).reduce((sum, step) => sum + step, 0) > 0;
}

/** Whether nearly all versions of a form rise, or nearly all fall. */
function isOrderly(form: readonly Candidate[]): boolean {
  const rising = steps(form).filter((step) => step > 0).length;
  const falling = steps(form).filter((step) => step < 0).length;
  return Math.max(rising, falling) >= (rising + falling) * 0.8;
}

function steps(releases: readonly Candidate[]): number[] {
  return releases.slice(1).map((one, index) => rises(releases[index] ?? one, one));
}

/** 1 if the version of the second is newer, -1 if it is older, 0 if it is equal. */
function rises(one: Candidate, other: Candidate): number {
  return Math.sign(compareVersions(other.versions[0]?.text ?? '', one.versions[0]?.text ?? ''));
}
