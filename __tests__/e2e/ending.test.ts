import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import { inWorld, until, type World } from './isolated.ts';
import type { Scenario } from './scenario.ts';

const patience = 30_000;

const folder = mkdtempSync(join(tmpdir(), 'preloads-'));
afterAll(() => rmSync(folder, { recursive: true }));
let files = 0;

/** The environment in which Node runs this code before the action. */
function preload(code: string): { NODE_OPTIONS: string } {
  files += 1;
  const path = join(folder, `${files}.cjs`);
  writeFileSync(path, code);
  return { NODE_OPTIONS: `--require ${path}` };
}

function errorOf({ annotations }: Scenario): string {
  return annotations.find(({ kind }) => kind === 'error')?.message ?? '';
}

/** Stops the step by a signal as soon as the server has a request of this method. */
async function stopAt({ api, path, run }: World, method: 'GET' | 'PATCH', signal: NodeJS.Signals) {
  const target = method === 'GET' ? '/v3/releases' : path;
  api.fail({ method, path: target, wire: { kind: 'silence' } });
  let stoppedAt = 0;
  const during = (kill: (signal: NodeJS.Signals) => void) => {
    void until(() => api.requests.some((request) => request.method === method)).then(() => {
      stoppedAt = performance.now();
      kill(signal);
    });
  };
  const result = await run({}, { during });
  return { ...result, msAfterSignal: performance.now() - stoppedAt };
}

describe('a signal', () => {
  test.concurrent.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)(
    '%s before the PATCH ends the step: nothing was changed',
    (signal, code) =>
      inWorld({}, async (world) => {
        const result = await stopAt(world, 'GET', signal);
        expect([result.exitCode, result.outputs['result'], result.outputs['error-code']]).toEqual([
          code,
          'failed',
          'E_CANCELLED',
        ]);
        expect(errorOf(result)).toContain('Nothing was changed');
        expect(result.msAfterSignal).toBeLessThan(1000);
        expect(result.writes).toEqual([]);
      }),
    patience,
  );

  test.concurrent.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)(
    '%s during the PATCH ends the step: nobody knows',
    (signal, code) =>
      inWorld({}, async (world) => {
        const result = await stopAt(world, 'PATCH', signal);
        expect([result.exitCode, result.outputs['result'], result.outputs['error-code']]).toEqual([
          code,
          'unknown',
          'E_UNKNOWN_STATE',
        ]);
        expect(errorOf(result)).toMatch(/may have been applied; running the step again is safe/);
        expect(result.outputs['release-id']).toBe(world.id);
        expect(result.msAfterSignal).toBeLessThan(1000);
        expect(result.summary).toContain('may have been updated');
      }),
    patience,
  );

  test.concurrent(
    'SIGKILL during the PATCH leaves the outputs that were written before it',
    () =>
      inWorld({}, async (world) => {
        const result = await stopAt(world, 'PATCH', 'SIGKILL');
        expect(result.exitCode).toBeNull();
        expect(result.outputs).toMatchObject({
          result: 'unknown',
          'error-code': '',
          'release-id': world.id,
          version: '1.2.3',
        });
      }),
    patience,
  );

  test.concurrent(
    'during a run for several releases leaves none of them as planned',
    () =>
      inWorld({}, async (world) => {
        world.api.addRelease({ productId: world.product, version: '1.2.3', platforms: ['other'] });
        world.api.fail({ method: 'PATCH', times: 9, wire: { kind: 'silence' } });
        const during = (kill: (signal: NodeJS.Signals) => void) =>
          void until(() => world.api.requests.some(({ method }) => method === 'PATCH')).then(() =>
            kill('SIGTERM'),
          );
        const result = await world.run({ match: 'all' }, { during });
        const results = JSON.parse(result.outputs['releases'] ?? '').map(
          (each: { result: string }) => each.result,
        );
        expect([result.outputs['result'], results]).toEqual(['unknown', ['unknown', 'unknown']]);
      }),
    patience,
  );
});

test.concurrent(
  'outputs are written before the PATCH, and again after it',
  () =>
    inWorld({}, async ({ run }) => {
      const { outputRecords } = await run();
      expect(outputRecords.filter(([name]) => name === 'result').map(([, value]) => value)).toEqual(
        ['unknown', 'updated'],
      );
    }),
  patience,
);

test.concurrent(
  'a run for several releases says before it writes that all are unknown',
  () =>
    inWorld({}, async (world) => {
      const { outputRecords } = await world.run({ match: 'all' });
      const [before, after] = outputRecords
        .filter(([name]) => name === 'releases')
        .map(([, value]) => value);
      expect([before, after]).toEqual([
        expect.stringContaining('"result":"unknown"'),
        expect.stringContaining('"result":"updated"'),
      ]);
    }),
  patience,
);

const hostile =
  "Object.assign(new Error('gone wrong\\n::error::forged ##[add-mask]x'), { token: 'in a property' })";

