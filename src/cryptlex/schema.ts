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

const wireSchema = z.object({
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
});

/** A release of Cryptlex's release management, the one `platform` of older servers as a list. */
export type Release = ReturnType<typeof toRelease>;

/** A file of a release. */
export type ReleaseFile = z.output<typeof fileSchema>;

/** What Cryptlex answers with, by name. */
export interface Answers {
  readonly release: Release;
  readonly releases: readonly Release[];
  readonly file: ReleaseFile;
  /** Of an answer that is no success. */
  readonly refusal: { readonly message: string; readonly code?: unknown };
}

const releaseSchema = z.pipe(wireSchema, z.transform(toRelease));

/**
 * The definition of the answers (api: "Update a release", "Errors and limits"). Unknown fields are
 * dropped; of a release only `id` and `version` must be there.
 */
export const schemas: { readonly [Kind in keyof Answers]: z.ZodMiniType<Answers[Kind]> } = {
  release: releaseSchema,
  releases: z.array(releaseSchema),
  file: fileSchema,
  refusal: z.object({ message: z.string(), code: z.optional(z.unknown()) }),
};

function toRelease({ platform, ...release }: z.output<typeof wireSchema>) {
  return { ...release, platforms: release.platforms ?? (platform ? [platform] : undefined) };
}
