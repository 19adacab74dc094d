import type { Change } from '../release/apply.ts';
import { count, safe } from '../text.ts';

/** Longest cell of a table, in code points. */
const longestCell = 100;

/** A table in Markdown. Foreign text stays inside its cell. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [
    line(head),
    line(head.map(() => '---')),
    ...rows.map((row) => line(row.map((cell) => inline(cell, longestCell)))),
  ].join('\n');
}

/**
 * Foreign text for the middle of a line: one line, none of it markup, HTML or a mention.
 * @param limit in code points
 */
export function inline(text: string, limit?: number): string {
  return safe(text, limit)
    .replace(/[&<>\\`*_[\]|~$@]/g, (character) => `&#${character.charCodeAt(0)};`)
    .replace(/:(?=\/\/)|(?<=www)\./gi, (character) => `&#${character.charCodeAt(0)};`);
}

/**
 * Foreign Markdown in a block quote, as its readers will see it. A tag of HTML could close the quote, so
 * an invisible character parts each `<` from what follows it.
 */
export function quoted(markdown: string): string {
  return asQuote(markdown.toWellFormed().replace(/<(?=[a-z/!?])/gi, '<\u200b'));
}

/** An alert as GitHub shows it, around text that is safe. */
export function alert(kind: 'CAUTION' | 'WARNING', paragraphs: readonly string[]): string {
  return asQuote(`[!${kind}]\n${paragraphs.join('\n\n')}`);
}

/** Foreign text as it was written, in a fence that is longer than any in it. */
export function fenced(text: string): string {
  const longest = Math.max(2, ...Array.from(text.matchAll(/`+/g), ([ticks]) => ticks.length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}\n${text.toWellFormed()}\n${fence}`;
}

/** Markdown that is folded in. */
export function folded(title: string, markdown: string): string {
  return `<details><summary>${title}</summary>\n\n${markdown}\n\n</details>`;
}

function asQuote(markdown: string): string {
  return markdown
    .split(/\r\n?|\n/)
    .map((line) => (line === '' ? '>' : `> ${line}`))
    .join('\n');
}

/** A value of a field as a cell: of notes their length, of files their number. */
export function brief(field: Change, value: unknown): string {
  if (field === 'files' && Array.isArray(value)) return count(value.length, 'file');
  if (field !== 'notes') return show(value);
  return typeof value === 'string' && value !== '' ? count(value.length, 'character') : '–';
}

/** A value as a cell; a dash where there is none. */
export function show(value: unknown): string {
  if (value === null || value === undefined || value === '') return '–';
  return Array.isArray(value) ? value.join(', ') || '–' : String(value);
}
