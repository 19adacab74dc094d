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
export function chooseReleases(candidates: readonly Candidate[]): Candidate[] {
  return withProducts(follow(candidates));
}

function follow(candidates: readonly Candidate[]): Candidate[] {
  const found = withSeries(settle(candidates));
  const forms = groupByForm(found);
  // Two words such as "See 1.2.3" are only a heading where others are like it.
  const isCommon = (heading: Candidate) =>
    heading.style === 'heading' ||
    (heading.versions[0]?.name ?? '') === '' ||
    heading.hasDate ||
    (forms.get(formOf(heading))?.length ?? 0) > 1;
  const style = leadingStyle(found.filter(isCommon));
  const usual = found.filter((heading) => {
    return heading.style === 'heading' || (heading.style === style && isCommon(heading));
  });
  const { own, others } = divide(usual);
  const weak = found.filter(
    (heading) =>
      (heading.style === 'bold' || heading.style === 'plain') &&
      heading.style !== style &&
      heading.versions[0]?.name === own.name &&
      (heading.tail === 'none' || heading.tail === 'date'),
  );
  const inOrder = withInOrder(own.headings, sortByPlace([...others, ...weak]));
  if (weak.length === 0) return inOrder;
  const fitting = new Set(inOrder);
  const habits = (['bold', 'plain'] as const).filter((habit) => {
    const lines = weak.filter((heading) => heading.style === habit);
    return lines.filter((heading) => fitting.has(heading)).length * 2 > lines.length;
  });
  const isWeak = new Set(weak);
  return sortByPlace([
    ...inOrder.filter((heading) => !isWeak.has(heading)),
    ...weak.filter((heading) => habits.some((habit) => habit === heading.style)),
  ]);
}

/**
 * Decides on the titles whose words may speak of a version: they announce it where they come again, and
 * tell more versions than all that is clear ("Support Tool 1.2.3").
 */
function settle(candidates: readonly Candidate[]): readonly Candidate[] {
  const doubtful = candidates.filter(({ otherwise }) => otherwise !== undefined);
  if (doubtful.length === 0) return candidates;
  const clear = candidates.filter(({ otherwise }) => otherwise === undefined);
  const most = Math.max(...countStyles(clear).values());
  const known = new Set(clear.flatMap(({ versions }) => versions.map(({ text }) => text)));
  const levels = new Set(clear.flatMap((one) => (one.kind === 'release' ? one.level : [])));
  const forms = groupByForm(doubtful);
  return candidates.flatMap((one): Candidate[] => {
    if (one.otherwise === undefined) return [one];
    const form = forms.get(formOf(one)) ?? [];
    const own = new Set(form.map(({ versions }) => versions[0]?.text ?? ''));
    const isMore =
      own.size > most || (levels.has(one.level) && ![...own].some((text) => known.has(text)));
    if (own.size > 1 && isMore && isOrderly(form)) return [one];
    return one.style === 'heading' ? [{ ...one, kind: one.otherwise, versions: [] }] : [];
  });
}

function groupByForm(candidates: readonly Candidate[]): Map<string, Candidate[]> {
  const forms = new Map<string, Candidate[]>();
  for (const one of candidates) {
    const form = formOf(one);
    const others = forms.get(form);
    if (others) others.push(one);
    else forms.set(form, [one]);
  }
  return forms;
}

function formOf({ style, level, lead }: Candidate): string {
  return `${style}${level} ${lead}`;
}

/** Whether nearly all versions of a form rise, or nearly all fall. */
function isOrderly(form: readonly Candidate[]): boolean {
  const steps = directions(form);
  const rising = steps.filter((step) => step > 0).length;
  return Math.max(rising, steps.length - rising) >= steps.length * 0.8;
}

/**
 * Marks headings that stand for a series, such as "Kettle 3.4" above 3.4.2 and 3.4.1, as groups: the
 * title of the file, and those with nothing of their own above deeper headings.
 */
function withSeries(headings: readonly Candidate[]): Candidate[] {
  const releases = headings.filter((heading) => heading.kind === 'release');
  const next = new Map(releases.map((heading, index) => [heading, releases[index + 1]]));
  const following = new Map(headings.map((heading, index) => [heading, headings[index + 1]]));
  return headings.map((heading) => {
    const version = heading.versions[0]?.text;
    const below = next.get(heading);
    if (!version || !below?.versions[0]?.text.startsWith(`${version}.`)) return heading;
    const isAbove = heading.level < below.level && below.level <= 6;
    const isEmpty =
      isAbove && following.get(heading) === below && below.line - heading.lineBelow < 3;
    const isSeries = isEmpty || (heading === releases[0] && isTitle(releases));
    return isSeries ? { ...heading, kind: 'group', versions: [] } : heading;
  });
}

/**
 * Marks headings such as "# macOS", directly above deeper releases: where the first release has one of
 * their level, too, they tell products or platforms, and not a topic without text.
 */
function withProducts(headings: readonly Candidate[]): Candidate[] {
  const first = headings.findIndex(({ kind }) => kind === 'release');
  const levels = new Set(headings.slice(0, Math.max(0, first)).map(({ level }) => level));
  return headings.map((heading, index) => {
    const next = headings[index + 1];
    const isAnnounced = next?.kind === 'release' || next?.kind === 'unreleased';
    const isProduct =
      heading.kind === 'other' &&
      isAnnounced &&
      levels.has(heading.level) &&
      next.level > heading.level &&
      next.start - heading.start < 300;
    return isProduct ? { ...heading, kind: 'product' } : heading;
  });
}

