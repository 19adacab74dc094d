import type { AppliedRelease, ReleaseResult } from './apply.ts';
import { type RunFacts, resultOf } from './outputs.ts';
import { safe } from './text.ts';
import type { Release, ReleaseField } from './vendor/release.ts';

const titles: Readonly<Record<ReleaseResult, string>> = {
  updated: '✅ Release updated',
  created: '✅ Release created',
  unchanged: '✅ Release already up to date',
  skipped: '⏭️ Nothing to update',
  planned: '🔎 Dry run: nothing was written',
  failed: '❌ Release not updated',
  unknown: '⚠️ Release may have been updated',
};

/** Rows of a table with one release each: the summary stays far under the runner's 1 MiB. */
const mostRows = 300;

/** Notes longer than this many lines are folded. */
const foldedFrom = 12;

/** The job summary, in GitHub's Markdown. Foreign text can't get out of its cell or box. */
export function renderSummary(facts: RunFacts): string {
  const { applied = [], error, skipReason } = facts;
  const result = resultOf(facts);
  const [only] = applied;
  return [
    `### ${titles[result]}`,
    ...(error ? [errorBox(error.what, error.remedy, error.code)] : []),
    ...(skipReason === undefined ? [] : [`Skipped: ${inline(skipReason)}.`]),
    ...(applied.length === 1 && only ? oneRelease(only) : []),
    ...(applied.length > 1 ? [manyReleases(applied)] : []),
    ...(facts.notes ? notesBox(facts.notes.text) : []),
    ...origin(facts),
  ].join('\n\n');
}

function errorBox(what: string, remedy: string, code: string): string {
  const lines = what.split('\n').map((line) => inline(line, 600));
  return [
    '> [!CAUTION]',
    ...lines.map((line) => `> ${line}<br>`),
    `> **${inline(remedy, 600)}** (${code})`,
  ].join('\n');
}

function oneRelease(applied: AppliedRelease): string[] {
  const { release, id, changedFields, previous, fields } = applied;
  const rows = release ? factsOf(release) : [['Id', id ?? 'new']];
  const changes = changedFields.filter((field) => field !== 'notes');
  const cells = changes.map((field) => [
    field,
    field in previous ? show(previous[field]) : '(not looked at)',
    show(fields[field]),
  ]);
  const notes = changedFields.includes('notes')
    ? [['notes', lengthOf(previous, 'notes'), lengthOf(fields, 'notes')]]
    : [];
  return [
    table(['', ''], rows),
    ...(changedFields.length > 0
      ? [table(['Field', 'Before', 'After'], [...cells, ...notes])]
      : []),
  ];
}

function factsOf(release: Release): string[][] {
  const { name, version, channel, platforms, published, id } = release;
  return [
    ['Name', show(name)],
    ['Version', version],
    ['Channel', show(channel)],
    ['Platforms', show(platforms)],
    ['State', published ? 'published' : 'not published'],
    ['Id', id],
  ];
}

function manyReleases(applied: readonly AppliedRelease[]): string {
  const rows = applied
    .slice(0, mostRows)
    .map(({ id, release, result, changedFields, error, reason }) => [
      result,
      show(release?.channel),
      show(release?.platforms),
      changedFields.join(', '),
      id ?? '',
      error ? `${error.code}: ${error.what}` : (reason ?? ''),
    ]);
  const more = applied.length - rows.length;
  return [
    table(['Result', 'Channel', 'Platforms', 'Changed', 'Id', 'Remark'], rows),
    ...(more > 0 ? [`… and ${more} more.`] : []),
  ].join('\n\n');
}

/**
 * Notes as customers will see them, in a block quote. Raw HTML could close the quote, so no tag
 * survives: an invisible character parts `<` from what follows.
 */
function notesBox(text: string): string[] {
  const lines = text
    .toWellFormed()
    .replace(/<(?=[a-z/!?])/gi, '<\u200b')
    .split('\n');
  const quoted = lines.map((line) => `> ${line}`).join('\n');
  if (lines.length <= foldedFrom) return ['#### Notes', quoted];
  return [`<details><summary><b>Notes</b> (${lines.length} lines)</summary>`, quoted, '</details>'];
}

function origin({ chosen, notes, version }: RunFacts): string[] {
  const lines = [
    ...(chosen?.ref === undefined
      ? []
      : [
          `Tag ${inline(chosen.ref)}${chosen.prefix ? ` → prefix ${inline(chosen.prefix)}` : ''} → version ${inline(version ?? chosen.version)}`,
        ]),
    ...(notes
      ? [
          `Notes from ${notes.source}${notes.at ? `: ${inline(notes.at.file)}${notes.at.line ? `, line ${notes.at.line}` : ''}` : ''}${notes.truncated ? `, cut from ${notes.length} to ${notes.text.length} characters` : ''}`,
        ]
      : []),
  ];
  return lines.length > 0 ? [`<sub>${lines.join(' · ')}</sub>`] : [];
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const cells = (row: readonly string[]) =>
    `| ${row.map((cell) => (cell === '' ? ' ' : inline(cell))).join(' | ')} |`;
  const heading = head.some((title) => title !== '')
    ? head.map((title) => title || ' ')
    : head.map(() => ' ');
  return [
    `| ${heading.join(' | ')} |`,
    `|${head.map(() => ' --- |').join('')}`,
    ...rows.map(cells),
  ].join('\n');
}

/** Foreign text as inline code, on one line: nothing in it is markup, in a table cell or outside. */
function inline(text: string, limit?: number): string {
  const escaped = safe(text, limit)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replace(/[\\`*_[\]{}()#+\-.!|~:@$]/g, (character) => `&#${character.charCodeAt(0)};`);
  return escaped;
}

function show(value: unknown): string {
  if (value === null || value === undefined || value === '') return '–';
  return Array.isArray(value) ? value.join(', ') : String(value);
}

function lengthOf(values: Partial<Record<ReleaseField, unknown>>, field: ReleaseField): string {
  const value = values[field];
  return typeof value === 'string' && value !== '' ? `${value.length} characters` : '–';
}
