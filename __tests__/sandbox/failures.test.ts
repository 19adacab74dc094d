import { describe, expect, test } from '@jest/globals';
import type { FailureRule } from '../../sandbox/failures.ts';
import { startSandbox } from '../../sandbox/server.ts';
import { until } from '../until.ts';
import { call, patch, startWithRelease } from './harness.ts';

describe('a fault', () => {
  const old = { notes: 'old' };
  const fault = { method: 'PATCH', path: '/v3/releases/r1' };

  test('that is open when the sandbox closes ends with it', async () => {
    const sandbox = await startSandbox({ releases: [{ id: 'r1' }] });
    sandbox.fail({ wire: { kind: 'silence' } });
    sandbox.fail({ delayMs: 60_000 });
    const outcomes = Promise.allSettled([patch(sandbox, 'r1', {}), patch(sandbox, 'r1', {})]);
    await until(() => sandbox.requests.length === 2);
    await sandbox.close();
    expect(await outcomes).toMatchObject([{ status: 'rejected' }, { status: 'rejected' }]);
  });

  test('delays the answer, but not the change', async () => {
    const sandbox = await startWithRelease(old);
    sandbox.fail({ delayMs: 100 });
    sandbox.fail({ delayMs: 60_000 });
    const before = Date.now();
    expect((await patch(sandbox, 'r1', { notes: 'new' })).status).toBe(200);
    expect(Date.now() - before).toBeGreaterThanOrEqual(95);
    const late = Promise.allSettled([patch(sandbox, 'r1', { notes: 'x' })]);
    await until(() => sandbox.release('r1')?.notes === 'x');
    expect(sandbox.requests.map(({ status }) => status)).toEqual([200, undefined]);
    await sandbox.close();
    expect(await late).toMatchObject([{ status: 'rejected' }]);
  });

  const json = 'application/json';
  test.each<[FailureRule['answer'], status: number, type: string | null, text: string]>([
    [{ status: 502, body: '<p>' }, 502, 'text/html', '<p>'],
    [{ status: 500, body: { message: 'broken' } }, 500, json, '{"message":"broken"}'],
    [{ body: '{"id":', headers: { 'content-type': json } }, 200, json, '{"id":'],
    [{ body: null }, 200, json, 'null'],
    [{ status: 204 }, 204, null, ''],
  ])('answers %j in place of the API', async (answer, status, type, text) => {
    const sandbox = await startWithRelease(old);
    sandbox.fail({ ...fault, answer });
    const received = await patch(sandbox, 'r1', { notes: 'new' });
    expect(received).toMatchObject({ status, text });
    expect(received.headers.get('content-type')).toBe(type);
    expect(sandbox.release('r1')?.notes).toBe('old');
    expect(sandbox.requests).toMatchObject([{ status }]);
  });

  test('redirects', async () => {
    const sandbox = await startWithRelease(old);
    sandbox.fail({ answer: { status: 307, headers: { location: '/v3/elsewhere' } } });
    const { status, headers } = await patch(sandbox, 'r1', { notes: 'new' });
    expect([status, headers.get('location')]).toEqual([307, '/v3/elsewhere']);
  });

  test('answers another status although the request was carried out', async () => {
    const sandbox = await startWithRelease(old);
    const headers = { 'x-rate-limit-remaining': 'none' };
    sandbox.fail({ ...fault, apply: true, answer: { status: 503, headers, body: 'busy' } });
    const answer = await patch(sandbox, 'r1', { notes: 'new' });
    expect(answer).toMatchObject({ status: 503, text: 'busy' });
    expect(answer.headers.get('x-rate-limit-remaining')).toBe('none');
    expect(sandbox.release('r1')?.notes).toBe('new');
  });

  test('sets values in a release and in a list', async () => {
    const sandbox = await startWithRelease(old);
    sandbox.fail({ times: 2, values: { id: 'other', extra: [1] } });
    const expected = { id: 'other', extra: [1], notes: 'old' };
    expect((await call(sandbox, '/v3/releases/r1')).json).toMatchObject(expected);
    expect((await call(sandbox, '/v3/releases')).json).toMatchObject([expected]);
    expect(sandbox.release('r1')?.id).toBe('r1');
  });

  test('meets the requests that its rule matches', async () => {
    const sandbox = await startWithRelease(old, { rateLimit: false });
    const statuses = async (method: string, path: string, count = 1) => {
      const seen: number[] = [];
      const options = { method, body: method === 'GET' ? undefined : {} };
      while (seen.length < count) seen.push((await call(sandbox, path, options)).status);
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
});
