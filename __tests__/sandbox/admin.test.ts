import { describe, expect, test } from '@jest/globals';
import { z } from 'zod';
import { type Call, call, refusal, start } from './harness.ts';

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
