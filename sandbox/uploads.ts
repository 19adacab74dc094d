import { createHash, randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import type { HttpBindings } from '@hono/node-server';
import { type Context, Hono } from 'hono';
import { Refusal } from './refusal.ts';
import type { Release } from './release.ts';
import type { ReleaseStore } from './store.ts';
import type { Tokens } from './tokens.ts';

/** What the host for files works on, and how it behaves where hosts differ. */
export interface UploadOptions {
  readonly store: ReleaseStore;
  readonly tokens: Tokens;
  /** The space of the account, in bytes. */
  readonly storageLimit: number;
  /** Milliseconds between storing a file and registering it with its release. */
  readonly registerAfterMs: number;
  /** The fastest that a body is read. */
  readonly bytesPerSecond: number;
  /** What was stored, by `release id/name`. */
  readonly stored: Map<string, ReleaseFile>;
}

type ReleaseFile = Release['files'][number];

/**
 * The vendor's host for files: `PUT /v3/{release id}/{name}`. What stands against a file is answered
 * before its body is read; refusals have no body. Of a file only name, size and checksum are kept.
 */
export function uploadRoutes(options: UploadOptions): Hono<{ Bindings: HttpBindings }> {
  const { store, tokens, storageLimit, registerAfterMs, bytesPerSecond, stored } = options;
  const routes = new Hono<{ Bindings: HttpBindings }>();
  routes.onError((error) => new Response(null, { status: statusOf(error) }));

  routes.put('/v3/:id/:name', async (context) => {
    for (const scope of ['release:read', 'release:write'] as const) {
      tokens.authorize(context.req.header('authorization'), scope);
    }
    const length = Number(context.req.header('content-length'));
    if (!(length > 0)) throw refusal(400);
    const name = context.req.param('name').toLowerCase();
    const release = store.get(context.req.param('id'));
    if (!/^[a-z\d()[\]_.-]{3,256}$/.test(name) || !release) throw refusal(404);
    if (release.published) throw refusal(403);
    const key = `${release.id}/${name}`;
    if (stored.has(key) || release.files.some((file) => file.name === name)) throw refusal(409);
    if (length + usedOf(stored) > storageLimit) throw refusal(409);

    const checksum = await readFile(context, bytesPerSecond);
    if (store.get(release.id)?.published) throw refusal(403);
    const file = describe({ name, size: length, checksum }, release);
    // The vendor stores first: a repeat finds the file there even before the release has it.
    stored.set(key, file);
    if (registerAfterMs > 0) setTimeout(() => store.register(release.id, file), registerAfterMs);
    else store.register(release.id, file);
    return Response.json(file);
  });

  return routes;
}

/** Reads the first bytes of a body, and leaves the rest. */
export async function readSome(context: Context<{ Bindings: HttpBindings }>, bytes: number) {
  let read = 0;
  for await (const chunk of bodyOf(context).iterator({ destroyOnReturn: false })) {
    read += (chunk as Buffer).length;
    if (read >= bytes) return;
  }
}

/** The MD5 of a body, in hex. A body that is cut off is never stored. */
async function readFile(
  context: Context<{ Bindings: HttpBindings }>,
  bytesPerSecond: number,
): Promise<string> {
  const hash = createHash('md5');
  const started = performance.now();
  let read = 0;
  for await (const chunk of bodyOf(context)) {
    hash.update(chunk as Buffer);
    read += (chunk as Buffer).length;
    const ahead = (read / bytesPerSecond) * 1000 - (performance.now() - started);
    if (ahead >= 1) await pause(ahead);
  }
  return hash.digest('hex');
}

/** The body of a request; a client that waits to be told so is told to send it. */
function bodyOf({ env, req }: Context<{ Bindings: HttpBindings }>): IncomingMessage {
  const outgoing = env.outgoing as ServerResponse;
  if (req.header('expect') !== undefined) outgoing.writeContinue();
  return env.incoming as IncomingMessage;
}

function describe(
  file: Pick<ReleaseFile, 'name' | 'size' | 'checksum'>,
  { id, name }: Release,
): ReleaseFile {
  const now = new Date().toISOString();
  return {
    id: randomUUID(),
    createdAt: now,
    updatedAt: now,
    ...file,
    url: `https://files.example/${id}/${file.name}`,
    downloads: 0,
    extension: /\.[^.]*$/.exec(file.name)?.[0] ?? '',
    secured: true,
    published: false,
    releaseId: id,
    releaseName: name,
  };
}

function usedOf(stored: ReadonlyMap<string, ReleaseFile>): number {
  return [...stored.values()].reduce((sum, { size }) => sum + size, 0);
}

function refusal(status: number): Refusal {
  return new Refusal({ status, code: '', message: '' });
}

function statusOf(error: Error): number {
  return error instanceof Refusal ? error.status : 500;
}
