import { describe, expect, test } from '@jest/globals';
import { changelogOf, newProduct, notesOf, useSandbox } from './scenario.ts';

const sandbox = useSandbox();
const files = { 'CHANGELOG.md': changelogOf('1.2.3') };

/** A release in the sandbox, and the `with:` that finds it. */
function given(seed: Parameters<typeof sandbox.api.addRelease>[0] = {}) {
  const product = newProduct();
  const release = sandbox.api.addRelease({ productId: product, version: '1.2.3', ...seed });
  return { release, product, now: () => sandbox.api.release(release.id) };
}

describe('fields', () => {
  test('name, channel, platforms and private are set', async () => {
    const { product, now } = given({ name: 'Old', platforms: ['windows'] });
    const result = await sandbox.run({
      tag: 'app@1.2.3',
      files,
      with: {
        'product-id': product,
        name: '{package} {version} from {tag} in {repository} ({channel})',
        channel: 'beta',
        platforms: 'windows\nlinux, macos',
        private: 'TRUE',
      },
    });
    expect(now()).toMatchObject({
      name: 'app 1.2.3 from app@1.2.3 in octo/app (beta)',
      channel: 'beta',
      platforms: ['windows', 'linux', 'macos'],
      private: true,
    });
    expect(JSON.parse(result.outputs['previous'] ?? '')).toEqual({
      name: 'Old',
      channel: 'stable',
      platforms: ['windows'],
      private: false,
      notes: null,
    });
  });

  test('fields that are not given stay as they are', async () => {
    const { product, release, now } = given({
      name: 'Kept',
      platforms: ['windows'],
      private: true,
    });
    await sandbox.run({ tag: 'v1.2.3', files, with: { 'product-id': product } });
    const { notes, updatedAt, ...rest } = now() ?? release;
    expect({ ...release, notes, updatedAt }).toEqual({ ...rest, notes, updatedAt });
  });
});

describe('prerelease', () => {
  const rcFiles = { 'CHANGELOG.md': changelogOf('1.2.3-rc.1', '1.2.2') };
  test('strip reaches the release in the channel of the tag', async () => {
    const product = newProduct();
    sandbox.api.addRelease({ productId: product, version: '1.2.3', channel: 'stable' });
    const candidate = sandbox.api.addRelease({
      productId: product,
      version: '1.2.3',
      channel: 'release-candidate',
    });
    const result = await sandbox.run({
      tag: 'v1.2.3-rc.1',
      files: rcFiles,
      with: {
        'product-id': product,
        prerelease: 'strip',
        'match-channel': 'auto',
        'channel-map': 'rc=release-candidate',
      },
    });
    expect(result.outputs).toMatchObject({ result: 'updated', 'release-id': candidate.id });
    expect(sandbox.api.release(candidate.id)?.notes).toBe(notesOf('1.2.3-rc.1'));
  });

  test('build sends the number as the fourth part', async () => {
    const { product } = given({ version: '1.2.3.1' });
    const result = await sandbox.run({
      tag: 'v1.2.3-rc.1',
      files: rcFiles,
      with: { 'product-id': product, prerelease: 'build', channel: 'auto' },
    });
    expect(result.outputs).toMatchObject({ version: '1.2.3.1', channel: 'rc' });
  });

  test.each(['v1.2.3-rc', 'v1.2.3-1.2', 'v1.2-rc.1'])('build refuses %s', async (tag) => {
    const result = await sandbox.run({
      tag,
      files,
      with: { 'product-id': newProduct(), prerelease: 'build' },
    });
    expect(result.outputs['error-code']).toBe('E_TAG');
    expect(result.requests).toEqual([]);
  });

  test('the section of the version itself is taken when the tag has none, with a notice', async () => {
    const { product, now } = given({ channel: 'beta' });
    const result = await sandbox.run({
      tag: 'v1.2.3-beta.2',
      files,
      with: { 'product-id': product, prerelease: 'strip', 'match-channel': 'auto' },
    });
    expect(now()?.notes).toBe(notesOf('1.2.3'));
    expect(result.annotations.map(({ kind }) => kind)).toEqual(['notice']);
    expect(result.annotations[0]?.properties).toMatchObject({ file: 'CHANGELOG.md', line: '3' });
  });
});

