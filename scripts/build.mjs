// Builds dist/ from build/, which tsc makes: ncc packs, as CommonJS, which Node loads in less time than
// ES modules; Oxc minifies (ncc itself would do so with the entry alone). With --check nothing is
// written: it fails when dist/ differs from a fresh build.
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { minifySync } from 'oxc-minify';

const ncc = createRequire(import.meta.url)('@vercel/ncc');
const root = fileURLToPath(new URL('..', import.meta.url));
const dist = join(root, 'dist');

/** What packages import and nobody calls (for @actions/core the linter sees to it). No file of src/ may be called so. */
const externals = Object.fromEntries(
  ['./oidc-utils.js', './summary.js', '@actions/exec', 'css-select'].map((name) => [name, 'path']),
);

async function pack() {
  // Without a cache: in it, ncc does not tell builds with other options apart.
  const options = { cache: false, esm: false, externals, license: 'licences.txt', quiet: true };
  const { code, assets } = await ncc(join(root, 'build', 'src', 'index.js'), options);
  // What a Node that is too old reads before anything else.
  const banner = await scriptText('banner.js');
  const files = new Map([['index.js', banner + shorten('index.js', code)]]);
  for (const [name, { source }] of Object.entries(assets)) files.set(name, shorten(name, source));
  files.set('package.json', '{ "type": "commonjs" }\n');
  files.set('licences.txt', `${files.get('licences.txt')}\n${await scriptText('licences.txt')}`);
  return files;
}

function shorten(name, source) {
  if (!name.endsWith('.js')) return String(source);
  const { code, errors } = minifySync(name.replace('.js', '.cjs'), String(source));
  if (errors.length > 0) throw new Error(`${name}: ${errors[0].message}`);
  return code;
}

function scriptText(name) {
  return readFile(join(root, 'scripts', name), 'utf8');
}

/** The names of the files that a fresh build has and dist/ has not, or the reverse, or otherwise. */
async function findDifferences(files) {
  const names = [...new Set([...files.keys(), ...(await readdir(dist))])];
  const read = (name) => readFile(join(dist, name), 'utf8').catch(() => undefined);
  const committed = new Map(await Promise.all(names.map(async (name) => [name, await read(name)])));
  return names.filter((name) => files.get(name) !== committed.get(name));
}

const files = await pack();
if (process.argv.includes('--check')) {
  const differing = await findDifferences(files);
  if (differing.length > 0) throw new Error(`Run npm run bundle: ${differing} of dist/ differ`);
} else {
  await rm(dist, { recursive: true, force: true });
  await mkdir(dist);
  for (const [name, text] of files) await writeFile(join(dist, name), text);
  for (const [name, text] of files) console.log(`${name}\t${Buffer.byteLength(text)} bytes`);
}
