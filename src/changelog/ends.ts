import type { Candidate } from './candidates.ts';
import { lineAbove, wordsOf } from './markup.ts';
import { compareVersions } from './versions.ts';
import { page } from './words.ts';

/** Offset of the end of a section, which begins below its heading. */
export function endOfSection(
  text: string,
  headings: readonly Candidate[],
  heading: Candidate,
): number {
  const from = Math.min(heading.end + 1, text.length);
  const next = nextHeading(headings, heading);
  const end = next?.start ?? beforePageEnd(text, from);
  return Math.max(from, withoutTrailer(text, heading, from, end, next !== undefined));
}

/** Another release, what stands for several, or a heading that is none of a release's topics. */
function nextHeading(headings: readonly Candidate[], heading: Candidate): Candidate | undefined {
  const releases = headings.filter(({ kind }) => kind === 'release');
  const deepest = releases.reduce((most, { level }) => Math.max(most, level), heading.level);
  const highest = releases.reduce((least, { level }) => Math.min(least, level), heading.level);
  const [first = heading] = releases;
  const last = releases.at(-1) ?? heading;
  // Where releases are no headings, the heading that they stand below tells what is above them.
  const above = headings.findLast(({ kind, start }) => kind !== 'release' && start < first.start);
  const limit = highest < 7 ? highest : (above?.level ?? 1) + 1;
  const inside = headings.reduce((least, { kind, start, level }) => {
    const isInside = kind === 'other' && start > first.start && start < last.start;
    return isInside ? Math.min(least, level) : least;
  }, 7);
  return headings.find((other) => {
    const isLater = other.start > last.start;
    if (other.start <= heading.start) return false;
    const isOlder = other.kind === 'group' && isLater && first !== last;
    if (other.kind === 'product' || isOlder) return true;
    if (other.kind !== 'other') return closes(other, heading, deepest);
    // "## Not released - 2024-05-01" among others with their dates.
    if (other.hasDate && heading.hasDate && other.level === heading.level) return true;
    // Behind the last release, a heading above it that has no like in the other sections is no topic.
    const isAbove = other.level < limit || (other.level === highest && page.test(other.source));
    return isLater && isAbove && other.level < inside;
  });
}

function closes(other: Candidate, heading: Candidate, deepest: number): boolean {
  if (other.kind === 'group') return other.level <= heading.level;
  // Deeper than every release, "### Upcoming changes" and "### Main" are topics of one.
  const isDeep = other.level > deepest && !/un-?released/i.test(other.source);
  if (other.kind === 'unreleased') return !isDeep;
  if (other.level === heading.level) return true;
  // "### 1.2.3: the details" below "## 1.2.3" is a part of it, and so is "# What's new in 1.2".
  return other.versions.some(({ text }) =>
    heading.versions.every((own) => compareVersions(own.text, text) !== 0),
  );
}

/** The end of the text, or of what stands above the scripts and the footer of a page of HTML. */
function beforePageEnd(text: string, from: number): number {
  if (!/<\/(?:body|html)>\s*$/i.test(text.slice(-100))) return text.length;
  const tail =
    /^[ \t]*<(?:(?:\/body|\/html|script|footer|nav)[\s>]|div\s[^<>]*(?:role=.?(?:navigation|contentinfo|complementary)|class=.?footer)\b)/gim;
  tail.lastIndex = from;
  return tail.exec(text)?.index ?? text.length;
}

