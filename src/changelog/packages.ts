import type { Candidate } from './candidates.ts';
import { usualName } from './releases.ts';
import { title as titleOfAll } from './vocabulary.ts';
import type { TitleVersion } from './words.ts';

/** The headings of what was asked for, best first. */
export interface Asked {
  readonly headings: readonly Candidate[];
  /** More than one heading fits as well, of different packages or groups: all of them, with their name. */
  readonly conflicts: readonly Conflict[];
}

/** A heading that needs a name to be told from others. */
export interface Conflict {
  readonly heading: Candidate;
  /** Of the package; '' where the heading of a group tells it. */
  readonly name: string;
  /** Heading of the group it stands in; '' for none. */
  readonly group: string;
}

interface Rated extends Conflict {
  readonly fit: number;
}

const exactly = 1000;

/**
 * The headings with a version that are about a package, or about none. The exact name wins, then the
 * longest common end of a path (`libs/app` and `@acme/app`); a group such as "# macOS" names as well.
 */
export function choose(
  outline: readonly Candidate[],
  isAsked: (version: TitleVersion) => boolean,
  wanted: string | undefined,
): Asked {
  const groups = readGroups(outline);
  const rated = outline.flatMap((heading): Rated[] => {
    if (heading.kind !== 'release') return [];
    const asked = heading.versions.filter(isAsked);
    const group = groups.of.get(heading) ?? '';
    return asked.map(({ name }) => ({ heading, name, group, fit: 0 }));
  });
  const rate = wanted === undefined ? rateOwn(outline) : rateFor(outline, wanted, groups.names);
  const fits = rated.map((one) => ({ ...one, fit: rate(one) })).filter(({ fit }) => fit > 0);
  const best = Math.max(...fits.map(({ fit }) => fit));
  const found = [
    ...new Map(fits.filter(({ fit }) => fit === best).map((one) => [one.heading, one])).values(),
  ];
  // Beside "1.2.3 (beta)", the plain 1.2.3 is meant.
  const final = found.filter(({ heading }) => !heading.isTentative);
  const last = final.length > 0 ? final : found;
  const isAmbiguous =
    new Set(last.map(({ name, group }) => name || group)).size > 1 &&
    !last.some(({ name, group }) => name === '' && group === '');
  return {
    headings: last.map(({ heading }) => heading),
    conflicts: isAmbiguous ? last : [],
  };
}

/** Says of headings whether they are about a package, or about none. */
export function readFit(
  outline: readonly Candidate[],
  wanted: string | undefined,
): (heading: Candidate) => boolean {
  if (wanted === undefined) return () => true;
  const groups = readGroups(outline);
  const rate = rateFor(outline, wanted, groups.names);
  return (heading) => {
    const group = groups.of.get(heading) ?? '';
    return heading.versions.some(({ name }) => rate({ name, group }) > 0);
  };
}

/** How well a heading's package fits the one that is asked for; 0 for not at all. */
function rateFor(
  outline: readonly Candidate[],
  wanted: string,
  groups: ReadonlySet<string>,
): (one: Pick<Rated, 'name' | 'group'>) => number {
  const only = onlyName(outline);
  const isGrouped = [...groups].some((group) => fitOf(group, wanted) > 0);
  return ({ name, group }) => {
    if (name !== '' && name !== only) return fitOf(name, wanted);
    if (isGrouped && group !== '') return fitOf(group, wanted);
    return Math.max(0.5, fitOf(name, wanted));
  };
}

/** Without a package asked for, the one that the file is about comes before those it mentions. */
function rateOwn(outline: readonly Candidate[]): (one: Pick<Rated, 'name'>) => number {
  const releases = outline.filter(({ kind }) => kind === 'release');
  const usual = usualName(releases);
  const own = releases.filter(({ versions }) => versions[0]?.name === usual.name);
  const isClear = own.length * 2 > releases.length;
  return ({ name }) => (name === '' || (isClear && name === usual.name) ? 2 : 1);
}

/** The one name that all releases of a file carry is that of the file; not `app@1.2.3`, a package's. */
function onlyName(outline: readonly Candidate[]): string | undefined {
  const names = new Set<string>();
  for (const { kind, versions, source } of outline) {
    if (kind !== 'release') continue;
    if (source.includes('@')) return undefined;
    for (const { name } of versions) names.add(name);
  }
  const [name] = names;
  return names.size === 1 ? name : undefined;
}

/** How many parts two names share from their end, whatever their case: `@acme/App` and `libs/app` one. */
function fitOf(name: string, wanted: string): number {
  const one = partsOf(name);
  const other = partsOf(wanted);
  if (one.join('/') === other.join('/')) return exactly;
  const length = Math.min(one.length, other.length);
  let shared = 0;
  while (shared < length && one.at(-1 - shared) === other.at(-1 - shared)) shared++;
  return shared;
}

function partsOf(name: string): string[] {
  return name
    .toLowerCase()
    .replace(/[\s_]+/g, '-')
    .split('/');
}

/** The headings of groups, such as products and platforms, and the releases below them. */
function readGroups(outline: readonly Candidate[]) {
  const of = new Map<Candidate, string>();
  const names = new Set<string>();
  let group: Candidate | undefined;
  for (const heading of outline) {
    if (heading.level <= (group?.level ?? 0)) group = undefined;
    if (heading.kind === 'product') group = heading;
    const name = group && !titleOfAll.test(group.source) ? nameOf(group.source) : '';
    if (heading.kind !== 'release' || name === '') continue;
    of.set(heading, name);
    names.add(name);
  }
  return { of, names };
}

/** The words of a heading without its markup. */
function nameOf(source: string): string {
  return source
    .replace(/<[^<>]*>/g, '')
    .replace(/^[#=\s]+|[#=\s]+$/g, '')
    .trim();
}
