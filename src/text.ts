/** A stretch of a text. Offsets are UTF-16 code units; `end` is exclusive. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** The order of spans by their start. */
export const byStart = (one: Span, other: Span) => one.start - other.start;

/** Says of offsets, asked in order, whether one of some spans, by their start, holds them. */
export function within(spans: readonly Span[]): (at: number) => boolean {
  let next = 0;
  return (at) => {
    while ((spans[next]?.end ?? Infinity) <= at) next++;
    return (spans[next]?.start ?? Infinity) <= at;
  };
}

/** Longest piece of foreign text shown in one go, in code points. */
const defaultLimit = 300;

/** Control, formatting (bidirectional, zero-width and other invisible) and separator characters. */
const unsafe = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;

/**
 * Makes text from outside (tags, changelogs, server messages) safe for one line of the log.
 * The runner obeys `::command::` at the start of a line, white space aside, and `##[command]`
 * anywhere in it, so both are broken up; invisible characters are shown as `\u{…}`; the rest is cut to `limit` code points.
 * Total, idempotent, linear.
 */
export function safe(text: string, limit: number = defaultLimit): string {
  const visible = text
    .toWellFormed()
    .replace(unsafe, (character) => `\\u{${character.codePointAt(0)?.toString(16)}}`)
    .replaceAll('##[', '# #[')
    .replace(/^(\s*):(?=:)/u, '$1: ');
  return cut(visible, limit);
}

/** Whether a text holds a control character. */
export function hasControl(text: string): boolean {
  return /\p{Cc}/u.test(text);
}

/**
 * Text with `\n` as line break, without byte order marks at its start and control characters but TAB, and
 * with U+FFFD for unpaired surrogates. Idempotent.
 */
export function cleanText(text: string): string {
  return text
    .replace(/\r\n?/g, '\n')
    .replace(/[^\t\n\P{Cc}]/gu, '')
    .replace(/^\uFEFF+/, '')
    .toWellFormed();
}

/** Foreign text in quotes, {@link safe} to show. */
export function quote(text: string, limit: number = defaultLimit): string {
  return `"${safe(text, limit)}"`;
}

/** Joins words as people do: `a`, `a or b`, `a, b or c`. */
export function listWords(words: readonly string[], joint: 'and' | 'or' = 'or'): string {
  const last = words.at(-1) ?? '';
  return words.length < 2 ? last : `${words.slice(0, -1).join(', ')} ${joint} ${last}`;
}

/** A text without blank lines around it; the first line keeps its indentation, which makes code. */
export function trimLines(text: string): string {
  return text.trimEnd().replace(/^(?:[ \t]*\n)+/, '');
}

/** A number of things with its noun: `1 release`, `2 releases`. */
export function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}

/** A number of bytes for people: `512 bytes`, `1.2 MB`; a MB is a million. */
export function describeSize(bytes: number): string {
  const units = Object.entries({ GB: 1e9, MB: 1e6, kB: 1e3 });
  const [name, unit = 1] = units.find(([, least]) => bytes >= least) ?? [];
  return name === undefined ? count(bytes, 'byte') : `${(bytes / unit).toFixed(1)} ${name}`;
}

/** What a text says in JSON, a byte order mark before it or not; undefined where it is no JSON. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text.replace(/^\ufeff/, ''));
  } catch {
    return undefined;
  }
}

/** Without the slashes at its end. */
export function trimSlashes(text: string): string {
  let end = text.length;
  while (text[end - 1] === '/') end -= 1;
  return text.slice(0, end);
}

/** Encodes a path for a URL, its slashes aside; brackets too, which would end a Markdown link. */
export function encodePath(path: string): string {
  return path.split('/').map(encodeSegment).join('/');
}

/** Encodes one segment of a path, or a value of a query. */
export function encodeSegment(segment: string): string {
  return encodeURIComponent(segment.toWellFormed()).replace(/[!'()*]/g, percent);
}

/** A character of ASCII as URLs write it, such as `%20`. */
export function percent(character: string): string {
  return `%${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`;
}

/** Cuts to `limit` code points, the last of them an ellipsis where something was cut. */
function cut(text: string, limit: number): string {
  if (text.length <= limit) return text;
  // A code point has at most two units.
  const codePoints = [...text.slice(0, 2 * limit + 2)];
  return codePoints.length <= limit ? text : `${codePoints.slice(0, limit - 1).join('')}…`;
}
