import type { Heading } from './conventions.ts';
import type { Outline } from './headings.ts';
import { compareVersions } from './versions.ts';

/** Index of the line that ends a section, which isn't part of it. */
export function endOfSection({ lines, headings }: Outline, heading: Heading): number {
  const deepest = headings.reduce(
    (most, { kind, level }) => (kind === 'release' ? Math.max(most, level) : most),
    heading.level,
  );
  const next = headings.find(
    (other) => other.index > heading.index && closes(other, heading, deepest),
  );
  let end = next?.first ?? beforeDefinitions(lines, heading.last + 1);
  // An anchor directly above a heading is a target for links to that heading.
  for (let at = end - 1; next && at > heading.last; at--) {
    if (isAnchor(lines[at]?.text)) end = at;
    else if (!isBlank(lines[at]?.text)) break;
  }
  if (next) end = beforeDetails(lines, heading.last + 1, end);
  return withoutOuterDetails(lines, heading.last + 1, end);
}

const longestSummary = 8;

/** `<details><summary>Older releases</summary>` above the next heading holds that, and not the end of this section. */
function beforeDetails(lines: Outline['lines'], from: number, end: number): number {
  for (let at = end - 1; at >= from && at >= end - longestSummary; at--) {
    const { text, fence } = lines[at] ?? { text: '' };
    if (fence || /<\/details>/i.test(text)) return end;
    if (!/^\s*<details[\s>]/i.test(text)) continue;
    const last = lines.slice(at, end).map((line) => line.text);
    const isOpening = /^\s*<details[^<>]*>\s*(?:<summary[^<>]*>.*<\/summary>\s*)?$/is;
    return isOpening.test(last.join('\n')) ? at : end;
  }
  return end;
}

/** Releases in `<details>`, one or many, end with it: `</details>` is closed, but not opened in them. */
function withoutOuterDetails(lines: Outline['lines'], from: number, to: number): number {
  let end = to;
  while (end > from && isBlank(lines[end - 1]?.text)) end--;
  if (!isClosing(lines[end - 1])) return to;
  let depth = 0;
  for (let at = from; at < end; at++) {
    const { text, fence } = lines[at] ?? { text: '' };
    if (fence || !text.includes('<')) continue;
    depth += text.split(/<details[\s>]/i).length - text.split(/<\/details>/i).length;
  }
  for (; depth < 0 && end > from && isClosing(lines[end - 1]); depth++) {
    end--;
    while (end > from && isBlank(lines[end - 1]?.text)) end--;
  }
  return end;
}

function isClosing(line: Outline['lines'][number] | undefined): boolean {
  return !line?.fence && /^\s*<\/details>\s*$/i.test(line?.text ?? '');
}

function closes(other: Heading, heading: Heading, deepest: number): boolean {
  if (other.kind === 'group') return other.level <= heading.level;
  // Deeper than every release, "### Upcoming changes" and "### Main" are topics of one.
  if (other.kind === 'unreleased')
    return other.level <= deepest || /un-?released/i.test(other.source);
  if (other.level === heading.level) return true;
  // "### 1.2.3: the details" below "## 1.2.3" is a part of it, and so is "# What's new in 1.2".
  return other.versions.some(({ text }) =>
    heading.versions.every((own) => compareVersions(own.text, text) !== 0),
  );
}

/** Whether a line is blank or past the end. */
export function isBlank(text: string | undefined): boolean {
  return text === undefined || text.trim() === '';
}

/** `<a name="…"></a>`, `<a id="…"/>`, `<details>`, and `.. _label:` of reStructuredText. */
function isAnchor(text = ''): boolean {
  if (!/^\s{0,3}[<.]/.test(text)) return false;
  return /^\s{0,3}(?:<(?:a|span|div)\s+(?:name|id)=[^<>]*>(?:<\/\w+>)?|<details[^<>]*>|\.\. _[^:]+:)\s*$/i.test(
    text,
  );
}

/** Link definitions at the end of a file, and comments among them, serve all of it, not its last section. */
function beforeDefinitions(lines: Outline['lines'], from: number): number {
  let end = lines.length;
  for (let at = end - 1; at >= from; at--) {
    const text = lines[at]?.text ?? '';
    const isComment = /^\s*<!--.*-->\s*$/.test(text);
    // §4.7: the destination may stand on a line of its own.
    const isWrapped =
      /^\s+\S+\s*$/.test(text) && /^ {0,3}\[[^\]]+\]:\s*$/.test(lines[at - 1]?.text ?? '');
    if (isWrapped) continue;
    if (/^ {0,3}\[(?!\^)[^\]]+\]:/.test(text) || (isComment && end < lines.length)) end = at;
    else if (!isBlank(text) && !isComment) break;
  }
  return end;
}
