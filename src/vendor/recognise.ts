import { type Answers, toRelease } from './release.ts';
import type { WireFile, WireRelease } from './release-schema.ts';

/** Gives what is known of a value; undefined where it is of another type. */
type Read = (value: unknown) => unknown;

const text: Read = (value) => (typeof value === 'string' ? value : undefined);
const number: Read = (value) => (Number.isFinite(value) ? value : undefined);
const flag: Read = (value) => (typeof value === 'boolean' ? value : undefined);
const id: Read = (value) => (/^[\w-]{1,128}$/.test(String(text(value) ?? '')) ? value : undefined);

const fileFields: Record<keyof WireFile, Read> = {
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
};

const releaseFields: Record<keyof WireRelease, Read> = {
  id,
  createdAt: text,
  updatedAt: text,
  name: text,
  channel: text,
  version: text,
  platforms: (value) => readList(value, text),
  platform: text,
  notes: text,
  totalFiles: number,
  publishedAt: text,
  files: (value) => readList(value, (file) => readObject(file, fileFields)),
  published: flag,
  private: flag,
  archived: flag,
  productId: text,
  tenantId: text,
};

/**
 * Reads answers as the schemas of `release-schema.ts` do, and gives undefined for what they refuse.
 * The schemas say what is wrong with an answer; loading them only then saves each other run the
 * start-up of their library.
 */
export const recognise: {
  readonly [Kind in keyof Answers]: (value: unknown) => Answers[Kind] | undefined;
} = {
  release: (value) => {
    const wire = readObject(value, releaseFields, ['id', 'version']) as WireRelease | undefined;
    return wire && toRelease(wire);
  },
  releases: (value) => readList(value, recognise.release) as Answers['releases'] | undefined,
};

/** Unknown fields are dropped; all but the needed ones may be absent or null. */
function readObject(
  value: unknown,
  fields: Readonly<Record<string, Read>>,
  needed: readonly string[] = [],
): object | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  const known: Record<string, unknown> = {};
  for (const [name, read] of Object.entries(fields)) {
    const held: unknown = Reflect.get(value, name);
    if (held === undefined && !needed.includes(name)) continue;
    known[name] = held === null && !needed.includes(name) ? null : read(held);
    if (known[name] === undefined) return undefined;
  }
  return known;
}

function readList(value: unknown, readItem: Read): readonly unknown[] | undefined {
  const items = Array.isArray(value) ? value.map((item) => readItem(item)) : [undefined];
  return items.includes(undefined) ? undefined : items;
}