describe('tag-pattern', () => {
  test('names the version, the package, the channel and the platform', async () => {
    const product = newProduct();
    for (const platforms of [['windows'], ['macos']]) {
      sandbox.api.addRelease({
        productId: product,
        version: '1.2.3',
        platforms,
        channel: 'nightly',
      });
    }
    const result = await sandbox.run({
      tag: 'server+1.2.3+nightly+macos',
      files,
      with: {
        'product-id': product,
        'tag-pattern':
          '(?<package>\\w+)\\+(?<version>[\\d.]+)\\+(?<channel>\\w+)\\+(?<platform>\\w+)',
        'match-channel': 'auto',
      },
    });
    expect(result.outputs).toMatchObject({ result: 'updated', platforms: '["macos"]' });
  });

  test('has to match the whole tag', async () => {
    const result = await sandbox.run({
      tag: 'v1.2.3',
      files,
      with: { 'product-id': newProduct(), 'tag-pattern': 'v(?<version>\\d+\\.\\d+)' },
    });
    expect(result.outputs['error-code']).toBe('E_TAG');
  });
});

describe('events', () => {
  test.each([
    ['create', 'v1.2.3', {}],
    ['release', undefined, { release: { tag_name: 'v1.2.3' } }],
  ])('%s', async (eventName, tag, payload) => {
    const { product } = given();
    const result = await sandbox.run({
      eventName,
      tag,
      payload,
      files,
      with: { 'product-id': product },
    });
    expect(result.outputs).toMatchObject({ result: 'updated', tag: 'v1.2.3' });
  });

  test.each(['v1.2.3', 'refs/tags/v1.2.3'])('workflow_dispatch with tag %s', async (tag) => {
    const { product } = given();
    const result = await sandbox.run({
      eventName: 'workflow_dispatch',
      files,
      with: { 'product-id': product, tag },
    });
    expect(result.outputs).toMatchObject({ result: 'updated', tag: 'v1.2.3' });
  });

  test('the tag input wins over the pushed tag, the version input over both', async () => {
    const { product } = given();
    const result = await sandbox.run({
      tag: 'v9.9.9',
      files,
      with: { 'product-id': product, tag: 'latest', version: '1.2.3' },
    });
    expect(result.outputs).toMatchObject({ result: 'updated', tag: 'latest', version: '1.2.3' });
  });

  test('{tag} without a tag is an error', async () => {
    const result = await sandbox.run({
      eventName: 'workflow_dispatch',
      files,
      with: { 'product-id': newProduct(), version: '1.2.3', name: 'App {tag}' },
    });
    expect(result.outputs['error-code']).toBe('E_CONFIG');
    expect(result.requests).toEqual([]);
  });

  test('a branch push without a tag names the triggers', async () => {
    const result = await sandbox.run({ files, with: { 'product-id': newProduct() } });
    expect(result.outputs['error-code']).toBe('E_TAG');
    expect(result.annotations[0]?.message).toContain('on: push: tags:');
  });

  test.each([
    ['push', 'v1.2.3', { deleted: true }],
    ['delete', undefined, { ref: 'v1.2.3', ref_type: 'tag' }],
    ['release', 'v1.2.3', { action: 'deleted', release: { tag_name: 'v1.2.3' } }],
  ])('a deleted tag (%s) ends green', async (eventName, tag, payload) => {
    const result = await sandbox.run({
      eventName,
      tag,
      payload,
      files,
      with: { 'product-id': newProduct() },
    });
    expect(result.exitCode).toBe(0);
    expect(result.requests).toEqual([]);
    expect(result.outputs['result']).toBe('skipped');
    expect(result.annotations.map(({ kind }) => kind)).toEqual(['notice']);
  });

  test('a deleted tag is no reason to skip another one that is named', async () => {
    const { product } = given();
    const result = await sandbox.run({
      eventName: 'delete',
      payload: { ref: 'v0.9', ref_type: 'tag' },
      files,
      with: { 'product-id': product, tag: 'v1.2.3' },
    });
    expect(result.outputs['result']).toBe('updated');
  });

  test('a pull request may only rehearse, with the newest version of the changelog', async () => {
    const { product } = given();
    const step = { eventName: 'pull_request', files };
    const refused = await sandbox.run({ ...step, with: { 'product-id': product } });
    expect(refused.outputs['error-code']).toBe('E_ENV');
    expect(refused.requests).toEqual([]);
    const rehearsed = await sandbox.run({
      ...step,
      with: { 'product-id': product, 'dry-run': 'true' },
    });
    expect(rehearsed.outputs).toMatchObject({ result: 'planned', version: '1.2.3' });
    expect(rehearsed.writes).toEqual([]);
  });
});

