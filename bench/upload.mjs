// What an upload costs: npm run bench:upload [-- --bytes 2000000000 --rounds 3]. Runs dist/ as it is, and
// curl -T beside it, against the sandbox over TLS, which reads no body faster than 100 MB/s.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, ftruncateSync, mkdtempSync, openSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { measureStep, median } from './measure.mjs';
import { startVendor } from './vendor.mjs';

const bytesPerSecond = 100_000_000;
const { values } = parseArgs({
  options: {
    bytes: { type: 'string', default: '2000000000' },
    rounds: { type: 'string', default: '3' },
  },
});
const bytes = Number(values.bytes);

const vendor = await startVendor('--tls', '--upload-bytes-per-second', String(bytesPerSecond));
const folder = mkdtempSync(join(tmpdir(), 'upload-'));
const file = join(folder, 'app.bin');
writeSparse(file);
const rounds = [];
try {
  for (let round = 0; round < Number(values.rounds); round += 1) {
    const curl = await timeOf(() => uploadByCurl(`curl-${round}`));
    const action = await uploadByAction(`action-${round}`);
    rounds.push({ curl, ...action });
  }
} finally {
  await vendor.close();
  rmSync(folder, { recursive: true });
}

const speed = (ms) => `${(bytes / 1000 / ms).toFixed(1)} MB/s`;
const of = (figure) => median(rounds.map(figure));
console.log(
  `Node ${process.version}, ${bytes} bytes, ${rounds.length} rounds, medians, over TLS\n`,
);
console.log('| figure | measured | limit |\n| --- | --- | --- |');
console.log(`| peak memory, MB | ${of(({ memory }) => memory * 1.048576).toFixed(0)} | < 100 |`);
console.log(`| throughput ÷ curl -T | ${of(({ curl, wall }) => curl / wall).toFixed(2)} | ≥ 0.9 |`);
console.log(
  `| throughput, action / curl | ${speed(of(({ wall }) => wall))} / ${speed(of(({ curl }) => curl))} | |`,
);
console.log(`| ms CPU, action | ${of(({ cpu }) => cpu).toFixed(0)} | |`);

/** The whole step: start, look-up, upload, looks, outputs. */
async function uploadByAction(productId) {
  await vendor.addReleases({ productId, version: '1.2.3' }, 1);
  return measureStep({
    tag: 'v1.2.3',
    prepare: (workspace) => writeSparse(join(workspace, 'app.bin')),
    env: vendor.trust,
    with: {
      'api-url': vendor.url,
      'releases-url': vendor.releasesUrl,
      'access-token': vendor.token,
      'product-id': productId,
      'notes-from': 'none',
      'upload-files': 'app.bin',
    },
  });
}

async function uploadByCurl(productId) {
  const id = await vendor.addRelease({ productId, version: '1.2.3' });
  const child = spawn(
    'curl',
    [
      ...['--fail', '--silent', '--show-error', '--cacert', vendor.trust.NODE_EXTRA_CA_CERTS],
      ...['--header', `Authorization: Bearer ${vendor.token}`, '--upload-file', file],
      `${vendor.releasesUrl}/v3/${id}/app.bin`,
    ],
    { stdio: ['ignore', 'ignore', 'inherit'] },
  );
  const [exitCode] = await once(child, 'close');
  if (exitCode !== 0) throw new Error(`curl ended with ${exitCode}`);
}

async function timeOf(work) {
  const started = performance.now();
  await work();
  return performance.now() - started;
}

function writeSparse(path) {
  const handle = openSync(path, 'w');
  ftruncateSync(handle, bytes);
  closeSync(handle);
}
