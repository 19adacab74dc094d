import { describe, expect, test } from '@jest/globals';
import { manifest } from '../../sandbox/runner.ts';
import { changelogOf, newProduct, notesOf, useSandbox } from './scenario.ts';

const sandbox = useSandbox();
const formats = 'x.x, x.x.x or x.x.x.x';

describe('a pushed tag', () => {
  test('updates the matching release and hands it to later steps', async () => {
    const product = newProduct();
    const release = sandbox.api.addRelease({ productId: product, version: '1.2.3', name: 'App' });
    const result = await sandbox.run({
      tag: 'v1.2.3',
      files: { 'CHANGELOG.md': changelogOf('1.2.30', '1.2.3', '1.2.2') },
      with: { 'product-id': product },
    });
    expect(result.exitCode).toBe(0);
    expect(result.annotations).toEqual([]);
    expect(result.requests).toEqual(['GET /v3/releases', `PATCH /v3/releases/${release.id}`]);
    const updated = sandbox.api.release(release.id);
    expect(updated?.notes).toBe(notesOf('1.2.3'));
    expect(result.outputs).toMatchObject({
      result: 'updated',
      'error-code': '',
      tag: 'v1.2.3',
      version: '1.2.3',
      'changed-fields': '["notes"]',
      previous: '{"notes":null}',
      'notes-source': 'changelog',
      'notes-truncated': 'false',
      'release-id': release.id,
      notes: notesOf('1.2.3'),
      published: 'false',
      'updated-at': updated?.updatedAt,
    });
    expect(JSON.parse(result.outputs['release'] ?? '')).toEqual(updated);
    expect(result.summary).toContain('✅ Release updated in Cryptlex: ');
  });

  test('sends only the field that differs', async () => {
    const product = newProduct();
    sandbox.api.addRelease({
      productId: product,
      version: '1.2.3',
      name: 'App',
      channel: 'stable',
    });
    await sandbox.run({
      tag: 'v1.2.3',
      files: { 'CHANGELOG.md': changelogOf('1.2.3') },
      with: { 'product-id': product, name: 'App', channel: 'stable' },
    });
    expect(JSON.parse(sandbox.api.requests.at(-1)?.body ?? '')).toEqual({
      notes: notesOf('1.2.3'),
    });
  });

  test('sends nothing when everything is as it should be', async () => {
    const product = newProduct();
    sandbox.api.addRelease({ productId: product, version: '1.2.3', platforms: ['b', 'a'] });
    const step = {
      tag: 'v1.2.3',
      files: { 'CHANGELOG.md': changelogOf('1.2.3') },
      with: { 'product-id': product, platforms: 'a, b' },
    };
    const first = await sandbox.run(step);
    const second = await sandbox.run(step);
    expect(first.writes).toHaveLength(1);
    expect(second.writes).toEqual([]);
    expect(second.outputs).toMatchObject({ result: 'unchanged', 'changed-fields': '[]' });
    expect(second.exitCode).toBe(0);
  });

  test('needs one request with release-id, and only release:write', async () => {
    const release = sandbox.api.addRelease({ productId: newProduct(), version: '1.2.3' });
    const result = await sandbox.run({
      tag: 'v1.2.3',
      files: { 'CHANGELOG.md': changelogOf('1.2.3') },
      with: { 'release-id': release.id, 'access-token': sandbox.issueToken('release:write') },
    });
    expect(result.requests).toEqual([`PATCH /v3/releases/${release.id}`]);
    expect(result.outputs).toMatchObject({
      result: 'updated',
      'changed-fields': '["version","notes"]',
      previous: '{}',
    });
    expect(result.annotations).toEqual([]);
  });
});

describe('tags', () => {
  test.each([
    ['v1.2', '1.2'],
    ['1.2.3', '1.2.3'],
    ['v1.2.3.4', '1.2.3.4'],
    ['app@1.2.3', '1.2.3'],
    ['@scope/app@1.2.3', '1.2.3'],
    ['libs/a/v1.2.3', '1.2.3'],
    ['app-v1.2.3', '1.2.3'],
    ['win32-1.2.3', '1.2.3'],
    ['release/1.2.3', '1.2.3'],
  ])('%s gives %s', async (tag, version) => {
    const product = newProduct();
    const release = sandbox.api.addRelease({ productId: product, version });
    const result = await sandbox.run({
      tag,
      files: { 'CHANGELOG.md': changelogOf(version) },
      with: { 'product-id': product },
    });
    expect(result.outputs).toMatchObject({ result: 'updated', version, tag });
    expect(sandbox.api.release(release.id)?.notes).toBe(notesOf(version));
  });

  test.each(['v1', 'latest', '1.2.x', 'v1.2.3.4.5', 'v1.2.3-rc.1', '1.2.3-4.5', 'v1.2.3-rc-1.2'])(
    '%s fails before any request and names the formats',
    async (tag) => {
      const result = await sandbox.run({
        tag,
        files: { 'CHANGELOG.md': changelogOf('1.2.3') },
        with: { 'product-id': newProduct() },
      });
      expect(result.exitCode).toBe(1);
      expect(result.requests).toEqual([]);
      expect(result.annotations).toHaveLength(1);
      expect(result.annotations[0]).toMatchObject({ kind: 'error' });
      expect(result.annotations[0]?.message).toContain(formats);
      expect(result.annotations[0]?.message).toContain(tag);
      expect(result.outputs).toMatchObject({ result: 'failed', 'error-code': 'E_TAG' });
    },
  );
});

describe('outputs', () => {
  const steps = {
    success: {},
    'dry run': { 'dry-run': 'true' },
    skip: { 'product-id': 'no-such-product', 'on-missing': 'skip' },
    failure: { 'product-id': 'no-such-product' },
    'bad input': { match: 'some' },
  };
  test.each(Object.entries(steps))('are all set on %s', async (_, given) => {
    const product = newProduct();
    sandbox.api.addRelease({ productId: product, version: '1.2.3' });
    const result = await sandbox.run({
      tag: 'v1.2.3',
      files: { 'CHANGELOG.md': changelogOf('1.2.3') },
      with: { 'product-id': product, ...given },
    });
    expect(Object.keys(result.outputs).sort()).toEqual(Object.keys(manifest.outputs).sort());
    expect(result.outputs['result']).not.toBe('');
    expect(result.summary).not.toBe('');
  });
});
