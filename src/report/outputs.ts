import { differingFields } from '../cryptlex/release.ts';
import type { ActionError } from '../errors.ts';
import type { Notes } from '../notes/notes.ts';
import type { AppliedRelease, Change, ReleaseResult } from '../release/apply.ts';
import type { ChosenVersion, RunnerEvent } from '../tag/event.ts';

/** All that is known of a run; it is filled in as the run goes on, and reported however it ends. */
export interface RunFacts {
  event?: RunnerEvent;
  chosen?: ChosenVersion;
  /** The version that is searched for or sent. */
  version?: string;
  notes?: Notes;
  /** The sources were looked through, with or without finding notes. */
  notesChosen?: boolean;
  /** From release-id, where it is given. */
  releaseId?: string | undefined;
  /** Path of a file with the notes. */
  notesPath?: string;
  /** `match: all`: the outputs hold a list. */
  several?: boolean;
  dryRun?: boolean;
  applied?: readonly AppliedRelease[];
  skipReason?: string;
  error?: ActionError | undefined;
}

/** How a run ended, from what became of its releases. */
export function resultOf({ error, skipReason, applied = [] }: RunFacts): ReleaseResult {
  const worstFirst = [
    'failed',
    'unknown',
    'planned',
    'created',
    'updated',
    'skipped',
    'unchanged',
  ] as const;
  const worst = worstFirst.find((result) => applied.some((each) => each.result === result));
  if (error?.code === 'E_UNKNOWN_STATE') return 'unknown';
  if (error) return worst === 'unknown' && error.code !== 'E_PARTIAL' ? 'unknown' : 'failed';
  return skipReason === undefined ? (worst ?? 'skipped') : 'skipped';
}

/** How many releases ended how: `2 updated, 1 unchanged`. */
export function countResults(applied: readonly AppliedRelease[]): string {
  const counts = new Map<ReleaseResult, number>();
  for (const { result } of applied) counts.set(result, (counts.get(result) ?? 0) + 1);
  return [...counts].map(([result, number]) => `${number} ${result}`).join(', ');
}

/**
 * The values of all outputs, '' where nothing is known. The only list of outputs: tests hold `action.yml`
 * and the README to it.
 */
export function outputsOf(facts: RunFacts): Readonly<Record<string, string>> {
  const { applied = [], chosen, notes, several } = facts;
  const only = applied.length === 1 ? applied[0] : undefined;
  const release = only?.release;
  return {
    result: resultOf(facts),
    'error-code': facts.error?.code ?? '',
    tag: chosen?.ref ?? facts.event?.tag ?? '',
    version: facts.version ?? chosen?.version ?? '',
    'changed-fields': JSON.stringify(only?.changedFields ?? []),
    previous: JSON.stringify(only?.previous ?? {}),
    'uploaded-files': JSON.stringify(applied.flatMap(uploaded)),
    'notes-source': notes?.source ?? (facts.notesChosen ? 'none' : ''),
    'notes-truncated': notes ? String(notes.truncated) : '',
    'notes-path': facts.notesPath ?? '',
    'release-id': only?.id ?? facts.releaseId ?? '',
    name: text(release?.name),
    channel: text(release?.channel),
    platforms: json(release?.platforms),
    notes: text(release?.notes),
    private: text(release?.private),
    published: text(release?.published),
    'published-at': text(release?.publishedAt),
    archived: text(release?.archived),
    'total-files': text(release?.totalFiles),
    files: json(release?.files),
    'product-id': text(release?.productId),
    'tenant-id': text(release?.tenantId),
    'created-at': text(release?.createdAt),
    'updated-at': text(release?.updatedAt),
    release: json(release),
    releases: several ? JSON.stringify(applied.map(listed)) : '',
  };
}

function uploaded({ id, files = [] }: AppliedRelease) {
  return files
    .filter(({ state }) => state === 'uploaded')
    .map(({ name, size, checksum }) => ({ 'release-id': id, name, size, checksum }));
}

function listed(each: AppliedRelease) {
  const { id, release, result, error, changedFields } = each;
  return {
    id,
    version: release?.version,
    channel: release?.channel,
    platforms: release?.platforms,
    result,
    'error-code': error?.code ?? '',
    'changed-fields': changedFields,
  };
}

function text(value: string | number | boolean | null | undefined): string {
  return String(value ?? '');
}

function json(value: unknown): string {
  return value === undefined || value === null ? '' : JSON.stringify(value);
}

/** Whether a release was not written to though it differs. */
export function isLeft({ changedFields, result }: AppliedRelease): boolean {
  return changedFields.length === 0 && (result === 'failed' || result === 'skipped');
}

/** The fields that were sent; of a release that was left as it is, those that differ. */
export function shownFields(applied: AppliedRelease): readonly Change[] {
  const { changedFields, fields, release } = applied;
  return isLeft(applied) && release ? differingFields(fields, release) : changedFields;
}
