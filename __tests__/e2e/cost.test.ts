import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runInNewContext } from 'node:vm';
import { describe, expect, test } from '@jest/globals';
import * as z from 'zod/mini';
import { makeCertificate } from '../../sandbox/certificate.ts';
import type { Step } from '../../sandbox/runner.ts';
import { changelogOf, newProduct, useSandbox } from './scenario.ts';

// What a step costs, as far as it can be counted exactly; times are for `npm run bench`.

const sandbox = useSandbox();
const dist = fileURLToPath(new URL('../../dist', import.meta.url));
const hook = fileURLToPath(new URL('../../bench/usage.cjs', import.meta.url));

/** Bytes, and how many of its own modules Node 24 loads over TLS: a bare script takes 174. */
const limits = { defaultPath: 90_000, all: 700_000, modules: 182 };

/** Runs a step for v1.2.3 and says which files of dist/ its process has loaded. */
async function runTraced(step: Step = {}) {
  return inFolder(async (folder) => {
    const result = await run({ ...step, env: { NODE_V8_COVERAGE: folder } });
    const [report = ''] = readdirSync(folder);
    const { result: scripts } = coverageSchema.parse(readJson(join(folder, report)));
    const files = scripts
      .filter(({ url }) => url.startsWith('file:'))
      .map(({ url }) => nameOf(url));
    return { ...result, files: files.sort() };
  });
}

/** Runs a step for v1.2.3 and says which of its own modules Node has loaded for it. */
async function runCounted(step: Step = {}) {
  return inFolder(async (folder) => {
    const file = join(folder, 'usage.json');
    const env = { NODE_OPTIONS: `--require=${hook}`, USAGE_FILE: file };
    const result = await run({ ...step, env: { ...step.env, ...env } });
    return { ...result, modules: usageSchema.parse(readJson(file)).modules };
  });
}

const coverageSchema = z.object({ result: z.array(z.object({ url: z.string() })) });
const usageSchema = z.object({ modules: z.array(z.string()) });

async function run(step: Step) {
  const product = newProduct();
  sandbox.api.addRelease({ productId: product, version: '1.2.3' });
  return sandbox.run({
    tag: 'v1.2.3',
    files: { 'CHANGELOG.md': changelogOf('1.2.3') },
    ...step,
    with: { 'product-id': product, ...step.with },
  });
}

async function inFolder<Result>(use: (folder: string) => Promise<Result>): Promise<Result> {
  const folder = mkdtempSync(join(tmpdir(), 'usage-'));
  try {
    return await use(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function readJson(path: string): unknown {
  return JSON.parse(readFileSync(path, 'utf8'));
}

function nameOf(url: string): string {
  return relative(dist, fileURLToPath(url));
}

function bytesOf(names: readonly string[]): number {
  return names.reduce((sum, name) => sum + statSync(join(dist, name)).size, 0);
}

describe('a pushed tag', () => {
  test('loads one file, and not a large one', async () => {
    const { outputs, files } = await runTraced();
    expect(outputs['result']).toBe('updated');
    expect(files).toEqual(['index.js']);
    expect(bytesOf(files)).toBeLessThan(limits.defaultPath);
  });

  test('takes two requests over one connection', async () => {
    const before = sandbox.api.connections;
    const { requests } = await run({});
    expect(requests).toHaveLength(2);
    expect(sandbox.api.connections - before).toBe(1);
  });

  test('loads neither undici nor child_process', async () => {
    const { modules } = await runCounted();
    expect(modules).toContain('NativeModule http');
    expect(modules.filter((name) => /undici|child_process/.test(name))).toEqual([]);
  });
});

describe('a pushed tag, over TLS', () => {
  const { key, cert } = makeCertificate();
  const secure = useSandbox({ tls: { key, cert } });
  // Another version of Node may divide its own modules otherwise.
  const onNode24 = process.version.startsWith('v24.') ? test : test.skip;

  onNode24(`loads at most ${limits.modules} modules of Node`, async () => {
    await inFolder(async (folder) => {
      const authority = join(folder, 'authority.pem');
      writeFileSync(authority, cert);
      const product = newProduct();
      secure.api.addRelease({ productId: product, version: '1.2.3' });
      const { outputs, modules } = await runCounted({
        with: { 'api-url': secure.api.url, 'access-token': secure.token, 'product-id': product },
        env: { NODE_EXTRA_CA_CERTS: authority },
      });
      expect(outputs['result']).toBe('updated');
      expect(modules.length).toBeLessThanOrEqual(limits.modules);
      expect(modules.filter((name) => /undici|child_process/.test(name))).toEqual([]);
    });
  });
});

describe('what only some runs need', () => {
  const long = `# Changelog\n\n## 1.2.3\n\n${'- An entry of the changelog.\n'.repeat(300)}`;
  test.each<[string, number, Step]>([
    ['notes that are too long', 2, { files: { 'CHANGELOG.md': long } }],
    ['sub-sections to leave out', 2, { with: { 'exclude-sections': 'Internal' } }],
    ['links that lead into the repository', 2, { with: { notes: '[Guide](docs/guide.md)' } }],
    // The words, and zod.
    ['an answer that is no success', 3, { with: { 'access-token': 'wrong' } }],
    [
      'a prerelease',
      2,
      { tag: 'v1.2.3-rc.1', with: { prerelease: 'strip', 'match-channel': 'stable' } },
    ],
  ])('%s: %i files are loaded', async (_, count, step) => {
    const { files } = await runTraced(step);
    expect(files).toHaveLength(count);
  });
});

describe('dist/', () => {
  test('is small', () => {
    expect(bytesOf(readdirSync(dist))).toBeLessThan(limits.all);
  });

  test('is ASCII: one other character doubles the memory that a file takes', () => {
    for (const name of readdirSync(dist).filter((each) => each.endsWith('js'))) {
      expect(readFileSync(join(dist, name)).every((byte) => byte < 128)).toBe(true);
    }
  });

  test('fails by name where something is called that was left out', () => {
    const source = readFileSync(join(dist, 'index.js'), 'utf8');
    const leftOut = source.match(/new Proxy\(\{\},\{get\([^}]*left out[^}]*\}\}\)/g) ?? [];
    expect(leftOut).toHaveLength(2);
    for (const module of leftOut) {
      expect(() => runInNewContext(`(${module}).anything`)).toThrow(
        /^\S+ is left out of this build: anything$/,
      );
    }
  });
});
