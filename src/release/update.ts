import type { Written } from '../cryptlex/doubt.ts';
import { differingFields, isUntouched, type Release, sameId } from '../cryptlex/release.ts';
import type { Cryptlex } from '../cryptlex/releases.ts';
import type { Deadline } from '../deadline.ts';
import { ActionError } from '../errors.ts';
import type { Log } from '../log.ts';
import { deleted, explainDoubt, reasonOf, unknownState } from './explain.ts';
import { isPassing, looks, waitAfter } from './looks.ts';
import type { Update } from './plan.ts';

/** How often the same is sent at most, each time after looks at what the release has. */
export const mostSends = 3;

/** Whether the same is not sent once more after it failed so: a server that fails twice fails. */
export function isEnough(sends: number, { code }: ActionError): boolean {
  return sends >= mostSends || (sends > 1 && code === 'E_SERVER');
}

/** What carrying out a plan works with. */
export interface Tools {
  readonly cryptlex: Cryptlex;
  readonly log: Log;
  readonly deadline: Deadline;
}

/** What became of a write. Once an answer left a doubt, it is proven done, or unknown. */
export type Outcome =
  | { readonly result: 'updated' | 'created'; readonly release: Release }
  | {
      readonly result: 'failed' | 'unknown';
      readonly error: ActionError;
      readonly release?: Release;
    };

/**
 * Sends the changes by {@link Cryptlex.update} until it is certain what became of them: the table of
 * states in CONTRIBUTING.md ("A write is a desired state"), row by row. If the release was not read
 * before, only the wanted values themselves prove anything after a doubtful answer, and nothing is sent
 * again. Never throws ActionError.
 */
export async function writeUntilCertain(update: Update, tools: Tools): Promise<Outcome> {
  const { id } = update;
  let doubt: Written | undefined;
  for (let sends = 1; ; sends += 1) {
    const written = await send(update, tools);
    if (written.kind === 'refused') {
      const { reason } = written;
      if (!doubt) return { result: 'failed', error: reason };
      // The refusal is of this request; what became of the one before is still open.
      const what = `${reasonOf(doubt).what} The request was sent again: ${reason.what}`;
      doubt = { kind: 'doubtful', doubt: 'odd', reason: reason.saying(what) };
    } else {
      const release = confirmed(written, update);
      if (release) return { result: 'updated', release };
      doubt = written;
    }
    const seen = await lookInto(doubt, update, tools);
    if (seen !== 'untouched') return seen;
    const reason = reasonOf(doubt);
    if (isEnough(sends, reason)) return { result: 'unknown', error: unknownState(reason) };
    tools.log.info(`The update of ${id} was not applied; it is sent again.`);
  }
}

/**
 * The release, if the answer proves that it is the one, has the values that were sent, and has what
 * else is wanted of it, as far as the answer says so.
 */
function confirmed(written: Written, { id, changes, wanted }: Update): Release | undefined {
  if (written.kind !== 'answered' || !sameId(written.release.id, id)) return undefined;
  const { release } = written;
  const open = differingFields(wanted, release).filter(
    (field) => changes[field] !== undefined || (release[field] ?? null) !== null,
  );
  return open.length === 0 ? release : undefined;
}

async function send({ id, changes, before }: Update, { cryptlex }: Tools): Promise<Written> {
  const written = await cryptlex.update(id, changes);
  const isGone = before && written.kind === 'refused' && written.reason.code === 'E_NOT_FOUND';
  return isGone ? { ...written, reason: deleted(id, written.reason) } : written;
}

/**
 * Looks what became of a write.
 * @returns `untouched` where it is over, was not applied, and nobody else changed the release
 */
async function lookInto(
  written: Written,
  update: Update,
  { cryptlex, log, deadline }: Tools,
): Promise<Outcome | 'untouched'> {
  const { id, wanted, before } = update;
  let failure: ActionError | undefined;
  let now: Release | undefined;
  const wait = waitAfter(written);
  for await (const seen of looks(() => cryptlex.get(id), wait, deadline)) {
    if (seen instanceof ActionError) {
      failure = seen;
      if (!isPassing(seen)) break;
      continue;
    }
    now = seen;
    if (differingFields(wanted, now).length === 0) {
      log.info(
        `It was unclear whether the update of ${id} was applied; the release has the wanted values now.`,
      );
      return { result: 'updated', release: now };
    }
    if (!before) continue;
    if (!isUntouched(before, now)) break;
    if (wait.doubt === 'over') return 'untouched';
  }
  return { result: 'unknown', error: explainDoubt(written, update, { now, failure }) };
}
