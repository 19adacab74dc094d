import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, jest, test } from '@jest/globals';
import { startDeadline } from '../../src/deadline.ts';
import { ActionError } from '../../src/errors.ts';
import { connectGitHub } from '../../src/github/connect.ts';
import type { GitHubReader } from '../../src/github/reader.ts';
import { readEvent } from '../../src/tag/event.ts';
import {
  type GitHubStub,
  type GitHubStubOptions,
  objectOf,
  type StubAnswer,
  startGitHubStub,
} from './github-stub.ts';

const token = 'ghs_stub';
const stubs: GitHubStub[] = [];

afterEach(async () => {
  await Promise.all(stubs.splice(0).map((stub) => stub.close()));
});

async function start(options: GitHubStubOptions = {}): Promise<GitHubStub> {
  const stub = await startGitHubStub(options);
  stubs.push(stub);
  return stub;
}

interface Connection {
  readonly url: string;
  readonly token?: string;
  readonly repository?: string;
  readonly seconds?: number;
}

function connect(connection: Connection): GitHubReader {
  const { url, repository = 'octo/app', seconds = 10 } = connection;
  return connectGitHub({
    event: readEvent({ GITHUB_API_URL: url, GITHUB_REPOSITORY: repository }),
    token: connection.token ?? token,
    remaining: startDeadline(seconds).remaining,
  });
}

async function open(options: GitHubStubOptions = {}): Promise<GitHubReader> {
  return connect(await start(options));
}

async function failureOf(reading: Promise<unknown>): Promise<ActionError> {
  const error = await reading.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error instanceof ActionError) return error;
  throw new Error('expected an ActionError', { cause: error });
}

/** Holds for a reading that fails with this code, and says this. */
async function expectFailure(
  reading: Promise<unknown>,
  code: string,
  says: RegExp | string,
): Promise<void> {
  const error = await failureOf(reading);
  const words =
    typeof says === 'string' ? expect.stringContaining(says) : expect.stringMatching(says);
  expect([error.code, error.message]).toEqual([code, words]);
}

/** Answers every request the same. */
function always(answer: StubAnswer): GitHubStubOptions {
  return { tags: { 'v1.2': 'Text' }, intercept: () => answer };
}

function paths({ requests, url }: GitHubStub): readonly string[] {
  const root = `${new URL(url).pathname}/repos/octo/app`;
  return requests.map(({ path }) => path.replace(root, ''));
}

// First, since the package that reads the file is loaded only once.
test('a broken event file does not matter', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'event-'));
  const path = join(folder, 'event.json');
  const before = process.env['GITHUB_EVENT_PATH'];
  try {
    writeFileSync(path, '{');
    process.env['GITHUB_EVENT_PATH'] = path;
    const github = await open({ releases: { 'v1.2': 'Text' } });
    expect(await github.readReleaseBody('v1.2')).toEqual({ text: 'Text' });
    expect(process.env['GITHUB_EVENT_PATH']).toBe(path);
  } finally {
    if (before === undefined) delete process.env['GITHUB_EVENT_PATH'];
    else process.env['GITHUB_EVENT_PATH'] = before;
    rmSync(folder, { recursive: true });
  }
});

const signed = (kind: string) =>
  `Faster start\r\n\r\n- less memory\r\n-----BEGIN ${kind}-----\r\n\r\nAAAA\r\n=abc\r\n-----END ${kind}-----\r\n`;

