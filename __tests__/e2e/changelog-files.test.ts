import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { changelogOf, expectFailure, newProduct, notesOf, useSandbox } from './scenario.ts';

// Which file, and which section of it.

const sandbox = useSandbox();

/** Runs a step for a tag; gives the version that was updated, its notes and what was remarked. */
async function release(step: Parameters<typeof sandbox.run>[0], version: string) {
  const product = newProduct();
  const seed = { productId: product, version, channel: 'rc', notes: 'Before.' };
  const { id } = sandbox.api.addRelease(seed);
  const result = await sandbox.run({ ...step, with: { 'product-id': product, ...step.with } });
  return { result, notes: sandbox.api.release(id)?.notes };
}

describe('a version of four parts', () => {
  test.each([
    [{ tag: 'v1.2.3.45' }, '1.2.3.45'],
    [{ tag: 'v1.2.3', with: { version: '1.2.3.45' } }, '1.2.3.45'],
    [{ tag: 'v1.2.3-rc.1', with: { prerelease: 'build' } }, '1.2.3.1'],
    [{ tag: 'v1.2.3-rc1', with: { prerelease: 'build' } }, '1.2.3.1'],
  ])('%j takes the section of the first three, with a notice', async (step, version) => {
    const files = { 'CHANGELOG.md': changelogOf('1.2.3', '1.2.2') };
    const { result, notes } = await release({ ...step, files }, version);
    expect(notes).toBe(notesOf('1.2.3'));
    expect(result.annotations).toEqual([
      expect.objectContaining({
        kind: 'notice',
        message: expect.stringContaining('so the one for 1.2.3 is used'),
      }),
    ]);
  });

  test('has a section of its own before that', async () => {
    const files = { 'CHANGELOG.md': changelogOf('1.2.3', '1.2.3.45') };
    const { result, notes } = await release({ tag: 'v1.2.3.45', files }, '1.2.3.45');
    expect(notes).toBe(notesOf('1.2.3.45'));
    expect(result.annotations).toEqual([]);
  });
});

test.each(['v1.2.3-rc1', 'v1.2.3-RC1', 'v1.2.3-rc.1'])('%s is of the channel rc', async (tag) => {
  const files = { 'CHANGELOG.md': changelogOf('1.2.3') };
  const given = { prerelease: 'strip', 'match-channel': 'auto' };
  const { notes } = await release({ tag, files, with: given }, '1.2.3');
  expect(notes).toBe(notesOf('1.2.3'));
});

describe('a file for each version', () => {
  const text = '### Fixed\n\n- A lid.';
  test.each([
    [{ 'changelog-file': 'docs/releases/{version}.md' }, 'docs/releases/1.2.3.md'],
    [{ 'changelog-file': 'releases/{tag}.md' }, 'releases/v1.2.3.md'],
    [{ 'notes-file': 'docs/releases/{version}.md' }, 'docs/releases/1.2.3.md'],
  ])('%j needs no heading of it', async (given, path) => {
    const { notes } = await release(
      { tag: 'v1.2.3', files: { [path]: text }, with: given },
      '1.2.3',
    );
    expect(notes).toBe(text);
  });

  test('is searched where it has headings of versions', async () => {
    const files = { 'releases/1.2.3.md': changelogOf('1.2.2') };
    const given = { 'changelog-file': 'releases/{version}.md', 'notes-from': 'changelog' };
    const { result } = await release({ tag: 'v1.2.3', files, with: given }, '1.2.3');
    expectFailure(result, 'E_NOTES', /no section for 1\.2\.3/);
  });
});

describe('a scoped package', () => {
  const inputs = (path: string) => ({ 'changelog-file': path });
  test.each([
    ['packages/{package}/CHANGELOG.md', 'packages/@acme/kettle/CHANGELOG.md'],
    ['packages/{package}/CHANGELOG.md', 'packages/kettle/CHANGELOG.md'],
    ['{scope}/{package}.md', 'acme/kettle.md'],
  ])('%s finds %s', async (template, path) => {
    const files = { [path]: changelogOf('1.2.3') };
    const step = { tag: '@acme/kettle@1.2.3', files, with: inputs(template) };
    expect((await release(step, '1.2.3')).notes).toBe(notesOf('1.2.3'));
  });

  test('without a file is red', async () => {
    const step = { tag: '@acme/kettle@1.2.3', with: inputs('packages/{package}/CHANGELOG.md') };
    expectFailure((await release(step, '1.2.3')).result, 'E_FILE', /does not exist/);
  });
});

describe('a checkout in a folder of the workspace', () => {
  const checkout = (workspace: string) =>
    mkdirSync(join(workspace, 'app', '.git'), { recursive: true });
  const section = '## 1.2.3\n\n- [Guide](docs/guide.md)\n';
  test.each([
    ['app/CHANGELOG.md', {}],
    ['app/docs/CHANGELOG.md', {}],
    ['app/NOTES.md', { 'changelog-file': 'app/NOTES.md' }],
    ['app/NOTES.md', { 'changelog-file': 'NOTES.md' }],
  ])('%s with %j: links are relative to the repository', async (path, given) => {
    const step = { tag: 'v1.2.3', checkout: false, files: { [path]: section }, with: given };
    const { notes } = await release({ ...step, prepare: checkout }, '1.2.3');
    const folder = path.includes('docs') ? 'docs/' : '';
    expect(notes).toBe(`- [Guide](https://github.com/octo/app/blob/v1.2.3/${folder}docs/guide.md)`);
  });
});

test.each([
  'ReleaseNotes.md',
  'WhatsNew.txt',
  'whats-new.md',
  'docs/CHANGELOG.md',
  'debian/changelog',
])('%s is found', async (name) => {
  const files = { [name]: changelogOf('1.2.3') };
  expect((await release({ tag: 'v1.2.3', files }, '1.2.3')).notes).toBe(notesOf('1.2.3'));
});

test('the usual names come before the others', async () => {
  const files = {
    'CHANGES.md': changelogOf('1.2.3'),
    'WhatsNew.md': '## 1.2.3\n\nOther.\n',
    'docs/CHANGELOG.md': '## 1.2.3\n\nOther.\n',
  };
  expect((await release({ tag: 'v1.2.3', files }, '1.2.3')).notes).toBe(notesOf('1.2.3'));
});
