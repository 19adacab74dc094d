import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from '@jest/globals';
import { vendorRateLimit } from '../../sandbox/rate-limit.ts';
import { preloading } from '../../sandbox/runner.ts';
import type { Sandbox } from '../../sandbox/server.ts';
import { inWorld } from './isolated.ts';
import { jsonAnswer, startRawServer } from './raw-server.ts';
import { notesOf } from './scenario.ts';

const releases = 200;

/** The least that the rate limit lets so many updates take, in milliseconds. */
const least = (releases / vendorRateLimit.requests) * vendorRateLimit.windowMs;

/** Adds releases 1.2.3, each for another platform. */
function addOthers(api: Sandbox, product: string, count: number): void {
  for (let index = 0; index < count; index += 1) {
    api.addRelease({ productId: product, version: '1.2.3', platforms: [`platform-${index}`] });
  }
}

const folder = mkdtempSync(join(tmpdir(), 'load-'));
afterAll(() => rmSync(folder, { recursive: true }));

/**
 * The environment in which Node writes the most memory that it held, in KiB, to a file. What
 * getrusage says would be that of the process that started it, where that one was larger.
 */
function measureMemory(): { env: Readonly<Record<string, string>>; read: () => number } {
  const [code, result] = [join(folder, 'measure.cjs'), join(folder, 'memory')];
  writeFileSync(
    code,
    `const { existsSync, readFileSync, writeFileSync } = require('node:fs');
    const status = '/proc/self/status';
    process.on('exit', () => {
      const peak = existsSync(status) && /VmHWM:\\s*(\\d+)/.exec(readFileSync(status, 'utf8'))?.[1];
      writeFileSync(${JSON.stringify(result)}, String(peak || process.memoryUsage.rss() / 1024));
    });`,
  );
  return {
    env: preloading(code),
    read: () => Number(readFileSync(result, 'utf8')),
  };
}

test.concurrent('200 releases are updated once each, no slower than the rate limit asks for, in little memory', () =>
  inWorld({ rateLimit: true }, async ({ api, product, run }) => {
    addOthers(api, product, releases - 1);
    const memory = measureMemory();
    const result = await run({ match: 'all', 'timeout-seconds': '60' }, { env: memory.env });
    expect(result.outputs['result']).toBe('updated');
    expect(JSON.parse(result.outputs['releases'] ?? '')).toHaveLength(releases);

    const patches = api.requests.filter(({ method }) => method === 'PATCH');
    expect(patches.filter(({ status }) => status === 200)).toHaveLength(releases);
    expect(new Set(patches.map(({ path }) => path)).size).toBe(releases);
    expect(api.releases().every(({ notes }) => notes === notesOf('1.2.3'))).toBe(true);
    // The action keeps under the limit by itself, so it is never turned away.
    expect(patches.filter(({ status }) => status === 429)).toEqual([]);
    expect(result.ms).toBeLessThan(1.3 * least);
    expect(memory.read()).toBeLessThan(120 * 1024);
  }));

test.concurrent('an address that others use up, too, is waited for', () =>
  inWorld({ rateLimit: { requests: 10, windowMs: 2000 } }, async ({ api, product, run }) => {
    addOthers(api, product, 24);
    const result = await run({ match: 'all', 'timeout-seconds': '30' });
    expect(result.outputs['result']).toBe('updated');
    const updates = api.requests.filter(
      ({ method, status }) => method === 'PATCH' && status === 200,
    );
    expect(updates).toHaveLength(25);
  }));

test.concurrent('a list that never ends is given up after 100 pages', () =>
  inWorld({}, async ({ product, run }) => {
    let ids = 0;
    const endless = await startRawServer((socket) => {
      ids += 1;
      socket.write(jsonAnswer([{ id: `r${ids}`, version: '9.9', productId: product }]));
    });
    const given = { 'api-url': `http://127.0.0.1:${endless.port}`, 'timeout-seconds': '30' };
    const result = await run(given);
    await endless.close();
    expect([result.outputs['error-code'], ids]).toEqual(['E_RESPONSE', 100]);
  }));
