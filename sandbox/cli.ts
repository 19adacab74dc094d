import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { seedSchema } from './release.ts';
import { startSandbox } from './server.ts';

// node build/sandbox/cli.js [--port n] [--releases file.json] [--no-rate-limit]
//   [--webhook-url url --webhook-token token]
// Prints one line of JSON, `{ url, token }`, and runs until SIGINT or SIGTERM.
const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '0' },
    releases: { type: 'string' },
    'no-rate-limit': { type: 'boolean', default: false },
    'webhook-url': { type: 'string' },
    'webhook-token': { type: 'string', default: '' },
  },
});

const webhookUrl = values['webhook-url'];
const sandbox = await startSandbox({
  port: Number(values.port),
  rateLimit: !values['no-rate-limit'],
  webhook:
    webhookUrl === undefined ? undefined : { url: webhookUrl, token: values['webhook-token'] },
  releases: values.releases === undefined ? [] : await readSeeds(values.releases),
});
process.once('SIGINT', sandbox.close);
process.once('SIGTERM', sandbox.close);
process.stdout.write(`${JSON.stringify({ url: sandbox.url, token: sandbox.issueToken() })}\n`);

async function readSeeds(path: string): Promise<z.input<typeof seedSchema>[]> {
  return z.array(seedSchema).parse(JSON.parse(await readFile(path, 'utf8')));
}
