import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { call, start } from './harness.ts';

describe('the rate limit', () => {
  let now = 0;
  beforeEach(() => {
    now = Date.now();
    jest.spyOn(Date, 'now').mockImplementation(() => now);
  });
  afterEach(() => void jest.restoreAllMocks());

  test('is the one of the vendor by default', async () => {
    const { headers } = await call(await start(), '/v3/releases');
    expect(headers.get('x-rate-limit-limit')).toBe('5s');
    expect(headers.get('x-rate-limit-remaining')).toBe('49');
    expect(headers.get('x-rate-limit-reset')).toBe(new Date(now + 5000).toISOString());
  });

  test('refuses beyond it, whatever the token, until the window ends', async () => {
    const sandbox = await start({ rateLimit: { requests: 2, windowMs: 400 } });
    const invalid = { headers: { authorization: 'Bearer nothing' } };
    expect((await call(sandbox, '/v3/releases')).status).toBe(200);
    expect((await call(sandbox, '/v3/releases', invalid)).status).toBe(401);
    now += 399;
    const refused = await call(sandbox, '/v3/releases', invalid);
    expect(refused.status).toBe(429);
    expect(refused.headers.get('retry-after')).toBe('1');
    expect(refused.headers.get('content-type')).toBe('text/plain');
    expect(refused.headers.has('x-rate-limit-remaining')).toBe(false);
    now += 1;
    expect((await call(sandbox, '/v3/releases')).status).toBe(200);
  });

  test('can be switched off', async () => {
    const sandbox = await start({ rateLimit: false });
    expect((await call(sandbox, '/v3/releases')).headers.has('x-rate-limit-limit')).toBe(false);
  });
});
