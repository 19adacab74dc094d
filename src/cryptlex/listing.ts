import { ActionError } from '../errors.ts';
import { type Release, sameId } from './release.ts';

/** The contract's usual page: fewer releases fit into one, whatever a server makes of `limit`. */
const smallestPage = 25;

/** No product has more releases than this many pages hold. */
const mostPages = 100;

/** How often more than one page is listed until two lists are the same. */
const mostPasses = 3;

/** What a list is asked for. */
export interface Asked {
  readonly productId: string;
  readonly version: string;
}

/** Gives the releases on a page of a list, counted from 1. */
export type ReadPage = (page: number) => Promise<readonly Release[]>;

/**
 * All releases with exactly this version, from as many pages as there are, listed until two lists are the
 * same: a release that is deleted between two pages moves another one out of sight.
 * @throws ActionError E_CONFLICT when the lists differ again and again; E_RESPONSE for pages without end
 */
export async function listAll(asked: Asked, readPage: ReadPage): Promise<readonly Release[]> {
  let listed = await listPages(asked, readPage);
  for (let passes = 1; listed.length >= smallestPage; passes += 1) {
    if (passes === mostPasses) throw restless(asked.productId);
    const again = await listPages(asked, readPage);
    const ids = new Set(listed.map(({ id }) => id));
    if (again.length === ids.size && again.every(({ id }) => ids.has(id))) break;
    listed = again;
  }
  return selectVersion(listed, asked);
}

/** All releases that the server lists: pages are followed until one brings nothing new. */
async function listPages(asked: Asked, readPage: ReadPage): Promise<readonly Release[]> {
  const seen = new Map<string, Release>();
  for (let page = 1; page <= mostPages; page += 1) {
    const items = await readPage(page);
    const known = seen.size;
    for (const item of items) seen.set(item.id, item);
    const listed = [...seen.values()];
    // One match alone shows that the server knows the filters, so that there is no more. Any other
    // page is followed: a server that ignores the filters may ignore the page size too.
    const isAlone = seen.size === 1 && selectVersion(listed, asked).length === 1;
    if (isAlone || seen.size === known) return listed;
  }
  throw new ActionError({
    code: 'E_RESPONSE',
    what: `The list of releases of the product ${asked.productId} has more than ${mostPages} pages.`,
    remedy: 'Set release-id instead of product-id.',
  });
}

/**
 * The listed releases that were asked for; filters are never trusted. Where a server leaves
 * `productId` out, it counts only if the version filter was obeyed throughout.
 */
function selectVersion(listed: readonly Release[], asked: Asked): readonly Release[] {
  const obeyed = listed.every(({ version }) => version === asked.version);
  return listed.filter(
    ({ productId, version }) =>
      version === asked.version && (productId ? sameId(productId, asked.productId) : obeyed),
  );
}

function restless(productId: string): ActionError {
  return new ActionError({
    code: 'E_CONFLICT',
    what: `The list of releases of the product ${productId} changed ${mostPasses} times while it was read.`,
    remedy: 'Run the step again when nobody else creates or deletes releases of this product.',
  });
}