/** §4.7: a label, a destination, and nothing behind it but a title. */
const definition =
  /^ {0,3}\[(?!\^)[^\]]+\]:[ \t]*(?:<[^<>]*>|[^\s<]\S*)(?:[ \t]+(?:"[^"]*"|'[^']*'|\([^()]*\)))?$/;

/**
 * Rules, "back to top", the signature of Debian, comments of AsciiDoc, and tags of the page around it
 * are no part of a section; nor are link definitions at the end of a file, and comments among them,
 * which serve all of it.
 */
function withoutTrailer(
  text: string,
  heading: Candidate,
  from: number,
  to: number,
  isFollowed: boolean,
): number {
  let end = to;
  let [hasDefinition, isKept, isWrapped] = [false, false, false];
  let line = lineAbove(text, to);
  const surplus = new Map<string, number>();
  for (; line && line.start >= from; line = lineAbove(text, line.start)) {
    const source = text.slice(line.start, line.end).trimEnd();
    // §4.7: the destination may stand on a line of its own.
    const isBegun = isWrapped && definition.test(`${source}x`);
    const above = wordsOf(text, lineAbove(text, line.start));
    isWrapped = /^\s+\S+$/.test(source) && definition.test(`${above}x`);
    const isDefinition = !isFollowed && (isWrapped || isBegun || definition.test(source));
    const isComment = !isFollowed && /^<!--.*-->$/.test(source);
    const isTail =
      source === '' ||
      isTrailer(source, heading.source) ||
      (/^[-=*_#\s]{3,}$/.test(source) && !isUnderline(text, line.start, from)) ||
      closesMore(text.slice(from, line.end), source, surplus);
    if (!isTail && !isDefinition && !isComment) break;
    hasDefinition ||= isDefinition;
    isKept = !isDefinition && (isKept || (isComment && !hasDefinition));
    if (!isKept) end = line.start;
  }
  if (!isFollowed) return end;
  // `<details><summary>Older releases</summary>` holds what follows.
  const near = text.slice(Math.max(from, end - 400), end).trimEnd();
  const at = near.lastIndexOf('<details');
  const isOpening = at >= 0 && /^<details[^<>]*>\s*<summary/.test(near.slice(at));
  const isOpen = isOpening && near.endsWith('</summary>') && !near.includes('</details', at);
  return isOpen ? Math.max(from, end - 400) + at : end;
}

function isTrailer(source: string, heading: string): boolean {
  if (source.length < 200 && /to (?:the )?top/i.test(source)) {
    const words = source.replace(/<[^<>]*>|\(#[^()]*\)/g, '').replace(/[^a-z]+/gi, ' ');
    return /^(?:back )?to (?:the )?top$/i.test(words.trim());
  }
  if (!'}/-<.'.includes(source.trimStart().charAt(0))) return false;
  const anchor =
    /^\s*<(?:section|div|details|dl|article|(?:a|span|h[1-6])\s+(?:name|id)=)[^<>]*>(?:<\/\w+>)?$/i;
  // Elsewhere these two are text.
  if (heading.startsWith('=') && source.startsWith('// ')) return true;
  if (heading.includes('urgency=') && /^ -- [^<]*<[^<>]*> /.test(source)) return true;
  // Brackets of an outline, tags of AsciiDoc, labels of reStructuredText.
  const other = /^(?:\}{2,3}|\/\/ (?:tag|end)::\S*|<hr ?\/?>|\.\. _[^:]+:)$/;
  return other.test(source) || anchor.test(source);
}

/** A rule below a paragraph makes that a heading, and closes a block in AsciiDoc. */
function isUnderline(text: string, start: number, from: number): boolean {
  const above = lineAbove(text, start);
  if (!above || above.start < from) return false;
  return /^[^\s*+-]|^\*\*/.test(text.slice(above.start, above.end));
}

/** Whether a line closes an element that was opened before the section. */
function closesMore(section: string, source: string, surplus: Map<string, number>): boolean {
  if (!source.includes('</') || source.replace(/<[^<>]*>/g, '').trim() !== '') return false;
  // The bound keeps hostile texts cheap.
  const names = surplus.size < 30 ? (source.toLowerCase().match(/(?<=<\/)[a-z]+/g) ?? []) : [];
  return names.some((name) => {
    const count = (tag: string) => section.split(new RegExp(`<${tag}[\\s>]`, 'i')).length;
    const rest = surplus.get(name) ?? count(`/${name}`) - count(name);
    surplus.set(name, rest - 1);
    return rest > 0;
  });
}
