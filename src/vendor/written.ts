import type { ActionError } from '../errors.ts';
import { differingFields, type Release, type ReleaseFields, sameId } from './release.ts';

/** What is known after a write: the answer, or only that it may have been applied. */
export type Written =
  | { readonly kind: 'answered'; readonly release: Release }
  | {
      readonly kind: 'doubtful';
      readonly reason: ActionError;
      /** How long the server asked to wait, in milliseconds. */
      readonly waitMs?: number | undefined;
    };

/**
 * The release, if the answer proves that it is the one, has the values that were sent, and has what
 * else is wanted of it, as far as the answer says so.
 */
export function confirmed(
  written: Written,
  id: string,
  { sent, wanted = sent }: { readonly sent: ReleaseFields; readonly wanted?: ReleaseFields },
): Release | undefined {
  if (written.kind === 'doubtful' || !sameId(written.release.id, id)) return undefined;
  const { release } = written;
  const open = differingFields(wanted, release).filter(
    (field) => sent[field] !== undefined || (release[field] ?? null) !== null,
  );
  return open.length === 0 ? release : undefined;
}

/** Answers after which nobody can say whether the write was applied. */
export function isDoubtful(status: number): boolean {
  return status >= 500 || status === 408 || status === 425 || status === 202 || status === 204;
}
