// What a step costs: npm run bench [-- --rounds 21]. Runs dist/ as it is against the sandbox.
import { execFileSync, spawnSync } from 'node:child_process';
import { readdirSync, statSync } from 'node:fs';
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
  const { measureGrowth, measureHostile } = await import('./growth.mjs');
  console.log(`Node ${process.version}, ${rounds} rounds, medians\n`);
  console.log('| figure | measured | goal | at most |\n| --- | --- | --- | --- |');
  await compare('TLS', ['--tls'], rounds);
  await compare('HTTP', [], rounds);
  rows([
    ['`dist/index.js`, bytes', statSync(join(dist, 'index.js')).size, '60,000', '120,000'],
    ['all of `dist/`, bytes', sizeOf(dist), '700,000', '1,300,000'],
  ]);
  await measureGrowth(5);
  measureHostile();
}

/** The action beside a script that sends the same two requests, and beside nothing at all. */
async function compare(name, options, rounds) {
  const { interleave, measureNode, measureStep, medianOf } = await import('./measure.mjs');
  const { changelogOf } = await import('./texts.mjs');
  const { startVendor } = await import('./vendor.mjs');
  const vendor = await startVendor(...options);
  const files = { 'CHANGELOG.md': changelogOf(94_000) };
  let products = 0;
  const newProduct = async () => {
    products += 1;
    await vendor.addReleases({ productId: `product-${products}`, version: '1.2.3' }, 1);
    return `product-${products}`;
  };
  const cases = {
    bare: () => measureNode(['-e', '0']),
    minimal: async () => {
      const given = { API_URL: vendor.url, ACCESS_TOKEN: vendor.token, VERSION: '1.2.3' };
      return measureNode([minimal], { ...given, PRODUCT_ID: await newProduct(), ...vendor.trust });
    },
    action: async () => {
      const given = { 'api-url': vendor.url, 'access-token': vendor.token };
      const inputs = { ...given, 'product-id': await newProduct() };
      return measureStep({ tag: 'v1.2.3', files, with: inputs, env: vendor.trust });
    },
  };
  await interleave(cases, 2);
  const { bare, minimal: least, action } = await interleave(cases, rounds);
  await vendor.close();

  const ratio = (figure, base) => medianOf(action, figure, base).toFixed(2);
  const each = (figure) =>
    [action, least, bare].map((results) => medianOf(results, figure).toFixed(0)).join(' / ');
  const modules = [action, least].map(([first]) => first.modules.length).join(' / ');
  const most = name === 'TLS' ? '1.40' : '1.60';
  rows([
    [`${name}: wall ÷ minimal script`, ratio('wall', least), '1.25', most],
    [`${name}: CPU ÷ minimal script`, ratio('cpu', least), '1.25', most],
    [`${name}: memory ÷ bare Node`, ratio('memory', bare), '1.35', '1.45'],
    [`${name}: ms wall, action / minimal script / bare Node`, each('wall'), '', ''],
    [`${name}: ms CPU`, each('cpu'), '', ''],
    [`${name}: MiB`, each('memory'), '', ''],
    [`${name}: modules of Node, action / minimal script`, modules, '182', '192'],
  ]);
}

function sizeOf(folder) {
  return readdirSync(folder).reduce((sum, name) => sum + statSync(join(folder, name)).size, 0);
}

function rows(table) {
  for (const cells of table) console.log(`| ${cells.join(' | ')} |`);
}
