// Builds dist/ from src/: esbuild bundles and shakes the tree, ncc packs what the runner starts,
// esbuild minifies that, and what a usual run calls is marked. Needs build/, which tsc makes.
// With --check nothing is written: it fails when any file of dist/ differs from a fresh build.
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, transform } from 'esbuild';
import { compileAtOnce } from './eager.mjs';

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

/**
 * What is loaded before it is needed, or whether it is or not. semver, which prereleases alone need,
 * becomes a file of its own. Of `os`, @actions/core uses one constant; of `fs.promises`, its job
 * summary uses three functions, and would bring eleven modules of Node.
 */
const loadLate = {
  name: 'load-late',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^semver\// }, ({ path }) => ({ path, namespace: 'late' }));
    onLoad({ filter: /.*/, namespace: 'late' }, () => ({
      contents: `import { createRequire } from 'node:module';
        export default (...given) => createRequire(import.meta.url)('./semver.cjs')(...given);`,
    }));
    onResolve({ filter: /^os$/ }, ({ importer }) =>
      /[\\/]@actions[\\/]core[\\/]/.test(importer)
        ? { path: 'os', namespace: 'constant' }
        : undefined,
    );
    onLoad({ filter: /.*/, namespace: 'constant' }, () => ({
      contents: `export const EOL = process.platform === 'win32' ? '\\r\\n' : '\\n';`,
    }));
    onResolve({ filter: /^fs$/ }, ({ importer }) =>
      /[\\/]@actions[\\/]core[\\/]lib[\\/]summary\.js$/.test(importer)
        ? { path: 'fs', namespace: 'without-promises' }
        : undefined,
    );
    onLoad({ filter: /.*/, namespace: 'without-promises' }, () => ({
      contents: `import { accessSync, appendFileSync, constants, writeFileSync } from 'node:fs';
        const promises = {
          access: async (...given) => accessSync(...given),
          appendFile: async (...given) => appendFileSync(...given),
          writeFile: async (...given) => writeFileSync(...given),
        };
        export { constants, promises };`,
    }));
  },
};

/** The file that is loaded with the first prerelease. */
async function bundleSemver() {
  const { outputFiles } = await build({
    absWorkingDir: root,
    entryPoints: ['semver/functions/parse.js'],
    bundle: true,
    format: 'cjs',
    platform: 'node',
    target: 'node24',
    minify: true,
    legalComments: 'none',
    write: false,
  });
  return outputFiles[0].text;
}

async function bundle() {
  const folder = join(root, 'build', 'bundle');
  await rm(folder, { recursive: true, force: true });
  const { outputFiles, metafile } = await build({
    absWorkingDir: root,
    entryPoints: ['src/index.ts'],
    outdir: 'build/bundle',
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node24',
    minify: true,
    legalComments: 'none',
    metafile: true,
    write: false,
    plugins: [leaveOut, loadLate],
    // CommonJS packages require nothing but modules of Node here.
    banner: { js: 'const require=process.getBuiltinModule;' },
  });
  const names = stableNames(metafile.outputs);
  await mkdir(folder, { recursive: true });
  for (const { path, text } of outputFiles) {
    const renamed = text.replace(/\.\/[\w-]+\.js/g, (name) => names.get(name) ?? name);
    await writeFile(join(folder, names.get(`./${basename(path)}`)), renamed);
  }
  const licences = await collectLicences([...Object.keys(metafile.inputs), 'node_modules/semver/']);
  return { entry: join(folder, 'index.js'), licences };
}

/** The licences of all packages that something of is in the bundle: they ask to be passed on. */
async function collectLicences(paths) {
  const folders = paths.flatMap((path) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path) ?? []);
  const texts = [];
  for (const folder of [...new Set(folders)].sort()) {
    const { name, version, license } = JSON.parse(
      await readFile(join(root, folder, 'package.json'), 'utf8'),
    );
    const file = (await readdir(join(root, folder))).find((each) => /^licen[cs]e/i.test(each));
    const text = file ? await readFile(join(root, folder, file), 'utf8') : '';
    texts.push(`${name} ${version} (${license})\n\n${text.replaceAll('\r\n', '\n').trim()}\n`);
  }
  return texts.join(`\n${'-'.repeat(72)}\n\n`);
}

/**
 * Names for the files of a bundle that don't change with their content, since ncc derives the names
 * of the files in dist/ from them: each is called after the largest file in it.
 */
function stableNames(outputs) {
  const names = new Map();
  for (const [path, { entryPoint, inputs }] of Object.entries(outputs)) {
    const byBytes = Object.entries(inputs).sort((a, b) => b[1].bytesInOutput - a[1].bytesInOutput);
    const source = entryPoint ?? `shared/${byBytes[0]?.[0] ?? 'runtime'}`;
    const name = source.replace(/\.\w+$/, '').replace(/\W+/g, '-');
    names.set(`./${basename(path)}`, source === 'src/index.ts' ? './index.js' : `./${name}.js`);
  }
  if (new Set(names.values()).size < names.size) throw new Error('two files of one name');
  return names;
}

async function pack({ entry, licences }) {
  const { code, assets } = await ncc(entry, { quiet: true, target: 'es2023' });
  const files = new Map([
    ['index.js', await shorten(code)],
    ['semver.cjs', await bundleSemver()],
    ['licences.txt', licences],
  ]);
  for (const [name, { source }] of Object.entries(assets)) {
    files.set(name, name.endsWith('.js') ? await shorten(String(source)) : source);
  }
  files.set('index.js', await compileAtOnce(files));
  return files;
}

/**
 * Takes Node's modules without making a `require` for each, as ncc does, and minifies. ASCII alone,
 * since one other character doubles the memory that Node takes for a file; esbuild leaves those in
 * patterns.
 */
async function shorten(source) {
  const [line, name] = /^import { createRequire as (\w+) } from "module";$/m.exec(source) ?? [];
  const direct = source
    .replace(line ?? '', '')
    .replaceAll(/\b\w+\(import\.meta\.url\)(?=\("[\w:/]+"\))/g, 'process.getBuiltinModule');
  if (name !== undefined && direct.includes(name)) throw new Error(`${name} is still in use`);
  const { code } = await transform(direct, {
    minify: true,
    format: 'esm',
    platform: 'node',
    target: 'node24',
    legalComments: 'none',
    charset: 'ascii',
  });
  if (/\\[\u0080-\uffff]/.test(code)) throw new Error('a pattern escapes what is not ASCII');
  return code.replace(
    /[\u0080-\uffff]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
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
