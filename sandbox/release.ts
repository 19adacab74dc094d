import { randomUUID } from 'node:crypto';
import { z } from 'zod';

const fileSchema = z.strictObject({
  id: z.string(),
  createdAt: z.string(),
  updatedAt: z.string(),
  name: z.string(),
  url: z.string(),
  size: z.number(),
  downloads: z.number(),
  extension: z.string(),
  checksum: z.string(),
  secured: z.boolean(),
  published: z.boolean(),
  releaseId: z.string(),
  releaseName: z.string(),
});

/**
 * What a release can be seeded with: some of its fields, or all. The others get default values.
 * The vendor's limits don't apply here, so that odd old releases can be seeded too.
 */
export const seedSchema = z.strictObject({
  id: z.string().default(() => randomUUID()),
  createdAt: z.string().optional(),
  updatedAt: z.string().optional(),
  name: z.string().optional(),
  channel: z.string().default('stable'),
  version: z.string().default('1.0.0'),
  platforms: z.array(z.string()).readonly().default([]),
  notes: z.string().nullable().default(null),
  totalFiles: z.number().optional(),
  publishedAt: z.string().nullable().default(null),
  files: z.array(fileSchema.readonly()).readonly().default([]),
  published: z.boolean().default(false),
  private: z.boolean().default(false),
  archived: z.boolean().default(false),
  productId: z.string().default('5a6c4d1e-0b1f-4a55-9d3e-7f0f7a3a1c01'),
  tenantId: z.string().default('0e2b6f6c-93a7-4f0d-8f0b-2c7a5f1d9b02'),
});

export type ReleaseSeed = Readonly<z.input<typeof seedSchema>>;

type Seeded = z.output<typeof seedSchema>;

/** A release with exactly the fields of the vendor's contract. */
export type Release = { readonly [Field in keyof Seeded]-?: Exclude<Seeded[Field], undefined> };

/**
 * A complete release.
 * @param now ISO 8601 time, for the timestamps that the seed doesn't give.
 * @throws ZodError when the seed has an unknown field or a wrong type.
 */
export function completeRelease(seed: ReleaseSeed, now: string): Release {
  const known = seedSchema.parse(seed);
  const updatedAt = known.updatedAt ?? known.createdAt ?? now;
  return {
    ...known,
    createdAt: known.createdAt ?? now,
    updatedAt,
    name: known.name ?? known.version,
    totalFiles: known.totalFiles ?? known.files.length,
    publishedAt: known.publishedAt ?? (known.published ? updatedAt : null),
  };
}

/** How a server writes a release's platforms: older ones have a single `platform`. */
export type PlatformForm = 'platforms' | 'platform';

/** The release as the server writes it into replies and webhooks. */
export function presentRelease(release: Release, form: PlatformForm): Record<string, unknown> {
  if (form === 'platforms') return release;
  const { platforms, ...rest } = release;
  return { ...rest, platform: platforms[0] ?? '' };
}
