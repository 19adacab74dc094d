// Builds dist/ from build/, which tsc makes: ncc packs, swc minifies (ncc itself would do so with the
// entry alone). With --check nothing is written: it fails when dist/ differs from a fresh build.
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { minify } from '@swc/core';

const ncc = createRequire(import.meta.url)('@vercel/ncc');
const root = fileURLToPath(new URL('..', import.meta.url));
const dist = join(root, 'dist');

/** What is imported and never called (for @actions/core the linter sees to it), mapped to a module that loads anyway. */
const leftOut = Object.fromEntries(
  ['./oidc-utils.js', '@actions/exec', 'css-select'].map((name) => [name, 'node:path']),
);

async function pack() {
  const entry = join(root, 'build', 'src', 'index.js');
  const options = { externals: leftOut, license: 'licences.txt', quiet: true, target: 'es2023' };
  const { code, assets } = await ncc(entry, options);
  const files = new Map([['index.js', code]]);
  for (const [name, { source }] of Object.entries(assets)) files.set(name, String(source));
  for (const [name, text] of files) {
    if (name.endsWith('.js')) files.set(name, await shorten(text));
  }
  // What a Node that is too old reads before anything else; the licences that ncc does not know of.
  files.set('index.js', (await scriptText('banner.js')) + files.get('index.js'));
  files.set('licences.txt', `${files.get('licences.txt')}\n${await scriptText('licences.txt')}`);
  return files;
}

async function shorten(text) {
  const compress = { passes: 5 };
  const options = { module: true, compress, mangle: true, format: { comments: false } };
  return (await minify(text, options)).code;
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
