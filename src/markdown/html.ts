import { type Span, within } from '../text.ts';

/** Reads the HTML comments of a text from top to bottom; see {@link readComments}. */
interface CommentReader {
  /** Whether a comment that an earlier line opened is still open at this offset. */
  isOpenAt(offset: number): boolean;
  /** The parts of the line from `start` to `end` that are comments. Lines must come in order. */
  read(start: number, end: number): readonly Span[];
}

export const none: readonly Span[] = [];

/**
 * Gives a reader of HTML comments. A comment needs its `-->`; one that begins within a line needs it
 * before the next blank line, since it is a part of a paragraph, and one in a list item before the
 * item's end (CommonMark 0.31, §4.6 and §6.6).
 * `<!--` in a code span of the same line, or after a backslash, opens none. Takes linear time over
 * all lines together.
 */
export function readComments(text: string): CommentReader {
  let until = 0;
  // Each search goes on from where it last hit, so that all of them pass over the text once.
  const opens = searchForward(text, /<!--/g);
  const ends = searchForward(text, /-->/g);
  const paragraphEnd = searchForward(text, /(?:\r\n|\r|\n)[ \t]*(?=[\r\n])/g);
  const itemEnd = searchForward(text, /(?:\r\n|\r|\n)[ \t]*(?:\r\n|\r|\n)(?=[^\s])/g);

  /** Where a comment has to end at the latest that begins behind `before`. */
  const limitOf = (before: string) => {
    if (/^ {0,3}$/.test(before)) return () => Infinity;
    // In a list item or indented code: before text that stands outside.
    return /^[ \t]*(?:(?:[-+*]|\d{1,9}[.)])[ \t]+)?$/.test(before) ? itemEnd : paragraphEnd;
  };

  return {
    isOpenAt: (offset) => offset < until,
    read(start, end) {
      if (until <= start && opens(start) >= end) return none;
      const found: Span[] = [];
      if (until > start) found.push({ start, end: Math.min(until, end) });
      const isCode = within(readCodeSpans(text.slice(start, end)));
      let from = Math.max(start, until);
      for (let at = opens(from); at < end; at = opens(from)) {
        // §6.6: `<!-->` is a whole comment.
        const close = ends(at + 2);
        const before = text.slice(start, Math.min(at, start + 40));
        from = at + 4;
        if (isCode(at - start) || isEscaped(text, at) || close === Infinity) continue;
        if (close > end && close > limitOf(before)(end)) continue;
        until = close + 3;
        found.push({ start: at, end: Math.min(until, end) });
        from = until;
      }
      return found;
    },
  };
}

/** Finds the first hit at or after an offset; Infinity if there is none. Offsets must not fall. */
function searchForward(text: string, pattern: RegExp): (from: number) => number {
  let hit = -1;
  return (from) => {
    if (hit < from) {
      pattern.lastIndex = from;
      hit = pattern.exec(text)?.index ?? Infinity;
    }
    return hit;
  };
}

/** Whether an odd number of backslashes stands in front. */
export function isEscaped(text: string, at: number): boolean {
  let start = at;
  while (text[start - 1] === '\\') start--;
  return (at - start) % 2 === 1;
}

/** Code spans of one line (§6.1): a run of backticks up to the next run of the same length. */
function readCodeSpans(line: string): Span[] {
  const closingRun = backtickRuns(line, line.length);
  const spans: Span[] = [];
  for (const { 0: run, index: start } of line.matchAll(/`+/g)) {
    const isInside = start < (spans.at(-1)?.end ?? 0);
    const end = isInside ? undefined : closingRun(start, run.length);
    if (end !== undefined) spans.push({ start, end });
  }
  return spans;
}

/** Finds, for a run of backticks, the end of the next run of the same length. Asked in order. */
export function backtickRuns(text: string, limit: number) {
  let endsByLength: Map<number, number[]> | undefined;
  return (start: number, length: number): number | undefined => {
    if (!endsByLength) {
      const runs = [...text.slice(start, limit).matchAll(/`+/g)].reverse();
      endsByLength = new Map();
      for (const run of runs) {
        const end = start + run.index + run[0].length;
        const ends = endsByLength.get(run[0].length);
        if (ends) ends.push(end);
        else endsByLength.set(run[0].length, [end]);
      }
    }
    const ends = endsByLength.get(length) ?? [];
    while ((ends.at(-1) ?? Infinity) <= start + length) ends.pop();
    return ends.at(-1);
  };
}

const opening = /^[ \t]*<(?:pre|script|style|textarea)(?:\s[^<>]*)?(?:>|$)/i;

/**
 * Gives a reader of the HTML blocks whose content is shown as it stands, such as `<pre>` (CommonMark
 * 0.31, §4.6, kind 1). A block needs its closing tag before the next one opens. Takes linear time over
 * all lines together, which must come in order.
 *
 * @returns Gives the part of a line that is content of such a block, without its tags.
 */
export function readRawHtml(text: string): (start: number, line: string) => Span | undefined {
  const opens = searchForward(text, /(?:^|[\r\n])[ \t]*<(?:pre|script|style|textarea)\b/gi);
  const closes = searchForward(text, /<\/(?:pre|script|style|textarea)>/gi);
  let until = 0;
  return (start, line) => {
    const end = start + line.length;
    if (start < until) return { start, end: Math.min(end, until) };
    const tag = opening.exec(line)?.[0];
    if (tag === undefined) return undefined;
    const from = start + tag.length;
    const closing = closes(from);
    if (closing === Infinity || opens(from) < closing) return undefined;
    until = closing;
    return { start: from, end: Math.min(end, closing) };
  };
}

/** The names of elements that GitHub shows as such, but for those without words: others are no formatting. */
export const formatting =
  /^(?:a|abbr|b|bdo|big|blockquote|br|caption|center|cite|code|dd|del|details|dfn|div|dl|dt|em|figcaption|figure|font|h[1-6]|hr|i|img|ins|kbd|li|mark|ol|p|picture|pre|q|rp|rt|ruby|s|samp|small|source|span|strike|strong|sub|summary|sup|table|tbody|td|tfoot|th|thead|time|tr|tt|u|ul|var|wbr)$/i;
