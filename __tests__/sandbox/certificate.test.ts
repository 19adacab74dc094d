import { once } from 'node:events';
import { request as httpsRequest } from 'node:https';
import { describe, expect, test } from '@jest/globals';
import { makeCertificate } from '../../sandbox/certificate.ts';
import type { Sandbox } from '../../sandbox/server.ts';
import { start } from './harness.ts';

describe('a sandbox over TLS', () => {
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
