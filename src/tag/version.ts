import parseSemver from 'semver/functions/parse.js';
import { ActionError } from '../errors.ts';
import type { Inputs } from '../inputs/inputs.ts';
import { quote } from '../text.ts';

/** What a tag says. */
export interface TagVersion {
  /** The whole tag, or the version that was given by itself. */
  readonly tag: string;
  /** The part before the version as it stands in the tag: `app-v`. */
  readonly prefix: string;
  /** The prefix without its separator and `v`: `app`. */
  readonly package: string | undefined;
  /** Two to four numbers, verbatim. */
  readonly version: string;
  /** Identifiers after the `-`, empty for a plain version. */
  readonly prerelease: readonly string[];
  /** From `tag-pattern`, or of the prerelease of the tag beside the input `version`. */
  readonly channel: string | undefined;
  readonly platform: string | undefined;
}

/** The named groups that a `tag-pattern` found in a tag. */
export type TagGroups = Pick<TagVersion, 'version'> &
  Partial<Pick<TagVersion, 'package' | 'channel' | 'platform'>>;

const formats = 'x.x, x.x.x or x.x.x.x';

/** The vendor's three version formats, digits only, verbatim (api: "Update a release"). */
const versionFormat = /^\d+(?:\.\d+){1,3}$/;

/** No contract names a length; longer than this is no version that a person wrote. */
const longestVersion = 128;

/** The longest ref name that the usual file systems, and so git, can hold. */
export const longestTag = 255;

/**
 * Reads the version at the end of a tag. A prefix may precede it that ends in `/`, `@`, `-`, `_` or
 * is `v`, `version` or `release`, alone or behind such a character (`app-v`), and that holds no `digits.digits` of its own.
 * @param groups what `tag-pattern` found, instead of the built-in rule
 * @throws ActionError E_TAG, with the tag, the bad part and the formats
 */
export function parseTag(tag: string, groups?: TagGroups): TagVersion {
  const [prefix, tail] = groups ? ['', groups.version] : splitTag(tag);
  return {
    tag,
    prefix,
    package: groups ? groups.package : packageOf(prefix),
    channel: groups?.channel,
    platform: groups?.platform,
    ...parseTail('tag', tag, tail),
  };
}

/**
 * Checks a version that was given by itself.
 * @throws ActionError E_TAG
 */
export function parseVersion(version: string): TagVersion {
  const none = { package: undefined, channel: undefined, platform: undefined };
  return { tag: version, prefix: '', ...none, ...parseTail('version', version, version) };
}

/** The version with its prerelease, as a changelog writes it: `1.2.3-rc.1`. */
export function fullVersion({ version, prerelease }: TagVersion): string {
  return prerelease.length === 0 ? version : `${version}-${prerelease.join('.')}`;
}

/**
 * The version to search for or to send: verbatim for a plain one, by policy for a prerelease.
 * @throws ActionError E_TAG when the policy does not allow it
 */
export function versionToSend(parsed: TagVersion, policy: Inputs['prerelease']): string {
  if (parsed.prerelease.length === 0 || policy === 'strip') return parsed.version;
  if (policy === 'fail') throw prereleaseRefused(parsed);
  return withBuildNumber(parsed);
}

/**
 * The channel that `auto` stands for: what `tag-pattern` found as channel, else the letters of the first
 * prerelease identifier in lower case (`rc` of `rc.1`, `rc1` and `RC1`), else `stable`; all through
 * `channelMap`.
 * @param channelMap its words in lower case
 * @throws ActionError E_CONFIG for a numeric identifier without a mapping
 */
export function automaticChannel(
  parsed: TagVersion,
  channelMap: ReadonlyMap<string, string>,
): string {
  const identifier = parsed.channel ?? parsed.prerelease[0] ?? 'stable';
  const word = parsed.channel ?? channelWord(identifier);
  const mapped = channelMap.get(identifier.toLowerCase()) ?? channelMap.get(word.toLowerCase());
  if (mapped === undefined && /^\d/.test(word)) {
    throw new ActionError({
      code: 'E_CONFIG',
      what: `${quote(parsed.tag)} has no channel: its first prerelease identifier, ${quote(identifier)}, does not begin with a letter.`,
      remedy: `Add a line such as ${identifier}=beta to channel-map, or write the channel instead of auto.`,
    });
  }
  return mapped ?? word;
}

/** The letters that a prerelease identifier begins with, in lower case; all of one that has none. */
export function channelWord(identifier: string): string {
  return /^[a-z]+/i.exec(identifier)?.[0].toLowerCase() ?? identifier;
}

function splitTag(tag: string): [prefix: string, tail: string] {
  if (tag.length > longestTag) return ['', tag];
  // A tag without any version is split too, so that the error shows the right part of it.
  let split: [string, string] = ['', tag];
  for (const { index } of tag.matchAll(/\d+/g)) {
    const prefix = tag.slice(0, index);
    if (/\d\.\d/.test(prefix)) break;
    if (!isPrefix(prefix)) continue;
    split = [prefix, tag.slice(index)];
    if (/^\d+\.\d/.test(split[1])) break;
  }
  return split;
}

