import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import { makeCertificate } from '../../sandbox/certificate.ts';
import { type ConnectProxy, startConnectProxy } from './connect-proxy.ts';
import { inWorld, type World } from './isolated.ts';
import { unusedPort } from './raw-server.ts';
import type { Scenario } from './scenario.ts';

const patience = 30_000;

// Proxies are passed over for hosts of this machine, so the sandbox gets a name that only the proxy
// of the test knows.
const host = 'api.sandbox.test';
const url = `https://${host}`;
const day = 86_400_000;

const folder = mkdtempSync(join(tmpdir(), 'certificates-'));
afterAll(() => rmSync(folder, { recursive: true }));
let files = 0;

/** A certificate and the environment that makes Node trust it. */
function certify(options: Parameters<typeof makeCertificate>[0] = {}) {
  const tls = makeCertificate(options);
  files += 1;
  const path = join(folder, `${files}.pem`);
  writeFileSync(path, tls.cert);
  return { tls, trust: { NODE_EXTRA_CA_CERTS: path } };
}

function errorOf({ annotations }: Scenario): string {
  return annotations.find(({ kind }) => kind === 'error')?.message ?? '';
}

type ProxyOptions = Omit<Parameters<typeof startConnectProxy>[0], 'port'>;

/** Plays a scenario with a sandbox that is reached through a proxy. */
async function behindProxy(
  options: ProxyOptions,
  play: (scene: {
    world: World;
    proxy: ConnectProxy;
    trust: Record<string, string>;
  }) => Promise<void>,
): Promise<void> {
  const { tls, trust } = certify({ hosts: [host] });
  await inWorld({ tls }, async (world) => {
    const proxy = await startConnectProxy({
      ...options,
      port: Number(new URL(world.api.url).port),
    });
    try {
      await play({ world, proxy, trust });
    } finally {
      await proxy.close();
    }
  });
}

describe('through a proxy', () => {
  test.concurrent.each(['HTTPS_PROXY', 'https_proxy'])(
    'named in %s, the release is updated, and the proxy sees no token',
    (name) =>
      behindProxy({}, async ({ world, proxy, trust }) => {
        const result = await world.run(
          { 'api-url': url },
          { env: { ...trust, [name]: proxy.url } },
        );
        expect(result.outputs['result']).toBe('updated');
        expect(result.writes).toEqual([`PATCH ${world.path}`]);
        expect(new Set(proxy.asked.map(({ target }) => target))).toEqual(new Set([`${host}:443`]));
        expect(JSON.stringify(proxy.asked)).not.toContain(world.token);
      }),
    patience,
  );

  test.concurrent(
    'with a user and a password',
    () =>
      behindProxy({ credentials: 'user:p@ss word' }, async ({ world, proxy, trust }) => {
        const named = proxy.url.replace('://', '://user:p%40ss%20word@');
        const result = await world.run(
          { 'api-url': url },
          { env: { ...trust, HTTPS_PROXY: named } },
        );
        expect(result.outputs['result']).toBe('updated');
        expect(result.requests.length).toBe(2);
      }),
    patience,
  );

  test.concurrent(
    'that wants a password, the step fails at once and shows none',
    () =>
      behindProxy({ credentials: 'user:right' }, async ({ world, proxy, trust }) => {
        const named = proxy.url.replace('://', '://user:wrong-password@');
        const result = await world.run(
          { 'api-url': url },
          { env: { ...trust, HTTPS_PROXY: named } },
        );
        expect(result.outputs['error-code']).toBe('E_NET');
        expect(errorOf(result)).toMatch(
          /the proxy did not open a connection to api\.sandbox\.test \(HTTP 407\)/,
        );
        expect(`${result.stdout}${result.summary}`).not.toContain('wrong-password');
        expect(proxy.asked).toHaveLength(1);
        expect(result.requests).toEqual([]);
      }),
    patience,
  );

  test.concurrent.each<{
    name: string;
    answer: ProxyOptions['answer'];
    ends: readonly [string, RegExp];
  }>([
    { name: 'is silent', answer: () => undefined, ends: ['E_TIMEOUT', /to connect/] },
    {
      name: 'answers HTTP 502',
      answer: (socket) => socket.end('HTTP/1.1 502 Bad Gateway\r\n\r\n'),
      ends: ['E_NET', /HTTP 502/],
    },
    {
      name: 'hangs up',
      answer: (socket) => socket.destroy(),
      ends: ['E_NET', /the proxy did not open/],
    },
  ])(
    'that $name, the step fails in time',
    ({ answer, ends: [code, says] }) =>
      behindProxy({ ...(answer && { answer }) }, async ({ world, proxy, trust }) => {
        const result = await world.run(
          { 'api-url': url, 'timeout-seconds': '6' },
          { env: { ...trust, HTTPS_PROXY: proxy.url } },
        );
        expect([result.outputs['error-code'], errorOf(result)]).toEqual([
          code,
          expect.stringMatching(says),
        ]);
      }),
    patience,
  );

  test.concurrent(
    'that is not there, the step says so',
    () =>
      inWorld({}, async ({ run }) => {
        const env = { HTTPS_PROXY: `http://user:hidden@127.0.0.1:${await unusedPort()}` };
        const result = await run({ 'api-url': url }, { env });
        expect([result.outputs['error-code'], errorOf(result)]).toEqual([
          'E_NET',
          expect.stringMatching(/the proxy did not open .*ECONNREFUSED/),
        ]);
        expect(result.stdout).not.toContain('hidden');
      }),
    patience,
  );

  test.concurrent.each([
    'proxy:8080',
    '127.0.0.1:8080',
    ':::bad',
    'socks5://proxy:1080',
    'http://',
    'http://user:100%@proxy:8080',
  ])(
    'at %s, which would be passed over, nothing is sent',
    (named) =>
      inWorld({}, async ({ run }) => {
        const result = await run({ 'api-url': url }, { env: { HTTPS_PROXY: named } });
        expect([result.outputs['error-code'], errorOf(result)]).toEqual([
          'E_CONFIG',
          expect.stringContaining('HTTPS_PROXY'),
        ]);
        expect(result.stdout).not.toContain('100%');
      }),
    patience,
  );

  test.concurrent(
    'a certificate for another host is refused',
    () =>
      behindProxy({}, async ({ world, proxy, trust }) => {
        const result = await world.run(
          { 'api-url': 'https://other.sandbox.test' },
          { env: { ...trust, HTTPS_PROXY: proxy.url } },
        );
        expect([result.outputs['error-code'], ...result.requests]).toEqual(['E_TLS']);
      }),
    patience,
  );
});

