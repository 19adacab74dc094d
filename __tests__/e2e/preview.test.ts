import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, test } from '@jest/globals';
import { runGit } from '../../sandbox/git.ts';
import { changelogOf, notesOf } from './scenario.ts';

const dist = fileURLToPath(new URL('../../dist/index.js', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'working copies '));
afterAll(() => rmSync(folder, { recursive: true }));
let copies = 0;

/** A git repository with these files. */
function workingCopy(files: Readonly<Record<string, string>>): string {
  copies += 1;
  const copy = join(folder, String(copies));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(copy, name)), { recursive: true });
    writeFileSync(join(copy, name), text);
  }
  runGit(copy, 'init', '--quiet');
  runGit(copy, 'remote', 'add', 'origin', 'git@github.com:acme/kettle.git');
  return copy;
}

/** Shows the notes of a working copy, without a token, a network or the runner's environment. */
function preview(cwd: string, ...args: readonly string[]) {
  const { PATH = '' } = process.env;
  const options = { cwd, encoding: 'utf8', env: { PATH } } as const;
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [dist, 'preview', ...args],
    options,
  );
  return { status, stdout, stderr };
}

describe('preview', () => {
  test('says how it is used', () => {
    const { status, stdout, stderr } = preview(folder, '--help');
    expect([status, stdout, stderr]).toEqual([0, expect.stringMatching(/^Usage: /), '']);
  });

  test('shows the notes of a tag and where they are from', () => {
    const copy = workingCopy({ 'CHANGELOG.md': changelogOf('1.2.3', '1.2.2') });
    expect(preview(copy, 'v1.2.3')).toEqual({
      status: 0,
      stdout: `${notesOf('1.2.3')}\n`,
      stderr: expect.stringMatching(
        /version 1\.2\.3\nNotes from the changelog \(CHANGELOG\.md line 3, section "\[1\.2\.3\] - 2026-11-20"\)/,
      ),
    });
  });

  test('takes the newest version without a tag, from a folder below the root', () => {
    const copy = workingCopy({ 'CHANGELOG.md': changelogOf('1.2.3'), 'docs/a.md': '' });
    expect(preview(join(copy, 'docs')).stdout).toBe(`${notesOf('1.2.3')}\n`);
  });

  const linked = '## 1.2.3\n\n- See [the guide](docs/guide.md).\n\n### Internal\n\n- A secret.\n';
  test.each([
    [[], 'See [the guide](https://github.com/acme/kettle/blob/v1.2.3/docs/guide.md).'],
    [['--private'], 'See the guide.'],
  ])('with %j links are as they would be sent', (flags, text) => {
    const copy = workingCopy({ 'CHANGELOG.md': linked });
    const given = ['v1.2.3', '--exclude-sections', 'Internal', ...flags];
    const { stdout, stderr } = preview(copy, ...given);
    expect(stdout).toBe(`- ${text}\n`);
    for (const line of ['- - A secret.', `+ - ${text}`]) expect(stderr).toContain(line);
  });

  test('reads the message of an annotated tag', () => {
    const copy = workingCopy({ 'README.md': 'x' });
    runGit(copy, 'add', '.');
    runGit(copy, 'commit', '--quiet', '--message', 'x');
    runGit(copy, 'tag', '--annotate', '--message', 'Faster lids.', 'v1.2.3');
    const { stdout } = preview(copy, 'v1.2.3', '--notes-from', 'tag');
    expect(stdout).toBe('Faster lids.\n');
  });

  test.each([
    [['v9.9.9'], /no section for 9\.9\.9.*E_NOTES.*CHANGELOG\.md:3/s],
    [['latest'], /no digits.*E_TAG/s],
    [['--notes-overflow', 'perhaps'], /notes-overflow must be.*E_CONFIG/s],
    [['--nonsense'], /Unknown option '--nonsense'.*Usage: update-release-action preview/s],
    [['v1.2.3', 'v1.2.4'], /More than one tag/],
  ])('%j is red', (args, says) => {
    const copy = workingCopy({ 'CHANGELOG.md': changelogOf('1.2.3') });
    const { status, stdout, stderr } = preview(copy, ...args);
    expect([status, stdout]).toEqual([1, '']);
    expect(stderr).toMatch(says);
  });
});
