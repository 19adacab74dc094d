import { differingFields, pickFields } from '../cryptlex/release.ts';
import type { ActionError, FilePosition } from '../errors.ts';
import { inputRules } from '../inputs/inputs.ts';
import { fileUrl } from '../markdown/index.ts';
import { notesLimit } from '../notes/limit.ts';
import { sourceNames, titleOf } from '../notes/notes.ts';
import type { AppliedRelease, Change, ReleaseResult } from '../release/apply.ts';
import type { Repository } from '../tag/event.ts';
import { count, describeSize, encodePath } from '../text.ts';
import { alert, brief, fenced, folded, inline, quoted, show, table } from './markup.ts';
import { countResults, isLeft, type RunFacts, resultOf, shownFields } from './outputs.ts';

const titles: Readonly<Record<ReleaseResult, string>> = {
  updated: '✅ Release updated in Cryptlex',
  created: '✅ Release created in Cryptlex',
  unchanged: '✅ Release already up to date in Cryptlex',
  skipped: '⏭️ Release left as it is in Cryptlex',
  planned: '🔎 Dry run, nothing sent to Cryptlex',
  failed: '❌ Release not updated in Cryptlex',
  unknown: '⚠️ Release may have been updated in Cryptlex',
};

/** Heads of the two columns that show a field, where they are not `Before` and `After`. */
const columns: Readonly<Partial<Record<ReleaseResult, readonly [string, string]>>> = {
  planned: ['Now', 'Planned'],
  failed: ['Now', 'Wanted'],
  skipped: ['Now', 'Wanted'],
  unknown: ['Before', 'Wanted'],
};

/** Releases in one table: the summary stays far under the runner's 1 MiB. */
const mostRows = 200;

/** Characters of notes before the run that are shown in all, of as many releases as that allows. */
const mostFormerNotes = 50_000;

/** Notes of more lines than this are folded. */
const foldedFrom = 20;

/**
 * The job summary, in GitHub's Markdown. Foreign text stays inside its cell or box, whatever is in
 * it: no line begins with it, and nothing in it is markup.
 */
export function renderSummary(facts: RunFacts): string {
  const { applied = [], error, skipReason } = facts;
  const [only] = applied;
  const one = applied.length === 1 && only;
  return [
    `### ${headlineOf(facts)}`,
    ...(skipReason === undefined ? [] : [`Nothing was updated: ${inline(skipReason)}.`]),
    ...(error ? [describeError(error, resultOf(facts))] : []),
    ...(one ? [...describeRelease(one), ...describeChanges(one)] : []),
    ...(applied.length > 1 ? [listReleases(applied)] : []),
    ...listFiles(applied),
    ...describeNotes(facts),
    ...showFormerNotes(applied),
    ...describeOrigin(facts),
  ].join('\n\n');
}

function headlineOf(facts: RunFacts): string {
  const { applied = [], skipReason } = facts;
  const result = resultOf(facts);
  const [only] = applied;
  const version = only?.release?.version ?? facts.version ?? facts.chosen?.version ?? '';
  if (applied.length > 1) {
    const title =
      result === 'failed' ? '❌ Not every release was updated in Cryptlex' : titles[result];
    return `${title}: ${inline(version)} (${countResults(applied)})`;
  }
  // The fields may be updated all the same.
  const isIncomplete = result === 'failed' && only?.files !== undefined;
  const usual = isIncomplete ? '❌ Release not complete in Cryptlex' : titles[result];
  const title = skipReason === undefined ? usual : '⏭️ No release to update in Cryptlex';
  const name = only?.release?.name ?? only?.fields.name ?? '';
  const subject = name.includes(version) ? name : `${name} (${version})`;
  const shown = inline(name === '' ? version : subject, 100);
  return shown === '' ? title : `${title}: ${shown}`;
}

function describeError({ what, remedy, code }: ActionError, result: ReleaseResult): string {
  const happened = what.split('\n').map((line) => inline(line, 600));
  return alert(result === 'unknown' ? 'WARNING' : 'CAUTION', [
    `**What happened:** ${happened.join('<br>')}`,
    `**What to do:** ${inline(remedy, 600).replace(/[a-z-]+(?:: [a-z]+)?/g, asCode)}`,
    `<sub>${code}</sub>`,
  ]);
}

/** The name of an input, perhaps with its value, as code; names of one word are also plain words. */
function asCode(words: string): string {
  const [name = ''] = words.split(':', 1);
  return name.includes('-') && name in inputRules ? `<code>${words}</code>` : words;
}

function describeRelease({ release, id, isNew, result, reason }: AppliedRelease): string[] {
  if (!release) {
    const isUnread = result === 'planned' && id === undefined && !isNew;
    return isUnread ? ['There is no `access-token`, so the release was not read.'] : [];
  }
  const { name, version, channel, platforms, published } = release;
  const state = published ? 'published' : 'not published';
  return [
    table(
      ['Release', 'Version', 'Channel', 'Platforms', 'State'],
      [[show(name), version, show(channel), show(platforms), state]],
    ),
    ...(reason === undefined ? [] : [`The release was left as it is: ${inline(reason)}.`]),
  ];
}

function describeChanges(applied: AppliedRelease): string[] {
  const { previous, fields, files = [], isNew, release, result } = applied;
  const shown = shownFields(applied);
  if (shown.length === 0) return [];
  const added = files.filter(({ state }) => state !== 'present');
  const former = Array.isArray(previous['files']) ? previous['files'] : [];
  const after = { ...fields, files: [...former, ...added], published: true };
  const known = isLeft(applied) ? pickFields(release ?? {}, shown) : previous;
  const before = (field: Change) => {
    if (field in known) return brief(field, known[field]);
    return isNew || release ? '–' : 'not read';
  };
  const rows = shown.map((field) => {
    const [former, next] = [before(field), brief(field, after[field])];
    // Other notes may be of the same length.
    return [field, former, former === next ? `${next}, other text` : next];
  });
  return [table(['Field', ...(columns[result] ?? ['Before', 'After'])], rows)];
}

