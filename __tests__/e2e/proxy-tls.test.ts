import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from '@jest/globals';
import { makeCertificate } from '../../sandbox/certificate.ts';
import { type ConnectProxy, startConnectProxy } from './connect-proxy.ts';
import { describe, inGroup, inWorld, scenario, scenarios, type World } from './isolated.ts';
import { unusedPort } from './raw-server.ts';
import { errorOf, expectFailure, type Scenario } from './scenario.ts';

// Proxies are passed over for hosts of this machine, so the sandbox gets a name that only the proxy
// of the test knows.
const host = 'api.sandbox.test';
const url = `https://${host}`;

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

interface Behind {
  readonly world: World;
  readonly proxy: ConnectProxy;
  readonly trust: Readonly<Record<string, string>>;
  /** Runs a step that trusts the sandbox, has it at {@link url}, and the proxy in HTTPS_PROXY. */
  readonly run: (env?: Record<string, string>, given?: Record<string, string>) => Promise<Scenario>;
}

type ProxyOptions = Omit<Parameters<typeof startConnectProxy>[0], 'port'>;

/** Plays a scenario with a sandbox that is reached through a proxy. */
async function behindProxy(
  options: ProxyOptions,
  play: (scene: Behind) => Promise<void>,
): Promise<void> {
  const { tls, trust } = certify({ hosts: [host] });
  await inWorld({ tls }, async (world) => {
    const port = Number(new URL(world.api.url).port);
    const proxy = await startConnectProxy({ ...options, port });
    const run: Behind['run'] = (env = {}, given = {}) =>
      world.run(
        { 'api-url': url, ...given },
        { env: { ...trust, HTTPS_PROXY: proxy.url, ...env } },
      );
    try {
      await play({ world, proxy, trust, run });
    } finally {
      await proxy.close();
    }
  });
}

function proxied(
  name: string,
  play: (scene: Behind) => Promise<void>,
  options: ProxyOptions = {},
): void {
  test.concurrent(inGroup(name), () => behindProxy(options, play));
}

describe('through a proxy', () => {
  for (const name of ['HTTPS_PROXY', 'https_proxy']) {
    proxied(`named in ${name}, which sees no token`, async ({ world, proxy, trust }) => {
      const env = { ...trust, [name]: proxy.url };
      const result = await world.run({ 'api-url': url }, { env });
      expect(result.outputs['result']).toBe('updated');
      expect(result.writes).toEqual([`PATCH ${world.path}`]);
      expect(new Set(proxy.asked.map(({ target }) => target))).toEqual(new Set([`${host}:443`]));
      expect(JSON.stringify(proxy.asked)).not.toContain(world.token);
    });
  }

  proxied('files go as well', async ({ world, proxy, trust }) => {
    const given = { 'api-url': url, 'releases-url': `${url}/files`, 'upload-files': 'app.zip' };
    const step = { files: { 'app.zip': 'zip' }, env: { ...trust, HTTPS_PROXY: proxy.url } };
    const result = await world.run({ ...given, 'notes-from': 'none' }, step);
    expect(result.outputs['result']).toBe('updated');
    expect(world.api.storedFiles()).toEqual([`${world.id}/app.zip`]);
    expect(new Set(proxy.asked.map(({ target }) => target))).toEqual(new Set([`${host}:443`]));
    expect(JSON.stringify(proxy.asked)).not.toContain(world.token);
  });

  proxied(
    'with a user and a password',
    async ({ proxy, run }) => {
      const HTTPS_PROXY = proxy.url.replace('://', '://user:p%40ss%20word@');
      const result = await run({ HTTPS_PROXY });
      expect(result.outputs['result']).toBe('updated');
      expect(result.requests.length).toBe(2);
    },
    { credentials: 'user:p@ss word' },
  );

  proxied(
    'that wants another password, the step fails at once and shows none',
    async ({ proxy, run }) => {
      const HTTPS_PROXY = proxy.url.replace('://', '://user:wrong-password@');
      const result = await run({ HTTPS_PROXY });
      expectFailure(
        result,
        'E_NET',
        'the proxy did not open a connection to api.sandbox.test (HTTP 407)',
      );
      expect(`${result.stdout}${result.summary}`).not.toContain('wrong-password');
      expect(proxy.asked).toHaveLength(1);
      expect(result.requests).toEqual([]);
    },
    { credentials: 'user:right' },
  );

  const faulty: readonly (readonly [
    name: string,
    answer: NonNullable<ProxyOptions['answer']>,
    code: string,
    says: RegExp,
  ])[] = [
    ['is silent', () => undefined, 'E_TIMEOUT', /to connect/],
    [
      'answers HTTP 502',
      (socket) => socket.end('HTTP/1.1 502 Bad Gateway\r\n\r\n'),
      'E_NET',
      /HTTP 502/,
    ],
    ['hangs up', (socket) => socket.destroy(), 'E_NET', /the proxy did not open/],
  ];
  for (const [name, answer, code, says] of faulty) {
    proxied(
      `that ${name}, the step fails in time`,
      async ({ run }) => expectFailure(await run({}, { 'timeout-seconds': '6' }), code, says),
      { answer },
    );
  }

  scenario('that is not there, the step says so', async ({ run }) => {
    const env = { HTTPS_PROXY: `http://user:hidden@127.0.0.1:${await unusedPort()}` };
    const result = await run({ 'api-url': url }, { env });
    expectFailure(result, 'E_NET', /the proxy did not open .*ECONNREFUSED/);
    expect(result.stdout).not.toContain('hidden');
  });

  scenarios(
    'at %s, which would be passed over, nothing is sent',
    [
      'proxy:8080',
      '127.0.0.1:8080',
      ':::bad',
      'socks5://proxy:1080',
      'http://',
      'http://user:100%@proxy:8080',
    ],
    async ({ run }, named) => {
      const result = await run({ 'api-url': url }, { env: { HTTPS_PROXY: named } });
      expectFailure(result, 'E_CONFIG', 'HTTPS_PROXY');
      expect(result.stdout).not.toContain('100%');
    },
  );

  proxied('a certificate for another host is refused', async ({ run }) => {
    const result = await run({}, { 'api-url': 'https://other.sandbox.test' });
    expect([result.outputs['error-code'], ...result.requests]).toEqual(['E_TLS']);
  });
});

