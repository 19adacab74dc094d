import { describe, expect, test } from '@jest/globals';
import { call, refusal, startWithRelease } from './harness.ts';

describe('the server', () => {
  test('answers an unknown route with 404 in JSON', async () => {
    const sandbox = await startWithRelease();
    const get = await call(sandbox, '/v2/releases');
    expect(get).toMatchObject({ status: 404, json: refusal });
    const put = await call(sandbox, '/v3/releases/r1', { method: 'PUT', body: {} });
    expect(put).toMatchObject({ status: 404, json: refusal });
  });

  test('serves below a path prefix only', async () => {
    const sandbox = await startWithRelease({}, { pathPrefix: '/base' });
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
});