function listFiles(applied: readonly AppliedRelease[]): string[] {
  const several = applied.length > 1;
  const rows = applied.flatMap(({ files = [], id = '', result }) =>
    files.map(({ name, size, checksum, state }) => {
      const missing = result === 'planned' ? 'to be uploaded' : 'not uploaded';
      const words = { present: 'already there', uploaded: 'uploaded', missing };
      const cells = [name, describeSize(size), show(checksum), words[state]];
      return several ? [...cells, id] : cells;
    }),
  );
  if (rows.length === 0) return [];
  const head = ['File', 'Size', 'MD5', 'State', ...(several ? ['Release'] : [])];
  return [table(head, rows.slice(0, mostRows))];
}

function listReleases(applied: readonly AppliedRelease[]): string {
  const rows = applied
    .slice(0, mostRows)
    .map(({ id, release, result, changedFields, error, reason }) => [
      result,
      show(release?.channel),
      show(release?.platforms),
      changedFields.join(', ') || '–',
      error?.code ?? reason ?? '',
      id ?? 'new',
    ]);
  const more = applied.length - rows.length;
  return [
    table(['Result', 'Channel', 'Platforms', 'Fields', 'Remark', 'Id'], rows),
    ...(more > 0 ? [`… and ${more} more.`] : []),
  ].join('\n\n');
}

/** The notes as customers will see them, and whether they will. */
function describeNotes(facts: RunFacts): string[] {
  const { notes } = facts;
  if (!notes) return [];
  const { text, size, fullSize, unit, truncated, leftOut } = notes;
  const title = `<b>${titleOfNotes(facts, text)}</b> (${size} of ${count(notesLimit, unit)})`;
  const box = quoted(text);
  const isLong = box.split('\n').length > foldedFrom;
  const cut = `The notes were cut from ${fullSize} to ${count(size, unit)}. ${inline(leftOut, 600)}`;
  return [
    ...(truncated ? [alert('WARNING', [cut])] : []),
    isLong ? folded(title, box) : `${title}\n\n${box}`,
  ];
}

function titleOfNotes(facts: RunFacts, notes: string): string {
  const { applied = [] } = facts;
  const result = resultOf(facts);
  if (result === 'planned') return 'Notes that would be sent';
  if (result === 'unknown') return 'Notes that may have been sent';
  const isThere = ({ release }: AppliedRelease) =>
    release !== undefined && differingFields({ notes }, release).length === 0;
  if (applied.some(isThere)) return 'Notes';
  return result === 'unchanged'
    ? 'Notes that were not sent, because the release has some'
    : 'Notes that were not sent';
}

/** Notes that were replaced would be lost otherwise. */
function showFormerNotes(applied: readonly AppliedRelease[]): string[] {
  let room = mostFormerNotes;
  return applied.flatMap((each) => {
    const { previous, release, id = '' } = each;
    const isKept = isLeft(each) && shownFields(each).includes('notes');
    const notes = isKept ? release?.notes : previous['notes'];
    if (typeof notes !== 'string' || notes.trim() === '' || notes.length > room) return [];
    room -= notes.length;
    const which = applied.length > 1 ? ` of ${inline(id)}` : '';
    const size = count(notes.length, 'character');
    const time = isKept ? 'now' : 'before this run';
    return [folded(`Notes${which} ${time} (${size})`, fenced(notes))];
  });
}

/** The id of the release, how the tag was read and where the notes came from. */
function describeOrigin({ applied = [], chosen, notes, version, event }: RunFacts): string[] {
  const lines: string[] = [];
  const [only, another] = applied;
  if (only?.id !== undefined && !another) lines.push(`Release id ${inline(only.id)}`);
  if (chosen?.ref !== undefined && (chosen.source === 'event' || chosen.source === 'tag input')) {
    const prefix = chosen.prefix === '' ? '' : `prefix ${inline(chosen.prefix)} → `;
    lines.push(`Tag ${inline(chosen.ref)} → ${prefix}version ${inline(version ?? chosen.version)}`);
  } else if (chosen) {
    lines.push(`Version ${inline(version ?? chosen.version)} from the ${chosen.source}`);
  }
  if (notes) {
    const { at, source, heading } = notes;
    const place = at && `${inline(at.file)}${at.line === undefined ? '' : ` line ${at.line}`}`;
    // The tag of a rehearsal is still to come.
    const isThere = chosen?.ref !== undefined && chosen.source !== 'changelog';
    const link =
      at && event?.repository && linkTo(event.repository, isThere ? chosen.ref : event.sha, at);
    const where = link ? `: [${place}](${link})` : place ? `: ${place}` : '';
    const section = heading === undefined ? '' : `, section “${inline(titleOf(heading), 80)}”`;
    lines.push(`Notes from ${sourceNames[source]}${where}${section}`);
  }
  return lines.length > 0 ? [`<sub>${lines.join(' · ')}</sub>`] : [];
}

function linkTo(repository: Repository, ref: string, at: FilePosition): string {
  const source = repository.forge === 'GitHub' ? 'plain=1' : 'display=source';
  const line = at.line === undefined ? '' : `?${source}#L${at.line}`;
  return `${fileUrl(repository, ref, encodePath(at.file))}${line}`;
}