/** Whether the first heading has a level for itself, or can't be a release where versions fall. */
function isTitle([first, ...rest]: readonly Candidate[]): boolean {
  const version = first?.versions[0]?.text;
  const next = rest[0]?.versions[0]?.text;
  if (!first || version === undefined || next === undefined) return false;
  const isOutOfOrder = compareVersions(next, version) > 0 && !isAscending([first, ...rest]);
  return isOutOfOrder || rest.every((other) => other.level > first.level);
}

function sortByPlace(headings: readonly Candidate[]): Candidate[] {
  return headings.toSorted((one, other) => one.start - other.start);
}

/** How many versions each style announces, be they repeated or not. */
function countStyles(found: readonly Candidate[]): Map<Candidate['style'], number> {
  const known = new Map<Candidate['style'], Set<string>>(
    (['heading', 'bold', 'plain', 'list'] as const).map((style) => [style, new Set()]),
  );
  for (const { style, versions } of found) {
    for (const { name, text } of versions) known.get(style)?.add(`${name} ${text}`);
  }
  return new Map([...known].map(([style, texts]) => [style, texts.size]));
}

/** The style in which the file announces the most versions. */
function leadingStyle(found: readonly Candidate[]): Candidate['style'] {
  const counts = countStyles(found);
  const [heading = 0, bold = 0, plain = 0, list = 0] = counts.values();
  if (heading === 0 && list > Math.max(bold, plain)) return 'list';
  if (bold > heading && bold >= plain) return 'bold';
  return plain > heading ? 'plain' : 'heading';
}

/** Parts the file's own headings from those on something else that has a version. */
function divide(headings: readonly Candidate[]) {
  const releases = headings.filter((heading) => heading.kind === 'release');
  const { name, isUsual } = usualName(releases);
  const dated = new Set(releases.filter(({ hasDate }) => hasDate).map(formOf));
  const isOwn = (heading: Candidate) =>
    heading.versions.some((version) => version.name === '' || version.name === name);
  const clear = releases.filter((heading) => isOwn(heading) && heading.tail !== 'prose');
  const deepest = clear.reduce((most, heading) => Math.max(most, heading.level), 0) || 7;
  const own: Candidate[] = [];
  const others: Candidate[] = [];
  for (const heading of headings) {
    const isDistinct = (heading.tail !== 'prose' || heading.hasDate) && heading.level <= deepest;
    if (heading.kind !== 'release') own.push(heading);
    else if (isOwn(heading)) {
      // Below the level of releases, more words make a topic: "#### 2.0 upgrade guide".
      if (heading.tail !== 'prose' || heading.level <= deepest) own.push(heading);
    } else if (isDistinct) {
      // A name where there usually is one, a date (of one like it) or an `@` tell another package's release.
      const isPackage = isUsual || dated.has(formOf(heading)) || heading.source.includes('@');
      (isPackage ? own : others).push(heading);
    }
  }
  return { own: { headings: own, name }, others };
}

/** The name that most releases of a file carry, if most carry one. */
export function usualName(headings: readonly Candidate[]): { name: string; isUsual: boolean } {
  const counts = countNames(headings);
  const bare = counts.get('') ?? 0;
  if (headings.length - bare <= bare) return { name: '', isUsual: false };
  counts.delete('');
  const [name] = [...counts].reduce((most, entry) => (entry[1] > most[1] ? entry : most), ['', 0]);
  return { name, isUsual: true };
}

function countNames(headings: readonly Candidate[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { versions } of headings) {
    const name = versions[0]?.name ?? '';
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return counts;
}

/** Adds the doubtful headings whose version fits between those of their neighbours. */
function withInOrder(accepted: readonly Candidate[], others: readonly Candidate[]): Candidate[] {
  const direction = isAscending(accepted) ? 1 : -1;
  const merged: Candidate[] = [];
  let at = 0;
  let above: string | undefined;
  for (const other of others) {
    for (let next = accepted[at]; next && next.start < other.start; next = accepted[++at]) {
      merged.push(next);
      above = next.versions[0]?.text ?? above;
    }
    const version = other.versions[0]?.text ?? '';
    const below = accepted[at]?.versions[0]?.text;
    const hasNeighbour = above !== undefined || below !== undefined;
    const fitsAbove = above === undefined || compareVersions(version, above) * direction > 0;
    const fitsBelow = below === undefined || compareVersions(below, version) * direction > 0;
    if (!hasNeighbour || !fitsAbove || !fitsBelow) continue;
    merged.push(other);
    above = version;
  }
  return [...merged, ...accepted.slice(at)];
}

/** Whether the versions rise from the top to the bottom of the file. */
export function isAscending(headings: readonly Candidate[]): boolean {
  return directions(headings).reduce((sum, step) => sum + step, 0) > 0;
}

/** For each two releases in a row whether the version rises (1) or falls (-1). */
function directions(headings: readonly Candidate[]): number[] {
  const versions = headings.flatMap(({ versions: [first] }) => (first ? [first.text] : []));
  return versions
    .slice(1)
    .map((version, index) => Math.sign(compareVersions(version, versions[index] ?? '')))
    .filter((step) => step !== 0);
}
