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

/**
 * What is imported and never called, each mapped to a module that is loaded anyway: undici and
 * child_process of @actions/core (the linter sees to it), selectors of node-html-parser.
 */
const leftOut = {
  './oidc-utils.js': 'node:path',
  '@actions/exec': 'node:path',
  'css-select': 'node:path',
};

async function pack() {
  const { code, assets } = await ncc(join(root, 'build/src/index.js'), {
    externals: leftOut,
    license: 'licences.txt',
    quiet: true,
    target: 'es2023',
  });
  const files = new Map([['index.js', code]]);
  for (const [name, { source }] of Object.entries(assets)) files.set(name, String(source));
  for (const [name, text] of files) {
    if (name.endsWith('.js')) files.set(name, await shorten(text));
  }
  return files;
}

async function shorten(text) {
  const options = { module: true, compress: true, mangle: true, format: { comments: false } };
  return (await minify(text, options)).code;
}

async function writeAll(files) {
  await rm(dist, { recursive: true, force: true });
  await mkdir(dist);
  for (const [name, text] of files) await writeFile(join(dist, name), text);
}

/** The files that a fresh build has and dist/ has not, or the reverse, or otherwise. */
async function findDifferences(files) {
  const names = [...new Set([...files.keys(), ...(await readdir(dist))])];
  const committed = (name) => readFile(join(dist, name), 'utf8').catch(() => undefined);
  const same = await Promise.all(
    names.map(async (name) => files.get(name) === (await committed(name))),
  );
  return names.filter((_, index) => !same[index]);
}

const files = await pack();
if (process.argv.includes('--check')) {
  const differing = await findDifferences(files);
  if (differing.length > 0) {
    console.error(`dist/ is not what src/ builds (${differing.join(', ')}). Run: npm run build`);
    process.exitCode = 1;
  }
} else {
  await writeAll(files);
  for (const [name, text] of files) console.log(`${name}\t${Buffer.byteLength(text)} bytes`);
}