function isPrefix(prefix: string): boolean {
  return prefix === '' || /(?:^|[/@_-])(?:v|version|release)?$/i.test(prefix);
}

function packageOf(prefix: string): string | undefined {
  const name = prefix.replace(/(?<=^|[/@_-])(?:v|version|release)$/i, '').replace(/[/@_-]$/, '');
  return /^(?:|v|version|release)$/i.test(name) ? undefined : name;
}

function parseTail(
  what: 'tag' | 'version',
  given: string,
  tail: string,
): { version: string; prerelease: readonly string[] } {
  const end = tail.search(/[-+]/);
  const version = end === -1 ? tail : tail.slice(0, end);
  if (!versionFormat.test(version) || version.length > longestVersion)
    throw malformed(what, given, tail);
  if (end === -1) return { version, prerelease: [] };
  // semver reads three numbers only; the rules for what follows them are the same for two and four.
  const suffix = parseSemver(`0.0.0${tail.slice(end)}`);
  if (!suffix || suffix.build.length > 0 || suffix.prerelease.length === 0) {
    throw malformed(what, given, tail);
  }
  return { version, prerelease: tail.slice(end + 1).split('.') };
}

function malformed(what: 'tag' | 'version', given: string, tail: string): ActionError {
  return new ActionError({
    code: 'E_TAG',
    what: `The ${what} ${quote(given)} ${what === 'tag' ? 'contains no valid version' : 'is not valid'}: ${reasonAgainst(tail)}.`,
    remedy:
      what === 'tag'
        ? `The version must be ${formats} (digits and dots only), alone or after a prefix such as v, app@ or libs/app/v. For other tags set tag-pattern or version.`
        : `Set version to ${formats} (digits and dots only).`,
  });
}

function reasonAgainst(tail: string): string {
  if (tail.length > longestVersion) return `it is longer than ${longestVersion} characters`;
  if (!/\d/.test(tail)) return 'it contains no digits';
  const parts = tail.split('.');
  if (parts.every((part) => /^\d+$/.test(part))) {
    return parts.length === 1
      ? `${quote(tail)} has only one part`
      : `${quote(tail)} has ${parts.length} parts`;
  }
  const start = tail.search(/\d/);
  const bad = /[^\d.]/u.exec(tail.slice(start));
  if (!bad) return `${quote(tail)} is not ${formats}`;
  if (bad[0] === '+') return `${quote(tail.slice(start + bad.index))} is build metadata`;
  return `${quote(tail.slice(start + bad.index))} is not part of a version`;
}

function prereleaseRefused(parsed: TagVersion): ActionError {
  const suffix = `-${parsed.prerelease.join('.')}`;
  return new ActionError({
    code: 'E_TAG',
    what: `${quote(parsed.tag)} is a prerelease: ${quote(suffix)} does not fit the version formats ${formats}.`,
    remedy: `Set prerelease: strip (sends ${parsed.version}; with product-id it needs match-channel) or prerelease: build (sends its number as the fourth part of the version), or start the workflow only for tags without a prerelease part.`,
  });
}

function withBuildNumber(parsed: TagVersion): string {
  const [number, ...more] = parsed.prerelease.join('.').match(/\d+/g) ?? [];
  const isLast = number !== undefined && parsed.prerelease.at(-1)?.endsWith(number);
  const parts = parsed.version.split('.').length;
  if (parts === 3 && isLast && more.length === 0) return `${parsed.version}.${number}`;
  throw new ActionError({
    code: 'E_TAG',
    what: `${quote(parsed.tag)} gives no build number: prerelease: build needs x.x.x and a prerelease that ends in its only number, as in 1.2.3-rc.1 or 1.2.3-rc1.`,
    remedy: `Use such a tag, or set prerelease: strip. The version formats are ${formats}.`,
  });
}

/**
 * The tag that a version will most likely get: in the form of the newest tag, else `v1.2.3`.
 * @param tags those of the repository, as far as they are known
 */
export function tagToCome(version: string, tags: readonly string[]): string {
  const parsed = tags.map((tag) => unlessUnreadable(() => parseTag(tag)));
  const newest = parsed.reduce(newer, undefined);
  return `${newest?.prefix ?? 'v'}${version}`;
}

/** What a tag says; undefined for one that holds no version. */
export function unlessUnreadable(read: () => TagVersion): TagVersion | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof ActionError && error.code === 'E_TAG') return undefined;
    throw error;
  }
}

function newer(one: TagVersion | undefined, other: TagVersion | undefined): TagVersion | undefined {
  if (!one || !other) return one ?? other;
  const [left, right] = [one, other].map(({ version }) => version.split('.').map(Number));
  const at = right?.findIndex((part, index) => part !== (left?.[index] ?? 0)) ?? -1;
  return at >= 0 && (right?.[at] ?? 0) > (left?.[at] ?? 0) ? other : one;
}