test('a token in the name is not sent', async () => {
  const { product } = given();
  // A short one: a long one would be too long for a name anyway.
  const token = sandbox.api.issueToken({ opaque: true });
  const result = await sandbox.run({
    tag: 'v1.2.3',
    files,
    with: { 'product-id': product, 'access-token': token, name: `App ${token}` },
  });
  expect(result.outputs['error-code']).toBe('E_CONFIG');
  expect(result.annotations[0]?.message).toContain('looks like the access token');
  expect(result.requests).toEqual([]);
});

test('a refused tag is in the outputs', async () => {
  const { product } = given();
  const run = (tag: string) => sandbox.run({ tag, files, with: { 'product-id': product } });
  expect((await run('v1.2.3-rc.1')).outputs).toMatchObject({
    tag: 'v1.2.3-rc.1',
    version: '1.2.3',
  });
  expect((await run('latest')).outputs).toMatchObject({ tag: 'latest', version: '' });
});

describe('dry-run', () => {
  test('prints the exact PATCH and writes nothing', async () => {
    const { product, release } = given({ name: 'Old' });
    const result = await sandbox.run({
      tag: 'v1.2.3',
      files,
      with: { 'product-id': product, name: 'New', 'dry-run': 'true' },
    });
    const body = JSON.stringify({ name: 'New', notes: notesOf('1.2.3') });
    expect(result.stdout).toContain(`PATCH ${sandbox.api.url}/v3/releases/${release.id} ${body}`);
    expect(result.outputs).toMatchObject({
      result: 'planned',
      'changed-fields': '["name","notes"]',
    });
    expect(result.writes).toEqual([]);
    expect(result.exitCode).toBe(0);
  });

  test('prints it exactly, whatever the log can not show', async () => {
    const { product } = given();
    const notes = 'A \u200d and ##[group] and \u2028.';
    const result = await sandbox.run({
      tag: 'v1.2.3',
      with: { 'product-id': product, notes, 'dry-run': 'true' },
    });
    const [, json = ''] = /PATCH \S+ (\{.*\})$/m.exec(result.stdout) ?? [];
    expect(JSON.parse(json)).toEqual({ notes });
  });

  test('marks the lines of the changelog that a pull request should mend', async () => {
    const rehearse = (changelog: string, more = {}) =>
      sandbox.run({
        eventName: 'pull_request',
        files: { 'CHANGELOG.md': changelog },
        with: { 'product-id': newProduct(), 'access-token': '', 'dry-run': 'true', ...more },
      });
    const place = { file: 'CHANGELOG.md', line: '3' };
    const long = await rehearse(`# Changes\n\n## 1.2.3\n\n${'- One more line.\n'.repeat(400)}`);
    expect(long.exitCode).toBe(0);
    expect(long.annotations).toMatchObject([{ kind: 'warning', properties: place }]);
    expect(long.requests).toEqual([]);
    const empty = await rehearse('# Changes\n\n## 1.2.3\n\n### Added\n', {
      'notes-from': 'changelog',
    });
    expect(empty.exitCode).toBe(1);
    expect(empty.annotations).toMatchObject([{ kind: 'error', properties: place }]);
    const absent = await rehearse('# Changes\n\n## 1.2.4\n\nx\n', {
      version: '1.2.3',
      'notes-from': 'changelog',
    });
    expect(absent.annotations).toMatchObject([{ kind: 'error', properties: place }]);
  });

  test('asks nobody without a token', async () => {
    const result = await sandbox.run({
      tag: 'v1.2.3',
      files,
      with: { 'product-id': newProduct(), 'access-token': '', 'dry-run': 'true' },
    });
    expect(result.requests).toEqual([]);
    expect(result.outputs).toMatchObject({ result: 'planned', version: '1.2.3' });
    expect(result.stdout).toContain('/v3/releases/{id} {"version":"1.2.3","notes":');
  });
});
