import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import { preloading } from '../../sandbox/runner.ts';
import { tokenOf } from '../jwt.ts';
import { changelogOf, errorOf, newProduct, notesOf, useSandbox } from './scenario.ts';

// Runs that could end green although something is not as its author meant.

const sandbox = useSandbox();
const files = { 'CHANGELOG.md': changelogOf('1.2.3', '1.2') };
const folder = mkdtempSync(join(tmpdir(), 'preloads-'));
afterAll(() => rmSync(folder, { recursive: true }));

describe('the changelog of the root is not that of a package with its own', () => {
  test.each([
    ['kettle@1.2.3', 'packages/kettle/CHANGELOG.md'],
    ['@acme/kettle@1.2.3', 'packages/kettle/CHANGES.md'],
    ['kettle-v1.2.3', 'kettle/CHANGELOG.md'],
    ['libs/kettle/v1.2.3', 'libs/kettle/HISTORY.md'],
    ['kettle@1.2.3', 'apps/kettle/CHANGELOG.md'],
    ['kettle@1.2.3', 'crates/Kettle/CHANGELOG.md'],
    ['@acme/kettle@1.2.3', 'packages/@acme/kettle/CHANGELOG.md'],
    ['kettle@1.2.3', 'packages/kettle/docs/CHANGELOG.md'],
  ])('%s beside %s', async (tag, own) => {
    const tree = { ...files, [own]: changelogOf('1.2.3') };
    const { result, notes } = await sandbox.runForNotes({ tag, files: tree });
    expect([result.outputs['error-code'], notes]).toEqual(['E_NOTES', 'Before.']);
    expect(errorOf(result)).toMatch(new RegExp(`${own}.*changelog-file`));
    const named = await sandbox.runForNotes({ tag, files: tree, with: { 'changelog-file': own } });
    expect(named.notes).toBe(notesOf('1.2.3'));
  });

  test('in node_modules is none of the repository', async () => {
    const tree = { ...files, 'node_modules/kettle/CHANGELOG.md': changelogOf('1.2.3') };
    const { notes } = await sandbox.runForNotes({ tag: 'kettle@1.2.3', files: tree });
    expect(notes).toBe(notesOf('1.2.3'));
  });

  test('without one, the section of the root is taken', async () => {
    const { notes } = await sandbox.runForNotes({ tag: 'kettle@1.2.3', files });
    expect(notes).toBe(notesOf('1.2.3'));
  });
});

describe('a merge conflict that was committed', () => {
  const conflict = '<<<<<<< HEAD\n- One.\n=======\n- Two.\n>>>>>>> topic\n';
  test.each([
    ['in the section', `# Changelog\n\n## 1.2.3\n\n- Zero.\n${conflict}`, 6],
    ['at its end', `# Changelog\n\n## 1.2.3\n\n- Zero.\n>>>>>>> topic\n`, 6],
  ])('%s is refused at its line', async (_, changelog, line) => {
    const { result, notes } = await sandbox.runForNotes({ files: { 'CHANGELOG.md': changelog } });
    expect([result.outputs['error-code'], notes]).toEqual(['E_NOTES', 'Before.']);
    expect(result.annotations[0]?.properties).toMatchObject({ line: String(line) });
  });

  test('in code, or a title underlined by seven signs, is none', async () => {
    const text = `# Changelog\n\n## 1.2.3\n\n- Lids\n=======\n\n\`\`\`\n${conflict}\`\`\``;
    const { result } = await sandbox.runForNotes({ files: { 'CHANGELOG.md': text } });
    expect(result.outputs['result']).toBe('updated');
  });
});

test('a file is read to its end, however little comes at a time', async () => {
  const preload = join(folder, 'short-reads.cjs');
  writeFileSync(
    preload,
    "const fs = require('node:fs'); const { readSync } = fs; fs.readSync = (file, buffer, offset, length, position) => readSync(file, buffer, offset, Math.min(length, 10), position); require('node:module').syncBuiltinESMExports();",
  );
  const { notes } = await sandbox.runForNotes({
    files,
    env: preloading(preload),
  });
  expect(notes).toBe(notesOf('1.2.3'));
});

