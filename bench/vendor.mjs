// The sandbox in a process of its own, so that it takes nothing from what is measured.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const cli = fileURLToPath(new URL('../build/sandbox/cli.js', import.meta.url));

/** Starts a sandbox; `options` are those of its command line. */
export async function startVendor(...options) {
  const child = spawn(process.execPath, [cli, '--no-rate-limit', ...options], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = await once(child.stdout, 'data');
  const { url, releasesUrl, token, certificate } = JSON.parse(line);
  const folder = mkdtempSync(join(tmpdir(), 'vendor-'));
  const authority = join(folder, 'authority.pem');
  if (certificate) writeFileSync(authority, certificate);

  const call = async (method, path, body) => {
    const send = certificate ? requestHttps : requestHttp;
    const request = send(`${url}/sandbox${path}`, { method, ca: certificate });
    request.end(body && JSON.stringify(body));
    const [answer] = await once(request, 'response');
    const text = Buffer.concat(await answer.toArray()).toString();
    if (answer.statusCode >= 300)
      throw new Error(`${method} ${path}: ${answer.statusCode} ${text}`);
    return text && JSON.parse(text);
  };

  return {
    url,
    releasesUrl,
    token,
    /** The environment in which Node trusts it. */
    trust: certificate ? { NODE_EXTRA_CA_CERTS: authority } : {},
    addRelease: async (seed) => (await call('POST', '/releases', seed)).id,
    addReleases: async (seed, count) => {
      for (let added = 0; added < count; added += 1) await call('POST', '/releases', seed);
    },
    /** Lets every answer wait. */
    delay: (delayMs) => call('POST', '/failures', { delayMs, times: 1e9 }),
    countRequests: async () => (await call('GET', '/requests')).length,
    close: async () => {
      child.kill();
      await once(child, 'close');
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
