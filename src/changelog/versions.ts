/** Negative if `one` is older, a prerelease before its release; 0 if they only differ in spelling. */
export function compareVersions(one: string, other: string): number {
  if (one === other) return 0;
  const left = parse(one);
  const right = parse(other);
  const numbers = compareLists(left.numbers, right.numbers, '0');
  const final = Number(left.prerelease.length === 0) - Number(right.prerelease.length === 0);
  const prerelease = final || compareLists(left.prerelease, right.prerelease, '');
  return numbers || prerelease || order(left.build, right.build);
}

/** Whether both have the same numbers, whatever prerelease or build they add (1.2.0-rc.1 and 1.2). */
export const haveSameNumbers = (one: string, other: string) =>
  compareVersions(release(one), release(other)) === 0;

/** The numbers of a version alone, as they are written: `1.2.0` of `1.2.0-rc.1`. */
export const release = (version: string) => /^\d+(?:\.\d+)*/.exec(version)?.[0] ?? version;

/** How many leading numeric parts two versions share. */
export function sharedParts(one: string, other: string): number {
  const left = parse(one).numbers;
  const right = parse(other).numbers;
  const at = left.findIndex((part, index) => part !== right[index]);
  return at < 0 ? left.length : at;
}

/** Whether a version names a prerelease. */
export const isPrerelease = (version: string) => parse(version).prerelease.length > 0;

/** Whether `last` ends a row that `first` begins: they differ in the last part alone, as 1.2.3 and 1.2.5. */
export function isRange(first: string, last: string): boolean {
  const parts = first.split('.').length;
  if (parts < 3 || parts !== last.split('.').length) return false;
  return sharedParts(first, last) === parts - 1 && compareVersions(first, last) < 0;
}

export const split = (words: string): ReadonlySet<string> => new Set(words.split('|'));

/** Words for what comes before a release. */
export const trials = split(
  'alpha|beta|rc|cr|pre|preview|prerelease|dev|ea|ctp|snapshot|candidate|milestone|nightly|canary',
);
const others = split('post|final|release|stable|ga|sp|rev|patch|hotfix|incubating');

/** Written right behind the digits: PEP 440, Ruby gems, Maven, OpenSSL's letters. */
function isAttached(after: string): boolean {
  const word = /^\.?([a-z]+)/.exec(after)?.[1] ?? '';
  if (/^[a-wyz]$/.test(word) || trials.has(word) || others.has(word)) return true;
  return /^[a-z]{2,8}\d{1,3}$|^@(?:rc|alpha|beta|dev|stable)\b[-.\d]*$/.test(after);
}

/** Whether what stands right behind the digits belongs to the version: `-rc.1`, `b2`, `.Final`. */
export function isSuffix(after: string): boolean {
  if (/^[-_~]*$/.test(after)) return true;
  if (!/^[0-9A-Za-z.+_~@-]+$/.test(after)) return false;
  return /^[-+~_][0-9A-Za-z]/.test(after) || isAttached(after.toLowerCase());
}

// PEP 440 spells alpha, beta and rc as a, b and c; Maven and Ruby mark a release as final.
const spellings = new Map(Object.entries({ a: 'alpha', b: 'beta', c: 'rc', cr: 'rc' }));

/** The parts of a version: `rc`, `1` are the prerelease of 1.2.3-rc.1, 1.2.3rc1 and 1.2.3 RC 1 alike. */
function parse(version: string) {
  const digits = release(version);
  const parts = digits.split('.');
  // 2024.01 is 2024.1, and 1.02.3 is 1.2.3; but 1.04 is a decimal, as in Perl, and not 1.4.
  const isDecimal = parts.length === 2 && (parts[0]?.length ?? 0) < 4;
  const numbers = isDecimal ? parts : parts.map(withoutZeros);
  if (digits === version) return { numbers, prerelease: [], build: '' };
  const [tag = '', ...build] = version.slice(digits.length).toLowerCase().split('+');
  const words = tag.match(/[a-z]+|\d+/g) ?? [];
  const prerelease = words.map((word) => spellings.get(word) ?? withoutZeros(word));
  // "1.2-sp1" follows 1.2 as a build does.
  const isPatch = /^(?:sp|hotfix|post)$/.test(prerelease[0] ?? '');
  if (isPatch) return { numbers, prerelease: [], build: prerelease.join('') };
  const isFinal =
    prerelease.length === 1 && /^(?:final|release|stable|ga)$/.test(prerelease[0] ?? '');
  return { numbers, prerelease: isFinal ? [] : prerelease, build: build.join('+') };
}

const withoutZeros = (digits: string) => digits.replace(/^0+(?=\d)/, '');

/** Compares words as text, and digits of any length: by length, then as text. */
function compareLists(one: readonly string[], other: readonly string[], missing: string): number {
  for (let at = 0; at < Math.max(one.length, other.length); at++) {
    const [left, right] = [one[at] ?? missing, other[at] ?? missing];
    const areNumbers = /^\d/.test(left) && /^\d/.test(right);
    const result = (areNumbers && left.length - right.length) || order(left, right);
    if (result !== 0) return result;
  }
  return 0;
}

const order = (one: string, other: string) => Number(one > other) - Number(one < other);