test('the indentation of the first line is a difference', async () => {
  const product = newProduct();
  sandbox.api.addRelease({ productId: product, version: '1.2.3', notes: 'npm install app' });
  const notes = '    npm install app\n\nInstalls it.';
  const given = { 'product-id': product, notes };
  const first = await sandbox.run({ tag: 'v1.2.3', with: given });
  const second = await sandbox.run({ tag: 'v1.2.3', with: given });
  expect([first, second].map(({ outputs }) => outputs['result'])).toEqual(['updated', 'unchanged']);
});

describe('platforms', () => {
  test.each([
    '["windows","macos"]',
    '[windows, macos]',
    '["windows", macos]',
    "['windows', 'macos']",
    '- windows\n- macos',
    '- \'windows\'\n- "macos"',
    '"windows", \'macos\'',
    'windows,\n macos,',
  ])('%j is a list of two', async (platforms) => {
    const { now } = await sandbox.runForRelease({ files, with: { platforms } });
    expect(now?.platforms).toEqual(['windows', 'macos']);
  });

  test.each(['[windows', 'windows]', '"windows', '["windows"', '{windows}', '[[a]]'])(
    '%j is refused',
    async (platforms) => {
      const { result } = await sandbox.runForRelease({ files, with: { platforms } });
      expect([result.outputs['error-code'], ...result.requests]).toEqual(['E_CONFIG']);
      expect(errorOf(result)).toContain('platforms must list');
    },
  );
});

test('an input that is set to an unset variable is said to be empty', async () => {
  const result = await sandbox.run({ tag: 'v1.2.3', files, with: { 'product-id': '' } });
  expect(errorOf(result)).toMatch(/product-id nor release-id has a value.*vars\./);
});

describe('the event', () => {
  test.each(['pull_request_review', 'pull_request_review_comment', 'merge_group'])(
    '%s never writes, and rehearses',
    async (eventName) => {
      const given = { 'product-id': newProduct(), tag: 'v1.2.3' };
      const step = { eventName, files, tag: undefined };
      const refused = await sandbox.run({ ...step, with: given });
      expect([refused.outputs['error-code'], ...refused.requests]).toEqual(['E_ENV']);
      const dry = { 'product-id': 'p', 'dry-run': 'true', 'access-token': '' };
      const rehearsed = await sandbox.run({ ...step, with: dry });
      expect(rehearsed.outputs).toMatchObject({ result: 'planned', version: '1.2.3' });
    },
  );

  test.each(['create', 'delete'])('%s of a branch is skipped with a notice', async (eventName) => {
    const payload = { ref: 'topic', ref_type: 'branch' };
    const result = await sandbox.run({ eventName, payload, files, with: { 'product-id': 'p' } });
    expect([result.exitCode, result.outputs['result'], ...result.requests]).toEqual([0, 'skipped']);
    expect(result.annotations).toEqual([
      expect.objectContaining({ kind: 'notice', message: expect.stringContaining('a branch') }),
    ]);
  });
});