describe('the message of a tag', () => {
  test('is read from the pushed object in one request', async () => {
    const stub = await start({ tags: { 'v1.2': 'Faster start\n\n- less memory\n' } });
    const message = await connect(stub).readTagMessage('v1.2', objectOf('v1.2'));
    expect(message).toBe('Faster start\n\n- less memory');
    expect(paths(stub)).toEqual([`/git/tags/${objectOf('v1.2')}`]);
  });

  test.each(['PGP SIGNATURE', 'SSH SIGNATURE', 'PGP MESSAGE', 'SIGNED MESSAGE'])(
    'comes without its %s',
    async (kind) => {
      const github = await open({ tags: { 'v1.2': signed(kind) } });
      expect(await github.readTagMessage('v1.2', undefined)).toBe('Faster start\n\n- less memory');
    },
  );

  test('comes through the ref when another object was pushed', async () => {
    const stub = await start({ tags: { 'v1.2': 'Asked for', 'v1.3': 'Another' } });
    const github = connect(stub);
    for (const pushed of [objectOf('v1.3'), '0'.repeat(40), '../../x']) {
      expect(await github.readTagMessage('v1.2', pushed)).toBe('Asked for');
    }
    expect(paths(stub).some((path) => path.includes('x'))).toBe(false);
  });

  test('of a tag of a tag is the outer one', async () => {
    const inner = { tag: 'v1.2-rc', message: 'Inner', object: { type: 'commit', sha: 'a' } };
    const outer = { tag: 'v1.2', message: 'Outer', object: { type: 'tag', sha: 'b'.repeat(40) } };
    const github = await open({
      tags: { 'v1.2': 'Outer' },
      intercept: ({ path }) => {
        if (path.endsWith(objectOf('v1.2'))) return { body: outer };
        return path.endsWith('b'.repeat(40)) ? { body: inner } : undefined;
      },
    });
    expect(await github.readTagMessage('v1.2', undefined)).toBe('Outer');
  });

  test.each(['github', 'gitea'] as const)(
    'is absent from a lightweight tag of %s',
    async (flavour) => {
      const stub = await start({ flavour, tags: { 'v1.2': null } });
      const github = connect(stub);
      expect(await github.readTagMessage('v1.2', objectOf('v1.2'))).toBeUndefined();
      expect(paths(stub).filter((path) => path.startsWith('/git/tags/'))).toHaveLength(1);
      expect(await github.readTagMessage('v9.9', undefined)).toBeUndefined();
    },
  );

  test.each(['app/v1.2', '@scope/app@1.2.3', 'v1.2#3', 'v1.2%2F3', 'größe/v1.2', 'a+b&c=d/1.2'])(
    'is read whatever is in the name: %s',
    async (tag) => {
      for (const flavour of ['github', 'gitea'] as const) {
        const tags = { [tag]: 'Text', [`${tag}.4`]: 'Another' };
        const github = await open({ flavour, tags });
        expect(await github.readTagMessage(tag, undefined)).toBe('Text');
      }
    },
  );

  test('of Gitea is taken from the one ref of that name', async () => {
    const tags = { 'v1.2.3': 'Third', 'v1.2': 'Second' };
    expect(await (await open({ flavour: 'gitea', tags })).readTagMessage('v1.2', undefined)).toBe(
      'Second',
    );
    const others = await open({ flavour: 'gitea', tags: { 'v1.2.3': 'Third' } });
    expect(await others.readTagMessage('v1.2', undefined)).toBeUndefined();
  });

  test('never leaves the repository', async () => {
    const stub = await start({ tags: {} });
    expect(await connect(stub).readTagMessage('../../../../user', undefined)).toBeUndefined();
    expect(paths(stub)).toEqual(['/branches?per_page=1']);
  });
});

describe('the body of a release', () => {
  const releases = { 'v1.2': 'Text\n', '@scope/app@1.2.3': 'Scoped', 'v1.3': ' \n', 'v1.4': null };

  test.each(['github', 'gitea'] as const)('is read from %s', async (flavour) => {
    const github = await open({ flavour, releases });
    expect(await github.readReleaseBody('v1.2')).toEqual({ text: 'Text' });
    expect(await github.readReleaseBody('@scope/app@1.2.3')).toEqual({ text: 'Scoped' });
  });

  test.each(['github', 'gitea'] as const)('a draft of %s is none', async (flavour) => {
    const drafts = { 'v1.2': 'Not yet for customers' };
    const github = await open({ flavour, releases, drafts });
    expect(await github.readReleaseBody('v1.2')).toBe('draft');
  });

  test('comes without the trailers of git', async () => {
    const text = 'Faster.\n\nSigned-off-by: A <a@example.com>\nCo-authored-by: B <b@example.com>\n';
    const github = await open({ releases: { 'v1.2': text } });
    expect(await github.readReleaseBody('v1.2')).toEqual({ text: 'Faster.' });
  });

  test('is undefined when blank, null or absent', async () => {
    const github = await open({ releases });
    for (const tag of ['v1.3', 'v1.4', 'v1.5']) {
      expect(await github.readReleaseBody(tag)).toBeUndefined();
    }
  });
});

