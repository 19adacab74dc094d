// Builds dist/ from src/: esbuild bundles and shakes the tree, ncc packs what the runner starts.
// With --check nothing is written: it fails when any file of dist/ differs from a fresh build.
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const ncc = createRequire(import.meta.url)('@vercel/ncc');
const root = fileURLToPath(new URL('..', import.meta.url));
const dist = join(root, 'dist');

/**
 * What the toolkit imports and this action never calls: of @actions/core OIDC tokens (http-client
 * with all of undici) and platform details (@actions/exec with child_process), of @actions/github
 * the lists of endpoints. Left out, it costs neither start-up nor size; a use fails with its name.
 */
const leftOut = [
  {
    of: /[\\/]@actions[\\/]core[\\/]/,
    what: /^(?:\.\/oidc-utils\.js|\.\/platform\.js|@actions\/exec)$/,
  },
  { of: /[\\/]@actions[\\/]github[\\/]/, what: /^@octokit\/plugin-/ },
];

const leaveOut = {
  name: 'leave-out',
  setup({ onResolve, onLoad }) {
    for (const { of, what } of leftOut) {
      onResolve({ filter: what }, ({ path, importer }) =>
        of.test(importer) ? { path, namespace: 'left-out' } : undefined,
      );
    }
    onLoad({ filter: /^@octokit/, namespace: 'left-out' }, () => ({
      contents:
        'const none = () => ({}); export { none as restEndpointMethods, none as paginateRest };',
    }));
    onLoad({ filter: /.*/, namespace: 'left-out' }, ({ path }) => ({
      contents: `module.exports = new Proxy({}, { get(_, name) {
        throw new Error('${path} is left out of this build: ' + String(name));
      } });`,
    }));
  },
};

async function bundle() {
  const folder = join(root, 'build', 'bundle');
  await rm(folder, { recursive: true, force: true });
  await build({
    entryPoints: [join(root, 'src', 'index.ts')],
    outdir: folder,
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node24',
    minify: true,
    legalComments: 'none',
    plugins: [leaveOut],
    banner: {
      js: "import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);",
    },
  });
  return join(folder, 'index.js');
}

async function pack(entry) {
  const { code, assets } = await ncc(entry, { quiet: true, minify: true, target: 'es2023' });
  const files = new Map([['index.js', code]]);
  for (const [name, { source }] of Object.entries(assets)) files.set(name, source);
  return files;
}

async function writeAll(files) {
  await rm(dist, { recursive: true, force: true });
  await mkdir(dist, { recursive: true });
  for (const [name, content] of files) await writeFile(join(dist, name), content);
}

/** The names of the files that a fresh build has and dist/ has not, or the reverse, or otherwise. */
async function findDifferences(files) {
  const names = new Set([...files.keys(), ...(await readdir(dist))]);
  const differing = [];
  for (const name of names) {
    const committed = await readFile(join(dist, name)).catch(() => undefined);
    const fresh = files.get(name);
    if (!committed || fresh === undefined || !committed.equals(Buffer.from(fresh))) {
      differing.push(name);
    }
  }
  return differing;
}

const files = await pack(await bundle());
if (process.argv.includes('--check')) {
  const differing = await findDifferences(files);
  if (differing.length > 0) {
    console.error(`dist/ is not what src/ builds (${differing.join(', ')}). Run: npm run build`);
    process.exitCode = 1;
  }
} else {
  await writeAll(files);
  for (const [name, content] of files) console.log(`${name}\t${content.length} bytes`);
}
