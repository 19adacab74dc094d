import { expect, test } from '@jest/globals';
import { runStep, type Step } from '../../sandbox/runner.ts';
import { type Sandbox, type SandboxOptions, startSandbox } from '../../sandbox/server.ts';
import { outputsOf } from '../../src/report/outputs.ts';
import { expectNoSecret, expectOnlyMeantCommands } from './oracles.ts';
import { changelogOf, newProduct, type Scenario } from './scenario.ts';

export { until } from '../until.ts';

const ninetyDays = 90 * 86_400;

/** Milliseconds that a step may take beyond its `timeout-seconds`. */
const grace = 2000;

/** A sandbox that no other scenario sees, so that scenarios can run at the same time. */
export interface World {
  readonly api: Sandbox;
  readonly token: string;
  readonly product: string;
  /** Its release 1.2.3, which has no notes yet. */
  readonly id: string;
  /** `/v3/releases/{id}`. */
  readonly path: string;
  /** Runs a step for the tag v1.2.3; its result is held to the oracles and to {@link expectHonest}. */
  readonly run: (given?: Step['with'], step?: Omit<Step, 'with'>) => Promise<Scenario>;
}

/** Plays a scenario in a world of its own. */
export async function inWorld<Result>(
  options: SandboxOptions,
  play: (world: World) => Promise<Result>,
): Promise<Result> {
  const api = await startSandbox({ rateLimit: false, ...options });
  try {
    const product = newProduct();
    const { id } = api.addRelease({ productId: product, version: '1.2.3', name: 'App' });
    const token = api.issueToken({ expiresInSeconds: ninetyDays });
    const run: World['run'] = async (given = {}, step = {}) => {
      const target = given['release-id'] === undefined ? { 'product-id': product } : {};
      const inputs = { ...defaults(api, token), ...target, ...given };
      const result = await runStep({ tag: 'v1.2.3', files, ...step, with: inputs });
      expectOnlyMeantCommands(result);
      expectNoSecret(result, [inputs['access-token'], 'github-token-of-the-run']);
      const requests = api.requests.map(({ method, path }) => `${method} ${path}`);
      const writes = requests.filter((line) => !line.startsWith('GET'));
      const scenario = { ...result, requests, writes };
      expectHonest(scenario, secondsOf(inputs['timeout-seconds']));
      return scenario;
    };
    return await play({ api, token, product, id, path: `/v3/releases/${id}`, run });
  } finally {
    await api.close();
  }
}

let group = '';

/**
 * As jest's own, for concurrent tests whose name is {@link inGroup}: those of all groups of a file are
 * played at the same time. Jest would wait for the slowest of each group before it begins the next.
 */
export function describe(title: string, define: () => void): void {
  const outer = group;
  group = `${outer}${title} `;
  define();
  group = outer;
}

/** The whole name of a test of the group that is being described. */
export function inGroup(name: string): string {
  return `${group}${name}`;
}

/** A test of one scenario in a world of its own; those of a file are played at the same time. */
export function scenario(
  name: string,
  play: (world: World) => Promise<void>,
  options: SandboxOptions = {},
): void {
  test.concurrent(inGroup(name), () => inWorld(options, play));
}

/** A {@link scenario} for each row. */
export function scenarios<Row>(
  name: string,
  rows: readonly Row[],
  play: (world: World, row: Row) => Promise<void>,
): void {
  test.concurrent.each(rows)(inGroup(name), (row) => inWorld({}, (world) => play(world, row)));
}

const files = { 'CHANGELOG.md': changelogOf('1.2.3') };

const defaultSeconds = 8;

function defaults(api: Sandbox, token: string) {
  return {
    'api-url': api.url,
    'releases-url': api.releasesUrl,
    'access-token': token,
    'timeout-seconds': String(defaultSeconds),
  };
}

/** What a step gives itself; one that refuses the input gets no less time than any other. */
function secondsOf(input: string): number {
  return Number(input) > 0 ? Number(input) : defaultSeconds;
}

/**
 * Holds for every step, however it ends: success and failure can't be mistaken for each other, one
 * error annotation at most, all outputs, nothing on stderr, and in time.
 */
export function expectHonest(result: Scenario, seconds: number): void {
  const { outputs, annotations, stderr, exitCode, ms } = result;
  const errors = annotations.filter(({ kind }) => kind === 'error');
  const succeeded = ['updated', 'unchanged', 'created', 'skipped', 'planned'];
  expect(stderr).toBe('');
  expect(ms).toBeLessThan(seconds * 1000 + grace);
  if (exitCode === 0) {
    expect(errors).toEqual([]);
    expect(succeeded).toContain(outputs['result']);
    expect(outputs['error-code']).toBe('');
  } else if (outputs['result'] !== undefined && exitCode !== null) {
    expect(errors).toHaveLength(1);
    expect(['failed', 'unknown']).toContain(outputs['result']);
    expect(outputs['error-code']).toMatch(/^E_[A-Z_]+$/);
    expect(errors[0]?.message).toContain(`(${outputs['error-code']})`);
  }
  if (outputs['result'] !== undefined) {
    expect(Object.keys(outputs).sort()).toEqual(Object.keys(outputsOf({})).sort());
  }
}
