import { type Candidate, isAscending, nameOf, rises } from './candidates.ts';
import { endOfSection } from './ends.ts';
import { firstInk, withLineFeeds } from './markup.ts';
import { readOutline, usualName } from './outline.ts';
import { compareVersions } from './versions.ts';
import { type TitleVersion, wholeChangelog } from './words.ts';

/** The part of a changelog that describes one version. Lines are counted from 1. */
export interface Section {
  /** The source between the heading and the end of the section, without outer blank lines; '' if empty. */
  readonly body: string;
  /** The heading as it is written. */
  readonly heading: string;
  /** Line of the heading. */
  readonly line: number;
  /** Line of the body's first line; the line below the heading if the body is empty. */
  readonly bodyLine: number;
  /** `equivalent`: only another spelling was there, such as 5.7 for 5.7.0. */
  readonly match: 'exact' | 'equivalent';
  /** Lines of further headings of the same version; the first one counts. */
  readonly duplicates: readonly number[];
}

/**
 * Finds the section of `version` (without `v`): to the next heading that announces a release, or that
 * stands for several ("1.x", "Older versions", "# macOS"). Gives undefined when no heading announces the
 * version, when headings of different packages or platforms do, and when only one of another package
 * than usual does; a body is never guessed. `5.7` answers for `5.7.0`, and the reverse, only when all
 * headings of an equal version spell it the same way. Linear.
 * @param wanted a package: only headings for it count, and those that name none
 */
export function findSection(text: string, version: string, wanted?: string): Section | undefined {
  const source = withLineFeeds(text);
  const outline = readOutline(source);
  const found = matches(outline, version, wanted);
  const [heading] = found.headings;
  if (!heading || found.spellings.size > 1 || found.conflicts.length > 0) return undefined;

  const to = endOfSection(source, outline, heading);
  const { from, line } = startOfBody(source, heading, to);
  const body = text.slice(from, to).trimEnd();
  return {
    body,
    heading: heading.source,
    line: heading.line,
    bodyLine: line,
    match: found.match,
    duplicates: found.headings.filter(({ start }) => start >= to).map((other) => other.line),
  };
}

