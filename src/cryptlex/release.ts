import { trimLines } from '../text.ts';
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

/** The names of the fields that have a value. */
export function givenFields(fields: ReleaseFields): readonly ReleaseField[] {
  return releaseFields.filter((field) => fields[field] !== undefined);
}

/** The names of the fields whose wanted value the release does not have. */
export function differingFields(
  wanted: ReleaseFields,
  current: Partial<Release>,
): readonly ReleaseField[] {
  return givenFields(wanted).filter((field) => !sameValue(field, wanted[field], current[field]));
}

/**
 * Whether two values of a field mean the same: notes after CRLF → LF, without blank lines
 * around them, with null as empty; platforms as sets; the rest exactly.
 */
export function sameValue(field: ReleaseField, one: unknown, other: unknown): boolean {
  return comparable(field, one) === comparable(field, other);
}

/** Some of a release's fields, absent ones as null. */
export function pickFields(
  release: Partial<Release>,
  fields: readonly (keyof Release)[],
): Readonly<Record<string, unknown>> {
  return Object.fromEntries(fields.map((field) => [field, release[field] ?? null]));
}

/** Whether nobody changed a release since it was looked at. */
export function isUntouched(before: Release, now: Release): boolean {
  return instant(before.updatedAt) === instant(now.updatedAt) && sameFields(before, now);
}

/** Whether two releases hold the same in every field that a PATCH may set. */
export function sameFields(one: Release, other: Release): boolean {
  return releaseFields.every((field) => sameValue(field, one[field], other[field]));
}

/** The contract's timestamps come with and without a zone letter, and with zeros at the end. */
function instant(timestamp: string | null | undefined): string {
  return (timestamp ?? '')
    .slice(0, 40)
    .replace(/Z$/, '')
    .replace(/\.?0+$/, '');
}

function comparable(field: ReleaseField, value: unknown): unknown {
  if (field === 'notes') {
    return trimLines(String(value ?? '').replace(/\r\n?/g, '\n'));
  }
  if (field === 'platforms') {
    return JSON.stringify(Array.isArray(value) ? [...new Set(value)].sort() : []);
  }
  return value ?? undefined;
}
