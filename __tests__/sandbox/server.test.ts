import { type ChildProcess, spawn } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, describe, expect, test } from '@jest/globals';
import { z } from 'zod';
import { makeCertificate } from '../../sandbox/certificate.ts';
import type { FailureRule } from '../../sandbox/failures.ts';
import { type Sandbox, type SandboxOptions, startSandbox } from '../../sandbox/server.ts';

const running: Sandbox[] = [];

afterEach(async () => {
  await Promise.all(running.splice(0).map((sandbox) => sandbox.close()));
});

async function start(options: SandboxOptions = {}): Promise<Sandbox> {
  const sandbox = await startSandbox(options);
  running.push(sandbox);
  return sandbox;
}

interface Call {
  readonly method?: string;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  readonly timeoutMs?: number;
}

interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly json: unknown;
}

/** One request with a valid token; a body that is no string is sent as JSON. */
async function call(sandbox: Sandbox, path: string, options: Call = {}): Promise<Answer> {
  const { method = 'GET', body, headers = {}, timeoutMs = 5000 } = options;
  const response = await fetch(`${sandbox.url}${path}`, {
    method,
    redirect: 'manual',
    headers: {
      authorization: `Bearer ${sandbox.issueToken()}`,
      'content-type': 'application/json',
      ...headers,
    },
    signal: AbortSignal.timeout(timeoutMs),
    body: body === undefined ? null : typeof body === 'string' ? body : JSON.stringify(body),
  });
  const text = await response.text();
  return { status: response.status, headers: response.headers, text, json: parse(text) };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function patch(sandbox: Sandbox, id: string, body: unknown): Promise<Answer> {
  return call(sandbox, `/v3/releases/${id}`, { method: 'PATCH', body });
}

async function listIds(sandbox: Sandbox, query: string): Promise<unknown> {
  const { json } = await call(sandbox, `/v3/releases?${query}`);
  return Array.isArray(json) ? json.map((release) => release.id) : json;
}

const refusal = { message: expect.any(String), code: expect.any(String) };

describe('a release', () => {
  test('has exactly the fields of the contract', async () => {
    const sandbox = await start({ releases: [{ id: 'r1', version: '1.2.3' }] });
    const { status, json } = await call(sandbox, '/v3/releases/r1');
    expect(status).toBe(200);
    expect(json).toEqual({
      id: 'r1',
      createdAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      updatedAt: expect.any(String),
      name: '1.2.3',
      channel: 'stable',
      version: '1.2.3',
      platforms: [],
      notes: null,
      totalFiles: 0,
      publishedAt: null,
      files: [],
      published: false,
      private: false,
      archived: false,
      productId: expect.any(String),
      tenantId: expect.any(String),
    });
  });

  test('that is unknown is answered with 404', async () => {
    const sandbox = await start();
    expect(await call(sandbox, '/v3/releases/none')).toMatchObject({ status: 404, json: refusal });
    expect(await patch(sandbox, 'none', {})).toMatchObject({ status: 404, json: refusal });
  });

  test('of an older server has one platform', async () => {
    const sandbox = await start({
      platformForm: 'platform',
      releases: [{ id: 'r1', platforms: ['linux'] }],
    });
    const { json } = await call(sandbox, '/v3/releases/r1');
    expect(json).toHaveProperty('platform', 'linux');
    expect(json).not.toHaveProperty('platforms');
  });

  test('that someone else changes moves updatedAt every time', async () => {
    const sandbox = await start();
    const { id, updatedAt } = sandbox.addRelease();
    const first = sandbox.change(id, { notes: 'one' });
    const second = sandbox.change(id, { notes: 'two' });
    expect(first.updatedAt > updatedAt && second.updatedAt > first.updatedAt).toBe(true);
    expect(sandbox.release(id)).toEqual(second);
    expect(() => sandbox.change('none', {})).toThrow('none');
  });
});

describe('PATCH', () => {
  test('sets the fields that are sent and leaves the others', async () => {
    const sandbox = await start();
    const before = sandbox.addRelease({ version: '1.2.3', notes: 'old', platforms: ['linux'] });
    const { status, json } = await patch(sandbox, before.id, { notes: 'new', private: true });
    expect(status).toBe(200);
    const after = { ...before, notes: 'new', private: true, updatedAt: expect.any(String) };
    expect(json).toEqual(after);
    expect(sandbox.release(before.id)).toEqual(after);
    expect(sandbox.release(before.id)?.updatedAt).not.toBe(before.updatedAt);
  });

  test.each([
    { name: 'n' },
    { name: 'n'.repeat(256), channel: 'c'.repeat(256) },
    { version: '1.2' },
    { version: '01.2.3' },
    { version: '1.2.3.4' },
    { platforms: [] },
    { platforms: ['windows', 'linux'] },
    { notes: '' },
    { notes: 'x'.repeat(4096) },
    { notes: '😀'.repeat(2048) },
    {},
  ])('takes %j', async (body) => {
    const sandbox = await start({ releases: [{ id: 'r1' }] });
    expect(await patch(sandbox, 'r1', body)).toMatchObject({ status: 200, json: body });
  });

  test.each([
    ['name', { name: '' }],
    ['name', { name: 'n'.repeat(257) }],
    ['channel', { channel: '' }],
    ['channel', { channel: 'c'.repeat(257) }],
    ['version', { version: '1' }],
    ['version', { version: '1.2.3.4.5' }],
    ['version', { version: 'v1.2.3' }],
    ['version', { version: '1.2.3-rc.1' }],
    ['version', { version: '1.2.3\n' }],
    ['version', { version: '١.٢' }],
    ['version', { version: 1.2 }],
    ['platforms', { platforms: 'linux' }],
    ['platforms.0', { platforms: [1] }],
    ['private', { private: 'true' }],
    ['notes', { notes: null }],
    ['notes', { notes: 'x'.repeat(4097) }],
    ['notes', { notes: `x${'😀'.repeat(2048)}` }],
    ['releaseNotes', { releaseNotes: 'x' }],
    ['productId', { productId: 'p' }],
    ['published', { published: true }],
    ['body', []],
    ['body', null],
    ['JSON', '{"notes":'],
    ['JSON', ''],
  ])('refuses, naming %s: %j', async (part, body) => {
    const sandbox = await start({ releases: [{ id: 'r1' }] });
    const before = sandbox.release('r1');
    const { status, json } = await patch(sandbox, 'r1', body);
    expect({ status, json }).toEqual({ status: 400, json: refusal });
    expect(json).toHaveProperty('message', expect.stringContaining(part));
    expect(sandbox.release('r1')).toEqual(before);
  });

  test.each([
    ['text/plain', 400],
    ['application/jsonp', 400],
    ['application/json; charset=utf-8', 200],
  ])('with the content type %s is answered with %i', async (contentType, status) => {
    const sandbox = await start({ releases: [{ id: 'r1' }] });
    const headers = { 'content-type': contentType };
    const answer = await call(sandbox, '/v3/releases/r1', { method: 'PATCH', body: '{}', headers });
    expect(answer.status).toBe(status);
  });
});

describe('POST', () => {
  const complete = { name: 'One', version: '1.2.3', channel: 'stable', productId: 'p1' };

  test('creates a release', async () => {
    const sandbox = await start();
    const path = '/v3/releases';
    const { status, json } = await call(sandbox, path, { method: 'POST', body: complete });
    expect(status).toBe(201);
    expect(json).toMatchObject({ ...complete, platforms: [], private: false, notes: null });
    expect(sandbox.releases()).toEqual([json]);
  });

  test('takes the optional fields', async () => {
    const sandbox = await start();
    const body = {
      ...complete,
      platforms: ['macos'],
      private: true,
      notes: 'x',
      createdAt: '2019-08-24T14:15:22Z',
    };
    const { json } = await call(sandbox, '/v3/releases', { method: 'POST', body });
    expect(json).toMatchObject(body);
  });

  test.each([
    ['name', { ...complete, name: undefined }],
    ['version', { ...complete, version: undefined }],
    ['channel', { ...complete, channel: undefined }],
    ['productId', { ...complete, productId: undefined }],
    ['productId', { ...complete, productId: '' }],
    ['createdAt', { ...complete, createdAt: 'yesterday' }],
    ['id', { ...complete, id: 'mine' }],
  ])('refuses, naming %s: %j', async (part, body) => {
    const sandbox = await start();
    const { status, json } = await call(sandbox, '/v3/releases', { method: 'POST', body });
    expect({ status, json }).toEqual({ status: 400, json: refusal });
    expect(json).toHaveProperty('message', expect.stringContaining(part));
    expect(sandbox.releases()).toEqual([]);
  });
});

describe('publish', () => {
  test('makes a release read-only', async () => {
    const sandbox = await start({ releases: [{ id: 'r1' }] });
    const published = await call(sandbox, '/v3/releases/r1/publish', { method: 'POST' });
    expect(published).toMatchObject({
      status: 200,
      json: { published: true, publishedAt: expect.any(String) },
    });
    const { status, json } = await patch(sandbox, 'r1', { notes: 'late' });
    expect({ status, json }).toEqual({ status: 400, json: refusal });
    expect(sandbox.release('r1')?.notes).toBeNull();
    const again = await call(sandbox, '/v3/releases/r1/publish', { method: 'POST' });
    expect(again.status).toBe(400);
  });

  test('lets the status of the refusal be chosen', async () => {
    const sandbox = await start({
      publishedStatus: 409,
      releases: [{ id: 'r1', published: true }],
    });
    expect((await patch(sandbox, 'r1', { notes: 'late' })).status).toBe(409);
  });
});

describe('the list', () => {
  const releases = [
    { id: 'b', version: '1.10', createdAt: '2020-01-02T00:00:00.1230000', productId: 'p1' },
    { id: 'c', version: '1.2', createdAt: '2020-01-03T00:00:00Z', platforms: ['linux', 'macos'] },
    { id: 'a', version: '1.9', createdAt: '2020-01-01T00:00:00Z', name: 'First', private: true },
    {
      id: 'd',
      version: '1.2.0',
      createdAt: '2020-01-04T00:00:00Z',
      channel: 'rc',
      published: true,
    },
  ];

  test.each([
    ['', ['a', 'b', 'c', 'd']],
    ['sort=createdAt', ['a', 'b', 'c', 'd']],
    ['sort=-createdAt', ['d', 'c', 'b', 'a']],
    ['sort=version', ['c', 'd', 'a', 'b']],
    ['version=1.2', ['c']],
    ['version[eq]=1.2.0', ['d']],
    ['version[ne]=1.2', ['a', 'b', 'd']],
    ['version[in]=1.2,1.9', ['a', 'c']],
    ['version[gt]=1.9', ['b']],
    ['version[lt]=1.9', ['c', 'd']],
    ['productId=p1', ['b']],
    ['name=First', ['a']],
    ['platform=macos', ['c']],
    ['platform[ne]=macos', ['a', 'b', 'd']],
    ['channel=rc', ['d']],
    ['published=true', ['d']],
    ['private=false', ['b', 'c', 'd']],
    ['search=first', ['a']],
    ['query=1.10', ['b']],
    ['channel=rc&version=1.2', []],
    ['limit=2', ['a', 'b']],
    ['limit=2&page=2', ['c', 'd']],
    ['limit=3&page=2', ['d']],
    ['limit=3&page=3', []],
  ])('%s', async (query, ids) => {
    expect(await listIds(await start({ releases }), query)).toEqual(ids);
  });

  test.each([
    'page=0',
    'page=-1',
    'page=x',
    'limit=0',
    'limit=101',
    'limit=',
    'sort=notes',
    'sort=toString',
    'ver=1.2',
    'toString=1',
    'version[like]=1',
    'published=yes',
  ])('refuses %s', async (query) => {
    const answer = await call(await start({ releases }), `/v3/releases?${query}`);
    expect(answer).toMatchObject({ status: 400, json: refusal });
  });

  test('holds up to 100 a page', async () => {
    const many = Array.from({ length: 101 }, () => ({}));
    const sandbox = await start({ releases: many });
    expect(await listIds(sandbox, 'limit=100')).toHaveLength(100);
    expect(await listIds(sandbox, 'limit=100&page=2')).toHaveLength(1);
  });

  test('of a server that ignores filters', async () => {
    const sandbox = await start({ releases, ignoreFilters: true });
    expect(await listIds(sandbox, 'version=1.2&foo=1&limit=3')).toEqual(['a', 'b', 'c']);
  });
});

describe('an access token', () => {
  const release = { id: 'r1' };

  test('is a JWT with the claims of the vendor', async () => {
    const sandbox = await start();
    const [header = '', payload = ''] = sandbox.issueToken({ scopes: ['release:read'] }).split('.');
    expect(parse(Buffer.from(header, 'base64url').toString())).toEqual({
      alg: 'RS256',
      typ: 'JWT',
    });
    expect(parse(Buffer.from(payload, 'base64url').toString())).toEqual({
      scope: ['release:read'],
      iat: expect.any(Number),
      exp: expect.any(Number),
      iss: sandbox.url,
      aud: sandbox.url,
      sub: expect.any(String),
      tenantid: expect.any(String),
      token_usage: 'personal_access_token',
    });
  });

  test.each<[string, (sandbox: Sandbox) => Record<string, string>]>([
    ['empty', () => ({ authorization: '' })],
    ['of another scheme', ({ issueToken }) => ({ authorization: `Basic ${issueToken()}` })],
    ['unknown', () => ({ authorization: 'Bearer nothing' })],
    ['altered', ({ issueToken }) => ({ authorization: `Bearer ${alter(issueToken())}` })],
    ['unsigned', ({ issueToken }) => ({ authorization: `Bearer ${unsign(issueToken())}` })],
    [
      'expired',
      ({ issueToken }) => ({ authorization: `Bearer ${issueToken({ expiresInSeconds: -1 })}` }),
    ],
    [
      'of another server',
      ({ issueToken }) => ({
        authorization: `Bearer ${issueToken({ issuer: 'https://other.example' })}`,
      }),
    ],
  ])('that is %s gives 401', async (_, headers) => {
    const sandbox = await start({ releases: [release] });
    const answer = await call(sandbox, '/v3/releases/r1', { headers: headers(sandbox) });
    expect(answer).toMatchObject({ status: 401, json: refusal });
    expect(answer.headers.get('www-authenticate')).toMatch(/^Bearer error="invalid_token"/);
  });

  test('that is missing gives 401', async () => {
    const sandbox = await start({ releases: [release] });
    const response = await fetch(`${sandbox.url}/v3/releases`);
    expect(response.status).toBe(401);
    expect(response.headers.get('www-authenticate')).toBe('Bearer');
    expect(await response.json()).toEqual(refusal);
  });

  test.each([
    ['GET', '/v3/releases', 'release:read'],
    ['GET', '/v3/releases/r1', 'release:read'],
    ['POST', '/v3/releases', 'release:write'],
    ['PATCH', '/v3/releases/r1', 'release:write'],
    ['POST', '/v3/releases/r1/publish', 'release:write'],
  ])('%s %s needs the scope %s alone', async (method, path, scope) => {
    const sandbox = await start({ releases: [release] });
    const body = method === 'GET' ? undefined : {};
    const other = scope === 'release:read' ? 'release:write' : 'release:read';
    for (const opaque of [false, true]) {
      const enough = `Bearer ${sandbox.issueToken({ scopes: [scope], opaque })}`;
      const lacking = `Bearer ${sandbox.issueToken({ scopes: [other], opaque })}`;
      const allowed = await call(sandbox, path, {
        method,
        body,
        headers: { authorization: enough },
      });
      expect([200, 400]).toContain(allowed.status);
      const refused = await call(sandbox, path, {
        method,
        body,
        headers: { authorization: lacking },
      });
      expect(refused).toMatchObject({ status: 403, json: refusal });
      expect(refused.text).toContain(scope);
    }
  });

  function alter(token: string): string {
    const [header = '', payload = '', signature = ''] = token.split('.');
    const claims = Buffer.from(payload, 'base64url')
      .toString()
      .replace('sandbox-user', 'sandbox-root');
    return [header, Buffer.from(claims).toString('base64url'), signature].join('.');
  }

  function unsign(token: string): string {
    const header = Buffer.from(JSON.stringify({ alg: 'none' })).toString('base64url');
    return `${header}.${token.split('.')[1]}.`;
  }
});

describe('the rate limit', () => {
  test('is the one of the vendor by default', async () => {
    const sandbox = await start({ releases: [{ id: 'r1' }] });
    const { headers } = await call(sandbox, '/v3/releases/r1');
    expect(headers.get('x-rate-limit-limit')).toBe('5s');
    expect(headers.get('x-rate-limit-remaining')).toBe('49');
    const reset = headers.get('x-rate-limit-reset') ?? '';
    expect(new Date(reset).toISOString()).toBe(reset);
    expect(Math.abs(Date.parse(reset) - Date.now() - 5000)).toBeLessThan(1000);
  });

  test('refuses beyond it, whatever the token, until the window ends', async () => {
    const sandbox = await start({ rateLimit: { requests: 2, windowMs: 400 } });
    expect((await call(sandbox, '/v3/releases')).status).toBe(200);
    const invalid = { authorization: 'Bearer nothing' };
    expect((await call(sandbox, '/v3/releases', { headers: invalid })).status).toBe(401);
    const refused = await call(sandbox, '/v3/releases', { headers: invalid });
    expect(refused).toMatchObject({ status: 429, json: refusal });
    expect(refused.headers.get('retry-after')).toBe('1');
    expect(refused.headers.get('x-rate-limit-remaining')).toBe('0');
    await new Promise((resolve) => setTimeout(resolve, 450));
    expect((await call(sandbox, '/v3/releases')).status).toBe(200);
  });

  test('can be switched off', async () => {
    const sandbox = await start({ rateLimit: false });
    expect((await call(sandbox, '/v3/releases')).headers.has('x-rate-limit-limit')).toBe(false);
  });
});

describe('a webhook', () => {
  interface Delivery {
    readonly signature: unknown;
    readonly body: string;
  }

  async function withReceiver(
    status: number,
    act: (url: string, deliveries: readonly Delivery[]) => Promise<void>,
  ): Promise<void> {
    const deliveries: Delivery[] = [];
    const receiver = createServer(async (incoming, outgoing) => {
      const chunks: Buffer[] = [];
      for await (const chunk of incoming) chunks.push(chunk);
      const body = Buffer.concat(chunks).toString();
      deliveries.push({ signature: incoming.headers['webhook-signature'], body });
      outgoing.writeHead(status).end();
    });
    await once(receiver.listen(0, '127.0.0.1'), 'listening');
    const address = receiver.address();
    const port = typeof address === 'object' ? address?.port : undefined;
    try {
      await act(`http://127.0.0.1:${port}/hook`, deliveries);
    } finally {
      receiver.closeAllConnections();
      await new Promise((resolve) => receiver.close(resolve));
    }
  }

  test.each([200, 500])('tells of each change, signed, to one that answers %i', async (status) => {
    await withReceiver(status, async (url, deliveries) => {
      const sandbox = await startSandbox({
        webhook: { url, token: 'secret' },
        releases: [{ id: 'r1' }],
      });
      const body = { name: 'n', version: '1.2', channel: 'stable', productId: 'p' };
      const updated = await patch(sandbox, 'r1', { notes: 'ünï' });
      const created = await call(sandbox, '/v3/releases', { method: 'POST', body });
      await patch(sandbox, 'r1', { version: 'wrong' });
      await sandbox.close();
      expect(deliveries.map((delivery) => parse(delivery.body))).toEqual([
        { event: 'release.updated', data: updated.json, triggeredAt: expect.any(String) },
        { event: 'release.created', data: created.json, triggeredAt: expect.any(String) },
      ]);
      for (const { signature, body } of deliveries) {
        expect(signature).toBe(createHmac('sha256', 'secret').update(body).digest('base64'));
        expect(body).toMatch(/"triggeredAt":"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{7}Z"/);
      }
    });
  });

  test('that nobody receives changes nothing', async () => {
    const webhook = { url: 'http://127.0.0.1:1/hook', token: 'secret' };
    const sandbox = await start({ webhook, releases: [{ id: 'r1' }] });
    expect((await patch(sandbox, 'r1', { notes: 'x' })).status).toBe(200);
    expect((await patch(sandbox, 'r1', { notes: 'y' })).status).toBe(200);
  });
});

describe('a record', () => {
  test('shows the request as it came in', async () => {
    const sandbox = await start({ releases: [{ id: 'r1' }] });
    const body = '{ "notes":\t"é\\u00e9" }';
    const headers = { 'x-mine': 'yes' };
    await call(sandbox, '/v3/releases/r1?a[eq]=1%202', { method: 'PATCH', body, headers });
    await call(sandbox, '/elsewhere');
    expect(sandbox.requests).toMatchObject([
      {
        method: 'PATCH',
        path: '/v3/releases/r1',
        query: { 'a[eq]': '1 2' },
        headers: { 'x-mine': 'yes', authorization: expect.stringMatching(/^Bearer /) },
        body,
        status: 200,
      },
      { method: 'GET', path: '/elsewhere', query: {}, body: '', status: 404 },
    ]);
  });

  test('tells the connections apart', async () => {
    const sandbox = await start();
    for (let sent = 0; sent < 2; sent += 1) {
      const request = httpRequest(`${sandbox.url}/v3/releases`, { agent: false }).end();
      const [response] = await once(request, 'response');
      await once(response.resume(), 'end');
    }
    expect(sandbox.connections).toBe(2);
    expect(sandbox.requests.map((request) => request.connection)).toEqual([1, 2]);
  });
});

describe('a fault', () => {
  const fault = { method: 'PATCH', path: '/v3/releases/r1' };

  async function startWithRelease(options: SandboxOptions = {}): Promise<Sandbox> {
    return start({ releases: [{ id: 'r1', notes: 'old' }], ...options });
  }

  test.each<[FailureRule['wire'], Answer['status'] | undefined]>([
    [{ kind: 'drop' }, undefined],
    [{ kind: 'silence' }, undefined],
    [{ kind: 'truncate', bytes: 0 }, 200],
    [{ kind: 'truncate', bytes: 10 }, 200],
    [{ kind: 'stall', bytes: 0 }, 200],
    [{ kind: 'stall', bytes: 10 }, 200],
  ])('on the wire loses the answer: %j', async (wire, status) => {
    for (const apply of [true, false]) {
      const sandbox = await startWithRelease();
      sandbox.fail({
        ...fault,
        apply,
        wire,
        ...(apply ? {} : { answer: { body: {}, status: 200 } }),
      });
      const change = { method: 'PATCH', body: { notes: 'new' }, timeoutMs: 150 };
      await expect(call(sandbox, fault.path, change)).rejects.toThrow();
      expect(sandbox.release('r1')?.notes).toBe(apply ? 'new' : 'old');
      expect(sandbox.requests).toMatchObject([{ status }]);
      expect((await patch(sandbox, 'r1', { notes: 'newer' })).status).toBe(200);
    }
  });

  test.each<[FailureRule['wire'], string]>([
    [{ kind: 'drop' }, ''],
    [{ kind: 'truncate', bytes: 7 }, '{"id":"'],
    [{ kind: 'stall', bytes: 7 }, '{"id":"'],
  ])('on the wire sends just this much of the body: %j', async (wire, body) => {
    const sandbox = await startWithRelease();
    sandbox.fail({ wire });
    const received = await receive(sandbox, 150);
    expect(received.body).toBe(body);
    expect(received.complete).toBe(false);
    expect(received.timedOut).toBe(wire?.kind === 'stall');
    if (wire?.kind !== 'drop') expect(received.contentLength).toBeGreaterThan(200);
  });

  test('drips the body', async () => {
    const sandbox = await startWithRelease();
    sandbox.fail({ answer: { body: 'drop by drop' }, wire: { kind: 'drip', intervalMs: 5 } });
    const before = Date.now();
    expect(await receive(sandbox, 5000)).toMatchObject({ body: 'drop by drop', complete: true });
    expect(Date.now() - before).toBeGreaterThanOrEqual(50);
  });

  test('that is open when the sandbox closes ends with it', async () => {
    const sandbox = await startSandbox({ releases: [{ id: 'r1' }] });
    sandbox.fail({ wire: { kind: 'silence' } });
    sandbox.fail({ delayMs: 60_000 });
    const sent = [patch(sandbox, 'r1', {}), patch(sandbox, 'r1', {})];
    const outcomes = Promise.allSettled(sent);
    while (sandbox.requests.length < 2) await new Promise((resolve) => setTimeout(resolve, 5));
    await sandbox.close();
    expect(await outcomes).toMatchObject([{ status: 'rejected' }, { status: 'rejected' }]);
  });

  test('delays the answer', async () => {
    const sandbox = await startWithRelease();
    sandbox.fail({ delayMs: 100, times: 2 });
    const before = Date.now();
    expect((await patch(sandbox, 'r1', { notes: 'new' })).status).toBe(200);
    expect(Date.now() - before).toBeGreaterThanOrEqual(95);
    const late = call(sandbox, fault.path, {
      method: 'PATCH',
      body: { notes: 'x' },
      timeoutMs: 30,
    });
    await expect(late).rejects.toThrow();
    expect(sandbox.release('r1')?.notes).toBe('x');
  });

  test.each<[FailureRule['answer'], { status: number; type: string | null; text: string }]>([
    [
      { status: 502, body: '<p>' },
      { status: 502, type: 'text/html', text: '<p>' },
    ],
    [
      { status: 500, body: { message: 'broken' } },
      { status: 500, type: 'application/json', text: '{"message":"broken"}' },
    ],
    [
      { body: '{"id":', headers: { 'content-type': 'application/json' } },
      { status: 200, type: 'application/json', text: '{"id":' },
    ],
    [{ body: null }, { status: 200, type: 'application/json', text: 'null' }],
    [{ status: 204 }, { status: 204, type: null, text: '' }],
  ])('answers %j in place of the API', async (answer, { status, type, text }) => {
    const sandbox = await startWithRelease();
    sandbox.fail({ ...fault, answer });
    const received = await patch(sandbox, 'r1', { notes: 'new' });
    expect(received).toMatchObject({ status, text });
    expect(received.headers.get('content-type')).toBe(type);
    expect(sandbox.release('r1')?.notes).toBe('old');
    expect(sandbox.requests).toMatchObject([{ status }]);
  });

  test('redirects', async () => {
    const sandbox = await startWithRelease();
    sandbox.fail({ answer: { status: 307, headers: { location: '/v3/elsewhere' } } });
    const { status, headers } = await patch(sandbox, 'r1', { notes: 'new' });
    expect({ status, location: headers.get('location') }).toEqual({
      status: 307,
      location: '/v3/elsewhere',
    });
  });

  test('answers another status although the request was carried out', async () => {
    const sandbox = await startWithRelease();
    const headers = { 'x-rate-limit-remaining': 'none' };
    sandbox.fail({ ...fault, apply: true, answer: { status: 503, headers, body: 'busy' } });
    const answer = await patch(sandbox, 'r1', { notes: 'new' });
    expect(answer).toMatchObject({ status: 503, text: 'busy' });
    expect(answer.headers.get('x-rate-limit-remaining')).toBe('none');
    expect(sandbox.release('r1')?.notes).toBe('new');
  });

  test('sets values in a release and in a list', async () => {
    const sandbox = await startWithRelease();
    sandbox.fail({ times: 2, values: { id: 'other', extra: [1] } });
    const expected = { id: 'other', extra: [1], notes: 'old' };
    expect((await call(sandbox, '/v3/releases/r1')).json).toMatchObject(expected);
    expect((await call(sandbox, '/v3/releases')).json).toMatchObject([expected]);
    expect(sandbox.release('r1')?.id).toBe('r1');
  });

  test('meets the requests that its rule matches', async () => {
    const sandbox = await startWithRelease({ rateLimit: false });
    const statuses = async (method: string, path: string, count = 1) => {
      const seen: number[] = [];
      for (let sent = 0; sent < count; sent += 1) {
        seen.push(
          (await call(sandbox, path, { method, body: method === 'GET' ? undefined : {} })).status,
        );
      }
      return seen;
    };
    sandbox.fail({ ...fault, skip: 1, times: 2, answer: { status: 500 } });
    expect(await statuses('GET', '/v3/releases/r1')).toEqual([200]);
    expect(await statuses('PATCH', '/v3/releases/r2')).toEqual([404]);
    expect(await statuses('PATCH', '/v3/releases/r1', 4)).toEqual([200, 500, 500, 200]);
    sandbox.fail({ path: /releases$/g, times: Number.POSITIVE_INFINITY, answer: { status: 500 } });
    expect(await statuses('GET', '/v3/releases?limit=1', 5)).toEqual([500, 500, 500, 500, 500]);
    expect(await statuses('GET', '/v3/releases/r1')).toEqual([200]);
    sandbox.fail({ answer: { status: 501 } });
    expect(await statuses('GET', '/v3/releases')).toEqual([500]);
    sandbox.clearFailures();
    expect(await statuses('GET', '/v3/releases')).toEqual([200]);
  });

  interface Received {
    readonly body: string;
    readonly complete: boolean;
    readonly timedOut: boolean;
    readonly contentLength: number;
  }

  /** What a plain socket sees of the answer to one request. */
  async function receive(sandbox: Sandbox, timeoutMs: number): Promise<Received> {
    const { hostname, port } = new URL(sandbox.url);
    const socket = connect(Number(port), hostname);
    const authorization = `authorization: Bearer ${sandbox.issueToken()}`;
    socket.write(`GET /v3/releases/r1 HTTP/1.1\r\nhost: x\r\n${authorization}\r\n\r\n`);
    let timedOut = false;
    const timer = setTimeout(() => {
      timedOut = true;
      socket.destroy();
    }, timeoutMs);
    let bytes = '';
    socket.on('data', (chunk) => {
      bytes += chunk.toString();
      if (readAnswer(bytes).complete) socket.destroy();
    });
    await once(socket, 'close');
    clearTimeout(timer);
    return { ...readAnswer(bytes), timedOut };
  }

  function readAnswer(bytes: string): Omit<Received, 'timedOut'> {
    const [head = '', body = ''] = bytes.split('\r\n\r\n');
    const contentLength = Number(/^content-length: (\d+)$/im.exec(head)?.[1] ?? Number.NaN);
    return { body, complete: body.length === contentLength, contentLength };
  }
});

describe('the server', () => {
  test('answers an unknown route with 404 in JSON', async () => {
    const sandbox = await start({ releases: [{ id: 'r1' }] });
    const get = await call(sandbox, '/v2/releases');
    expect(get).toMatchObject({ status: 404, json: refusal });
    const put = await call(sandbox, '/v3/releases/r1', { method: 'PUT', body: {} });
    expect(put).toMatchObject({ status: 404, json: refusal });
  });

  test('serves below a path prefix only', async () => {
    const sandbox = await start({ pathPrefix: '/base', releases: [{ id: 'r1' }] });
    expect(sandbox.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/base$/);
    expect((await call(sandbox, '/v3/releases/r1')).status).toBe(200);
    sandbox.fail({ path: '/v3/releases/r1', answer: { status: 500 } });
    expect((await call(sandbox, '/v3/releases/r1')).status).toBe(500);
    const outside = { ...sandbox, url: new URL(sandbox.url).origin };
    expect((await call(outside, '/v3/releases/r1')).status).toBe(404);
    expect(sandbox.requests.map(({ path }) => path)).toEqual([
      '/base/v3/releases/r1',
      '/base/v3/releases/r1',
      '/v3/releases/r1',
    ]);
  });

  describe('over TLS', () => {
    const day = 86_400_000;
    const past = {
      notBefore: new Date(Date.now() - 2 * day),
      notAfter: new Date(Date.now() - day),
    };

    test('is trusted by whoever trusts its certificate', async () => {
      const tls = makeCertificate();
      const sandbox = await start({ tls });
      expect(sandbox.url).toMatch(/^https:\/\/127\.0\.0\.1:\d+$/);
      expect(await status(sandbox, tls.cert)).toBe(401);
      expect(sandbox).toMatchObject({ connections: 1, requests: [{ connection: 1 }] });
      await expect(status(sandbox)).rejects.toMatchObject({ code: 'DEPTH_ZERO_SELF_SIGNED_CERT' });
    });

    test.each([
      [past, 'CERT_HAS_EXPIRED'],
      [{ hosts: ['elsewhere.example'] }, 'ERR_TLS_CERT_ALTNAME_INVALID'],
    ])('with a certificate for %j gives %s', async (options, code) => {
      const tls = makeCertificate(options);
      const sandbox = await start({ tls });
      await expect(status(sandbox, tls.cert)).rejects.toMatchObject({ code });
      expect(sandbox.requests).toEqual([]);
    });

    async function status(sandbox: Sandbox, ca?: string): Promise<number | undefined> {
      const request = httpsRequest(`${sandbox.url}/v3/releases`, {
        ...(ca && { ca }),
        agent: false,
      });
      const [response] = await once(request.end(), 'response');
      response.resume();
      return response.statusCode;
    }
  });
});

describe('the switches for other processes', () => {
  const post = (body: unknown): Call => ({ method: 'POST', body });

  test('do what the sandbox does', async () => {
    const sandbox = await start({ rateLimit: { requests: 2, windowMs: 60_000 } });
    const added = await call(sandbox, '/sandbox/releases', post({ id: 'r1', version: '2.0' }));
    expect(added).toMatchObject({ status: 201, json: sandbox.release('r1') });
    expect((await call(sandbox, '/sandbox/releases')).json).toEqual([sandbox.release('r1')]);

    const issued = await call(sandbox, '/sandbox/tokens', post({ scopes: ['release:read'] }));
    const { token } = z.object({ token: z.string() }).parse(issued.json);
    const headers = { authorization: `Bearer ${token}` };
    expect((await call(sandbox, '/v3/releases/r1', { headers })).status).toBe(200);

    const rule = { pattern: '^/v3/', times: 2, answer: { status: 500 } };
    expect((await call(sandbox, '/sandbox/failures', post(rule))).status).toBe(204);
    expect((await call(sandbox, '/v3/releases/r1')).status).toBe(500);
    await call(sandbox, '/sandbox/failures', { method: 'DELETE' });
    expect((await call(sandbox, '/v3/releases/r1')).status).toBe(200);

    const { json } = await call(sandbox, '/sandbox/requests');
    expect(json).toEqual(JSON.parse(JSON.stringify(sandbox.requests)));
    expect(json).toMatchObject([{ status: 200 }, { status: 500 }, { status: 200 }]);
  });

  test.each([
    ['releases', { versoin: '1.0' }],
    ['tokens', { scopes: 'release:read' }],
    ['failures', { wire: { kind: 'explode' } }],
    ['failures', { pattern: '(' }],
    ['failures', '{'],
  ])('refuse what they do not know: %s %j', async (name, body) => {
    const answer = await call(await start(), `/sandbox/${name}`, post(body));
    expect(answer).toMatchObject({ status: 400, json: refusal });
  });
});

describe('a process of its own', () => {
  const folder = mkdtempSync(join(tmpdir(), 'sandbox-'));
  const program = fileURLToPath(new URL('../../build/sandbox/cli.js', import.meta.url));
  const children: ChildProcess[] = [];

  afterAll(() => {
    for (const child of children) child.kill('SIGKILL');
    rmSync(folder, { recursive: true });
  });

  test('tells where it is and with which token, until a signal ends it', async () => {
    const releases = join(folder, 'releases.json');
    writeFileSync(releases, JSON.stringify([{ id: 'r1', version: '3.0' }]));
    const child = spawn(process.execPath, [program, '--releases', releases, '--no-rate-limit'], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    children.push(child);
    const [line] = await once(createInterface(child.stdout), 'line');
    const told = z.strictObject({ url: z.string(), token: z.string() }).parse(JSON.parse(line));
    const response = await fetch(`${told.url}/v3/releases/r1`, {
      headers: { authorization: `Bearer ${told.token}` },
    });
    expect(response.headers.has('x-rate-limit-limit')).toBe(false);
    expect(await response.json()).toMatchObject({ id: 'r1', version: '3.0' });

    const cut: Promise<string>[] = [];
    for (const rule of [{ delayMs: 60_000 }, { wire: { kind: 'drip', intervalMs: 60_000 } }]) {
      const body = JSON.stringify(rule);
      await fetch(`${told.url}/sandbox/failures`, { method: 'POST', body });
      const sent = fetch(`${told.url}/v3/releases`).then((answer) => answer.text());
      cut.push(sent.catch(() => 'cut'));
    }
    const requests = async () => (await fetch(`${told.url}/sandbox/requests`)).text();
    while ((await requests()).match(/"path"/g)?.length !== 3);
    child.kill('SIGTERM');
    expect(await Promise.all(cut)).toEqual(['cut', 'cut']);
    expect(await once(child, 'exit')).toEqual([0, null]);
  });

  test('ends at once when it is told nonsense', async () => {
    const child = spawn(process.execPath, [program, '--nonsense'], { stdio: 'ignore' });
    children.push(child);
    expect(await once(child, 'exit')).toEqual([1, null]);
  });
});
