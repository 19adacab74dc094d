import type { Candidate } from './candidates.ts';
import { usualName } from './releases.ts';
import { wholeChangelog } from './vocabulary.ts';
import type { TitleVersion } from './words.ts';

/** A heading, the name of its package, and the heading of the product or platform above it; '' for none. */
interface Named {
  readonly heading: Candidate;
  readonly name: string;
  readonly group: string;
}

/** The headings of what was asked for. */
export interface Asked {
  readonly headings: readonly Candidate[];
  /** All of them where they are of different packages or groups, and nothing tells which is meant. */
  readonly conflicts: readonly Named[];
}

/**
 * The headings with a version that are about a package, or about none. The exact name wins, then the
 * longest common end of a path (`libs/app` and `@acme/app`); a heading such as "# macOS" names as well.
 */
export function choose(
  outline: readonly Candidate[],
  isAsked: (version: TitleVersion) => boolean,
  wanted: string | undefined,
): Asked {
  const asked = outline.filter(({ versions }) => versions.some(isAsked));
  if (asked.length === 0) return { headings: [], conflicts: [] };
  const rate = rateNames(outline, wanted);
  const rated = asked.flatMap((heading) =>
    heading.versions.filter(isAsked).map(({ name }) => ({ heading, name, ...rate(heading, name) })),
  );
  const best = rated.reduce((most, { fit }) => Math.max(most, fit), 0.1);
  const fits = rated.filter(({ fit }) => fit >= best);
  // Beside "1.2.3 (beta)", the plain 1.2.3 is meant.
  const final = fits.filter(({ heading }) => !heading.isTentative);
  const found = final.length > 0 ? final : fits;
  const names = new Set(found.map(({ name, group }) => name || group));
  const headings = [...new Set(found.map(({ heading }) => heading))];
  return { headings, conflicts: names.size > 1 && !names.has('') ? found : [] };
}

/** Says how well the name of a heading's version fits a package, 0 for not at all, and its group. */
export function rateNames(outline: readonly Candidate[], wanted: string | undefined) {
  const groups = readGroups(outline);
  const all = outline.filter(({ versions }) => versions.length > 0);
  const { name: usual } = usualName(all);
  const own = all.filter(({ versions }) => versions[0]?.name === usual);
  // The one name of a file is that of the file; not `app@1.2.3`, a package's.
  const isOnly = own.length === all.length && !all.some(({ source }) => source.includes('@'));
  const isGrouped = [...groups.values()].some((group) => wanted && fitOf(group, wanted) > 0);
  return (heading: Candidate, name: string) => {
    const group = groups.get(heading) ?? '';
    // Without a package asked for, what the file is about comes before what it mentions.
    const isOwn = name === '' || (name === usual && own.length * 2 > all.length);
    if (wanted === undefined) return { group, fit: isOwn ? 2 : 1 };
    if (isGrouped && group !== '') return { group, fit: fitOf(group, wanted) };
    return { group, fit: Math.max(name === '' || isOnly ? 0.5 : 0, fitOf(name, wanted)) };
  };
}

/** How many parts two names share from their end, whatever their case: `@acme/App` and `libs/app` one. */
function fitOf(name: string, wanted: string): number {
  const parts = (text: string) => text.toLowerCase().replace(/[\s_]/g, '-').split('/').reverse();
  const [one, other] = [parts(name), parts(wanted)];
  const different = one.findIndex((part, at) => part !== other[at]);
  if (different < 0) return one.length === other.length ? Infinity : one.length;
  return different;
}

/** The headings of products and platforms above the releases. */
function readGroups(outline: readonly Candidate[]): Map<Candidate, string> {
  const groups = new Map<Candidate, string>();
  let group: Candidate | undefined;
  for (const heading of outline) {
    if (heading.level <= (group?.level ?? 0)) group = undefined;
    if (heading.kind === 'product') group = heading;
    if (!group || heading.versions.length === 0 || wholeChangelog.test(group.source)) continue;
    groups.set(heading, group.source.replace(/<[^<>]*>|[#=]/g, '').trim());
  }
  return groups;
}
