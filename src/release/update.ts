import {
  confirmed,
  differingFields,
  type Release,
  type ReleaseField,
  type ReleaseFields,
  releaseFields,
  sameValue,
  type Written,
} from '../cryptlex/release.ts';
import type { Releases } from '../cryptlex/releases.ts';
import { ActionError } from '../errors.ts';
import type { Log } from '../log.ts';
import { safe } from '../text.ts';
import type { Plan, Step } from './plan.ts';

/** How often one release is sent at most, each time after a look at what it holds. */
const mostSends = 3;

/** How long to wait before looking whether an odd answer was the truth, in milliseconds. */
const settlePause = 1000;

/** Longest wait that a server is granted before a look, in milliseconds. */
const longestPause = 5000;

/** What carrying out a plan works with. */
export interface Tools {
  readonly releases: Releases;
  readonly log: Log;
}

/**
 * Brings a release that was looked at to its wanted state. Sent again only after a look has shown
 * that nothing was applied and that nobody else changed it.
 * @throws ActionError when the release does not have the wanted values, or E_UNKNOWN_STATE when
 *   nobody can say
 */
export async function updateSeen(
  step: Extract<Step, { kind: 'change' }>,
  tools: Tools,
): Promise<Release> {
  const { release, changes, wanted } = step;
  const written = await tools.releases.update(release.id, changes).catch((cause: unknown) => {
    throw asDeleted(release.id, cause);
  });
  const done = confirmed(written, release.id, { sent: changes, wanted });
  if (done) return done;
  return settleSeen(step, written, tools);
}

/**
 * Updates a release that was not looked at before: after a doubtful answer only the wanted values
 * themselves prove anything.
 * @throws ActionError like {@link updateSeen}, or E_UNKNOWN_STATE
 */
export async function updateUnseen(
  plan: Extract<Plan, { kind: 'update-unseen' }>,
  tools: Tools,
): Promise<Release> {
  const { id = '', fields } = plan;
  const written = await tools.releases.update(id, fields);
  const done = confirmed(written, id, { sent: fields });
  if (done) return done;
  return settleUnseen({ id, fields }, written, tools);
}

/**
 * Settles what became of an update whose answer proves nothing, and sends it again where nothing
 * was applied and nobody else changed the release.
 * @throws ActionError E_CONFLICT, E_UNKNOWN_STATE, or the reason of the doubt once it was sent often
 */
async function settleSeen(
  { release: before, changes, wanted }: Extract<Step, { kind: 'change' }>,
  first: Written,
  { releases, log }: Tools,
): Promise<Release> {
  let written = first;
  for (let sends = 1; ; sends += 1) {
    const now = await look(before.id, written, releases);
    const open = differingFields(wanted, now);
    if (open.length === 0) {
      log.info(`The answer about ${before.id} was unclear, but the release has the wanted values.`);
      return now;
    }
    const sent = open.every((field) => changes[field] !== undefined);
    // The server itself answered so: it changes values, or does not take them.
    if (sent && written.kind === 'answered' && sameFields(written.release, now)) {
      throw notApplied(now, open);
    }
    if (!isUntouched(before, now)) throw conflict(now, wanted, open);
    if (written.kind === 'answered') throw notApplied(now, open);
    if (sends >= mostSends || (sends > 1 && written.reason.code === 'E_SERVER')) {
      throw written.reason;
    }
    log.info(`The update of ${before.id} was not applied; it is sent again.`);
    written = await releases.update(before.id, changes).catch((cause: unknown) => {
      throw asDeleted(before.id, cause);
    });
    const done = confirmed(written, before.id, { sent: changes, wanted });
    if (done) return done;
  }
}

/**
 * The same for a release that was not looked at before the update.
 * @throws ActionError E_CONFLICT, E_UNKNOWN_STATE
 */
async function settleUnseen(
  { id, fields }: { readonly id: string; readonly fields: ReleaseFields },
  written: Written,
  { releases, log }: Tools,
): Promise<Release> {
  const now = await look(id, written, releases);
  const open = differingFields(fields, now);
  if (open.length === 0) {
    log.info(`The answer about ${id} was unclear, but the release has the wanted values.`);
    return now;
  }
  throw written.kind === 'answered' ? notApplied(now, open) : unknownState(written.reason);
}

/** A release that was there a moment ago and now is not; any other error as it is. */
function asDeleted(id: string, cause: unknown): unknown {
  if (!(cause instanceof ActionError) || cause.code !== 'E_NOT_FOUND') return cause;
  return new ActionError({
    code: 'E_CONFLICT',
    what: `The release ${id} was deleted while it was being updated.`,
    remedy: 'Check who deletes releases, and run the step again.',
    cause,
  });
}

/** What the release holds after a doubtful answer. */
async function look(id: string, written: Written, releases: Releases): Promise<Release> {
  const pause = written.kind === 'answered' ? settlePause : (written.waitMs ?? 0);
  await new Promise((resolve) => setTimeout(resolve, Math.min(pause, longestPause)));
  return releases.get(id).catch((cause: unknown) => {
    const known = asDeleted(id, cause);
    throw known === cause ? unknownState(reasonOf(written), cause) : known;
  });
}

/** Why an answer proves nothing. */
export function reasonOf(written: Written): ActionError {
  return written.kind === 'doubtful'
    ? written.reason
    : new ActionError({
        code: 'E_RESPONSE',
        what: 'The release API answered with another release or with other values than were sent.',
        remedy: '',
      });
}

function isUntouched(before: Release, now: Release): boolean {
  return instant(before.updatedAt) === instant(now.updatedAt) && sameFields(before, now);
}

function sameFields(one: Release, other: Release): boolean {
  return releaseFields.every((field) => sameValue(field, one[field], other[field]));
}

/** The contract's timestamps come with and without a zone letter, and with zeros at the end. */
function instant(timestamp: string | null | undefined): string {
  return (timestamp ?? '').replace(/Z$/, '').replace(/\.?0+$/, '');
}

function conflict(
  now: Release,
  changes: ReleaseFields,
  open: readonly ReleaseField[],
): ActionError {
  const shown = open.map(
    (field) => `${field}: wanted ${show(changes[field])}, the release now has ${show(now[field])}`,
  );
  return new ActionError({
    code: 'E_CONFLICT',
    what: `Someone else changed the release ${now.id} while it was being updated:\n${shown.join('\n')}`,
    remedy:
      'Settle which values are right and run the step again; a concurrency group keeps two runs apart.',
  });
}

function notApplied(now: Release, open: readonly ReleaseField[]): ActionError {
  return new ActionError({
    code: 'E_CONFLICT',
    what: `The release API took the update of ${now.id}, but the release does not have the values that were sent for ${open.join(', ')}.`,
    remedy:
      'Check whether the release is published or the server changes these values, and run the step again.',
  });
}

/** The error for a write of which nobody can say whether it was applied. */
export function unknownState(reason: ActionError, cause?: unknown): ActionError {
  const also =
    cause instanceof ActionError ? ` It could not be looked at either: ${cause.what}` : '';
  return new ActionError({
    code: 'E_UNKNOWN_STATE',
    what: `${reason.what} The write may have been applied.${also}`,
    remedy: 'Running the step again is safe: it changes nothing that is already as wanted.',
    cause: cause ?? reason,
  });
}

function show(value: unknown): string {
  return safe(JSON.stringify(value ?? null), 80);
}
