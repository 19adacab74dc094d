import { describe, expect, test } from '@jest/globals';
import { changelogOf, newProduct, notesOf, useSandbox } from './scenario.ts';

const sandbox = useSandbox();
const lax = useSandbox({ ignoreFilters: true });
const old = useSandbox({ platformForm: 'platform' });
const files = { 'CHANGELOG.md': changelogOf('1.2.3', '1.2') };

describe('the look-up', () => {
  test('takes 1.2 and 1.2.0 for different versions', async () => {
    const product = newProduct();
    const other = sandbox.api.addRelease({ productId: product, version: '1.2.0' });
    const result = await sandbox.run({ tag: 'v1.2', files, with: { 'product-id': product } });
    expect(result.exitCode).toBe(1);
    expect(result.writes).toEqual([]);
    expect(result.outputs['error-code']).toBe('E_NOT_FOUND');
    expect(result.annotations[0]?.message).toMatch(new RegExp(`1\\.2\\.0 \\(.*id ${other.id}\\)`));
  });

  test('trusts no filter', async () => {
    const product = newProduct();
    for (const version of ['1.2.2', '1.2.30', '11.2.3']) {
      lax.api.addRelease({ productId: product, version });
    }
    lax.api.addRelease({ productId: newProduct(), version: '1.2.3' });
    const none = await lax.run({ tag: 'v1.2.3', files, with: { 'product-id': product } });
    expect(none.outputs['error-code']).toBe('E_NOT_FOUND');
    expect(none.writes).toEqual([]);
    const right = lax.api.addRelease({ productId: product, version: '1.2.3' });
    const one = await lax.run({ tag: 'v1.2.3', files, with: { 'product-id': product } });
    expect(one.writes).toEqual([`PATCH /v3/releases/${right.id}`]);
  });

  test('lists several matches and takes none of them', async () => {
    const product = newProduct();
    const ids = ['stable', 'beta'].map(
      (channel) => sandbox.api.addRelease({ productId: product, version: '1.2.3', channel }).id,
    );
    const result = await sandbox.run({ tag: 'v1.2.3', files, with: { 'product-id': product } });
    expect(result.outputs['error-code']).toBe('E_AMBIGUOUS');
    expect(result.writes).toEqual([]);
    for (const id of ids) expect(result.annotations[0]?.message).toContain(id);
  });

  test('finds a match on the third page of a server that ignores filters', async () => {
    const product = newProduct();
    for (let patch = 0; patch < 250; patch += 1) {
      lax.api.addRelease({ productId: product, version: `0.1.${patch}` });
    }
    const release = lax.api.addRelease({ productId: product, version: '1.2.3' });
    const result = await lax.run({ tag: 'v1.2.3', files, with: { 'product-id': product } });
    expect(result.outputs).toMatchObject({ result: 'updated', 'release-id': release.id });
  });

  test('narrows by channel and platform, and passes archived releases over', async () => {
    const product = newProduct();
    const add = (channel: string, platforms: string[], archived = false) =>
      sandbox.api.addRelease({
        productId: product,
        version: '1.2.3',
        channel,
        platforms,
        archived,
      });
    add('stable', ['windows']);
    add('beta', ['windows']);
    add('stable', ['macos'], true);
    const wanted = add('stable', ['macos', 'linux']);
    const result = await sandbox.run({
      tag: 'v1.2.3',
      files,
      with: { 'product-id': product, 'match-channel': 'stable', 'match-platform': 'macos' },
    });
    expect(result.outputs).toMatchObject({ result: 'updated', 'release-id': wanted.id });
  });

  test('reads the platform of an older server', async () => {
    const product = newProduct();
    const release = old.api.addRelease({
      productId: product,
      version: '1.2.3',
      platforms: ['windows'],
    });
    const result = await old.run({
      tag: 'v1.2.3',
      files,
      with: { 'product-id': product, 'match-platform': 'windows' },
    });
    expect(result.outputs).toMatchObject({ result: 'updated', platforms: '["windows"]' });
    expect(old.api.release(release.id)?.notes).toBe(notesOf('1.2.3'));
  });
});

