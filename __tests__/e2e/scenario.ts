import { afterAll, beforeAll, beforeEach, expect } from '@jest/globals';
import type { ReleaseSeed } from '../../sandbox/release.ts';
import { runStep, type Step, type StepResult } from '../../sandbox/runner.ts';
import { type Sandbox, type SandboxOptions, startSandbox } from '../../sandbox/server.ts';
import { expectNoSecret, expectOnlyMeantCommands } from './oracles.ts';

const ninetyDays = 90 * 86_400;

/** A changelog with one section for each version, in the form of Keep a Changelog. */
export function changelogOf(...versions: readonly string[]): string {
  const sections = versions.map(
    (version) => `## [${version}] - 2026-11-20\n\n### Added\n\n- What ${version} brings.\n`,
  );
  return `# Changelog\n\n${sections.join('\n')}`;
}

/** The notes that {@link changelogOf} gives for a version. */
export function notesOf(version: string): string {
  return `### Added\n\n- What ${version} brings.`;
}

/** A step against a sandbox, and what the sandbox saw of it. */
export interface Scenario extends StepResult {
  /** `GET /v3/releases?…` and so on, in order. */
  readonly requests: readonly string[];
  readonly writes: readonly string[];
}

/** The message of the error annotation of a step; empty where there is none. */
export function errorOf({ annotations }: StepResult): string {
  return annotations.find(({ kind }) => kind === 'error')?.message ?? '';
}

/** The messages of the other annotations of a step. */
export function warningsOf({ annotations }: StepResult): string[] {
  return annotations.filter(({ kind }) => kind !== 'error').map(({ message }) => message);
}

/** Holds for a step that failed with this code and this message. */
export function expectFailure(result: StepResult, code: string, says: RegExp | string): void {
  const message =
    typeof says === 'string' ? expect.stringContaining(says) : expect.stringMatching(says);
  expect([result.outputs['error-code'], errorOf(result)]).toEqual([code, message]);
}

/** The sandbox of a test file, started before and emptied between its tests. */
export function useSandbox(options: SandboxOptions = {}) {
  let sandbox: Sandbox;
  let token = '';
  beforeAll(async () => {
    sandbox = await startSandbox({ rateLimit: false, ...options });
    token = sandbox.issueToken({ expiresInSeconds: ninetyDays });
  });
  beforeEach(() => sandbox.clearFailures());
  afterAll(() => sandbox.close());

  const scenario = {
    get api() {
      return sandbox;
    },
    get token() {
      return token;
    },
    issueToken: (...scopes: string[]) =>
      sandbox.issueToken({ scopes, expiresInSeconds: ninetyDays }),
    /** Runs a step with this sandbox and its token; every result is held to the oracles. */
    run: async (step: Step): Promise<Scenario> => {
      const before = sandbox.requests.length;
      const given = { 'api-url': sandbox.url, 'access-token': token, ...step.with };
      const result = await runStep({ ...step, with: given });
      expectOnlyMeantCommands(result);
      expectNoSecret(result, [given['access-token'], 'github-token-of-the-run']);
      const seen = sandbox.requests.slice(before);
      const requests = seen.map(({ method, path }) => `${method} ${path}`);
      return { ...result, requests, writes: requests.filter((line) => !line.startsWith('GET')) };
    },
    /** Runs a step for v1.2.3 that finds one release, and gives what became of it. */
    runForRelease: async ({ seed = {}, ...step }: Step & { readonly seed?: ReleaseSeed }) => {
      const product = newProduct();
      const release = sandbox.addRelease({ productId: product, version: '1.2.3', ...seed });
      const given = { 'product-id': product, ...step.with };
      const result = await scenario.run({ tag: 'v1.2.3', ...step, with: given });
      return { result, release, now: sandbox.release(release.id) };
    },
    /** The same for a release that has notes, and gives what became of these. */
    runForNotes: async (step: Step) => {
      const { result, now } = await scenario.runForRelease({ seed: { notes: 'Before.' }, ...step });
      return { result, notes: now?.notes };
    },
  };
  return scenario;
}

let products = 0;

/** An id that no other test uses. */
export function newProduct(): string {
  products += 1;
  return `product-${products}`;
}
