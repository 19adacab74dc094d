const smallestWindow = 256;

let segmenter: Intl.Segmenter | undefined;

/**
 * Gives the last place at or before `at` that divides no character as people see it (a grapheme
 * cluster, UAX 29). Offsets are UTF-16 code units.
 */
export function graphemeStart(text: string, at: number): number {
  if (at <= 0 || at >= text.length) return Math.max(0, Math.min(at, text.length));
  const next = text.charCodeAt(at);
  // Nothing but a preceding format character joins with ASCII: no need for the costly segmenter.
  if (next < 128 && !/[\p{Cf}\uD800-\uDFFF]/u.test(text[at - 1] ?? '')) return at;

  segmenter ??= new Intl.Segmenter('en', { granularity: 'grapheme' });
  for (let size = smallestWindow; ; size *= 4) {
    const start = flagsStart(text, Math.max(0, at - size));
    const window = text.slice(start, at + 2);
    const found = segmenter.segment(window).containing(at - start)?.index ?? 0;
    // The first clusters of a window may be the rest of one that began before it.
    if (start === 0 || found > size / 4) return start + found;
  }
}

/** Flags are pairs of regional indicators, so that only the start of a row tells the pairs. */
function flagsStart(text: string, from: number): number {
  let at = /[\uDC00-\uDFFF]/.test(text[from] ?? '') ? Math.max(0, from - 1) : from;
  while (at >= 2 && /^[\u{1F1E6}-\u{1F1FF}]$/u.test(text.slice(at - 2, at))) at -= 2;
  return at;
}
