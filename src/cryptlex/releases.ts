import type { Deadline } from '../deadline.ts';
import { ActionError } from '../errors.ts';
import { endpoint } from '../inputs/api-url.ts';
import { type Inputs, isDelivering } from '../inputs/inputs.ts';
import { doubtsAboutToken, type TokenDoubt } from '../inputs/token.ts';
import type { Log } from '../log.ts';
import { openCalls } from './calls.ts';
import type { Written } from './doubt.ts';
import type { Attempt } from './failures.ts';
import { openExchange, type Send } from './http.ts';
import { listAll } from './listing.ts';
import { type Release, type ReleaseFields, sameId } from './release.ts';
import { withRetries } from './retry.ts';
import { readRelease, readReleases } from './schema.ts';

/** The contract's largest page (api: "GET /v3/releases"). */
const pageSize = 100;

/** The release API, as much of it as the action uses. */
export interface Cryptlex {
  /**
   * All releases of the product with exactly this version, archived ones included.
   * @param onSent called when a request is on its way, so that something else can be done meanwhile
   */
  readonly findByVersion: (
    productId: string,
    version: string,
    onSent?: () => void,
  ) => Promise<readonly Release[]>;
  /** The newest releases of the product, one page of them. */
  readonly listNewest: (productId: string) => Promise<readonly Release[]>;
  readonly get: (id: string, onSent?: () => void) => Promise<Release>;
  /** Sends a PATCH with exactly these fields; not a second time once it may have been applied. */
  readonly update: (id: string, changes: ReleaseFields) => Promise<Written>;
  /** Makes it read-only, for good. */
  readonly publish: (id: string) => Promise<Written>;
  /** A 409 means that there is such a release now. */
  readonly create: (productId: string, fields: ReleaseFields) => Promise<Written>;
}

/**
 * Opens Cryptlex's release API as the inputs name it, and warns if the claims of the token show that it
 * will not work. Sends nothing.
 * @returns undefined in a dry run without a token, which asks nobody
 * @throws ActionError E_CONFIG when the environment names a proxy by an invalid address
 */
export async function connectCryptlex(
  inputs: Inputs,
  { deadline, log }: { readonly deadline: Deadline; readonly log: Log },
): Promise<Cryptlex | undefined> {
  const { 'access-token': token, 'api-url': api } = inputs;
  if (token === undefined) return undefined;
  const isRead = inputs['product-id'] !== undefined || isDelivering(inputs);
  const reads = isRead ? ['release:read'] : [];
  const writes = inputs['dry-run'] ? [] : ['release:write'];
  const needs = [...reads, ...writes];
  const doubts = doubtsAboutToken(token, { now: Date.now(), api, needs });
  for (const { about, sentence } of doubts) if (about !== 'issuer') log.warning(sentence);
  if (api.hostname.includes('xn--')) log.notice(`The host in api-url is ${api.host}.`);
  return openCryptlex({
    api,
    token,
    doubts,
    send: withRetries({ exchange: await openExchange(api), deadline, log }),
  });
}

/**
 * The release API at a base URL. Everything that comes back is parsed before it is used.
 * Reading throws ActionError for whatever is no success; writing never does.
 */
export function openCryptlex(options: {
  readonly api: URL;
  readonly token: string;
  readonly doubts: readonly TokenDoubt[];
  readonly send: Send;
}): Cryptlex {
  const { api, doubts } = options;
  const { read, write } = openCalls(options);

  const urlOf = (path: string, query: Record<string, string> = {}): URL => {
    const url = endpoint(api, `/releases${path}`);
    url.search = new URLSearchParams(query).toString();
    return url;
  };

  const ofProduct = (verb: 'list the releases' | 'create a release', id: string): Attempt => ({
    api,
    doubts,
    action: `${verb} of the product ${id}`,
    scope: verb === 'list the releases' ? 'release:read' : 'release:write',
    missing: {
      what: `The Cryptlex server ${api.host} has no product ${id} (HTTP 404).`,
      remedy: 'Check product-id, and that api-url names the region of the product.',
    },
  });

  const ofRelease = (verb: 'read' | 'update' | 'publish', id: string): Attempt => ({
    api,
    doubts,
    action: `${verb} the release ${id}`,
    scope: verb === 'read' ? 'release:read' : 'release:write',
    ...(verb === 'update' && {
      hint: 'If the release is published, it is read-only: publish a new version instead.',
    }),
    missing: {
      what: `The Cryptlex server ${api.host} has no release ${id} (HTTP 404).`,
      remedy:
        'Check that the id is right and the release still exists, that the token belongs to the same account, and that api-url names its region.',
    },
  });

  const list = (query: Record<string, string> & { productId: string }, onSent?: () => void) => {
    const attempt = ofProduct('list the releases', query.productId);
    return read({ url: urlOf('', query), onSent }, readReleases, attempt);
  };

  return {
    findByVersion: (productId, version, onSent) =>
      listAll({ productId, version }, (page) => {
        const paging = { sort: 'createdAt', page: String(page), limit: String(pageSize) };
        return list({ productId, version, ...paging }, onSent);
      }),

    listNewest: async (productId) => {
      const query = { productId, sort: '-createdAt', limit: String(pageSize) };
      const items = await list(query);
      return items.filter((item) => !item.productId || sameId(item.productId, productId));
    },

    get: async (id, onSent) => {
      const release = await read(
        { url: urlOf(`/${id}`), onSent },
        readRelease,
        ofRelease('read', id),
      );
      if (sameId(release.id, id)) return release;
      throw new ActionError({
        code: 'E_RESPONSE',
        what: `Cryptlex answered with another release than ${id}.`,
        remedy: 'Check that api-url is the address of the Cryptlex API.',
      });
    },

    update: (id, changes) =>
      write('PATCH', { url: urlOf(`/${id}`), body: changes }, ofRelease('update', id)),

    publish: (id) => write('POST', { url: urlOf(`/${id}/publish`) }, ofRelease('publish', id)),

    create: (productId, fields) => {
      const call = { url: urlOf(''), body: { ...fields, productId } };
      return write('POST', call, ofProduct('create a release', productId));
    },
  };
}