describe('past a proxy', () => {
  for (const [name, value] of [
    ['NO_PROXY', host],
    ['no_proxy', 'example.org, .sandbox.test'],
    ['NO_PROXY', '*'],
  ] as const) {
    proxied(`for a host in ${name}=${value}, which is looked up`, async ({ proxy, run }) => {
      const result = await run({ [name]: value }, { 'timeout-seconds': '4' });
      expectFailure(result, 'E_NET', 'no connection to api.sandbox.test');
      expect(proxy.asked).toEqual([]);
    });
  }

  proxied('for this machine', async ({ proxy }) => {
    const { tls, trust } = certify();
    await inWorld({ tls }, async ({ run }) => {
      const result = await run({}, { env: { ...trust, HTTPS_PROXY: proxy.url } });
      expect(result.outputs['result']).toBe('updated');
      expect(proxy.asked).toEqual([]);
    });
  });
});

describe('a certificate', () => {
  const own = certify();
  scenario(
    'of an own authority is taken with NODE_EXTRA_CA_CERTS, over one connection',
    async ({ api, run }) => {
      expect((await run({}, { env: own.trust })).outputs['result']).toBe('updated');
      expect(api.connections).toBe(1);
    },
    { tls: own.tls },
  );

  const hosts = ['localhost', '127.0.0.1'];
  const inDays = (days: number) => new Date(Date.now() + days * 86_400_000);
  const expired = { hosts, notBefore: inDays(-9), notAfter: inDays(-1) };
  const early = { hosts, notBefore: inDays(2), notAfter: inDays(9) };
  const refused: readonly (readonly [
    name: string,
    made: ReturnType<typeof certify>,
    trusted: boolean,
    says: RegExp,
  ])[] = [
    ['that nobody vouches for', own, false, /SELF_SIGNED.*NODE_EXTRA_CA_CERTS/s],
    ['that has expired', certify(expired), true, /EXPIRED.*runner's clock/s],
    ['that is not yet valid', certify(early), true, /NOT_YET_VALID.*runner's clock/s],
    ['for another host', certify({ hosts: ['other.example'] }), true, /ALTNAME.*to another host/s],
  ];
  for (const [name, { tls, trust }, trusted, says] of refused) {
    scenario(
      `${name} is refused, once and for all`,
      async ({ api, run }) => {
        const result = await run({}, trusted ? { env: trust } : {});
        expectFailure(result, 'E_TLS', says);
        expect(errorOf(result)).not.toMatch(/REJECT_UNAUTHORIZED|disable/);
        expect(result.requests).toEqual([]);
        expect(api.connections).toBeLessThan(2);
      },
      { tls },
    );
  }

  scenario(
    'must be checked: NODE_TLS_REJECT_UNAUTHORIZED=0 is refused',
    async ({ api, run }) => {
      const env = { NODE_TLS_REJECT_UNAUTHORIZED: '0', NODE_NO_WARNINGS: '1' };
      const result = await run({}, { env });
      expect([result.outputs['error-code'], api.connections]).toEqual(['E_TLS', 0]);
    },
    { tls: own.tls },
  );
});

scenario('a server without TLS is no HTTPS API', async ({ api, run }) => {
  const result = await run({ 'api-url': api.url.replace('http:', 'https:') });
  expectFailure(result, 'E_NET', /does not speak HTTPS/);
});