describe('past a proxy', () => {
  test.concurrent.each([
    { NO_PROXY: host },
    { no_proxy: 'example.org, .sandbox.test' },
    { NO_PROXY: '*' },
  ])(
    'for a host in %j, which is looked up',
    (env) =>
      behindProxy({}, async ({ world, proxy, trust }) => {
        const result = await world.run(
          { 'api-url': url, 'timeout-seconds': '4' },
          { env: { ...trust, ...env, HTTPS_PROXY: proxy.url } },
        );
        expect(result.outputs['error-code']).toBe('E_NET');
        expect(errorOf(result)).toMatch(/no connection to api\.sandbox\.test/);
        expect(proxy.asked).toEqual([]);
      }),
    patience,
  );

  test.concurrent(
    'for this machine',
    () =>
      behindProxy({}, async ({ proxy }) => {
        const { tls, trust } = certify();
        await inWorld({ tls }, async ({ run }) => {
          const result = await run({}, { env: { ...trust, HTTPS_PROXY: proxy.url } });
          expect(result.outputs['result']).toBe('updated');
          expect(proxy.asked).toEqual([]);
        });
      }),
    patience,
  );
});

describe('a certificate', () => {
  const local = ['localhost', '127.0.0.1'];
  const at = (days: number) => new Date(Date.now() + days * day);
  test.concurrent(
    'of an own authority is taken with NODE_EXTRA_CA_CERTS, over one connection',
    () => {
      const { tls, trust } = certify();
      return inWorld({ tls }, async ({ api, run }) => {
        expect((await run({}, { env: trust })).outputs['result']).toBe('updated');
        expect(api.connections).toBe(1);
      });
    },
    patience,
  );

  test.concurrent.each([
    {
      name: 'that nobody vouches for',
      options: {},
      trusted: false,
      says: /SELF_SIGNED.*NODE_EXTRA_CA_CERTS/s,
    },
    {
      name: 'that has expired',
      options: { hosts: local, notBefore: at(-9), notAfter: at(-1) },
      trusted: true,
      says: /EXPIRED.*runner's clock/s,
    },
    {
      name: 'that is not yet valid',
      options: { hosts: local, notBefore: at(2), notAfter: at(9) },
      trusted: true,
      says: /NOT_YET_VALID.*runner's clock/s,
    },
    {
      name: 'for another host',
      options: { hosts: ['other.example'] },
      trusted: true,
      says: /ALTNAME.*for another host/s,
    },
  ])(
    '$name is refused, once and for all',
    ({ options, trusted, says }) => {
      const { tls, trust } = certify(options);
      return inWorld({ tls }, async ({ api, run }) => {
        const result = await run({}, trusted ? { env: trust } : {});
        expect([result.outputs['error-code'], errorOf(result)]).toEqual([
          'E_TLS',
          expect.stringMatching(says),
        ]);
        expect(errorOf(result)).not.toMatch(/REJECT_UNAUTHORIZED|disable/);
        expect([api.connections, ...result.requests]).toEqual([expect.any(Number)]);
        expect(api.connections).toBeLessThan(2);
      });
    },
    patience,
  );

  test.concurrent(
    'must be checked: NODE_TLS_REJECT_UNAUTHORIZED=0 is refused',
    () => {
      const { tls } = certify();
      return inWorld({ tls }, async ({ api, run }) => {
        const result = await run(
          {},
          { env: { NODE_TLS_REJECT_UNAUTHORIZED: '0', NODE_NO_WARNINGS: '1' } },
        );
        expect([result.outputs['error-code'], api.connections]).toEqual(['E_TLS', 0]);
      });
    },
    patience,
  );
});

test.concurrent(
  'a server without TLS is no HTTPS API',
  () =>
    inWorld({}, async ({ api, run }) => {
      const result = await run({ 'api-url': api.url.replace('http:', 'https:') });
      expect([result.outputs['error-code'], errorOf(result)]).toEqual([
        'E_NET',
        expect.stringMatching(/does not speak HTTPS/),
      ]);
    }),
  patience,
);
