import { describe, expect, test } from '@jest/globals';
import type { Sandbox } from '../../sandbox/server.ts';
import { type Answer, call, patch, refusal, start, startWithRelease } from './harness.ts';

/** Holds for a refusal of the request itself whose message names this. */
function expectRefusal({ status, json }: Answer, part = ''): void {
  expect({ status, json }).toEqual({ status: 400, json: refusal });
  expect(json).toHaveProperty('message', expect.stringContaining(part));
}

describe('a release', () => {
  test('has exactly the fields of the contract', async () => {
    const sandbox = await startWithRelease({ version: '1.2.3' });
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
    const sandbox = await startWithRelease({ platforms: ['linux'] }, { platformForm: 'platform' });
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
    const sandbox = await startWithRelease();
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
    const sandbox = await startWithRelease();
    const before = sandbox.release('r1');
    expectRefusal(await patch(sandbox, 'r1', body), part);
    expect(sandbox.release('r1')).toEqual(before);
  });

  test.each([
    ['text/plain', 400],
    ['application/jsonp', 400],
    ['application/json; charset=utf-8', 200],
  ])('with the content type %s is answered with %i', async (contentType, status) => {
    const sandbox = await startWithRelease();
    const headers = { 'content-type': contentType };
    const answer = await call(sandbox, '/v3/releases/r1', { method: 'PATCH', body: '{}', headers });
    expect(answer.status).toBe(status);
  });
});

describe('POST', () => {
  const post = (sandbox: Sandbox, body: unknown) =>
    call(sandbox, '/v3/releases', { method: 'POST', body });
  const complete = {
    ...{ name: 'One', version: '1.2.3', channel: 'stable', productId: 'p1' },
    platforms: ['linux'],
  };

  test('creates a release', async () => {
    const sandbox = await start();
    const { status, json } = await post(sandbox, complete);
    expect(status).toBe(201);
    expect(json).toMatchObject({ ...complete, private: false, notes: null });
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
    expect((await post(sandbox, body)).json).toMatchObject(body);
  });

  test.each([
    ['name', { ...complete, name: undefined }],
    ['version', { ...complete, version: undefined }],
    ['channel', { ...complete, channel: undefined }],
    ['productId', { ...complete, productId: undefined }],
    ['productId', { ...complete, productId: '' }],
    ['platforms', { ...complete, platforms: undefined }],
    ['platforms', { ...complete, platforms: [] }],
    ['createdAt', { ...complete, createdAt: 'yesterday' }],
    ['id', { ...complete, id: 'mine' }],
  ])('refuses, naming %s: %j', async (part, body) => {
    const sandbox = await start();
    expectRefusal(await post(sandbox, body), part);
    expect(sandbox.releases()).toEqual([]);
  });
});

test('POST of a release that is there is a conflict', async () => {
  const sandbox = await start();
  const body = { name: 'One', version: '1.2.3', channel: 'stable', productId: 'p1' };
  const post = (platforms: readonly string[]) =>
    call(sandbox, '/v3/releases', { method: 'POST', body: { ...body, platforms } });
  const statuses = [];
  for (const platforms of [['linux'], ['macos', 'linux'], ['macos']]) {
    statuses.push((await post(platforms)).status);
  }
  expect(statuses).toEqual([201, 409, 201]);
});

test('notes that are null become empty', async () => {
  const sandbox = await startWithRelease();
  const sent = { method: 'PATCH', body: { notes: null } };
  expect((await call(sandbox, '/v3/releases/r1', sent)).json).toMatchObject({ notes: '' });
});

describe('publish', () => {
  test('makes a release read-only', async () => {
    const sandbox = await startWithRelease();
    const publish = () => call(sandbox, '/v3/releases/r1/publish', { method: 'POST' });
    const json = { published: true, publishedAt: expect.any(String) };
    expect(await publish()).toMatchObject({ status: 200, json });
    expectRefusal(await patch(sandbox, 'r1', { notes: 'late' }));
    expect(sandbox.release('r1')?.notes).toBeNull();
    expect((await publish()).status).toBe(400);
  });

  test('lets the status of the refusal be chosen', async () => {
    const sandbox = await startWithRelease({ published: true }, { publishedStatus: 409 });
    expect((await patch(sandbox, 'r1', { notes: 'late' })).status).toBe(409);
  });
});
