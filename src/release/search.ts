import type { Release } from '../cryptlex/release.ts';
import type { Cryptlex } from '../cryptlex/releases.ts';
import { type Inputs, isDelivering } from '../inputs/inputs.ts';
import type { Criteria } from './target.ts';

/** What was looked for and what there is. */
export interface Search {
  readonly criteria: Criteria;
  /** Every release of the product with this version. */
  readonly listed: readonly Release[];
  /** The newest releases of the product, to explain that none matches. */
  readonly near: readonly Release[];
}

/** Nobody waits longer for a request to be sent, in milliseconds. */
const longestStart = 500;

/** A search that is under way. */
export interface StartedSearch {
  /** Resolves when the request was sent, failed, or 500 ms have passed. */
  readonly sent: Promise<void>;
  /** What was found; or the release that release-id names. */
  readonly result: Promise<Search | Release>;
}

/**
 * Starts the search for the wanted releases, so that it is under way while the notes are collected; or
 * starts to read the release that release-id names, where files or the publication need that.
 * @returns undefined where nothing is read: with release-id alone, or in a dry run without a token
 */
export function startSearch(
  cryptlex: Cryptlex | undefined,
  criteria: Criteria | undefined,
  inputs: Pick<Inputs, 'on-missing' | 'release-id' | 'upload-files' | 'publish'>,
): StartedSearch | undefined {
  const id = isDelivering(inputs) ? inputs['release-id'] : undefined;
  if (!cryptlex || (!criteria && id === undefined)) return undefined;
  let onSent = () => {};
  const sent = new Promise<void>((resolve) => {
    onSent = resolve;
    setTimeout(resolve, longestStart).unref();
  });
  const result = criteria
    ? search(cryptlex, criteria, inputs['on-missing'], onSent)
    : cryptlex.get(id ?? '', onSent);
  // A failure is thrown where the result is awaited.
  result.then(onSent, onSent);
  return { sent, result };
}

async function search(
  cryptlex: Cryptlex,
  criteria: Criteria,
  onMissing: Inputs['on-missing'],
  onSent: () => void,
): Promise<Search> {
  const listed = await cryptlex.findByVersion(criteria.productId, criteria.version, onSent);
  if (onMissing !== 'fail' || selectMatches(listed, criteria).length > 0) {
    return { criteria, listed, near: [] };
  }
  // They only help to explain; a server that can't list them is no reason to fail otherwise.
  const near = await cryptlex.listNewest(criteria.productId).catch(() => []);
  return { criteria, listed, near };
}

/**
 * The releases that are meant: exact version, channel and platform, not archived.
 * @param form the form in which channels and platforms are compared
 */
export function selectMatches(
  listed: readonly Release[],
  criteria: Criteria,
  form = (text: string) => text,
): readonly Release[] {
  const { version, channel, platform } = criteria;
  const isSame = (one: string | null | undefined, other: string) => form(one ?? '') === form(other);
  return listed.filter(
    (release) =>
      release.version === version &&
      release.archived !== true &&
      (channel === undefined || isSame(release.channel, channel)) &&
      (platform === undefined || (release.platforms ?? []).some((each) => isSame(each, platform))),
  );
}
