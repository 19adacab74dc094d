import type { Heading, Outline } from './headings.ts';
import { compareVersions } from './versions.ts';

/** Index of the line that ends a section, which isn't part of it. */
export function endOfSection({ lines, headings }: Outline, heading: Heading): number {
  const next = headings.find((other) => other.index > heading.index && closes(other, heading));
  let end = next?.first ?? beforeDefinitions(lines, heading.last + 1);
  // An anchor directly above a heading is a target for links to that heading.
  for (let at = end - 1; next && at > heading.last; at--) {
    if (isAnchor(lines[at]?.text)) end = at;
    else if (!isBlank(lines[at]?.text)) break;
  }
  // A release in `<details>` ends with it.
  for (let at = end - 1; heading.source.includes('<summary') && at > heading.last; at--) {
    if (/^\s*<\/details>\s*$/.test(lines[at]?.text ?? '')) end = at;
    else if (!isBlank(lines[at]?.text)) break;
  }
  return end;
}

function closes(other: Heading, heading: Heading): boolean {
  if (other.kind === 'group') return other.level <= heading.level;
  if (other.kind === 'unreleased' || other.level === heading.level) return true;
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
function isAnchor(text: string | undefined): boolean {
  return /^\s{0,3}(?:<(?:a|span|div)\s+(?:name|id)=[^<>]*>(?:<\/\w+>)?|<details[^<>]*>|\.\. _[^:]+:)\s*$/i.test(
    text ?? '',
  );
}

/** Link definitions at the end of a file, and comments among them, serve all of it, not its last section. */
function beforeDefinitions(lines: Outline['lines'], from: number): number {
  let end = lines.length;
  for (let at = end - 1; at >= from; at--) {
    const text = lines[at]?.text ?? '';
    const isComment = /^\s*<!--.*-->\s*$/.test(text);
    if (/^ {0,3}\[(?!\^)[^\]]+\]:/.test(text) || (isComment && end < lines.length)) end = at;
    else if (!isBlank(text) && !isComment) break;
  }
  return end;
}
