import { Hono } from 'hono';
import { z } from 'zod';
import { failureRuleSchema } from './failures.ts';
import { badRequest } from './refusal.ts';
import { seedSchema } from './release.ts';
import type { Sandbox } from './server.ts';

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
