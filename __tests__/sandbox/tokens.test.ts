import { describe, expect, test } from '@jest/globals';
import type { Sandbox } from '../../sandbox/server.ts';
import { call, parse, refusal, start, startWithRelease } from './harness.ts';

describe('an access token', () => {
  test('is a JWT with the claims of the vendor', async () => {
    const sandbox = await start();
    const parts = sandbox.issueToken({ scopes: ['release:read'] }).split('.');
    const [header, claims] = parts.map((part) => parse(Buffer.from(part, 'base64url').toString()));
    expect(header).toEqual({ alg: 'RS256', typ: 'JWT' });
    expect(claims).toEqual({
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

  test.each<[string, (issue: Sandbox['issueToken']) => string]>([
    ['empty', () => ''],
    ['of another scheme', (issue) => `Basic ${issue()}`],
    ['unknown', () => 'Bearer nothing'],
    ['altered', (issue) => `Bearer ${alter(issue())}`],
    ['unsigned', (issue) => `Bearer ${unsign(issue())}`],
    ['expired', (issue) => `Bearer ${issue({ expiresInSeconds: -1 })}`],
    ['of another server', (issue) => `Bearer ${issue({ issuer: 'https://other.example' })}`],
  ])('that is %s gives 401', async (_, write) => {
    const sandbox = await startWithRelease();
    const headers = { authorization: write(sandbox.issueToken) };
    const answer = await call(sandbox, '/v3/releases/r1', { headers });
    expect(answer).toMatchObject({ status: 401, json: refusal });
    expect(answer.headers.get('www-authenticate')).toMatch(/^Bearer error="invalid_token"/);
  });

  test('that is missing gives 401', async () => {
    const sandbox = await startWithRelease();
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
    const sandbox = await startWithRelease();
    const body = method === 'GET' ? undefined : {};
    const other = scope === 'release:read' ? 'release:write' : 'release:read';
    for (const opaque of [false, true]) {
      const send = (held: string) => {
        const authorization = `Bearer ${sandbox.issueToken({ scopes: [held], opaque })}`;
        return call(sandbox, path, { method, body, headers: { authorization } });
      };
      expect([200, 400]).toContain((await send(scope)).status);
      const refused = await send(other);
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
