import { describe, expect, test } from '@jest/globals';
import type { Step } from '../../sandbox/runner.ts';
import { changelogOf, expectFailure, newProduct, notesOf, useSandbox } from './scenario.ts';

const sandbox = useSandbox();
const files = { 'CHANGELOG.md': changelogOf('1.2.3') };

/** Runs a step for v1.2.3 with a changelog and a release. */
const run = (step: Parameters<typeof sandbox.runForRelease>[0]) =>
  sandbox.runForRelease({ files, ...step });

describe('fields', () => {
  test('name, channel, platforms and private are set', async () => {
    const { result, now } = await run({
      seed: { name: 'Old', platforms: ['windows'] },
      tag: 'app@1.2.3',
      with: {
        name: '{package} {version} from {tag} in {repository} ({channel})',
        channel: 'beta',
        platforms: 'windows\nlinux, macos',
        private: 'TRUE',
      },
    });
    expect(now).toMatchObject({
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
    const seed = { name: 'Kept', platforms: ['windows'], private: true };
    const { release, now } = await run({ seed });
    const { notes, updatedAt } = now ?? release;
    expect(now).toEqual({ ...release, notes, updatedAt });
  });
});

describe('prerelease', () => {
  const rcFiles = { 'CHANGELOG.md': changelogOf('1.2.3-rc.1', '1.2.2') };

  test('strip reaches the release in the channel of the tag', async () => {
    const product = newProduct();
    sandbox.api.addRelease({ productId: product, version: '1.2.3', channel: 'stable' });
    const { result, release, now } = await run({
      seed: { productId: product, channel: 'release-candidate' },
      tag: 'v1.2.3-rc.1',
      files: rcFiles,
      with: {
        'product-id': product,
        prerelease: 'strip',
        'match-channel': 'auto',
        'channel-map': 'rc=release-candidate',
      },
    });
    expect(result.outputs).toMatchObject({ result: 'updated', 'release-id': release.id });
    expect(now?.notes).toBe(notesOf('1.2.3-rc.1'));
  });

  test('build sends the number as the fourth part', async () => {
    const { result } = await run({
      seed: { version: '1.2.3.1' },
      tag: 'v1.2.3-rc.1',
      files: rcFiles,
      with: { prerelease: 'build', channel: 'auto' },
    });
    expect(result.outputs).toMatchObject({ version: '1.2.3.1', channel: 'rc' });
  });

  test.each(['v1.2.3-rc', 'v1.2.3-1.2', 'v1.2-rc.1'])('build refuses %s', async (tag) => {
    const { result } = await run({ tag, with: { prerelease: 'build' } });
    expect([result.outputs['error-code'], ...result.requests]).toEqual(['E_TAG']);
  });

  test('the section of the version itself is taken when the tag has none, with a notice', async () => {
    const { result, now } = await run({
      seed: { channel: 'beta' },
      tag: 'v1.2.3-beta.2',
      with: { prerelease: 'strip', 'match-channel': 'auto' },
    });
    expect(now?.notes).toBe(notesOf('1.2.3'));
    expect(result.annotations).toMatchObject([
      { kind: 'notice', properties: { file: 'CHANGELOG.md', line: '3' } },
    ]);
  });
});

describe('tag-pattern', () => {
  test('names the version, the package, the channel and the platform', async () => {
    const product = newProduct();
    const seed = { productId: product, version: '1.2.3', channel: 'nightly' };
    sandbox.api.addRelease({ ...seed, platforms: ['windows'] });
    const { result } = await run({
      seed: { ...seed, platforms: ['macos'] },
      tag: 'server+1.2.3+nightly+macos',
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
    const { result } = await run({ with: { 'tag-pattern': 'v(?<version>\\d+\\.\\d+)' } });
    expect(result.outputs['error-code']).toBe('E_TAG');
  });
});

test('a token in the name is not sent', async () => {
  // A short one: a long one would be too long for a name anyway.
  const token = sandbox.api.issueToken({ opaque: true });
  const { result } = await run({ with: { 'access-token': token, name: `App ${token}` } });
  expectFailure(result, 'E_CONFIG', 'looks like the access token');
  expect(result.requests).toEqual([]);
});

test.each([
  ['v1.2.3-rc.1', '1.2.3'],
  ['latest', ''],
])('a refused tag is in the outputs: %s', async (tag, version) => {
  const { result } = await run({ tag });
  expect(result.outputs).toMatchObject({ tag, version });
});

describe('events', () => {
  /** A step that no tag was pushed for. */
  const on = (eventName: string, step: Step = {}) => run({ tag: undefined, eventName, ...step });

  test.each<[string, Step]>([
    ['create', { tag: 'v1.2.3' }],
    ['release', { payload: { release: { tag_name: 'v1.2.3' } } }],
    ['workflow_dispatch', { with: { tag: 'v1.2.3' } }],
    ['workflow_dispatch', { with: { tag: 'refs/tags/v1.2.3' } }],
    // A deleted tag is no reason to skip another one that is named.
    ['delete', { payload: { ref: 'v0.9', ref_type: 'tag' }, with: { tag: 'v1.2.3' } }],
  ])('%s %j', async (eventName, step) => {
    const { result } = await on(eventName, step);
    expect(result.outputs).toMatchObject({ result: 'updated', tag: 'v1.2.3' });
  });

  test('the tag input wins over the pushed tag, the version input over both', async () => {
    const { result } = await run({ tag: 'v9.9.9', with: { tag: 'latest', version: '1.2.3' } });
    expect(result.outputs).toMatchObject({ result: 'updated', tag: 'latest', version: '1.2.3' });
  });

  test('{tag} without a tag is an error', async () => {
    const given = { version: '1.2.3', name: 'App {tag}' };
    const { result } = await on('workflow_dispatch', { with: given });
    expect([result.outputs['error-code'], ...result.requests]).toEqual(['E_CONFIG']);
  });

  test('a branch push without a tag names the triggers', async () => {
    expectFailure((await on('push')).result, 'E_TAG', 'on: push: tags:');
  });

  test.each<[string, Step]>([
    ['push', { tag: 'v1.2.3', payload: { deleted: true } }],
    ['delete', { payload: { ref: 'v1.2.3', ref_type: 'tag' } }],
    ['release', { tag: 'v1.2.3', payload: { action: 'deleted', release: { tag_name: 'v1.2.3' } } }],
  ])('a deleted tag (%s) ends green', async (eventName, step) => {
    const { result } = await on(eventName, step);
    expect([result.exitCode, result.outputs['result'], ...result.requests]).toEqual([0, 'skipped']);
    expect(result.annotations.map(({ kind }) => kind)).toEqual(['notice']);
  });

  test('a pull request may only rehearse, with the newest version of the changelog', async () => {
    const { result: refused } = await on('pull_request');
    expect([refused.outputs['error-code'], ...refused.requests]).toEqual(['E_ENV']);
    const { result: rehearsed } = await on('pull_request', { with: { 'dry-run': 'true' } });
    expect(rehearsed.outputs).toMatchObject({ result: 'planned', version: '1.2.3' });
    expect(rehearsed.writes).toEqual([]);
  });
});

describe('dry-run', () => {
  const rehearse = ({ with: given, ...step }: Parameters<typeof run>[0]) =>
    run({ ...step, with: { 'dry-run': 'true', ...given } });

  test('prints the exact PATCH and writes nothing', async () => {
    const { result, release } = await rehearse({ seed: { name: 'Old' }, with: { name: 'New' } });
    const body = JSON.stringify({ name: 'New', notes: notesOf('1.2.3') });
    expect(result.stdout).toContain(`PATCH ${sandbox.api.url}/v3/releases/${release.id} ${body}`);
    expect(result.outputs).toMatchObject({
      result: 'planned',
      'changed-fields': '["name","notes"]',
    });
    expect([result.exitCode, ...result.writes]).toEqual([0]);
  });

  test('prints it exactly, whatever the log can not show', async () => {
    const notes = 'A \u200d and ##[group] and \u2028.';
    const { result } = await rehearse({ with: { notes } });
    const [, json = ''] = /PATCH \S+ (\{.*\})$/m.exec(result.stdout) ?? [];
    expect(JSON.parse(json)).toEqual({ notes });
  });

  test.each([
    {
      name: 'too long',
      section: `## 1.2.3\n\n${'- One more line.\n'.repeat(400)}`,
      given: {},
      ends: [0, 'warning'],
    },
    {
      name: 'empty',
      section: '## 1.2.3\n\n### Added\n',
      given: { 'notes-from': 'changelog' },
      ends: [1, 'error'],
    },
    {
      name: 'of another version',
      section: '## 1.2.4\n\nx\n',
      given: { version: '1.2.3', 'notes-from': 'changelog' },
      ends: [1, 'error'],
    },
  ])('marks the line of a section that is $name', async ({ section, given, ends }) => {
    const { result } = await rehearse({
      tag: undefined,
      eventName: 'pull_request',
      files: { 'CHANGELOG.md': `# Changes\n\n${section}` },
      with: { 'access-token': '', ...given },
    });
    const [exitCode, kind] = ends;
    expect([result.exitCode, ...result.requests]).toEqual([exitCode]);
    const place = { file: 'CHANGELOG.md', line: '3' };
    expect(result.annotations).toMatchObject([{ kind, properties: place }]);
  });

  test('asks nobody without a token', async () => {
    const { result } = await rehearse({ with: { 'access-token': '' } });
    expect(result.requests).toEqual([]);
    expect(result.outputs).toMatchObject({ result: 'planned', version: '1.2.3' });
    expect(result.stdout).toContain('/v3/releases/{id} {"version":"1.2.3","notes":');
  });
});
