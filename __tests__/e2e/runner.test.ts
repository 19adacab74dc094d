import { expect } from '@jest/globals';
import { describe, scenarios } from './isolated.ts';
import { errorOf, warningsOf } from './scenario.ts';

interface Row {
  readonly name: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}

describe('the runner', () => {
  scenarios<Row>(
    '$name stops the step before it writes',
    [
      { name: 'without GITHUB_OUTPUT', env: { GITHUB_OUTPUT: undefined } },
      { name: 'whose GITHUB_OUTPUT is not there', env: { GITHUB_OUTPUT: '/nowhere/output' } },
      { name: 'whose GITHUB_OUTPUT is a folder', env: { GITHUB_OUTPUT: '/tmp' } },
      { name: 'whose disk is full', env: { GITHUB_OUTPUT: '/dev/full' } },
      { name: 'without a folder for temporary files', env: { RUNNER_TEMP: '/nowhere' } },
    ],
    async ({ run }, { env }) => {
      const result = await run({}, { env });
      expect([result.exitCode, result.annotations.length, ...result.writes]).toEqual([1, 1]);
      expect(errorOf(result)).toContain('(E_ENV)');
      expect(result.summary).not.toMatch(/may have been/);
    },
  );

  scenarios<Row>(
    'whose summary $name gets a warning',
    [
      { name: 'is full', env: { GITHUB_STEP_SUMMARY: '/dev/full' } },
      { name: 'is not there', env: { GITHUB_STEP_SUMMARY: '/nowhere/summary' } },
    ],
    async ({ run }, { env }) => {
      const result = await run({}, { env });
      expect(result.outputs['result']).toBe('updated');
      expect(warningsOf(result)).toEqual([expect.stringContaining('summary could not be written')]);
    },
  );

  scenarios(
    'may have %s for an event file',
    [undefined, '/nowhere', '/tmp', '/dev/null'],
    async ({ run }, path) => {
      const result = await run({}, { env: { GITHUB_EVENT_PATH: path } });
      expect(result.outputs['result']).toBe('updated');
    },
  );
});
