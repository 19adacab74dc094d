import { createHash } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { useSandbox } from '../e2e/scenario.ts';
import { until } from '../until.ts';

const sandbox = useSandbox({ storageLimit: 1000, registerAfterMs: 50 });

/** Uploads a text to a new release, or to the one that is named. */
async function put(
  name: string,
  { text = 'zip', id = sandbox.api.addRelease().id, token = sandbox.token } = {},
) {
  const url = `${sandbox.api.releasesUrl}/v3/${id}/${name}`;
  const headers = { authorization: `Bearer ${token}` };
  const response = await fetch(url, { method: 'PUT', headers, body: text });
  return { id, status: response.status, body: await response.text() };
}

test('a file is stored in lower case, answered, and registered a little later', async () => {
  const { id, status, body } = await put('App-1.2(x64)[a]_b.ZIP');
  const checksum = createHash('md5').update('zip').digest('hex');
  const file = { name: 'app-1.2(x64)[a]_b.zip', size: 3, checksum, releaseId: id };
  expect([status, JSON.parse(body)]).toEqual([200, expect.objectContaining(file)]);
  expect(sandbox.api.storedFiles()).toContain(`${id}/${file.name}`);
  expect(sandbox.api.release(id)?.files).toEqual([]);
  await until(() => sandbox.api.release(id)?.totalFiles === 1);
  expect(sandbox.api.release(id)?.files).toMatchObject([file]);
  expect((await put('APP-1.2(x64)[a]_b.zip', { id })).status).toBe(409);
});

describe('a file is refused, without a body:', () => {
  const seed = (published: boolean) => sandbox.api.addRelease({ published }).id;
  test.each<[string, string, () => Parameters<typeof put>[1], number]>([
    ['a short name', 'ab', () => ({}), 404],
    ['another character', 'my%20app.zip', () => ({}), 404],
    ['no such release', 'app.zip', () => ({ id: 'nope' }), 404],
    ['no such token', 'app.zip', () => ({ token: 'nope' }), 401],
    ['no scope to read', 'app.zip', () => ({ token: sandbox.issueToken('release:write') }), 403],
    ['no scope to write', 'app.zip', () => ({ token: sandbox.issueToken('release:read') }), 403],
    ['a published release', 'app.zip', () => ({ id: seed(true) }), 403],
    ['more than the storage holds', 'app.zip', () => ({ text: 'x'.repeat(1001) }), 409],
    ['an empty file', 'app.zip', () => ({ text: '' }), 400],
  ])('%s', async (_, name, given, expected) => {
    const { status, body } = await put(name, given());
    expect([status, body]).toEqual([expected, '']);
  });
});
