import type { Release } from '../cryptlex/release.ts';
import type { Releases } from '../cryptlex/releases.ts';
import type { Inputs } from '../inputs/inputs.ts';
import type { Wanted } from './target.ts';

/** What was looked for and what there is. */
export interface Search {
  readonly wanted: Wanted;
  /** Every release of the product with this version. */
  readonly listed: readonly Release[];
  /** Other releases of the product, to explain that none matches. */
  readonly near: readonly Release[];
}

/**
 * Starts the look-up, so that it is under way while the notes are collected.
 * @param wanted what is looked for, or the id of the release to read
 * @returns undefined where nothing is looked up: with release-id, where the release is not read first, or
 *   in a dry run without a token
 */
export function startSearch(
  releases: Releases | undefined,
  wanted: Wanted | string | undefined,
  onMissing: Inputs['on-missing'],
): Promise<Search | Release> | undefined {
  if (!releases || wanted === undefined) return undefined;
  const searching =
    typeof wanted === 'string' ? releases.get(wanted) : search(releases, wanted, onMissing);
  // A failure is thrown where the search is awaited; until then it must not count as unhandled.
  searching.catch(() => undefined);
  return searching;
}

async function search(
  releases: Releases,
  wanted: Wanted,
  onMissing: Inputs['on-missing'],
): Promise<Search> {
  const listed = await releases.findByVersion(wanted.productId, wanted.version);
  if (onMissing !== 'fail' || selectMatches(listed, wanted).length > 0) {
    return { wanted, listed, near: [] };
  }
  // They only help to explain; a server that can't list them is no reason to fail otherwise.
  const near = await releases.listNewest(wanted.productId).catch(() => []);
  return { wanted, listed, near };
}

/**
 * The releases that are meant: exact version, channel and platform, not archived.
 * @param form the form in which channels and platforms are compared
 */
export function selectMatches(
  listed: readonly Release[],
  wanted: Wanted,
  form = (text: string) => text,
): readonly Release[] {
  const { version, channel, platform } = wanted;
  const isSame = (one: string | null | undefined, other: string) => form(one ?? '') === form(other);
  return listed.filter(
    (release) =>
      release.version === version &&
      release.archived !== true &&
      (channel === undefined || isSame(release.channel, channel)) &&
      (platform === undefined || (release.platforms ?? []).some((each) => isSame(each, platform))),
  );
}
