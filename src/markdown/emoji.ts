import { scanMarkup } from './inline.ts';

const shortcode = /(?<=^|\s):([a-z0-9_+-]+):(?=\s|$)/gm;

/**
 * Puts the emoji in place of GitHub's codes such as `:sparkles:`, where they stand between spaces or
 * line ends and not in code, tags or addresses. Their names are loaded when a text has such a code.
 */
export async function withEmoji(text: string): Promise<string> {
  const codes = [...text.matchAll(shortcode)];
  if (codes.length === 0) return text;
  const { default: names } = await import('markdown-it-emoji/lib/data/full.mjs');
  const emoji = new Map(Object.entries(names));
  const hidden = scanMarkup(text, () => false).map((item) =>
    item.kind === 'link' ? { start: item.text.end, end: item.end } : item,
  );
  hidden.sort((one, other) => one.start - other.start);
  let replaced = '';
  let at = 0;
  let next = 0;
  for (const { 0: code, 1: name = '', index } of codes) {
    while ((hidden[next]?.end ?? text.length) <= index) next++;
    const isHidden = (hidden[next]?.start ?? text.length) <= index;
    replaced += text.slice(at, index) + (isHidden ? code : (emoji.get(name) ?? code));
    at = index + code.length;
  }
  return replaced + text.slice(at);
}
