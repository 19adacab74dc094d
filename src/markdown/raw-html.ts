import type { Span } from '../text.ts';

const opening = /^[ \t]*<(?:pre|script|style|textarea)(?:\s[^<>]*)?(?:>|$)/i;

/**
 * Gives a reader of the HTML blocks whose content is shown as it stands, such as `<pre>` (CommonMark
 * 0.31, §4.6, kind 1). A block needs its closing tag before the next one opens. Takes linear time over
 * all lines together, which must come in order.
 *
 * @returns Gives the part of a line that is content of such a block, without its tags.
 */
export function readRawHtml(text: string): (start: number, end: number) => Span | undefined {
  const tags =
    /(?:^|[\r\n])[ \t]*<(?:pre|script|style|textarea)\b|<\/(?:pre|script|style|textarea)>/gi;
  let hit: RegExpExecArray | null | undefined;
  const closingAfter = (from: number) => {
    while (hit !== null && (hit === undefined || hit.index < from)) {
      tags.lastIndex = from;
      hit = tags.exec(text);
    }
    return hit?.[0].startsWith('</') ? hit.index : undefined;
  };
  let until = 0;
  return (start, end) => {
    if (start < until) return { start, end: Math.min(end, until) };
    if (hit === null || !text.startsWith('<', skipSpaces(text, start))) return undefined;
    const tag = opening.exec(text.slice(start, end))?.[0];
    if (tag === undefined) return undefined;
    const closing = closingAfter(start + tag.length);
    if (closing === undefined) return undefined;
    until = closing;
    return { start: start + tag.length, end: Math.min(end, closing) };
  };
}

function skipSpaces(text: string, from: number): number {
  let at = from;
  while (text[at] === ' ' || text[at] === '\t') at++;
  return at;
}
