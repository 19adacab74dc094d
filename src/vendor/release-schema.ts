import * as z from 'zod/mini';
import { type Answers, toRelease } from './release.ts';

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

export type WireFile = z.output<typeof fileSchema>;
export type WireRelease = z.output<typeof wireSchema>;

/**
 * A release as the vendor sends it (api: "Update a release", "200 OK"). Unknown fields are dropped;
 * of the known ones only `id` and `version` must be there. Older servers send one `platform`.
 */
const releaseSchema = z.pipe(wireSchema, z.transform(toRelease));

/** The definition of what the release API answers with. */
export const schemas: { readonly [Kind in keyof Answers]: z.ZodMiniType<Answers[Kind]> } = {
  release: releaseSchema,
  releases: z.array(releaseSchema),
};
