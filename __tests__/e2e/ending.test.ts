import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect } from '@jest/globals';
import { preloading, runStep, type StepResult } from '../../sandbox/runner.ts';
import { describe, scenario, scenarios, until, type World } from './isolated.ts';
import { changelogOf, errorOf } from './scenario.ts';

const folder = mkdtempSync(join(tmpdir(), 'preloads-'));
afterAll(() => rmSync(folder, { recursive: true }));
let files = 0;

/** The environment in which Node runs this code before the action. */
function preload(code: string) {
  files += 1;
  const path = join(folder, `${files}.cjs`);
  writeFileSync(path, code);
  return preloading(path);
}

/** The same, but the code is run while the answer to a request is waited for, however long that takes. */
function preloadDuring(method: 'GET' | 'PATCH', code: string) {
  return preload(`
    const { ClientRequest } = require('node:http');
    const { end } = ClientRequest.prototype;
    ClientRequest.prototype.end = function (...rest) {
      if (this.method === '${method}') setTimeout(() => { ${code} }, 100);
      return end.apply(this, rest);
    };`);
}

/** How a step ended: its exit code, `result` and `error-code`. */
function endOf({ exitCode, outputs }: StepResult) {
  return [exitCode, outputs['result'], outputs['error-code']];
}

/** A run that gets a signal as soon as the server has a request of this method. */
async function stopAt(
  { api, run }: World,
  {
    method,
    signal,
    given = {},
  }: {
    method: 'GET' | 'PATCH';
    signal: NodeJS.Signals;
    given?: Record<string, string>;
  },
) {
  api.fail({ method, times: 9, wire: { kind: 'silence' } });
  let stoppedAt = 0;
  const during = (kill: (signal: NodeJS.Signals) => void) => {
    void until(() => api.requests.some((request) => request.method === method)).then(() => {
      stoppedAt = performance.now();
      kill(signal);
    });
  };
  const result = await run(given, { during });
  return { ...result, msAfterSignal: performance.now() - stoppedAt };
}

/** Far below the `timeout-seconds`, yet nothing that a busy machine reaches. */
const atOnce = 4000;

describe('a signal', () => {
  const signals = [
    { signal: 'SIGINT', code: 130 },
    { signal: 'SIGTERM', code: 143 },
  ] as const;

  scenarios(
    '$signal before the PATCH ends the step: nothing was changed',
    signals,
    async (world, { signal, code }) => {
      const result = await stopAt(world, { method: 'GET', signal });
      expect(endOf(result)).toEqual([code, 'failed', 'E_CANCELLED']);
      expect(errorOf(result)).toContain('Nothing was changed');
      expect(result.msAfterSignal).toBeLessThan(atOnce);
      expect(result.writes).toEqual([]);
    },
  );

  scenarios(
    '$signal during the PATCH ends the step: nobody knows',
    signals,
    async (world, { signal, code }) => {
      const result = await stopAt(world, { method: 'PATCH', signal });
      expect(endOf(result)).toEqual([code, 'unknown', 'E_UNKNOWN_STATE']);
      expect(errorOf(result)).toMatch(/may have been applied; running the step again is safe/);
      expect(result.outputs['release-id']).toBe(world.id);
      expect(result.msAfterSignal).toBeLessThan(atOnce);
      expect(result.summary).toContain('may have been updated');
    },
  );

  scenario('SIGKILL during the PATCH leaves the outputs written before it', async (world) => {
    const result = await stopAt(world, { method: 'PATCH', signal: 'SIGKILL' });
    expect(endOf(result)).toEqual([null, 'unknown', '']);
    expect(result.outputs).toMatchObject({ 'release-id': world.id, version: '1.2.3' });
  });

  scenario('during a run for several releases leaves none of them as planned', async (world) => {
    world.api.addRelease({ productId: world.product, version: '1.2.3', platforms: ['other'] });
    const given = { match: 'all' };
    const { outputs } = await stopAt(world, { method: 'PATCH', signal: 'SIGTERM', given });
    expect(outputs['result']).toBe('unknown');
    expect(JSON.parse(outputs['releases'] ?? '')).toMatchObject([
      { result: 'unknown' },
      { result: 'unknown' },
    ]);
  });
});

describe('outputs are written before the PATCH, and again after it', () => {
  scenarios(
    '$name of a run with match: $match',
    [
      { match: 'one', name: 'result', values: [/^unknown$/, /^updated$/] },
      { match: 'all', name: 'releases', values: [/"result":"unknown"/, /"result":"updated"/] },
    ],
    async ({ run }, { match, name, values }) => {
      const { outputRecords } = await run({ match });
      const written = outputRecords.filter(([key]) => key === name).map(([, value]) => value);
      expect(written).toEqual(values.map((value) => expect.stringMatching(value)));
    },
  );
});

const hostile =
  "Object.assign(new Error('gone wrong\\n::error::forged ##[add-mask]x'), { token: 'in a property' })";

