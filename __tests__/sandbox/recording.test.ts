import { once } from 'node:events';
import { request as httpRequest } from 'node:http';
import { describe, expect, test } from '@jest/globals';
import { call, start, startWithRelease } from './harness.ts';

describe('a record', () => {
  test('shows the request as it came in', async () => {
    const sandbox = await startWithRelease();
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
