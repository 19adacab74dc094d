import type { ActionError } from '../errors.ts';
import { fileUrl, type Repository } from '../markdown/index.ts';
import { notesLimit } from '../notes/notes.ts';
import type { AppliedRelease, Change, ReleaseResult } from '../release/apply.ts';
import { count, describeSize, encodePath, safe } from '../text.ts';
import { countResults, type RunFacts, resultOf } from './outputs.ts';

const titles: Readonly<Record<ReleaseResult, string>> = {
  updated: '✅ Release updated',
  created: '✅ Release created',
  unchanged: '✅ Release already up to date',
  skipped: '⏭️ Nothing to update',
  planned: '🔎 Dry run: nothing was written',
  failed: '❌ Release not updated',
  unknown: '⚠️ Release may have been updated',
};

/** Releases in one table: the summary stays far under the runner's 1 MiB. */
const mostRows = 200;

/** In code points. */
const longestCell = 100;

/** Notes of more lines than this are folded. */
const foldedFrom = 20;

/**
 * The job summary, in GitHub's Markdown. Foreign text stays inside its cell or box, whatever is in
 * it: no line begins with it, and nothing in it is markup.
 */
export function renderSummary(facts: RunFacts): string {
  const { applied = [], error, skipReason, notes } = facts;
  const [only] = applied;
  const one = applied.length === 1 && only;
  return [
    `### ${titleOf(facts)}`,
    ...(skipReason === undefined ? [] : [`Nothing was done: ${inline(skipReason)}.`]),
    ...(error ? [describeError(error)] : []),
    ...(one ? [...describeRelease(one), ...describeChanges(one), ...listFiles(one)] : []),
    ...(applied.length > 1 ? [listReleases(applied)] : []),
    ...(notes ? [boxNotes(notes.text)] : []),
    ...describeOrigin(facts),
  ].join('\n\n');
}

function titleOf(facts: RunFacts): string {
  const { applied = [] } = facts;
  const result = resultOf(facts);
  // The fields may be updated all the same.
  const isOpen = result === 'failed' && applied[0]?.files;
  if (applied.length < 2) return isOpen ? '❌ Release not complete' : titles[result];
  const title = result === 'failed' ? '❌ Not every release was updated' : titles[result];
  return `${title} (${countResults(applied)})`;
}

function describeError({ what, remedy, code }: ActionError): string {
  const happened = what.split('\n').map((line) => inline(line, 600));
  return [
    `> **What happened:** ${happened.join('<br>')}`,
    `> **What to do:** ${inline(remedy, 600)}`,
    `> <sub>${code}</sub>`,
  ].join('\n>\n');
}

function describeRelease({ release, id, reason }: AppliedRelease): string[] {
  if (!release) return id === undefined ? [] : [`Release ${inline(id)}`];
  const { name, version, channel, platforms, published } = release;
  const state = `${published ? '' : 'not '}published`;
  const remark = reason === undefined ? state : `left as it is: ${reason}`;
  return [
    table(
      ['Release', 'Version', 'Channel', 'Platforms', 'State', 'Id'],
      [[show(name), version, show(channel), show(platforms), remark, release.id]],
    ),
  ];
}

function describeChanges(applied: AppliedRelease): string[] {
  const { changedFields, previous, isNew, release } = applied;
  const added = (applied.files ?? []).filter(({ state }) => state !== 'present');
  const former = Array.isArray(previous['files']) ? previous['files'] : [];
  const after = { ...applied.fields, files: [...former, ...added], published: true };
  if (changedFields.length === 0) return [];
  const before = (field: Change) => {
    if (field in previous) return brief(field, previous[field]);
    return isNew || release ? '–' : 'not looked at';
  };
  const rows = changedFields.map((field) => [field, before(field), brief(field, after[field])]);
  return [table(['Field', 'Before', 'After'], rows)];
}

function listFiles({ files = [], result }: AppliedRelease): string[] {
  if (files.length === 0) return [];
  const words = {
    present: 'already there',
    uploaded: 'uploaded',
    missing: result === 'planned' ? 'to be uploaded' : 'not uploaded',
  };
  const rows = files
    .slice(0, mostRows)
    .map(({ name, size, checksum, state }) => [
      name,
      describeSize(size),
      show(checksum),
      words[state],
    ]);
  return [table(['File', 'Size', 'MD5', 'State'], rows)];
}