describe('a defect of the action itself is reported in one annotation', () => {
  scenarios(
    '$name',
    [
      { name: 'a rejection that nobody handles', code: `Promise.reject(${hostile})` },
      { name: 'an error that nobody catches', code: `throw ${hostile}` },
      { name: 'a thrown text', code: "throw 'gone wrong\\n::error::forged'" },
    ],
    async ({ api, run }, { code }) => {
      api.fail({ method: 'GET', wire: { kind: 'silence' } });
      const result = await run({}, { env: preloadDuring('GET', code) });
      expect(endOf(result)).toEqual([1, 'failed', 'E_INTERNAL']);
      expect(errorOf(result)).toContain('gone wrong\\u{a}::error::forged');
      const shown = result.stdout.replaceAll(/^::debug::.*$/gm, '');
      expect(result.stdout).not.toContain('in a property');
      expect(shown).not.toContain('at Timeout');
    },
  );

  scenarios(
    '$name',
    [
      { name: 'a rejection without a reason', code: 'Promise.reject()' },
      { name: 'nothing that is thrown', code: 'throw undefined' },
    ],
    async ({ api, run }, { code }) => {
      api.fail({ method: 'GET', wire: { kind: 'silence' } });
      const result = await run({}, { env: preloadDuring('GET', code) });
      expect(endOf(result)).toEqual([1, 'failed', 'E_INTERNAL']);
    },
  );

  scenario('in the middle of a PATCH, as an unknown state', async ({ api, run }) => {
    api.fail({ method: 'PATCH', wire: { kind: 'silence' } });
    const env = preloadDuring('PATCH', "throw new Error('gone wrong')");
    const result = await run({}, { env });
    expect([result.exitCode, result.outputs['result']]).toEqual([1, 'unknown']);
    expect(errorOf(result)).toMatch(
      /gone wrong.*may have been applied; running the step again is safe/,
    );
  });

  scenario('an end without a result', async ({ api, run }) => {
    api.fail({ method: 'GET', wire: { kind: 'silence' } });
    // Nothing keeps the process alive any more: no timer, no connection.
    const env = preload(`
      const set = setTimeout;
      globalThis.setTimeout = (...rest) => set(...rest).unref();
      const { Socket } = require('node:net');
      const { connect } = Socket.prototype;
      Socket.prototype.connect = function (...rest) {
        this.once('connect', () => set(() => this.unref(), 50));
        return connect.apply(this, rest);
      };`);
    const result = await run({}, { env });
    expect(endOf(result)).toEqual([1, 'failed', 'E_INTERNAL']);
    expect(errorOf(result)).toContain('it ended without a result');
  });

  scenario('its stack is in a debug line', async ({ api, run }) => {
    api.fail({ method: 'GET', wire: { kind: 'silence' } });
    const { stdout } = await run({}, { env: preloadDuring('GET', `throw ${hostile}`) });
    expect(stdout).toMatch(/^::debug::Error: gone wrong\\u\{a\}.*at Timeout/m);
  });
});

scenario('all that was said arrives, however much it is', async ({ api, product, run }) => {
  for (let index = 0; index < 99; index += 1) {
    api.addRelease({ productId: product, version: '1.2.3', platforms: [`p${index}`] });
  }
  const notes = `## 1.2.3\n\n${'- Something new.\n'.repeat(200)}`;
  const files = { 'CHANGELOG.md': notes };
  const { stdout } = await run({ match: 'all', 'dry-run': 'true' }, { files });
  expect(stdout.length).toBeGreaterThan(300_000);
  expect(stdout.match(/Dry run: would send PATCH/g)).toHaveLength(100);
  expect(stdout.trimEnd().split('\n').at(-1)).toMatch(/dry run/);
});

scenario('outputs that cannot be written after the PATCH fail the step', async (world) => {
  const { api, id, path, run } = world;
  const output = join(folder, 'output');
  writeFileSync(output, '');
  api.fail({ method: 'PATCH', path, apply: true, delayMs: 300 });
  const during = () => void until(() => api.requests.length > 1).then(() => rmSync(output));
  const result = await run({}, { env: { GITHUB_OUTPUT: output }, during });
  expect(result.exitCode).toBe(1);
  expect(api.release(id)?.notes).not.toBeNull();
  expect(errorOf(result)).toMatch(
    /outputs of the step cannot be written.*The release was updated\..*\(E_ENV\)/s,
  );
});

scenario('a log that takes no error leaves the exit code of a signal', async (world) => {
  const { api, token, product } = world;
  api.fail({ method: 'GET', wire: { kind: 'silence' } });
  const env = preload(`
    const { write } = process.stdout;
    process.stdout.write = function (text, ...rest) {
      if (text.startsWith('::error')) throw new Error('no log');
      return write.call(this, text, ...rest);
    };`);
  const { exitCode } = await runStep({
    tag: 'v1.2.3',
    files: { 'CHANGELOG.md': changelogOf('1.2.3') },
    with: { 'api-url': api.url, 'access-token': token, 'product-id': product },
    env,
    during: (kill) => void until(() => api.requests.length > 0).then(() => kill('SIGTERM')),
  });
  expect(exitCode).toBe(143);
});

scenario('a reader of the log that went away fails nothing', async ({ api, path, run }) => {
  api.fail({ method: 'PATCH', path, apply: true, delayMs: 400 });
  const env = preloadDuring(
    'PATCH',
    "process.stdout.emit('error', Object.assign(new Error('write EPIPE'), { code: 'EPIPE' }))",
  );
  const result = await run({}, { env });
  expect([result.exitCode, result.outputs['result'], ...result.annotations]).toEqual([
    0,
    'updated',
  ]);
});
