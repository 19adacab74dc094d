import { Hono } from 'hono';
import { z } from 'zod';
import { type FailureRule, failureRuleSchema } from './failures.ts';
import type { RecordedRequest } from './recording.ts';
import { badRequest } from './refusal.ts';
import { type Release, type ReleaseSeed, seedSchema } from './release.ts';
import type { TokenOptions } from './tokens.ts';

/** A running sandbox. */
export interface Sandbox {
  /** The API's base URL, with the path prefix. */
  readonly url: string;
  /** The base URL of the host for files. */
  readonly releasesUrl: string;
  /** Every request to the API, in order of arrival. */
  readonly requests: readonly RecordedRequest[];
  /** How many connections clients have opened. */
  readonly connections: number;
  issueToken(options?: TokenOptions): string;
  addRelease(seed?: ReleaseSeed): Release;
  release(id: string): Release | undefined;
  releases(): readonly Release[];
  /** What the host for files has stored, registered or not: `release id/name`. */
  storedFiles(): readonly string[];
  /** Changes a release as if someone else did; moves `updatedAt`, fires no webhook. */
  change(id: string, changes: Partial<Release>): Release;
  fail(rule: FailureRule): void;
  clearFailures(): void;
  /** Cuts every connection; waits at most a second for webhooks under way. */
  close(): Promise<void>;
}

// JSON has no regular expressions: `pattern` carries one.
const orderSchema = failureRuleSchema
  .extend({ path: z.string().optional(), pattern: z.string().optional() })
  .transform(({ pattern, path, ...rule }) => ({
    ...rule,
    path: pattern === undefined ? path : new RegExp(pattern),
  }));

const tokenSchema = z.strictObject({
  scopes: z.array(z.string()).optional(),
  expiresInSeconds: z.number().optional(),
  issuer: z.string().optional(),
  opaque: z.boolean().optional(),
});

/**
 * The switches of the sandbox for other processes, under `/sandbox`: neither counted nor recorded,
 * and open to whoever reaches the loopback address.
 */
export function adminRoutes(sandbox: Sandbox): Hono {
  const routes = new Hono();
  routes.get('/releases', () => Response.json(sandbox.releases()));
  routes.post('/releases', async (context) =>
    Response.json(sandbox.addRelease(parse(seedSchema, await context.req.text())), { status: 201 }),
  );
  routes.post('/tokens', async (context) =>
    Response.json({ token: sandbox.issueToken(parse(tokenSchema, await context.req.text())) }),
  );
  routes.get('/requests', () => Response.json(sandbox.requests));
  routes.post('/failures', async (context) => {
    sandbox.fail(parse(orderSchema, await context.req.text()));
    return new Response(null, { status: 204 });
  });
  routes.delete('/failures', () => {
    sandbox.clearFailures();
    return new Response(null, { status: 204 });
  });
  return routes;
}

function parse<T>(schema: z.ZodType<T>, text: string): T {
  try {
    return schema.parse(JSON.parse(text || '{}'));
  } catch (error) {
    throw badRequest(error instanceof Error ? error.message : String(error));
  }
}
