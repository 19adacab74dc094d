// What a step costs: npm run bench [-- --rounds 21]. Runs dist/ as it is against the sandbox.
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const dist = fileURLToPath(new URL('../dist', import.meta.url));
const minimal = fileURLToPath(new URL('minimal.cjs', import.meta.url));
const { values } = parseArgs({ options: { rounds: { type: 'string', default: '21' } } });

if (process.version.startsWith('v24.')) await measureAll(Number(values.rounds));
else process.exitCode = again();

/** The runner starts the action with Node 24, so its cost is measured there. */
function again() {
  const find = ['-y', '-p', 'node@24', 'node', '-p', 'process.execPath'];
  const node = execFileSync('npx', find, { encoding: 'utf8' }).trim();
  const args = [fileURLToPath(import.meta.url), ...process.argv.slice(2)];
  return spawnSync(node, args, { stdio: 'inherit' }).status ?? 1;
}

async function measureAll(rounds) {
  const { changelogOf, generatedChangelogOf } = await import('./texts.mjs');
  const { measureGrowth, measureHostile } = await import('./growth.mjs');
  const folder = mkdtempSync(join(tmpdir(), 'usual-'));
  const usual = await packUsual(folder);
  console.log(`Node ${process.version}, ${rounds} rounds, medians, over TLS\n`);
  console.log('| figure | measured | at most |\n| --- | --- | --- |');
  const small = changelogOf(100_000);
  const large = generatedChangelogOf(220_000);
  await compare({ name: '100 KB', changelog: small, delayMs: 0, usual, rounds });
  await compare({ name: '220 KB', changelog: large, delayMs: 0, usual, rounds });
  await compare({ name: '220 KB, answers in 40 ms', changelog: large, delayMs: 40, usual, rounds });
  rows([
    ['`dist/index.js`, bytes', statSync(join(dist, 'index.js')).size, '160,000'],
    ['all of `dist/`, bytes', sizeOf(dist), '2,000,000'],
  ]);
  rmSync(folder, { recursive: true });
  await measureGrowth(5);
  measureHostile();
}

/** What most actions are: a script and its packages through ncc, without a further thought. */
async function packUsual(folder) {
  const script = fileURLToPath(new URL('usual.mjs', import.meta.url));
  const ncc = fileURLToPath(
    new URL('../node_modules/@vercel/ncc/dist/ncc/cli.js', import.meta.url),
  );
  execFileSync(process.execPath, [ncc, 'build', script, '--out', folder, '--quiet']);
  return join(
    folder,
    readdirSync(folder).find((name) => /^index\.m?js$/.test(name)),
  );
}

/** The action beside the usual way, a script that sends the same two requests, and nothing at all. */
async function compare({ name, changelog, delayMs, usual, rounds }) {
  const { interleave, main, measureNode, measureStep, medianOf } = await import('./measure.mjs');
  const { startVendor } = await import('./vendor.mjs');
  const vendor = await startVendor('--tls');
  await vendor.delay(delayMs);
  const files = { 'CHANGELOG.md': changelog };
  let products = 0;
  const newProduct = async () => {
    products += 1;
    await vendor.addReleases({ productId: `product-${products}`, version: '1.2.3' }, 1);
    return `product-${products}`;
  };
  const step = async (script) => {
    const given = { 'api-url': vendor.url, 'access-token': vendor.token };
    const inputs = { ...given, 'product-id': await newProduct() };
    return measureStep({ tag: 'v1.2.3', files, with: inputs, env: vendor.trust }, { script });
  };
  const cases = {
    bare: () => measureNode(['-e', '0']),
    minimal: async () => {
      const given = { API_URL: vendor.url, ACCESS_TOKEN: vendor.token, VERSION: '1.2.3' };
      return measureNode([minimal], { ...given, PRODUCT_ID: await newProduct(), ...vendor.trust });
    },
    usual: () => step(usual),
    action: () => step(main),
  };
  await interleave(cases, 2);
  const { bare, minimal: least, usual: common, action } = await interleave(cases, rounds);
  await vendor.close();

  const ratio = (figure, base) => medianOf(action, figure, base).toFixed(2);
  const each = (figure) =>
    [action, common, least, bare].map((all) => medianOf(all, figure).toFixed(0)).join(' / ');
  rows([
    [`${name}: CPU ÷ minimal script`, ratio('cpu', least), delayMs ? '' : '1.75'],
    [`${name}: CPU ÷ the usual way`, ratio('cpu', common), delayMs ? '' : '0.85'],
    [`${name}: wall ÷ minimal script`, ratio('wall', least), delayMs ? '1.25' : ''],
    [`${name}: wall ÷ the usual way`, ratio('wall', common), ''],
    [`${name}: memory ÷ bare Node`, ratio('memory', bare), '1.65'],
    [`${name}: ms CPU, action / usual / minimal / bare`, each('cpu'), ''],
    [`${name}: ms wall`, each('wall'), ''],
    [`${name}: MiB`, each('memory'), ''],
  ]);
}

function sizeOf(folder) {
  return readdirSync(folder).reduce((sum, name) => sum + statSync(join(folder, name)).size, 0);
}

function rows(table) {
  for (const cells of table) console.log(`| ${cells.join(' | ')} |`);
}
