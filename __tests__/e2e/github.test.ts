import { afterEach, describe, expect, test } from '@jest/globals';
import type { Step } from '../../sandbox/runner.ts';
import {
  type GitHubStub,
  type GitHubStubOptions,
  objectOf,
  startGitHubStub,
} from '../github/github-stub.ts';
import { changelogOf, expectFailure, notesOf, useSandbox, warningsOf } from './scenario.ts';

const sandbox = useSandbox();
const token = 'github-token-of-the-run';
const signature =
  '-----BEGIN PGP SIGNATURE-----\n\niQEzBAABCAAdFiEE\n=abcd\n-----END PGP SIGNATURE-----\n';

let stub: GitHubStub | undefined;
afterEach(() => stub?.close());

/** Runs a step for v1.2.3 with a stub of the GitHub API, and gives what became of the notes. */
async function notesWith({ github, ...step }: Step & { github: GitHubStubOptions }) {
  stub = await startGitHubStub({ repository: 'octo/app', token, ...github });
  const after = await sandbox.runForNotes({ ...step, env: { GITHUB_API_URL: stub.url } });
  return { ...after, asked: stub.requests.length };
}

describe('the message of the annotated tag', () => {
  const message = 'Faster start.\n\n- Half the time\n';
  test.each([
    ['without a signature', message],
    ['with a signature', message + signature],
  ])('%s', async (_, text) => {
    const { notes, result } = await notesWith({
      github: { tags: { 'v1.2.3': text } },
      payload: { after: objectOf('v1.2.3') },
      with: { 'notes-from': 'tag' },
    });
    expect(notes).toBe('Faster start.\n\n- Half the time');
    expect(result.outputs).toMatchObject({ result: 'updated', 'notes-source': 'tag' });
    expect(result.annotations).toEqual([]);
  });

  test('is the second source by default, with a warning', async () => {
    const { notes, result } = await notesWith({
      github: { tags: { 'v1.2.3': message } },
      files: { 'CHANGELOG.md': changelogOf('1.0.0') },
    });
    expect(notes).toBe('Faster start.\n\n- Half the time');
    expect(result.annotations).toMatchObject([
      {
        kind: 'warning',
        message: expect.stringContaining('CHANGELOG.md has no section for 1.2.3'),
      },
    ]);
  });

  test.each([
    ['a lightweight tag', null],
    ['a message that repeats the tag', 'Release v1.2.3\n'],
  ])('%s has none', async (_, text) => {
    const { notes, result } = await notesWith({
      github: { tags: { 'v1.2.3': text } },
      with: { 'notes-from': 'tag' },
    });
    expect(result.outputs).toMatchObject({ result: 'failed', 'error-code': 'E_NOTES' });
    expect(result.annotations).toHaveLength(1);
    expect(notes).toBe('Before.');
  });
});

test('the text of the GitHub release', async () => {
  const { notes, result } = await notesWith({
    github: { tags: { 'v1.2.3': null }, releases: { 'v1.2.3': '## New\n\n- Borrowing\r\n' } },
    with: { 'notes-from': 'github-release' },
  });
  expect(notes).toBe('## New\n\n- Borrowing');
  expect(result.outputs['notes-source']).toBe('github-release');
});

describe('without a checkout', () => {
  test.each<[string, string, Record<string, string>]>([
    ['the changelog', 'CHANGES.md', {}],
    ['the given path', 'docs/NEWS.md', { 'changelog-file': 'docs/NEWS.md' }],
  ])('%s is read at the tag', async (_, path, given) => {
    const { notes, result } = await notesWith({
      checkout: false,
      github: { tags: { 'v1.2.3': null }, files: { [path]: changelogOf('1.2.3') } },
      with: given,
    });
    expect(notes).toBe(notesOf('1.2.3'));
    expect(result.outputs['notes-source']).toBe('changelog');
  });

  test('whether a package has its own is not known, which is said', async () => {
    const { notes, result } = await notesWith({
      tag: 'app@1.2.3',
      checkout: false,
      github: { tags: { 'app@1.2.3': null }, files: { 'CHANGELOG.md': changelogOf('1.2.3') } },
    });
    expect(notes).toBe(notesOf('1.2.3'));
    expect(warningsOf(result)).toEqual([
      expect.stringMatching(/not checked out.*package "app".*CHANGELOG\.md is used/),
    ]);
  });

  test('a file that another step left is read from the disk', async () => {
    const { notes, asked } = await notesWith({
      checkout: false,
      github: { tags: { 'v1.2.3': null } },
      files: { 'CHANGELOG.md': changelogOf('1.2.3') },
    });
    expect(notes).toBe(notesOf('1.2.3'));
    expect(asked).toBe(0);
  });
});

test('a checkout with its changelog asks GitHub nothing', async () => {
  const { asked } = await notesWith({
    github: { tags: { 'v1.2.3': 'x' } },
    files: { 'CHANGELOG.md': changelogOf('1.2.3') },
  });
  expect(asked).toBe(0);
});

test('a missing permission is explained, next to why the changelog did not do', async () => {
  const body = { message: 'Resource not accessible by integration' };
  const { result, notes } = await notesWith({
    github: { intercept: () => ({ status: 403, body }) },
  });
  expect(result.outputs['result']).toBe('failed');
  expect(result.annotations).toHaveLength(1);
  expectFailure(result, 'E_GITHUB', 'There is no changelog');
  expectFailure(result, 'E_GITHUB', 'contents: read');
  expect(notes).toBe('Before.');
});
