import type { ActionError } from '../errors.ts';
import type { Release } from './schema.ts';

export type { Release };

/** The fields that a PATCH may set (api: "Request Body Schema"). */
export interface ReleaseFields {
  readonly name?: string;
  readonly version?: string;
  readonly channel?: string;
  readonly platforms?: readonly string[];
  readonly private?: boolean;
  readonly notes?: string;
}

export type ReleaseField = keyof ReleaseFields;

/** The fields in the order in which they are shown and sent. */
export const releaseFields = [
  'name',
  'version',
  'channel',
  'platforms',
  'private',
  'notes',
] as const satisfies readonly ReleaseField[];

/** Whether two ids are the same; servers may write theirs in another case than was asked for. */
export function sameId(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}

/** The names of the fields whose wanted value the release does not have. */
export function differingFields(
  wanted: ReleaseFields,
  current: Partial<Release>,
): readonly ReleaseField[] {
  return releaseFields.filter(
    (field) => wanted[field] !== undefined && !sameValue(field, wanted[field], current[field]),
  );
}

/**
 * Whether two values of a field mean the same: notes after CRLF → LF and outer trim, with null as
 * empty; platforms as sets; the rest exactly.
 */
export function sameValue(field: ReleaseField, one: unknown, other: unknown): boolean {
  return comparable(field, one) === comparable(field, other);
}

/** Some of a release's fields, absent ones as null. */
export function pickFields(
  release: Partial<Release>,
  fields: readonly ReleaseField[],
): Readonly<Record<string, unknown>> {
  return Object.fromEntries(fields.map((field) => [field, release[field] ?? null]));
}

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

function comparable(field: ReleaseField, value: unknown): unknown {
  if (field === 'notes')
    return String(value ?? '')
      .replace(/\r\n?/g, '\n')
      .trim();
  if (field === 'platforms') {
    return JSON.stringify(Array.isArray(value) ? [...new Set(value)].sort() : []);
  }
  return value ?? undefined;
}