describe('secrets', () => {
  const githubToken = ['ghs', '123456', tokenOf('{"iss":"123456","exp":1}')].join('_');

  test.each([
    ['in the form of 2026', githubToken],
    ['of another form, in base64', 'opaque-token-of-a-server-of-ones-own'],
  ])("notes with the run's own github-token are not sent: %s", async (_, token) => {
    const shown = token === githubToken ? token : Buffer.from(`x${token}xx`).toString('base64');
    const { result, notes } = await sandbox.runForNotes({
      files: { 'CHANGELOG.md': `## 1.2.3\n\n- Uses ${shown}.\n` },
      with: { 'github-token': token },
    });
    expect([result.outputs['error-code'], notes]).toEqual(['E_NOTES', 'Before.']);
    expect(errorOf(result)).toMatch(/looks like github-token/);
  });

  test('a github-token that is a word of the release is no conflict', async () => {
    const product = newProduct();
    const seed = { productId: product, version: '1.2.3', name: 'Kettle by acme-bot' };
    const { id } = sandbox.api.addRelease(seed);
    const given = { 'product-id': product, name: 'Kettle 2 by acme-bot' };
    const result = await sandbox.run({
      tag: 'v1.2.3',
      files,
      with: { ...given, 'github-token': 'acme-bot' },
    });
    expect([result.outputs['result'], result.exitCode]).toEqual(['updated', 0]);
    expect(sandbox.api.release(id)?.name).toBe('Kettle 2 by acme-bot');
    // What the runner masks does not leave the step.
    expect(result.outputs['name']).toBe('Kettle 2 by ***');
  });

  test('a token in a tag or in what is looked for is in no output and no summary', async () => {
    const secret = 'opaque_token_for_the_release_api';
    const given = {
      'access-token': secret,
      'match-channel': secret,
      'on-missing': 'skip',
      'product-id': newProduct(),
    };
    sandbox.api.fail({ method: 'GET', answer: { body: [] }, times: 9 });
    const result = await sandbox.run({ tag: `${secret}-v1.2.3`, files, with: given });
    const readable = result.summary.replace(/&#(\d+);/g, (_, code: string) =>
      String.fromCharCode(Number(code)),
    );
    expect(readable).not.toContain(secret);
    expect(JSON.stringify(result.outputRecords)).not.toContain(secret);
  });

  test('certificates are checked before the first request, to the GitHub API too', async () => {
    const result = await sandbox.run({
      tag: 'v1.2.3',
      files: {},
      with: { 'dry-run': 'true', 'access-token': '', 'product-id': 'p', 'notes-from': 'tag' },
      env: { NODE_TLS_REJECT_UNAUTHORIZED: '0' },
    });
    expect(result.outputs['error-code']).toBe('E_TLS');
  });
});

describe('a rehearsal in a pull request', () => {
  const linked = `## 1.2.3\n\n${'- See [the guide](docs/guide.md).\n'.repeat(52)}`;
  const step = { eventName: 'pull_request', tag: undefined, files: { 'CHANGELOG.md': linked } };
  const given = { 'dry-run': 'true', 'access-token': '', 'notes-overflow': 'fail' };

  test('is as long as the release to come, and needs no product-id', async () => {
    const rehearsed = await sandbox.run({ ...step, with: given });
    const real = await sandbox.runForNotes({ files: step.files });
    expect(rehearsed.outputs).toMatchObject({ result: 'planned', version: '1.2.3', tag: 'v1.2.3' });
    const body = /would send PATCH \S+ (\{.*\})$/m.exec(rehearsed.stdout)?.[1] ?? '{}';
    expect(JSON.parse(body)).toEqual({ version: '1.2.3', notes: real.notes });
  });

  test('takes the form of the newest tag', async () => {
    const packed = '# pack-refs\n1234 refs/tags/v1.0\n1234 refs/tags/kettle@1.2.2\n';
    const files = { ...step.files, '.git/packed-refs': packed, '.git/refs/tags/old/0.1': '1234\n' };
    const { outputs } = await sandbox.run({ ...step, files, with: given });
    expect(outputs['tag']).toBe('kettle@1.2.3');
  });
});

test('the summary of 2,000 releases that are refused fits into the runner', async () => {
  const product = newProduct();
  const platforms = Array.from({ length: 60 }, (_, at) => `<platform_${at}>`);
  for (let at = 0; at < 2000; at += 1) {
    const seed = { productId: product, version: '1.2.3', published: true, platforms };
    sandbox.api.addRelease(seed);
  }
  const result = await sandbox.run({
    tag: 'v1.2.3',
    files,
    with: { 'product-id': product, match: 'all', 'timeout-seconds': '300' },
  });
  expect(result.outputs['error-code']).toBe('E_READONLY');
  expect(errorOf(result)).toContain('and 1980 more');
  expect(Buffer.byteLength(result.summary)).toBeLessThan(1024 * 1024);
});
