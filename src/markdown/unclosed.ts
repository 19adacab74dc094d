import { type Fence, scanLines } from './lines.ts';

/** The fences that are open at the end of a text, for viewers and so for what is put behind it. */
export function openFences(text: string): Fence[] {
  return (['`', '~'] as const).flatMap((marker) => {
    if (!text.includes(marker.repeat(3))) return [];
    // `scanLines` takes a fence for one when it is closed, so this closes it.
    const fence = scanLines(`${text}\n${marker.repeat(999)}`).at(-1)?.fence;
    return fence ? [fence] : [];
  });
}

/** Whether what is put behind a text would be shown as it stands: in a fence, `<pre>` or the like. */
export function endsInCode(text: string): boolean {
  if (openFences(text).length > 0) return true;
  if (!/<(?:pre|script|style|textarea)/i.test(text)) return false;
  return scanLines(`${text}\n.</pre>`).at(-1)?.raw !== undefined;
}