function listReleases(applied: readonly AppliedRelease[]): string {
  const rows = applied
    .slice(0, mostRows)
    .map(({ id, release, result, changedFields, error, reason }) => [
      result,
      show(release?.channel),
      show(release?.platforms),
      changedFields.join(', ') || '–',
      id ?? 'new',
      error ? `${error.code}: ${error.what}` : (reason ?? ''),
    ]);
  const more = applied.length - rows.length;
  return [
    table(['Result', 'Channel', 'Platforms', 'Changed', 'Id', 'Remark'], rows),
    ...(more > 0 ? [`… and ${more} more.`] : []),
  ].join('\n\n');
}

/**
 * Notes as customers will see them, in a block quote. A tag of HTML could close the quote, so an
 * invisible character parts each `<` from what follows it.
 */
function boxNotes(text: string): string {
  const lines = text
    .toWellFormed()
    .replace(/<(?=[a-z/!?])/gi, '<\u200b')
    .split('\n');
  const quoted = lines.map((line) => `> ${line}`).join('\n');
  const size = `${text.length} of ${notesLimit} characters`;
  return lines.length <= foldedFrom
    ? `**Notes** (${size})\n\n${quoted}`
    : `<details><summary><b>Notes</b> (${size})</summary>\n\n${quoted}\n\n</details>`;
}

/** How the tag was read and where the notes came from. */
function describeOrigin({ chosen, notes, version, event }: RunFacts): string[] {
  const lines: string[] = [];
  if (chosen?.ref !== undefined && (chosen.source === 'event' || chosen.source === 'tag input')) {
    const prefix = chosen.prefix === '' ? '' : `prefix ${inline(chosen.prefix)} → `;
    lines.push(`Tag ${inline(chosen.ref)} → ${prefix}version ${inline(version ?? chosen.version)}`);
  } else if (chosen) {
    lines.push(`Version ${inline(version ?? chosen.version)} from the ${chosen.source}`);
  }
  if (notes) {
    const { at, source, truncated, length, text } = notes;
    const place = at && `${inline(at.file)}${at.line === undefined ? '' : ` line ${at.line}`}`;
    // The tag of a rehearsal is still to come.
    const isThere = chosen?.ref !== undefined && chosen.source !== 'changelog';
    const link =
      at && event?.repository && linkTo(event.repository, isThere ? chosen.ref : event.sha, at);
    const where = link ? `: [${place}](${link})` : place ? `: ${place}` : '';
    const cut = truncated ? `, cut from ${length} to ${text.length} characters` : '';
    lines.push(`Notes from ${source}${where}${cut}`);
  }
  return lines.length > 0 ? [`<sub>${lines.join(' · ')}</sub>`] : [];
}

function linkTo(
  repository: Repository,
  ref: string,
  at: { readonly file: string; readonly line?: number },
): string {
  const source = repository.forge === 'GitHub' ? 'plain=1' : 'display=source';
  const line = at.line === undefined ? '' : `?${source}#L${at.line}`;
  return `${fileUrl(repository, ref, encodePath(at.file))}${line}`;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [
    line(head),
    line(head.map(() => '---')),
    ...rows.map((row) => line(row.map((cell) => inline(cell, longestCell)))),
  ].join('\n');
}

/** Foreign text for the middle of a line: one line, none of it markup, HTML or a mention. */
function inline(text: string, limit?: number): string {
  return safe(text, limit)
    .replace(/[&<>\\`*_[\]|~$@]/g, (character) => `&#${character.charCodeAt(0)};`)
    .replace(/:(?=\/\/)|(?<=www)\./gi, (character) => `&#${character.charCodeAt(0)};`);
}

function brief(field: Change, value: unknown): string {
  if (field === 'files' && Array.isArray(value)) return count(value.length, 'file');
  if (field !== 'notes') return show(value);
  return typeof value === 'string' && value !== '' ? `${value.length} characters` : '–';
}

function show(value: unknown): string {
  if (value === null || value === undefined || value === '') return '–';
  return Array.isArray(value) ? value.join(', ') || '–' : String(value);
}
