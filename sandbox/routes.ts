import type { HttpBindings } from '@hono/node-server';
import { type Context, Hono, type MiddlewareHandler } from 'hono';
import { parseCreation, parseUpdate, type RequestBody } from './contract.ts';
import { listReleases } from './query.ts';
import { notFound, Refusal } from './refusal.ts';
import { type PlatformForm, presentRelease, type Release } from './release.ts';
import type { ReleaseStore } from './store.ts';
import type { Scope, Tokens } from './tokens.ts';
import type { Webhook } from './webhook.ts';

/** What the vendor's routes work on, and how the server behaves where servers differ. */
export interface RouteOptions {
  readonly store: ReleaseStore;
  readonly tokens: Tokens;
  readonly webhook: Webhook;
  readonly platformForm: PlatformForm;
  readonly ignoreFilters: boolean;
  /** Status of the refusal to update a published release. */
  readonly publishedStatus: number;
}

/** The calls of the vendor's release API. */
export function releaseRoutes(options: RouteOptions): Hono<{ Bindings: HttpBindings }> {
  const { store, tokens, webhook, platformForm, ignoreFilters, publishedStatus } = options;
  const routes = new Hono<{ Bindings: HttpBindings }>();

  routes.get('/v3/releases', needs('release:read'), (context) => {
    const query = new URL(context.req.url).searchParams;
    return Response.json(
      listReleases({ releases: store.all(), query, ignoreFilters }).map(present),
    );
  });

  routes.get('/v3/releases/:id', needs('release:read'), (context) =>
    Response.json(present(find(context.req.param('id')))),
  );

  routes.post('/v3/releases', needs('release:write'), async (context) => {
    const creation = parseCreation(await readBody(context));
    const existing = store.findLike(creation);
    if (existing) throw alreadyThere(existing);
    const data = present(store.add(creation));
    webhook.fire('release.created', data);
    return Response.json(data, { status: 201 });
  });

  routes.patch('/v3/releases/:id', needs('release:write'), async (context) => {
    const body = await readBody(context);
    const { id } = findEditable(context.req.param('id'));
    const data = present(store.change(id, parseUpdate(body)));
    webhook.fire('release.updated', data);
    return Response.json(data);
  });

  routes.post('/v3/releases/:id/publish', needs('release:write'), (context) => {
    const { id } = findEditable(context.req.param('id'));
    return Response.json(present(store.publish(id)));
  });

  return routes;

  function needs(scope: Scope): MiddlewareHandler {
    return async (context, next) => {
      tokens.authorize(context.req.header('authorization'), scope);
      await next();
    };
  }

  function present(release: Release): Record<string, unknown> {
    return presentRelease(release, platformForm);
  }

  function find(id: string): Release {
    const release = store.get(id);
    if (release === undefined) throw notFound(`There is no release ${id}.`);
    return release;
  }

  function findEditable(id: string): Release {
    const release = find(id);
    if (!release.published) return release;
    throw new Refusal({
      status: publishedStatus,
      code: 'RELEASE_PUBLISHED',
      message: 'The release is published and therefore read-only.',
    });
  }
}

function alreadyThere({ id }: Release): Refusal {
  const message = `There is such a release already: ${id}.`;
  return new Refusal({ status: 409, code: 'RELEASE_EXISTS', message });
}

async function readBody(context: Context): Promise<RequestBody> {
  return { contentType: context.req.header('content-type'), text: await context.req.text() };
}
