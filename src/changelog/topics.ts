import { type Candidate, formOf, groupByForm, isAscending, nameOf, rises } from './candidates.ts';
import { isPrerelease } from './versions.ts';

const partsOf = (version: string) => version.split('.').length;

/**
 * Makes groups of headings for a series, above their patches: "Kettle 3.4" above 3.4.2 and 3.4.1. The
 * first is a title if no other release is as high, or if its patch is no deeper where versions fall.
 */
export function withSeries(headings: readonly Candidate[]): readonly Candidate[] {
  const releases = headings.filter(({ kind }) => kind === 'release');
  const series = new Set(
    releases.filter((heading, index) => {
      const next = releases[index + 1];
      const version = heading.versions[0]?.text;
      if (!version || !next?.versions[0]?.text.startsWith(`${version}.`)) return false;
      if (heading.level < next.level && next.line - heading.lineBelow < 3) return true;
      if (index > 0) return false;
      if (heading.level < next.level)
        return !releases.some((other) => other !== heading && other.level <= heading.level);
      return rises(heading, next) > 0 && !isAscending(releases);
    }),
  );
  if (series.size === 0) return headings;
  return headings.map((one) => (series.has(one) ? { ...one, kind: 'group', versions: [] } : one));
}

/** Takes "Summary of changes in 1.2.0" for a part of "Kettle 1.2.0" above it, if that has others like it. */
export function withoutParts(headings: readonly Candidate[]): readonly Candidate[] {
  const levels = headings.flatMap((one) => (nameOf(one) === '' ? [] : one.level));
  const isShared = (level: number) => levels.indexOf(level) < levels.lastIndexOf(level);
  const shared = new Set([...new Set(levels)].filter(isShared));
  let above: Candidate | undefined;
  return headings.map((one) => {
    const isBelow = above && one.level > above.level && nameOf(one) === '';
    if (isBelow && one.versions[0]?.text === above?.versions[0]?.text)
      return { ...one, kind: 'other', versions: [] };
    if (one.versions.length > 0)
      above = nameOf(one) !== '' && shared.has(one.level) ? one : undefined;
    return one;
  });
}

/**
 * Makes topics of "### Highlights of 1.2" and of "#### 4.5.6" below "### Bundled pot": deeper than a
 * release and unlike it, without a date or a name, with a version that does not lead on to the next.
 */
export function withTopics(headings: readonly Candidate[]): readonly Candidate[] {
  const releases = headings.filter(({ kind }) => kind === 'release');
  if (releases.every(({ level }) => level === releases[0]?.level)) return headings;
  const parents = readParents(headings);
  const above = readParents(releases);
  const below = readParents(releases.toReversed());
  const forms = groupByForm(releases);
  const countOf = (one: Candidate) => forms.get(formOf(one))?.length ?? 0;
  const direction = isAscending(releases.filter((one) => !above.get(one))) ? 1 : -1;

  const isTopic = (one: Candidate) => {
    const [owner, next] = [above.get(one), below.get(one)];
    if (!owner || one.style !== 'heading' || one.hasDate || nameOf(one) !== '') return false;
    const own = owner.versions[0]?.text ?? '';
    const text = one.versions[0]?.text ?? '';
    const isUnlike = one.lead !== owner.lead;
    const parent = parents.get(one);
    const isNested = parent?.kind === 'other' && parent.start > owner.start;
    // A title has more below it than there are like it.
    const isUsual = countOf(owner) >= countOf(one) || (isNested && next !== undefined);
    const isOdd = countOf(one) === 1 && (isPrerelease(text) || partsOf(own) !== partsOf(text));
    if (!isUsual || !(isUnlike || isNested || isOdd)) return false;
    const isNext =
      rises(owner, one) * direction > 0 &&
      (next ? rises(one, next) * direction > 0 : direction < 0);
    const isOwnSeries = isUnlike && own.startsWith(`${text}.`);
    return isOwnSeries || (!isNext && !text.startsWith(`${own}.`));
  };
  return headings.map((one) =>
    one.kind === 'release' && isTopic(one)
      ? { ...one, kind: one.otherwise ?? 'other', versions: [] }
      : one,
  );
}

/** For each heading the nearest one in front of it of a higher level. */
function readParents(headings: readonly Candidate[]): Map<Candidate, Candidate | undefined> {
  const open: Candidate[] = [];
  return new Map(
    headings.map((heading) => {
      while ((open.at(-1)?.level ?? 0) >= heading.level) open.pop();
      const parent = open.at(-1);
      open.push(heading);
      return [heading, parent];
    }),
  );
}

/** Marks "# macOS" above deeper releases, where the first release has a heading of that level, too. */
export function withProducts(headings: readonly Candidate[]): readonly Candidate[] {
  const first = headings.findIndex(({ kind }) => kind === 'release');
  const levels = new Set(headings.slice(0, Math.max(0, first)).map(({ level }) => level));
  return headings.map((heading, index) => {
    const next = headings[index + 1];
    if (heading.kind !== 'other' || !next || !/release$|unreleased/.test(next.kind)) return heading;
    const isAbove = next.level > heading.level && next.start - heading.start < 300;
    return isAbove && levels.has(heading.level) ? { ...heading, kind: 'product' } : heading;
  });
}
