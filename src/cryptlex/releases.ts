import { ActionError } from '../errors.ts';
import { type Attempt, errorFromAnswer, errorFromFault, parseAnswer } from './answers.ts';
import { type HttpAnswer, HttpFault, type HttpRequest } from './http.ts';
import { type Release, type ReleaseFields, sameId, type Written } from './release.ts';
import { askedWait } from './retry.ts';
import type { Answers } from './schema.ts';

const largestRelease = 1024 * 1024;
const largestPage = 16 * 1024 * 1024;

/** The contract's largest page (api: "GET /v3/releases"). */
const pageSize = 100;

/** No product has more releases than this many pages hold. */
const mostPages = 100;

/** The release API, as much of it as the action uses. */
export interface Releases {
  /** All releases of the product with exactly this version, archived ones included. */
  readonly findByVersion: (productId: string, version: string) => Promise<readonly Release[]>;
  /** The newest releases of the product, one page of them. */
  readonly listNewest: (productId: string) => Promise<readonly Release[]>;
  readonly get: (id: string) => Promise<Release>;
  readonly update: (id: string, fields: ReleaseFields) => Promise<Written>;
  readonly create: (productId: string, fields: ReleaseFields) => Promise<Written>;
}

/**
 * The release API at a base URL. Everything that comes back is parsed before it is used.
 * Reading throws ActionError for whatever is no success; writing throws it only when the write was
 * certainly not applied.
 */
