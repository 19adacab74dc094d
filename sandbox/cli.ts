import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { makeCertificate } from './certificate.ts';
import { seedSchema } from './release.ts';
import { startSandbox } from './server.ts';

// node build/sandbox/cli.js [--port n] [--releases file.json] [--no-rate-limit]
//   [--tls] [--ignore-filters] [--webhook-url url --webhook-token token]
//   [--upload-bytes-per-second n]
// Prints one line of JSON, `{ url, releasesUrl, token }` and with --tls the `certificate` to trust (PEM), and
// runs until SIGINT or SIGTERM.
const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '0' },
    releases: { type: 'string' },
    'no-rate-limit': { type: 'boolean', default: false },
    tls: { type: 'boolean', default: false },
    'ignore-filters': { type: 'boolean', default: false },
    'webhook-url': { type: 'string' },
    'webhook-token': { type: 'string', default: '' },
    'upload-bytes-per-second': { type: 'string', default: 'Infinity' },
  },
});

const webhookUrl = values['webhook-url'];
const tls = values.tls ? makeCertificate() : undefined;
const sandbox = await startSandbox({
  port: Number(values.port),
  tls,
  rateLimit: !values['no-rate-limit'],
  ignoreFilters: values['ignore-filters'],
  uploadBytesPerSecond: Number(values['upload-bytes-per-second']),
  webhook:
    webhookUrl === undefined ? undefined : { url: webhookUrl, token: values['webhook-token'] },
  releases: values.releases === undefined ? [] : await readSeeds(values.releases),
});
process.once('SIGINT', sandbox.close);
process.once('SIGTERM', sandbox.close);
// Longer than the two weeks from which a token's end is announced.
const token = sandbox.issueToken({ expiresInSeconds: 90 * 86_400 });
const { url, releasesUrl } = sandbox;
process.stdout.write(`${JSON.stringify({ url, releasesUrl, token, certificate: tls?.cert })}\n`);

async function readSeeds(path: string): Promise<z.input<typeof seedSchema>[]> {
  return z.array(seedSchema).parse(JSON.parse(await readFile(path, 'utf8')));
}
