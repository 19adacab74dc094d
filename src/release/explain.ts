import type { Written } from '../cryptlex/doubt.ts';
import {
  differingFields,
  isUntouched,
  type Release,
  type ReleaseFields,
  sameFields,
} from '../cryptlex/release.ts';
import { ActionError } from '../errors.ts';
import { safe } from '../text.ts';
import type { Update } from './plan.ts';

/** The error for an update that no look could prove. */
export function explainDoubt(
  written: Written,
  { id, changes, wanted, before }: Update,
  seen: { readonly now: Release | undefined; readonly failure: ActionError | undefined },
): ActionError {
  const { now, failure } = seen;
  if (failure?.code === 'E_NOT_FOUND' && before) return deleted(id, failure);
  if (!now) return unknownState(reasonOf(written), failure);
  const open = differingFields(wanted, now);
  const isTouched = before !== undefined && !isUntouched(before, now);
  if (written.kind === 'answered') {
    // The server itself answered so: it changes values, or does not take them.
    const isAltered = sameFields(written.release, now) && open.every((field) => field in changes);
    if (isAltered || !isTouched) return altered(id, open);
  }
  return isTouched ? conflict(now, wanted) : unknownState(reasonOf(written));
}

/** Why an answer proves nothing. */
export function reasonOf(written: Written): ActionError {
  return written.kind !== 'answered'
    ? written.reason
    : new ActionError({
        code: 'E_RESPONSE',
        what: 'Cryptlex answered with another release, or with other values than those that were sent.',
        remedy: '',
      });
}

/** The error for a release that was there a moment ago. */
export function deleted(id: string, cause: ActionError): ActionError {
  return new ActionError({
    code: 'E_CONFLICT',
    what: `The release ${id} was deleted while it was being updated.`,
    remedy: 'Check who deletes releases, and run the step again.',
    cause,
  });
}

function conflict(now: Release, wanted: ReleaseFields): ActionError {
  const shown = differingFields(wanted, now).map(
    (field) => `${field}: wanted ${show(wanted[field])}, the release now has ${show(now[field])}`,
  );
  return new ActionError({
    code: 'E_CONFLICT',
    what: `Someone else changed the release ${now.id} while it was being updated:\n${shown.join('\n')}`,
    remedy:
      'Decide which values are right and run the step again; a concurrency group lets only one run work at a time.',
  });
}

function altered(id: string, open: readonly string[]): ActionError {
  return new ActionError({
    code: 'E_CONFLICT',
    what: `Cryptlex accepted the update of ${id}, but the release has other values than those that were sent for ${open.join(', ')}.`,
    remedy:
      'Check whether the release is published, or whether the server changes these values, and run the step again.',
  });
}

/** The error for a write of which nobody can say whether it was applied. */
export function unknownState(reason: ActionError, cause?: ActionError): ActionError {
  const also = cause ? ` The attempt to find out failed: ${cause.what}` : '';
  return new ActionError({
    code: 'E_UNKNOWN_STATE',
    what: `${reason.what} The change may have been applied.${also}`,
    remedy: 'Running the step again is safe: it changes only what is not correct yet.',
    cause: cause ?? reason,
  });
}

function show(value: unknown): string {
  return safe(JSON.stringify(value ?? null), 80);
}