/** Where the notes begin: on the first line with text, or behind the version where one line has it all. */
function startOfBody(text: string, heading: Candidate, to: number) {
  const below = heading.end + 1;
  const ink = firstInk(text, below, to);
  const from = text.lastIndexOf('\n', ink) + 1;
  const isGoingOn =
    heading.style === 'list' && from === below && /^\s+[^\s*+-]/.test(text.slice(from, ink + 1));
  const isLine = heading.style === 'plain' || heading.style === 'list';
  if (isLine && heading.tail === 'remark' && (ink >= to || isGoingOn)) {
    const { source, at } = heading;
    const version = heading.versions.at(-1)?.text ?? '';
    const rest = source.slice(source.lastIndexOf(version) + version.length);
    const words = rest.replace(/^[\])}*_`]*(?:\s*[([][^()[\]]*[)\]])*[\s:–—-]*/, '');
    if (words) return { from: at + source.length - words.length, line: heading.line };
  }
  if (ink >= to) return { from: to, line: heading.lineBelow };
  return { from, line: heading.lineBelow + text.slice(below, from).split('\n').length - 1 };
}

/** The headings that announce a version, or one that is equal to it, and how these write it. */
export function matches(outline: readonly Candidate[], version: string, wanted?: string) {
  const isExact = ({ text }: TitleVersion) => text === version;
  const isEqual = ({ text }: TitleVersion) => compareVersions(text, version) === 0;
  const exact = choose(outline, isExact, wanted);
  const found = exact.headings.length > 0 ? exact : choose(outline, isEqual, wanted);
  const named = found.headings.flatMap(({ versions }) => versions);
  const spelled = named.filter(found === exact ? isExact : isEqual).map(({ text }) => text);
  const match: Section['match'] = found === exact ? 'exact' : 'equivalent';
  return { match, ...found, spellings: new Set(spelled) };
}

/**
 * The headings with a version that are about a package, or about none. The exact name wins, then the
 * longest common end of a path (`libs/app` and `@acme/app`); a heading such as "# macOS" names as well.
 */
function choose(
  outline: readonly Candidate[],
  isAsked: (version: TitleVersion) => boolean,
  wanted: string | undefined,
) {
  const asked = outline.flatMap((heading) =>
    heading.versions.filter(isAsked).map(({ name }) => ({ heading, name })),
  );
  // One alone leaves no choice, unless it could be another package's.
  const isAlone = asked.length === 1 && wanted === undefined && asked[0]?.name === '';
  if (asked.length === 0 || isAlone)
    return { headings: asked.map(({ heading }) => heading), conflicts: [] };
  const rate = raterOf(outline, wanted);
  const rated = asked.map((one) => ({ ...one, ...rate(one.heading, one.name) }));
  const best = rated.reduce((most, { fit }) => Math.max(most, fit), 0.1);
  const fits = rated.filter(({ fit }) => fit >= best);
  // Beside "1.2.3 (beta)", the plain 1.2.3 is meant.
  const final = fits.filter(({ heading }) => !heading.isTentative);
  const found = final.length > 0 ? final : fits;
  const names = new Set(found.map(({ name, group }) => name || group));
  const headings = [...new Set(found.map(({ heading }) => heading))];
  return { headings, conflicts: names.size > 1 && !names.has('') ? found : [] };
}

const platform =
  /\b(?:windows|mac(?: ?os)?|os x|linux|ios|android|desktop|mobile|web|stable|beta)\b/i;

/** Gives what says how well the name of a heading's version fits a package, 0 for not at all, and its group. */
export function raterOf(outline: readonly Candidate[], wanted: string | undefined) {
  const groups = readGroups(outline);
  const all = outline.filter(({ versions }) => versions.length > 0);
  const { name: usual } = usualName(all);
  const own = all.filter(({ versions }) => versions[0]?.name === usual);
  // The one name of a file is that of the file; not `app@1.2.3`, a package's.
  const isOnly = own.length === all.length && !all.some(({ source }) => source.includes('@'));
  const isGrouped = [...groups.values()].some((group) => wanted && fitOf(group, wanted) > 0);
  // A package that no group is called after has no part in them, unless they are platforms or channels.
  const named = [...new Set(groups.values())];
  const areOthers = named.length > 1 && !isGrouped && !named.some((group) => platform.test(group));
  const isForeign = own.length * 2 >= all.length ? foreignerOf(all, usual) : () => false;
  return (heading: Candidate, name: string) => {
    const group = groups.get(heading) ?? '';
    // Without a package asked for, what the file is about comes before what it mentions.
    const isOwn = name === '' || (name === usual && own.length * 2 > all.length);
    if (wanted === undefined) return { group, fit: isForeign(heading, name) ? 0 : isOwn ? 2 : 1 };
    if (isGrouped && group !== '') return { group, fit: fitOf(group, wanted) };
    const isCommon = name === '' ? !(areOthers && group !== '') : isOnly;
    return { group, fit: Math.max(isCommon ? 0.5 : 0, fitOf(name, wanted)) };
  };
}

/**
 * Tells which name is another package's: the second of a heading, one unlike the usual name between
 * headings with that, or one whose version is out of order. The rest are earlier names, or mere words.
 */
function foreignerOf(all: readonly Candidate[], usual: string) {
  const isOwn = (one: Candidate) => nameOf(one) === usual;
  const seen = new Set<string>();
  const repeated = new Set<string>();
  for (const name of all.map(nameOf)) (seen.has(name) ? repeated : seen).add(name);
  const direction = isAscending(all.filter(isOwn)) ? 1 : -1;
  const readNearest = (headings: readonly Candidate[]) => {
    let last: Candidate | undefined;
    return new Map(
      headings.map((heading) => {
        const nearest = last;
        if (isOwn(heading)) last = heading;
        return [heading, nearest];
      }),
    );
  };
  const above = readNearest(all);
  const below = readNearest(all.toReversed());
  return (heading: Candidate, name: string) => {
    if (name === '' || name === usual) return false;
    const [before, behind] = [above.get(heading), below.get(heading)];
    if (isOwn(heading) || (before && behind && !isLike(name, usual))) return true;
    // The oldest of a file may have an earlier name, and numbers of their own.
    const isOldest = direction < 0 ? !behind : !before;
    if (isOldest && repeated.has(name)) return false;
    const isAfter = !before || rises(before, heading) * direction >= 0;
    return !isAfter || (behind !== undefined && rises(heading, behind) * direction < 0);
  };
}

/** Whether one name has all words of the other in a row, as "kettle security" and "kettle". */
function isLike(one: string, other: string): boolean {
  const [short, long] = one.length < other.length ? [one, other] : [other, one];
  return short === '' || ` ${long} `.includes(` ${short} `);
}

/** How many parts two names share from their end, whatever their case: `@acme/App` and `libs/app` one. */
function fitOf(name: string, wanted: string): number {
  const parts = (text: string) => text.toLowerCase().replace(/[\s_]/g, '-').split('/').reverse();
  const [one, other] = [parts(name), parts(wanted)];
  const different = one.findIndex((part, at) => part !== other[at]);
  if (different < 0) return one.length === other.length ? Infinity : one.length;
  return different;
}

/** The names of the products and platforms above the releases. */
function readGroups(outline: readonly Candidate[]): Map<Candidate, string> {
  const groups = new Map<Candidate, string>();
  let [name, depth] = ['', 0];
  for (const heading of outline) {
    if (heading.level <= depth) [name, depth] = ['', 0];
    if (heading.kind === 'product') {
      const { source, level } = heading;
      depth = level;
      name = wholeChangelog.test(source) ? '' : source.replace(/<[^<>]*>|[#=]/g, '').trim();
    }
    if (name !== '' && heading.versions.length > 0) groups.set(heading, name);
  }
  return groups;
}