describe('a defect of the action itself is reported in one annotation', () => {
  test.concurrent.each([
    {
      name: 'a rejection that nobody handles',
      code: `setTimeout(() => Promise.reject(${hostile}), 300)`,
    },
    { name: 'an error that nobody catches', code: `setTimeout(() => { throw ${hostile} }, 300)` },
    {
      name: 'a thrown text',
      code: "setTimeout(() => { throw 'gone wrong\\n::error::forged' }, 300)",
    },
  ])(
    '$name',
    ({ code }) =>
      inWorld({}, async ({ api, run }) => {
        api.fail({ method: 'GET', wire: { kind: 'silence' } });
        const result = await run({}, { env: preload(code) });
        expect([result.exitCode, result.outputs['result'], result.outputs['error-code']]).toEqual([
          1,
          'failed',
          'E_INTERNAL',
        ]);
        expect(errorOf(result)).toContain('gone wrong\\u{a}::error::forged');
        const shown = result.stdout.replaceAll(/^::debug::.*$/gm, '');
        expect(result.stdout).not.toContain('in a property');
        expect(shown).not.toContain('at Timeout');
      }),
    patience,
  );

  test.concurrent(
    'in the middle of a PATCH, as an unknown state',
    () =>
      inWorld({}, async ({ api, run }) => {
        api.fail({ method: 'PATCH', wire: { kind: 'silence' } });
        const code =
          "require('node:http').ClientRequest.prototype.end = ((end) => function (...rest) { if (this.method === 'PATCH') setTimeout(() => { throw new Error('gone wrong') }, 200); return end.apply(this, rest); })(require('node:http').ClientRequest.prototype.end)";
        const result = await run({}, { env: preload(code) });
        expect([result.exitCode, result.outputs['result']]).toEqual([1, 'unknown']);
        expect(errorOf(result)).toMatch(
          /gone wrong.*may have been applied; running the step again is safe/,
        );
      }),
    patience,
  );

  test.concurrent(
    'an end without a result',
    () =>
      inWorld({}, async ({ api, run }) => {
        api.fail({ method: 'GET', wire: { kind: 'silence' } });
        // Nothing keeps the process alive any more: no timer, no connection.
        const code =
          "const set = setTimeout; globalThis.setTimeout = (...rest) => set(...rest).unref(); const { Socket } = require('node:net'); const connect = Socket.prototype.connect; Socket.prototype.connect = function (...rest) { const socket = connect.apply(this, rest); this.once('connect', () => set(() => this.unref(), 50)); return socket; }";
        const result = await run({}, { env: preload(code) });
        expect([result.exitCode, result.outputs['result'], result.outputs['error-code']]).toEqual([
          1,
          'failed',
          'E_INTERNAL',
        ]);
        expect(errorOf(result)).toContain('it ended without a result');
      }),
    patience,
  );

  test.concurrent(
    'its stack is in a debug line',
    () =>
      inWorld({}, async ({ api, run }) => {
        api.fail({ method: 'GET', wire: { kind: 'silence' } });
        const env = preload(`setTimeout(() => { throw ${hostile} }, 300)`);
        const { stdout } = await run({}, { env });
        expect(stdout).toMatch(/^::debug::Error: gone wrong\\u\{a\}.*at Timeout/m);
      }),
    patience,
  );
});

test.concurrent(
  'all that was said arrives, however much it is',
  () =>
    inWorld({}, async ({ api, product, run }) => {
      for (let index = 0; index < 99; index += 1) {
        api.addRelease({ productId: product, version: '1.2.3', platforms: [`p${index}`] });
      }
      const notes = `## 1.2.3\n\n${'- Something new.\n'.repeat(200)}`;
      const result = await run(
        { match: 'all', 'dry-run': 'true' },
        { files: { 'CHANGELOG.md': notes } },
      );
      expect(result.stdout.length).toBeGreaterThan(300_000);
      expect(result.stdout.match(/Dry run: would send PATCH/g)).toHaveLength(100);
      expect(result.stdout.trimEnd().split('\n').at(-1)).toMatch(/dry run/);
    }),
  patience,
);

test.concurrent(
  'outputs that can not be written after the PATCH fail the step, which says that it updated',
  () =>
    inWorld({}, async ({ api, id, path, run }) => {
      const output = join(folder, 'output');
      writeFileSync(output, '');
      api.fail({ method: 'PATCH', path, apply: true, delayMs: 300 });
      const during = () => void until(() => api.requests.length > 1).then(() => rmSync(output));
      const result = await run({}, { env: { GITHUB_OUTPUT: output }, during });
      expect(result.exitCode).toBe(1);
      expect(api.release(id)?.notes).not.toBeNull();
      expect(errorOf(result)).toMatch(
        /outputs of the step can not be written.*The release was updated\..*\(E_ENV\)/s,
      );
    }),
  patience,
);

test.concurrent(
  'a reader of the log that went away does not make the run fail',
  () =>
    inWorld({}, async ({ api, path, run }) => {
      api.fail({ method: 'PATCH', path, apply: true, delayMs: 600 });
      const code =
        "setTimeout(() => process.stdout.emit('error', Object.assign(new Error('write EPIPE'), { code: 'EPIPE' })), 400)";
      const result = await run({}, { env: preload(code) });
      expect([result.exitCode, result.outputs['result'], ...result.annotations]).toEqual([
        0,
        'updated',
      ]);
    }),
  patience,
);
