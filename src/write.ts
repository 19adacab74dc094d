import { ActionError } from './errors.ts';
import type { Log } from './log.ts';
import type { Plan, Step } from './plan.ts';
import { safe } from './text.ts';
import {
  differingFields,
  type Release,
  type ReleaseField,
  type ReleaseFields,
  releaseFields,
  sameValue,
} from './vendor/release.ts';
import type { Releases, Written } from './vendor/releases.ts';

/** How often one release is sent at most, each time after a look at what it holds. */
const mostSends = 3;

/** How long to wait before looking whether an odd answer was the truth, in milliseconds. */
const settlePause = 1000;

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
  { releases, log }: Tools,
): Promise<Release> {
  const { release: before, changes } = step;
  for (let sends = 1; ; sends += 1) {
    const written = await releases.update(before.id, changes).catch((cause: unknown) => {
      throw isMissing(cause) ? deleted(before.id, cause) : cause;
    });
    const confirmed = confirm(written, before.id, changes);
    if (confirmed) return confirmed;
    const now = await look(before.id, written, releases);
    const open = differingFields(changes, now);
    if (open.length === 0) {
      log.info(`The answer about ${before.id} was unclear, but the release has the wanted values.`);
      return now;
    }
    if (!isUntouched(before, now)) throw conflict(now, changes, open);
    if (written.kind === 'answered') throw notApplied(now, open);
    if (sends >= mostSends || (sends > 1 && written.reason.code === 'E_SERVER'))
      throw written.reason;
    log.info(`The update of ${before.id} was not applied; it is sent again.`);
  }
}

/**
 * Updates a release that was not looked at before: after a doubtful answer only the wanted values
 * themselves prove anything.
 * @throws ActionError like {@link updateSeen}, or E_UNKNOWN_STATE
 */
export async function updateUnseen(
  { id = '', fields }: Extract<Plan, { kind: 'update-unseen' }>,
  { releases, log }: Tools,
): Promise<Release> {
  const written = await releases.update(id, fields);
  const confirmed = confirm(written, id, fields);
  if (confirmed) return confirmed;
  const now = await look(id, written, releases);
  const open = differingFields(fields, now);
  if (open.length === 0) {
    log.info(`The answer about ${id} was unclear, but the release has the wanted values.`);
    return now;
  }
  throw written.kind === 'answered' ? notApplied(now, open) : unknownState(written.reason);
}

/**
 * Creates a release. A lost POST is settled by listing again: sending it again blindly could make
 * a second release.
 * @throws ActionError when the release was not created, or E_UNKNOWN_STATE when nobody can say
 */
export async function create(
  plan: Extract<Plan, { kind: 'create' }>,
  { releases, log }: Tools,
): Promise<Release> {
  const { productId, fields, others } = plan;
  const written = await releases.create(productId, fields);
  if (
    written.kind === 'answered' &&
    differingFields(fields, written.release).length === 0 &&
    !others.some(({ id }) => id === written.release.id)
  ) {
    return written.release;
  }
  const reason = reasonOf(written);
  const listed = await releases
    .findByVersion(productId, fields.version ?? '')
    .catch((cause: unknown) => {
      throw unknownState(reason, cause);
    });
  const [made, another] = listed.filter(
    (release) =>
      !others.some(({ id }) => id === release.id) && differingFields(fields, release).length === 0,
  );
  if (!made || another) throw unknownState(reason);
  log.info('The answer to the creation was unclear, but the release is there.');
  return made;
}

/** The release, if the answer proves that it is the one and has the values that were sent. */
function confirm(written: Written, id: string, sent: ReleaseFields): Release | undefined {
  if (written.kind === 'doubtful' || written.release.id !== id) return undefined;
  return differingFields(sent, written.release).length === 0 ? written.release : undefined;
}

/** What the release holds after a doubtful answer. */
async function look(id: string, written: Written, releases: Releases): Promise<Release> {
  await new Promise((resolve) =>
    setTimeout(resolve, written.kind === 'answered' ? settlePause : 0),
  );
  return releases.get(id).catch((cause: unknown) => {
    throw isMissing(cause) ? deleted(id, cause) : unknownState(reasonOf(written), cause);
  });
}

function isMissing(error: unknown): boolean {
  return error instanceof ActionError && error.code === 'E_NOT_FOUND';
}

function deleted(id: string, cause: unknown): ActionError {
  return new ActionError({
    code: 'E_CONFLICT',
    what: `The release ${id} was deleted while it was being updated.`,
    remedy: 'Check who deletes releases, and run the step again.',
    cause,
  });
}

function reasonOf(written: Written): ActionError {
  return written.kind === 'doubtful'
    ? written.reason
    : new ActionError({
        code: 'E_RESPONSE',
        what: 'The release API answered with another release or with other values than were sent.',
        remedy: '',
      });
}

function isUntouched(before: Release, now: Release): boolean {
  return (
    before.updatedAt === now.updatedAt &&
    releaseFields.every((field) => sameValue(field, before[field], now[field]))
  );
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

function unknownState(reason: ActionError, cause?: unknown): ActionError {
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