describe.each(['github', 'gitea'] as const)('the changelog at a tag of %s', (flavour) => {
  const openWith = (files: NonNullable<GitHubStubOptions['files']>) =>
    open({ flavour, tags: { 'app/v1.2': null }, files });
  const text = '# Changes\n\n## 1.2\n\n- größer\n';

  test('is found by its usual names', async () => {
    const github = await openWith({ 'README.md': '', 'Changes.md': text, 'changelog/a.md': 'no' });
    expect(await github.readChangelog('app/v1.2')).toEqual({ path: 'Changes.md', text });
  });

  test('is undefined without one, and at a ref that is not there', async () => {
    const github = await openWith({ 'README.md': text });
    expect(await github.readChangelog('app/v1.2')).toBeUndefined();
    expect(await github.readChangelog('v9.9')).toBeUndefined();
  });

  test('is read at a path', async () => {
    const github = await openWith({ 'docs/what is new #1.md': text });
    expect(await github.readChangelog('app/v1.2', './docs/x/../what is new #1.md')).toEqual({
      path: 'docs/what is new #1.md',
      text,
    });
  });

  test('may be larger than 1 MB, up to 5 MiB', async () => {
    const github = await openWith({
      'large.md': 'a'.repeat(5 * 1024 * 1024),
      'larger.md': 'a'.repeat(5 * 1024 * 1024 + 1),
      'largest.md': 'a'.repeat(9 * 1024 * 1024),
    });
    expect((await github.readChangelog('app/v1.2', 'large.md'))?.text).toHaveLength(5_242_880);
    for (const path of ['larger.md', 'largest.md']) {
      await expectFailure(github.readChangelog('app/v1.2', path), 'E_FILE', '5 MiB');
    }
  });

  test('is decoded as a file of the workspace is', async () => {
    const github = await openWith({
      'marked.md': `\ufeff${text}`,
      'wide.md': Buffer.from(`\ufeff${text}`, 'utf16le'),
      'other.md': Buffer.from([0x67, 0xf6]),
      'empty.md': '',
    });
    expect((await github.readChangelog('app/v1.2', 'marked.md'))?.text).toBe(text);
    expect((await github.readChangelog('app/v1.2', 'wide.md'))?.text).toBe(text);
    expect((await github.readChangelog('app/v1.2', 'empty.md'))?.text).toBe('');
    await expectFailure(github.readChangelog('app/v1.2', 'other.md'), 'E_FILE', 'UTF-8');
  });

  test.each([
    ['gone.md', 'does not exist'],
    ['../../../../user', 'does not exist'],
    ['docs', 'is not a file'],
  ])('fails for the path %s', async (path, reason) => {
    const github = await openWith({ 'docs/a.md': '', 'docs/b.md': '' });
    const words = `"${path}" at "app/v1.2" ${reason}`;
    await expectFailure(github.readChangelog('app/v1.2', path), 'E_FILE', words);
  });
});

describe('without access', () => {
  test.each<[string, Partial<Connection>, RegExp]>([
    ['no token', { token: '' }, /github-token has no value.*github\.token/],
    ['no repository', { repository: '' }, /GITHUB_REPOSITORY/],
    ['a token with a line break', { token: 'ghs_a\nb' }, /^(?!.*ghs_a).*a line break/],
  ])('%s: says so', async (_, connection, words) => {
    const github = connect({ url: 'http://127.0.0.1:1', ...connection });
    await expectFailure(github.readReleaseBody('v1.2'), 'E_GITHUB', words);
  });

  test.each([
    ['a wrong token', {}, { token: 'ghs_other' }, /does not accept github-token.*Bad credentials/],
    [
      'a hidden repository',
      { repository: 'octo/x' },
      {},
      /does not show the repository.*contents: read/,
    ],
    [
      'no permission',
      always({ status: 403, body: { message: 'Resource not accessible by integration' } }),
      {},
      /no permission to read.*not accessible.*contents: read/,
    ],
    [
      'a page of a proxy',
      always({ headers: { 'content-type': 'text/html' }, body: '<p>Log in</p>' }),
      {},
      /did not answer with the (?:tag|release|folder).*text\/html.*GITHUB_API_URL/,
    ],
    ['another status', always({ status: 418, body: 'tea' }), {}, /HTTP 418/],
  ])('%s: says so', async (_, options, connection, words) => {
    const github = connect({ ...(await start(options)), ...connection });
    for (const read of [
      () => github.readTagMessage('v1.2', undefined),
      () => github.readReleaseBody('v1.2'),
      () => github.readChangelog('v1.2'),
    ]) {
      await expectFailure(read(), 'E_GITHUB', words);
    }
  });

  test('an answer that holds the token or a command shows neither', async () => {
    const message = `no ${token}\n::set-output name=a::b`;
    const github = await open(always({ status: 403, body: { message } }));
    const { what } = await failureOf(github.readReleaseBody('v1.2'));
    expect(what).not.toContain(token);
    expect(what).not.toContain('\n');
  });

  test('a redirect is followed, but to another origin without the token', async () => {
    const other = await start({ releases: { 'v1.2': 'Elsewhere' } });
    const stub = await start({
      releases: { 'v1.3': 'Renamed' },
      intercept: ({ path }) => {
        const renamed = path.replace('/old/', '/octo/');
        if (path === renamed) return undefined;
        const origin = path.endsWith('v1.2') ? new URL(other.url).origin : '';
        return { status: 301, headers: { location: origin + renamed } };
      },
    });
    const github = connect({ url: stub.url, repository: 'old/app' });
    expect(await github.readReleaseBody('v1.3')).toEqual({ text: 'Renamed' });
    expect(await github.readReleaseBody('v1.2')).toBeUndefined();
    expect(other.requests.map(({ headers }) => headers.authorization)).toEqual([undefined]);
  });
});

