import { isId } from '../inputs/inputs.ts';

/** A release of Cryptlex's release management, the one `platform` of older servers as a list. */
export type Release = ReturnType<typeof readRelease>;

/** A file of a release. */
export type ReleaseFile = ReturnType<typeof readFile>;

/** Reads what stands at a path of an answer; the path goes into `wrong` where it is of another type. */
export type Reader<Value> = (value: unknown, path: string, wrong: string[]) => Value;
type Fields = Readonly<Record<string, Reader<unknown>>>;

// The definition of the answers (api: "Update a release", "Errors and limits"). Unknown fields are
// dropped; of a release only `id` and `version` must be there.

const text = ofType((value) => typeof value === 'string');
const number = ofType((value): value is number => Number.isFinite(value));
const flag = ofType((value) => typeof value === 'boolean');
const anything: Reader<unknown> = (value) => value;
const id = ofType((value): value is string => typeof value === 'string' && isId(value));

export const readFile = objectOf(
  {},
  {
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
  },
);

const readWire = objectOf(
  { id, version: text },
  {
    createdAt: text,
    updatedAt: text,
    name: text,
    channel: text,
    platforms: listOf(text),
    platform: text,
    notes: text,
    totalFiles: number,
    publishedAt: text,
    files: listOf(readFile),
    published: flag,
    private: flag,
    archived: flag,
    productId: text,
    tenantId: text,
  },
);

/** An answer that is no success. */
export const readRefusal = objectOf({ message: text }, { code: anything });

export const readReleases = listOf(readRelease);

export function readRelease(value: unknown, path: string, wrong: string[]) {
  const { platform, ...release } = readWire(value, path, wrong);
  return { ...release, platforms: release.platforms ?? (platform ? [platform] : undefined) };
}

/**
 * Reads the JSON of an answer.
 * @returns the answer, or the paths of what is missing or of another type; '' is the whole
 */
export function readAnswer<Value>(
  read: Reader<Value>,
  json: unknown,
): { readonly answer: Value } | { readonly wrong: readonly string[] } {
  const wrong: string[] = [];
  const answer = read(json, '', wrong);
  return wrong.length > 0 ? { wrong } : { answer };
}

function ofType<Value>(is: (value: unknown) => value is Value): Reader<Value> {
  return (value, path, wrong) => {
    if (!is(value)) wrong.push(path);
    // An answer in which anything is wrong is not used.
    return value as Value;
  };
}

function listOf<Value>(read: Reader<Value>): Reader<readonly Value[]> {
  return (value, path, wrong) => {
    if (Array.isArray(value)) return value.map((item, at) => read(item, below(path, at), wrong));
    wrong.push(path);
    return [];
  };
}

/** Of the optional fields each may be missing or null. */
function objectOf<Needed extends Fields, Optional extends Fields>(
  needed: Needed,
  optional: Optional,
): Reader<
  { -readonly [Name in keyof Needed]: ReturnType<Needed[Name]> } & {
    -readonly [Name in keyof Optional]?: ReturnType<Optional[Name]> | null | undefined;
  }
> {
  const readers = Object.entries({ ...needed, ...optional });
  return (value, path, wrong) => {
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
    if (!isObject) wrong.push(path);
    const given = new Map<string, unknown>(Object.entries(isObject ? value : {}));
    const fields = readers.map(([name, read]) => {
      const own = given.get(name);
      const isAbsent = name in optional && (own ?? null) === null;
      return [name, isAbsent ? own : read(own, below(path, name), wrong)];
    });
    return Object.fromEntries(fields);
  };
}

function below(path: string, name: string | number): string {
  return path === '' ? String(name) : `${path}.${name}`;
}
