import type { Release } from '../cryptlex/release.ts';
import type { Releases } from '../cryptlex/releases.ts';
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
 * @returns undefined where nothing is looked up: with release-id, or in a dry run without a token
 */
export function startSearch(
  releases: Releases | undefined,
  wanted: Wanted | undefined,
): Promise<Search> | undefined {
  if (!releases || !wanted) return undefined;
  const searching = search(releases, wanted);
  // A failure is thrown where the search is awaited; until then it must not count as unhandled.
  searching.catch(() => undefined);
  return searching;
}

async function search(releases: Releases, wanted: Wanted): Promise<Search> {
  const listed = await releases.findByVersion(wanted.productId, wanted.version);
  const matched = selectMatches(listed, wanted).length > 0;
  // They only help to explain; a server that can't list them is no reason to fail.
  const near = matched ? [] : await releases.listNewest(wanted.productId).catch(() => []);
  return { wanted, listed, near };
}

/** The releases that are meant: exact version, channel and platform, not archived. */
export function selectMatches(listed: readonly Release[], wanted: Wanted): readonly Release[] {
  return listed.filter(
    (release) =>
      release.version === wanted.version &&
      release.archived !== true &&
      (wanted.channel === undefined || release.channel === wanted.channel) &&
      (wanted.platform === undefined || (release.platforms ?? []).includes(wanted.platform)),
  );
}