describe('limits and faults', () => {
  const reset = { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '1700000000' };

  test.each([
    ['429', { status: 429, headers: { 'retry-after': '60' }, body: {} }, /rate limit\./],
    ['403, all spent', { status: 403, headers: reset, body: {} }, /rate limit until 22:13 UTC/],
    [
      '403, secondary limit',
      { status: 403, body: { message: 'You have exceeded a secondary rate limit.' } },
      /rate limit: "You have exceeded/,
    ],
  ])('a rate limit is explained (%s) and not tried again at once', async (_, answer, words) => {
    const stub = await start(always(answer));
    const github = connect({ url: stub.url, seconds: 600 });
    await expectFailure(github.readReleaseBody('v1.2'), 'E_GITHUB', words);
    expect(stub.requests).toHaveLength(1);
  });

  test.each([
    ['a gateway error', { status: 502, body: 'Bad Gateway' }],
    ['a connection that ends', 'cut'],
    ['a short wait for the rate', { status: 429, headers: { 'retry-after': '0' }, body: {} }],
  ] as const)('%s is tried again', async (_, answer) => {
    const stub = await start({
      releases: { 'v1.2': 'Text' },
      intercept: (_request, index) => (index < 2 ? answer : undefined),
    });
    expect(await connect(stub).readReleaseBody('v1.2')).toEqual({ text: 'Text' });
    expect(stub.requests).toHaveLength(3);
  });

  test('an answer without an end is cut off', async () => {
    const github = await open(always('flood'));
    expect((await failureOf(github.readChangelog('v1.2', 'a.md'))).what).toContain('5 MiB');
  });

  test('what an answer says about deprecation is not printed', async () => {
    const warn = jest.spyOn(console, 'warn').mockImplementation(() => undefined);
    const headers = { deprecation: 'true', link: '<x\u0020##[error]>; rel="deprecation"' };
    const github = await open(always({ headers, body: { body: 'Text' } }));
    expect(await github.readReleaseBody('v1.2')).toEqual({ text: 'Text' });
    expect(warn).not.toHaveBeenCalled();
    warn.mockRestore();
  });

  test('a server that keeps failing is given up', async () => {
    const stub = await start(always({ status: 503, body: { message: 'Unicorn' } }));
    await expectFailure(connect(stub).readReleaseBody('v1.2'), 'E_GITHUB', 'HTTP 503: "Unicorn"');
    expect(stub.requests).toHaveLength(3);
  });

  test('a server that is not there is named with the reason', async () => {
    const stub = await start();
    await stub.close();
    const words = `"${stub.url}" could not be reached (ECONNREFUSED)`;
    await expectFailure(connect(stub).readReleaseBody('v1.2'), 'E_GITHUB', words);
  });

  test('a server that hangs costs no more than the run may take', async () => {
    const started = performance.now();
    const stub = await start(always('hang'));
    const github = connect({ url: stub.url, seconds: 0.3 });
    await expectFailure(github.readReleaseBody('v1.2'), 'E_TIMEOUT', '');
    expect(stub.requests).toHaveLength(1);
    await expectFailure(github.readReleaseBody('v1.2'), 'E_TIMEOUT', '');
    expect(performance.now() - started).toBeLessThan(4000);
  });
});