test('a release of 4,000 files is read like every release', async () => {
  const product = newProduct();
  const time = '2026-11-24T08:00:00Z';
  const file = {
    ...{ id: 'f', createdAt: time, updatedAt: time, name: 'setup.exe', extension: 'exe' },
    ...{ url: `https://example.com/${'x'.repeat(200)}`, size: 1, downloads: 0, checksum: '' },
    ...{ secured: true, published: false, releaseId: 'r', releaseName: 'r' },
  };
  const many = Array.from({ length: 4000 }, () => file);
  const { id } = sandbox.api.addRelease({ productId: product, version: '1.2.3', files: many });
  for (const target of [{ 'product-id': product }, { 'release-id': id }]) {
    const { outputs } = await sandbox.run({ tag: 'v1.2.3', files, with: target });
    expect(['updated', 'unchanged']).toContain(outputs['result']);
  }
});

test('an id in another letter case is the same id', async () => {
  const product = newProduct();
  const release = sandbox.api.addRelease({ productId: product.toUpperCase(), version: '1.2.3' });
  const shouting = product.toUpperCase();
  const lower = { method: 'GET', path: /releases/, values: { productId: product } };
  sandbox.api.fail({ ...lower, times: Number.POSITIVE_INFINITY });
  const result = await sandbox.run({ tag: 'v1.2.3', files, with: { 'product-id': shouting } });
  expect(result.outputs).toMatchObject({ result: 'updated', 'release-id': release.id });
});

test('a release that someone turned into another one meanwhile is not called updated', async () => {
  const product = newProduct();
  const release = sandbox.api.addRelease({ productId: product, version: '1.2.3' });
  // The list is read before the change, and answered after it.
  sandbox.api.fail({ method: 'GET', delayMs: 500 });
  const running = sandbox.run({ tag: 'v1.2.3', files, with: { 'product-id': product } });
  const isListed = () => sandbox.api.requests.some(({ query }) => query['productId'] === product);
  while (!isListed()) await new Promise((resolve) => setTimeout(resolve, 5));
  sandbox.api.change(release.id, { version: '1.2.4' });
  const result = await running;
  expect(result.exitCode).toBe(1);
  expect(result.outputs).toMatchObject({ result: 'unknown', 'error-code': 'E_CONFLICT' });
  expect(result.annotations[0]?.message).toContain(
    'version: wanted "1.2.3", the release now has "1.2.4"',
  );
});

describe('match: all', () => {
  test('updates every match and lists them', async () => {
    const product = newProduct();
    const add = (platform: string, notes?: string) =>
      sandbox.api.addRelease({
        productId: product,
        version: '1.2.3',
        platforms: [platform],
        ...(notes && { notes }),
      });
    const releases = [add('windows'), add('macos', notesOf('1.2.3')), add('linux')];
    const result = await sandbox.run({
      tag: 'v1.2.3',
      files,
      with: { 'product-id': product, match: 'all' },
    });
    expect(result.exitCode).toBe(0);
    expect(result.writes).toHaveLength(2);
    expect(result.outputs).toMatchObject({ result: 'updated', 'release-id': '' });
    expect(JSON.parse(result.outputs['releases'] ?? '')).toEqual(
      releases.map(({ id, platforms }, index) => ({
        id,
        version: '1.2.3',
        channel: 'stable',
        platforms,
        result: index === 1 ? 'unchanged' : 'updated',
        'error-code': '',
        'changed-fields': index === 1 ? [] : ['notes'],
      })),
    );
  });

  test('names what was updated and what was not; the next run does the rest', async () => {
    const product = newProduct();
    const releases = ['windows', 'macos', 'linux'].map((platform) =>
      sandbox.api.addRelease({ productId: product, version: '1.2.3', platforms: [platform] }),
    );
    const [, refused] = releases;
    const step = { tag: 'v1.2.3', files, with: { 'product-id': product, match: 'all' } };
    sandbox.api.fail({
      method: 'PATCH',
      path: `/v3/releases/${refused?.id}`,
      answer: { status: 400, body: { message: 'Notes are not wanted here' } },
    });
    const first = await sandbox.run(step);
    expect(first.exitCode).toBe(1);
    expect(first.outputs).toMatchObject({ result: 'failed', 'error-code': 'E_PARTIAL' });
    expect(first.annotations).toHaveLength(1);
    expect(first.annotations[0]?.message).toContain('Notes are not wanted here');
    for (const { id } of releases) expect(first.annotations[0]?.message).toContain(id);
    const second = await sandbox.run(step);
    expect(second.exitCode).toBe(0);
    expect(second.writes).toEqual([`PATCH /v3/releases/${refused?.id}`]);
  });
});

