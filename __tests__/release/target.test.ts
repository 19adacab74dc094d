import { expect, test } from '@jest/globals';
import { parseInputs } from '../../src/inputs/read.ts';
import { secretsOf } from '../../src/inputs/secrets.ts';
import type { Log } from '../../src/log.ts';
import { chooseTarget } from '../../src/release/target.ts';
import { chooseVersion, readEvent } from '../../src/tag/event.ts';
import { silentLog } from '../silent-log.ts';

/** What a push of a tag looks for with these inputs. */
function choose(tag: string, given: Readonly<Record<string, string>>, log: Log = silentLog) {
  const all: Record<string, string> = { 'access-token': 't', 'product-id': 'p', ...given };
  const inputs = parseInputs((name) => all[name] ?? '');
  const event = readEvent({ GITHUB_EVENT_NAME: 'push', GITHUB_REF: `refs/tags/${tag}` });
  const chosen = chooseVersion(event, inputs, silentLog);
  if (!chosen) throw new Error('no version');
  return chooseTarget({
    inputs,
    event,
    chosen,
    version: chosen.version,
    secrets: secretsOf('t0ken', ''),
    log,
  });
}

const create = { 'on-missing': 'create', prerelease: 'strip', platforms: 'windows' };

test.each([
  [{ channel: 'beta', 'match-channel': 'beta' }],
  // The release is created where it was looked for.
  [{ 'match-channel': 'beta' }],
])('a prerelease is created in the channel of %j', (given) => {
  expect(choose('v1.2.3-rc.1', { ...create, ...given }).criteria?.channel).toBe('beta');
});

test.each([
  ['v1.2.3-rc.1', { ...create, 'product-id': 'p', prerelease: 'build' }, /no channel is set/],
  ['v1.2.3', { ...create, channel: 'a', 'match-channel': 'b' }, /would create another one/],
  [
    'v1.2.3',
    { 'on-missing': 'create', platforms: 'a', 'match-platform': 'b' },
    /would create another one/,
  ],
  ['v1.2.3', { 'on-missing': 'create' }, /the platforms of the new release/],
  ['v1.2.3', { name: 'App t0ken' }, /looks like the access token/],
])('%s with %j is refused', (tag, given, message) => {
  expect(() => choose(tag, given)).toThrow(message);
});

test.each(['name', 'channel'])('a %s that C programs cut is told', (field) => {
  const notices: string[] = [];
  const log = { ...silentLog, notice: (message: string) => notices.push(message) };
  for (const length of [255, 256]) choose('v1.2.3', { [field]: 'x'.repeat(length) }, log);
  expect(notices).toEqual([expect.stringContaining(`The ${field} has 256 characters`)]);
});
