import type { Deadline } from '../deadline.ts';
import { ActionError } from '../errors.ts';
import { endpoint } from '../inputs/api-url.ts';
import { type Inputs, isDelivering } from '../inputs/inputs.ts';
import { doubtsAboutToken, type TokenDoubt } from '../inputs/token.ts';
import type { Log } from '../log.ts';
import { doubtAfter, type Written } from './doubt.ts';
import { type Attempt, errorFromAnswer, errorFromFault, parseAnswer } from './failures.ts';
import {
  commonHeaders,
  type HttpAnswer,
  HttpFault,
  type HttpRequest,
  openExchange,
} from './http.ts';
import { listAll } from './listing.ts';
import { type Release, type ReleaseFields, sameId } from './release.ts';
import { askedWait, withRetries } from './retry.ts';
import { type Reader, readRelease, readReleases } from './schema.ts';

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
  /** Sends a PATCH with exactly these fields, once. */
  readonly update: (id: string, changes: ReleaseFields) => Promise<Written>;
  /** Makes it read-only, for good. */
  readonly publish: (id: string) => Promise<Written>;
  /** A 409 means that there is such a release now. */
  readonly create: (productId: string, fields: ReleaseFields) => Promise<Written>;
}

/**
 * Opens Cryptlex's release API as the inputs name it, and warns of what the token's claims say against
 * it. Sends nothing.
 * @returns undefined in a dry run without a token, which asks nobody
 * @throws ActionError E_CONFIG when the environment names a proxy that is none
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
  readonly send: (request: HttpRequest) => Promise<HttpAnswer>;
}): Cryptlex {
  const { api, token, doubts, send } = options;
  const headers = commonHeaders(token);

  const read = async <Value>(
    target: Target,
    reader: Reader<Value>,
    attempt: Attempt,
  ): Promise<Value> => {
    const url = urlOf(target.path, target.query);
    const request = { method: 'GET', url, headers, onSent: target.onSent } as const;
    const answer = await send(request).catch((error: unknown) => {
      throw error instanceof HttpFault ? errorFromFault(error, attempt) : error;
    });
    if (answer.status !== 200) throw errorFromAnswer(answer, attempt);
    return parseAnswer(answer, reader, attempt);
  };

  const write = async (
    method: 'PATCH' | 'POST',
    target: { readonly path: string; readonly body?: object },
    attempt: Attempt,
  ): Promise<Written> => {
    try {
      const answer = await send({
        method,
        url: urlOf(target.path),
        headers: target.body ? { ...headers, 'content-type': 'application/json' } : headers,
        body: target.body && JSON.stringify(target.body),
      });
      const doubt = doubtAfter(answer.status);
      if (doubt) {
        const reason = errorFromAnswer(answer, attempt);
        return { kind: 'doubtful', doubt, reason, waitMs: askedWait(answer.headers) };
      }
      if (answer.status >= 300) {
        const reason = errorFromAnswer(answer, attempt);
        return { kind: 'refused', status: answer.status, reason };
      }
      return { kind: 'answered', release: parseAnswer(answer, readRelease, attempt) };
    } catch (error) {
      if (error instanceof HttpFault) {
        const reason = errorFromFault(error, attempt);
        if (!error.sent) return { kind: 'refused', status: undefined, reason };
        return { kind: 'doubtful', doubt: error.kind === 'timeout' ? 'pending' : 'over', reason };
      }
      if (error instanceof ActionError && error.code === 'E_RESPONSE') {
        return { kind: 'doubtful', doubt: 'over', reason: error };
      }
      throw error;
    }
  };

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

  const pathOf = (id: string) => `/${encodeURIComponent(id)}`;

  const list = (query: Record<string, string> & { productId: string }, onSent?: () => void) => {
    const attempt = ofProduct('list the releases', query.productId);
    return read({ path: '', query, onSent }, readReleases, attempt);
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
      const release = await read({ path: pathOf(id), onSent }, readRelease, ofRelease('read', id));
      if (sameId(release.id, id)) return release;
      throw new ActionError({
        code: 'E_RESPONSE',
        what: `Cryptlex answered with another release than ${id}.`,
        remedy: 'Check that api-url is the address of the Cryptlex API.',
      });
    },

    update: (id, body) => write('PATCH', { path: pathOf(id), body }, ofRelease('update', id)),

    publish: (id) => write('POST', { path: `${pathOf(id)}/publish` }, ofRelease('publish', id)),

    create: (productId, fields) => {
      const target = { path: '', body: { ...fields, productId } };
      return write('POST', target, ofProduct('create a release', productId));
    },
  };
}

/** What is read. */
interface Target {
  readonly path: string;
  readonly query?: Record<string, string>;
  readonly onSent?: (() => void) | undefined;
}