export function connectReleases(options: {
  readonly api: URL;
  readonly token: string;
  readonly doubts: readonly string[];
  /** Takes secrets out of what the server says. */
  readonly redact: (text: string) => string;
  readonly send: (request: HttpRequest) => Promise<HttpAnswer>;
}): Releases {
  const { api, send } = options;
  const headers = {
    accept: 'application/json',
    'accept-encoding': 'identity',
    authorization: `Bearer ${options.token}`,
    'user-agent': 'update-release-action',
  };

  /** What reads the answer is loaded while it is on its way. */
  const ask = async (request: HttpRequest): Promise<HttpAnswer> => {
    const [answer] = await Promise.all([send(request), import('./schema.ts')]);
    return answer;
  };

  const read = async <Kind extends keyof Answers>(
    target: {
      readonly path: string;
      readonly query?: Record<string, string>;
      readonly maxBytes: number;
    },
    kind: Kind,
    attempt: Attempt,
  ): Promise<Answers[Kind]> => {
    const url = urlOf(target.path, target.query);
    const answer = await ask({ method: 'GET', url, headers, maxBytes: target.maxBytes }).catch(
      asError(attempt),
    );
    if (answer.status !== 200) throw await errorFromAnswer(answer, attempt);
    return parseAnswer(answer, kind, attempt);
  };

  const write = async (
    method: 'PATCH' | 'POST',
    target: { readonly path: string; readonly body: object },
    attempt: Attempt,
  ): Promise<Written> => {
    try {
      const answer = await ask({
        method,
        url: urlOf(target.path),
        headers: { ...headers, 'content-type': 'application/json' },
        body: JSON.stringify(target.body),
        maxBytes: largestRelease,
      });
      if (isDoubtful(answer.status)) {
        const waitMs = askedWait(answer.headers, Date.now());
        return { kind: 'doubtful', reason: await errorFromAnswer(answer, attempt), waitMs };
      }
      if (answer.status >= 300) throw await errorFromAnswer(answer, attempt);
      return { kind: 'answered', release: await parseAnswer(answer, 'release', attempt) };
    } catch (error) {
      if (error instanceof HttpFault) {
        const reason = errorFromFault(error, attempt);
        if (error.sent) return { kind: 'doubtful', reason };
        throw reason;
      }
      if (error instanceof ActionError && error.code === 'E_RESPONSE') {
        return { kind: 'doubtful', reason: error };
      }
      throw error;
    }
  };

  const urlOf = (path: string, query: Record<string, string> = {}): URL => {
    // Resolved against the base, a path could name another host.
    const url = new URL(api);
    url.pathname = `${api.pathname.replace(/\/$/, '')}/v3/releases${path}`;
    url.search = new URLSearchParams(query).toString();
    return url;
  };

  const attemptAt = (attempt: Omit<Attempt, 'api' | 'doubts' | 'redact'>): Attempt => ({
    ...attempt,
    api,
    doubts: options.doubts,
    redact: options.redact,
  });

  const listing = (productId: string) =>
    attemptAt({
      action: `list the releases of the product ${productId}`,
      scope: 'release:read',
      missing: {
        what: `${api.host} knows no releases for the product ${productId} (HTTP 404).`,
        remedy: 'Check product-id, and that api-url names the region that the product is in.',
      },
    });

  const ofRelease = (verb: 'read' | 'update', id: string) =>
    attemptAt({
      action: `${verb} the release ${id}`,
      scope: verb === 'read' ? 'release:read' : 'release:write',
      missing: {
        what: `${api.host} has no release ${id} (HTTP 404).`,
        remedy:
          'Check the id, that the release was not deleted meanwhile, that the token is of the same account, and that api-url names its region.',
      },
    });

  return {
    findByVersion: async (productId, version) => {
      const seen = new Map<string, Release>();
      for (let page = 1; page <= mostPages; page += 1) {
        const items = await read(
          {
            path: '',
            query: { productId, version, page: String(page), limit: String(pageSize) },
            maxBytes: largestPage,
          },
          'releases',
          listing(productId),
        );
        const fresh = items.filter(({ id }) => !seen.has(id));
        for (const item of fresh) seen.set(item.id, item);
        // One match alone shows that the server knows the filters, so that there is no more. Any
        // other page is followed: a server that ignores the filters may ignore the page size too.
        const [only, another] = selectVersion([...seen.values()], { productId, version });
        const complete = only !== undefined && another === undefined && seen.size === 1;
        if (complete || fresh.length === 0) {
          return selectVersion([...seen.values()], { productId, version });
        }
      }
      throw new ActionError({
        code: 'E_RESPONSE',
        what: `The list of releases of the product ${productId} has more than ${mostPages} pages.`,
        remedy: 'Name the release with release-id instead of product-id.',
      });
    },

    listNewest: async (productId) => {
      const query = { productId, sort: '-createdAt', limit: String(pageSize) };
      const items = await read(
        { path: '', query, maxBytes: largestPage },
        'releases',
        listing(productId),
      );
      return items.filter((item) => !item.productId || sameId(item.productId, productId));
    },

    get: async (id) => {
      const attempt = ofRelease('read', id);
      const path = `/${encodeURIComponent(id)}`;
      const release = await read({ path, maxBytes: largestRelease }, 'release', attempt);
      if (sameId(release.id, id)) return release;
      throw new ActionError({
        code: 'E_RESPONSE',
        what: `The release API answered with another release than ${id}.`,
        remedy: 'Check that api-url is the address of the release API itself.',
      });
    },

    update: (id, body) =>
      write('PATCH', { path: `/${encodeURIComponent(id)}`, body }, ofRelease('update', id)),

    create: (productId, fields) =>
      write(
        'POST',
        { path: '', body: { ...fields, productId } },
        attemptAt({
          action: `create a release of the product ${productId}`,
          scope: 'release:write',
          missing: {
            what: `${api.host} has no product ${productId} (HTTP 404).`,
            remedy: 'Check product-id, and that api-url names the region that the product is in.',
          },
        }),
      ),
  };
}

/**
 * The listed releases that were asked for; filters are never trusted. Where a server leaves
 * `productId` out, it counts only if the version filter was obeyed throughout.
 */
function selectVersion(
  listed: readonly Release[],
  asked: { readonly productId: string; readonly version: string },
): readonly Release[] {
  const obeyed = listed.every(({ version }) => version === asked.version);
  return listed.filter(
    ({ productId, version }) =>
      version === asked.version && (productId ? sameId(productId, asked.productId) : obeyed),
  );
}

function asError(attempt: Attempt): (error: unknown) => never {
  return (error) => {
    throw error instanceof HttpFault ? errorFromFault(error, attempt) : error;
  };
}

/** Answers after which nobody can say whether the write was applied. */
function isDoubtful(status: number): boolean {
  return status >= 500 || status === 408 || status === 425 || status === 202 || status === 204;
}