describe('on-missing', () => {
  test('create makes the release, and a second run finds it', async () => {
    const product = newProduct();
    const step = {
      tag: 'v1.2.3',
      files,
      with: { 'product-id': product, 'on-missing': 'create', platforms: 'windows, linux' },
    };
    const first = await sandbox.run(step);
    expect(first.annotations).toEqual([]);
    expect(first.outputs).toMatchObject({ result: 'created', name: '1.2.3', channel: 'stable' });
    expect(sandbox.api.release(first.outputs['release-id'] ?? '')).toMatchObject({
      productId: product,
      version: '1.2.3',
      platforms: ['windows', 'linux'],
      notes: notesOf('1.2.3'),
    });
    const second = await sandbox.run(step);
    expect(second.outputs['result']).toBe('unchanged');
  });

  test.each([
    { 'match-channel': 'beta', channel: 'stable', platforms: 'linux' },
    { 'match-platform': 'windows', platforms: 'win64' },
  ])('create refuses what the next run would not find: %j', async (given) => {
    const result = await sandbox.run({
      tag: 'v1.2.3',
      files,
      with: { 'product-id': newProduct(), 'on-missing': 'create', ...given },
    });
    expect(result.outputs['error-code']).toBe('E_CONFIG');
    expect(result.requests).toEqual([]);
  });

  test('skip ends green with a notice', async () => {
    const result = await sandbox.run({
      tag: 'v1.2.3',
      files,
      with: { 'product-id': newProduct(), 'on-missing': 'skip' },
    });
    expect(result.exitCode).toBe(0);
    expect(result.outputs['result']).toBe('skipped');
    expect(result.annotations.map(({ kind }) => kind)).toEqual(['notice']);
  });
});

describe('on-published', () => {
  const publish = () => {
    const product = newProduct();
    const release = sandbox.api.addRelease({
      productId: product,
      version: '1.2.3',
      published: true,
    });
    return { product, release };
  };
  test('fail writes nothing', async () => {
    const { product, release } = publish();
    const result = await sandbox.run({ tag: 'v1.2.3', files, with: { 'product-id': product } });
    expect(result.outputs).toMatchObject({
      result: 'failed',
      'error-code': 'E_READONLY',
      'release-id': release.id,
      published: 'true',
      'changed-fields': '[]',
    });
    expect(result.writes).toEqual([]);
  });
  test('skip leaves the release', async () => {
    const { product, release } = publish();
    const result = await sandbox.run({
      tag: 'v1.2.3',
      files,
      with: { 'product-id': product, 'on-published': 'skip' },
    });
    expect(result.exitCode).toBe(0);
    expect(result.writes).toEqual([]);
    expect(result.outputs).toMatchObject({ result: 'skipped', 'release-id': release.id });
  });
  test('update lets the server decide', async () => {
    const { product } = publish();
    const result = await sandbox.run({
      tag: 'v1.2.3',
      files,
      with: { 'product-id': product, 'on-published': 'update' },
    });
    expect(result.writes).toHaveLength(1);
    expect(result.outputs).toMatchObject({ result: 'failed', 'error-code': 'E_REQUEST' });
  });
  test('a published release that is as wanted is fine', async () => {
    const product = newProduct();
    sandbox.api.addRelease({
      productId: product,
      version: '1.2.3',
      published: true,
      notes: notesOf('1.2.3').replaceAll('\n', '\r\n'),
    });
    const result = await sandbox.run({ tag: 'v1.2.3', files, with: { 'product-id': product } });
    expect(result.outputs['result']).toBe('unchanged');
  });
});
