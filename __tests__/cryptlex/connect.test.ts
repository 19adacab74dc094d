import { expect, test } from '@jest/globals';
import { connectCryptlex } from '../../src/cryptlex/releases.ts';
import { startDeadline } from '../../src/deadline.ts';
import { parseInputs } from '../../src/inputs/read.ts';
import { tokenOf } from '../jwt.ts';
import { silentLog } from '../silent-log.ts';

/** What opening the release API with these inputs warns of. */
async function warningsOf(given: Readonly<Record<string, string>>): Promise<readonly string[]> {
  const warnings: string[] = [];
  const log = { ...silentLog, warning: (text: string) => warnings.push(text) };
  const inputs = parseInputs((name) => given[name] ?? '');
  await connectCryptlex(inputs, { deadline: startDeadline(1), log });
  return warnings;
}

test.each([
  [['release:read', 'release:write'], { 'product-id': 'p' }, []],
  [['release:write'], { 'product-id': 'p' }, ['lacks the scope release:read']],
  [['release:read'], { 'product-id': 'p' }, ['lacks the scope release:write']],
  [[], { 'product-id': 'p' }, ['lacks the scopes release:read and release:write']],
  [['release:read'], { 'product-id': 'p', 'dry-run': 'true' }, []],
  [['release:write'], { 'release-id': 'r' }, []],
])('a token with %j and %j', async (scopes, given, warnings) => {
  const found = await warningsOf({
    'access-token': tokenOf(JSON.stringify({ scope: scopes })),
    ...given,
  });
  expect(found).toEqual(warnings.map((words) => expect.stringContaining(words)));
});
