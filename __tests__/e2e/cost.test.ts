import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from '@jest/globals';
import * as z from 'zod/mini';
import { makeCertificate } from '../../sandbox/certificate.ts';
import { preloading, type Step } from '../../sandbox/runner.ts';
import { changelogOf, newProduct, useSandbox } from './scenario.ts';

// What a step costs, as far as it can be counted exactly; times are for `npm run bench`.

const sandbox = useSandbox();
const dist = fileURLToPath(new URL('../../dist', import.meta.url));
const hook = fileURLToPath(new URL('../../bench/usage.cjs', import.meta.url));

/** Bytes, and how many of its own modules Node 24 loads over TLS: a bare script takes 174. */
const limits = { entry: 160_000, all: 2_000_000, modules: 179 };

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
    const env = { ...preloading(hook), USAGE_FILE: file };
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
  test('loads one file', async () => {
    const { outputs, files } = await runTraced();
    expect(outputs['result']).toBe('updated');
    expect(files).toEqual(['index.js']);
    expect(bytesOf(files)).toBeLessThan(limits.entry);
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

describe('dist/', () => {
  test('is small', () => {
    expect(bytesOf(readdirSync(dist))).toBeLessThan(limits.all);
  });
});
