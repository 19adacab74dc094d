import { createServer, type Server } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import { getRequestListener, type HttpBindings } from '@hono/node-server';
import { Hono } from 'hono';
import { adminRoutes, type Sandbox } from './admin.ts';
import { Failures } from './failures.ts';
import { limitRate, type RateLimit, vendorRateLimit } from './rate-limit.ts';
import { Recording } from './recording.ts';
import { notFound, Refusal } from './refusal.ts';
import type { PlatformForm, ReleaseSeed } from './release.ts';
import { releaseRoutes } from './routes.ts';
import { ReleaseStore } from './store.ts';
import { Tokens } from './tokens.ts';
import { uploadRoutes } from './uploads.ts';
import { Webhook, type WebhookTarget } from './webhook.ts';

export type { Sandbox };

/** How a sandbox is to be. */
export interface SandboxOptions {
  /** A free one by default. */
  readonly port?: number | undefined;
  /** Serves HTTPS with this key and certificate (PEM). */
  readonly tls?: { readonly key: string; readonly cert: string } | undefined;
  /** A path before `/v3`, such as `/cryptlex`, as on-premise servers may have. */
  readonly pathPrefix?: string | undefined;
  /** The vendor's limit by default; `false` switches it off. */
  readonly rateLimit?: boolean | RateLimit | undefined;
  readonly webhook?: WebhookTarget | undefined;
  /** The space for files, in bytes; no limit by default. */
  readonly storageLimit?: number | undefined;
  /** Milliseconds from storing a file to registering it; none by default. */
  readonly registerAfterMs?: number | undefined;
  /** The fastest that an upload is read; no limit by default. */
  readonly uploadBytesPerSecond?: number | undefined;
  /** `platform` for a server of an older version. */
  readonly platformForm?: PlatformForm | undefined;
  /** Behaves as a server that ignores query filters. */
  readonly ignoreFilters?: boolean | undefined;
  /** Status of the refusal to update a published release: the vendor's is unknown; 400 here. */
  readonly publishedStatus?: number | undefined;
  readonly releases?: readonly ReleaseSeed[] | undefined;
}

/** Starts the vendor's release API on the loopback address, with its data in memory. */
export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const { tls, pathPrefix = '' } = options;
  const server = tls === undefined ? createServer() : createSecureServer(tls);
  const recording = new Recording();
  server.on(tls === undefined ? 'connection' : 'secureConnection', (socket) =>
    recording.addConnection(socket),
  );
  const port = await listen(server, options.port ?? 0);
  const url = `${tls === undefined ? 'http' : 'https'}://127.0.0.1:${port}${pathPrefix}`;

  const closing = new AbortController();
  const store = new ReleaseStore();
  const tokens = new Tokens(url);
  const failures = new Failures({ pathPrefix, closing: closing.signal });
  const webhook = new Webhook(options.webhook);
  for (const seed of options.releases ?? []) store.add(seed);

  const stored = new Map();
  const sandbox: Sandbox = {
    url,
    releasesUrl: `${url}/files`,
    requests: recording.requests,
    get connections() {
      return recording.connectionCount;
    },
    issueToken: (wanted) => tokens.issue(wanted),
    addRelease: (seed = {}) => store.add(seed),
    release: (id) => store.get(id),
    releases: () => store.all(),
    storedFiles: () => [...stored.keys()],
    change: (id, changes) => store.change(id, changes),
    fail: (rule) => failures.add(rule),
    clearFailures: () => failures.clear(),
    async close() {
      closing.abort();
      await Promise.all([closeServer(server), webhook.close()]);
    },
  };

  const app = new Hono<{ Bindings: HttpBindings }>();
  app.onError((error) => toRefusal(error).toResponse());
  app.notFound(({ req }) => notFound(`There is no ${req.method} ${req.path}.`).toResponse());
  app.route('/sandbox', adminRoutes(sandbox));
  app.use(recording.middleware(), failures.middleware());
  const limit = options.rateLimit ?? true;
  if (limit !== false) app.use(limitRate(limit === true ? vendorRateLimit : limit));
  const routes = releaseRoutes({
    store,
    tokens,
    webhook,
    platformForm: options.platformForm ?? 'platforms',
    ignoreFilters: options.ignoreFilters ?? false,
    publishedStatus: options.publishedStatus ?? 400,
  });
  app.route(pathPrefix, routes);
  const uploads = uploadRoutes({
    store,
    tokens,
    storageLimit: options.storageLimit ?? Number.POSITIVE_INFINITY,
    registerAfterMs: options.registerAfterMs ?? 0,
    bytesPerSecond: options.uploadBytesPerSecond ?? Number.POSITIVE_INFINITY,
    stored,
  });
  app.route(`${pathPrefix}/files`, uploads);
  // The URL is part of the tokens, so nothing can be asked for before it is known.
  const listener = getRequestListener(app.fetch, { overrideGlobalObjects: false });
  server.on('request', listener);
  // Node would tell the client to send its body before anyone has looked at the request.
  server.on('checkContinue', listener);
  return sandbox;
}

async function listen(server: Server, port: number): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(port, '127.0.0.1', resolve);
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The server has no port.');
  return address.port;
}

function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}

function toRefusal(error: Error): Refusal {
  if (error instanceof Refusal) return error;
  return new Refusal({ status: 500, code: 'INTERNAL_ERROR', message: error.message });
}
