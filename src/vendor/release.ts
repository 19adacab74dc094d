import * as z from 'zod/mini';

const text = z.nullish(z.string());
const number = z.nullish(z.number());
const flag = z.nullish(z.boolean());

const fileSchema = z.object({
  id: text,
  createdAt: text,
  updatedAt: text,
  name: text,
  url: text,
  size: number,
  downloads: number,
  extension: text,
  checksum: text,
  secured: flag,
  published: flag,
  releaseId: text,
  releaseName: text,
});

/**
 * A release as the vendor sends it (api: "Update a release", "200 OK"). Unknown fields are dropped;
 * of the known ones only `id` and `version` must be there. Older servers send one `platform`.
 */
export const releaseSchema = z.pipe(
  z.object({
    // It goes into paths.
    id: z.string().check(z.regex(/^[\w-]{1,128}$/)),
    createdAt: text,
    updatedAt: text,
    name: text,
    channel: text,
    version: z.string(),
    platforms: z.nullish(z.array(z.string())),
    platform: text,
    notes: text,
    totalFiles: number,
    publishedAt: text,
    files: z.nullish(z.array(fileSchema)),
    published: flag,
    private: flag,
    archived: flag,
    productId: text,
    tenantId: text,
  }),
  z.transform(({ platform, ...release }) => ({
    ...release,
    platforms: release.platforms ?? (platform ? [platform] : undefined),
  })),
);

export const releasePageSchema = z.array(releaseSchema);

/** A release of the vendor's release management. */
export type Release = z.output<typeof releaseSchema>;

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
