import { execFileSync } from 'node:child_process';
import { mkdirSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import type { Step } from '../../sandbox/runner.ts';
import { inWorld, type World } from './isolated.ts';
import { changelogOf, notesOf, type Scenario } from './scenario.ts';

const patience = 30_000;
const rightToLeft = '\u202e';

interface Row {
  readonly name: string;
  readonly with?: Readonly<Record<string, string>>;
  readonly step?: Omit<Step, 'with'>;
  readonly says: RegExp;
}

/** A step that fails with the code before any request, with one annotation that says why. */
function refuse(code: string) {
  return ({ with: given, step, says }: Row) =>
    inWorld({}, async (world) => {
      const result = await world.run(given, step);
      expect([result.outputs['error-code'], errorOf(result)]).toEqual([
        code,
        expect.stringMatching(says),
      ]);
      expect(result.requests).toEqual([]);
    });
}

function errorOf({ annotations }: Scenario): string {
  return annotations.find(({ kind }) => kind === 'error')?.message ?? '';
}

function warningsOf({ annotations }: Scenario): string[] {
  return annotations.filter(({ kind }) => kind !== 'error').map(({ message }) => message);
}

/** A JSON Web Token with these claims, signed by nobody. */
function tokenWith(payload: string): string {
  const encode = (text: string) => Buffer.from(text).toString('base64url');
  return [
    encode('{"alg":"RS256","typ":"JWT"}'),
    encode(payload),
    encode('no signature at all'),
  ].join('.');
}

const opaque = 'opaque-token-0123456789';

describe('access-token is refused', () => {
  test.concurrent.each<Row>([
    { name: 'empty', with: { 'access-token': '' }, says: /is empty.*fork or Dependabot/s },
    { name: 'blank', with: { 'access-token': ' \t ' }, says: /is empty/ },
    { name: 'nothing but Bearer', with: { 'access-token': 'Bearer ' }, says: /is empty/ },
    {
      name: 'with a line break inside',
      with: { 'access-token': `${opaque}\n${opaque}` },
      says: /\(47 characters\) holds white space at position 24/,
    },
    {
      name: 'with a carriage return inside',
      with: { 'access-token': `${opaque}\r${opaque}` },
      says: /holds white space/,
    },
    {
      name: 'with a space inside',
      with: { 'access-token': `${opaque} ${opaque}` },
      says: /holds white space/,
    },
    {
      name: 'with an invisible character',
      with: { 'access-token': `${opaque}\u200b` },
      says: /not plain ASCII at position 24/,
    },
    {
      name: 'with a letter outside ASCII',
      with: { 'access-token': `${opaque}é` },
      says: /not plain ASCII/,
    },
    { name: 'in quotes', with: { 'access-token': `"${opaque}"` }, says: /is in quotes/ },
    {
      name: 'longer than any token',
      with: { 'access-token': 'x'.repeat(16_385) },
      says: /16385 characters/,
    },
  ])('$name', refuse('E_TOKEN'), patience);
});

describe('access-token is used', () => {
  test.concurrent(
    'without the Bearer in front of it, with a warning',
    () =>
      inWorld({}, async (world) => {
        const result = await world.run({ 'access-token': `Bearer ${world.token}` });
        expect(result.outputs['result']).toBe('updated');
        expect(warningsOf(result)).toEqual([expect.stringContaining('begins with "Bearer "')]);
      }),
    patience,
  );

  test.concurrent(
    'when it is no JSON Web Token',
    () =>
      inWorld({}, async ({ api, run }) => {
        const result = await run({ 'access-token': api.issueToken({ opaque: true }) });
        expect([result.outputs['result'], ...result.annotations]).toEqual(['updated']);
      }),
    patience,
  );

  test.concurrent.each([
    { payload: 'null' },
    { payload: 'no JSON' },
    { payload: '{"exp":"9e99","scope":"release:read","iss":7}' },
    { payload: '{"exp":9e99,"scope":[1],"iss":"no URL"}' },
  ])(
    'when its claims are $payload',
    ({ payload }) =>
      inWorld({}, async ({ run }) => {
        const result = await run({ 'access-token': tokenWith(payload) });
        expect([result.outputs['error-code'], ...warningsOf(result)]).toEqual(['E_AUTH']);
      }),
    patience,
  );

  test.concurrent(
    'when it has expired, which explains the refusal',
    () =>
      inWorld({}, async ({ api, run }) => {
        const result = await run({ 'access-token': api.issueToken({ expiresInSeconds: -60 }) });
        expect(result.outputs['error-code']).toBe('E_AUTH');
        expect(errorOf(result)).toMatch(
          /The access token expired on \d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC/,
        );
        expect(warningsOf(result)).toEqual([expect.stringMatching(/expired on .* UTC/)]);
      }),
    patience,
  );

  test.concurrent(
    'when it is about to expire, with a warning',
    () =>
      inWorld({}, async ({ api, run }) => {
        const result = await run({
          'access-token': api.issueToken({ expiresInSeconds: 13 * 86_400 }),
        });
        expect(result.outputs['result']).toBe('updated');
        expect(warningsOf(result)).toEqual([expect.stringMatching(/expires on .* UTC/)]);
      }),
    patience,
  );

  test.concurrent(
    'when it lacks a scope, which explains the refusal',
    () =>
      inWorld({}, async ({ api, id, run }) => {
        const token = api.issueToken({ scopes: ['release:read'], expiresInSeconds: 90 * 86_400 });
        const result = await run({ 'access-token': token });
        expect(result.outputs).toMatchObject({ 'error-code': 'E_FORBIDDEN', 'release-id': id });
        expect(errorOf(result)).toContain('lacks the scope release:write');
        expect(warningsOf(result)).toEqual([
          expect.stringContaining('lacks the scope release:write'),
        ]);
      }),
    patience,
  );

  test.concurrent(
    'when another region issued it, which explains the refusal',
    () =>
      inWorld({}, async ({ api, run }) => {
        const token = api.issueToken({
          issuer: 'https://api.eu.example',
          expiresInSeconds: 90 * 86_400,
        });
        const result = await run({ 'access-token': token });
        expect([result.outputs['error-code'], ...warningsOf(result)]).toEqual(['E_AUTH']);
        expect(errorOf(result)).toMatch(
          /another region or server than 127\.0\.0\.1:\d+: check api-url/,
        );
      }),
    patience,
  );
});

describe('api-url is refused', () => {
  const url = (value: string, says: RegExp): Row => ({
    name: value,
    with: { 'api-url': value },
    says,
  });
  test.concurrent.each<Row>([
    url('api.cryptlex.com', /no scheme.*Write https:\/\/api\.cryptlex\.com/s),
    url('http://api.cryptlex.com', /"http" is not https/),
    url('https://u:pw-in-url@host.example', /holds a user name or password/),
    url('https://api.cryptlex.com@evil.example', /holds a user name or password/),
    url('https:///u:pw-in-url@evil.example', /before an "@"/),
    url('u:pw-in-url@evil.example', /before an "@"/),
    url('https://u:pw-in-url@[bad', /before an "@"/),
    url('https:///evil.example', /empty part/),
    url('https://api.cryptlex.com//evil.example', /empty part/),
    url('https://api.cryptlex.com\\@evil.example', /before an "@"/),
    url('https://api.cryptlex.com\\evil.example', /backslash/),
    url('https://api.cryptlex.com/\t/x', /control character/),
    url('https://api.cryptlex.com/\nx', /control character/),
    url('ftp://api.cryptlex.com', /"ftp" is not https/),
    url('file:///etc/passwd', /empty part/),
    url('javascript:alert(1)', /no scheme/),
    url('https://api.cryptlex.com?x=1', /query or a fragment/),
    url('https://api.cryptlex.com/#x', /query or a fragment/),
    url('https://api.cryptlex.com%2eevil.example', /percent-encoded/),
    url('https://169.254.169.254/latest', /link-local/),
    url('https://[fe80::1]', /link-local/),
    url('https://[::]', /link-local/),
    url('https://0.0.0.0', /link-local/),
    url('https://0', /link-local/),
    url('https://[::ffff:169.254.169.254]', /link-local/),
    url('https://api.cryptlex.com/a/../b', /dot segments/),
    url('https://api.cryptlex.com/%2e%2e/b', /dot segments/),
    url('https://api.cryptlex.com:99999', /not a URL/),
  ])(
    '$name',
    async (row) => {
      const result = await refuse('E_URL')(row);
      expect(result).toBeUndefined();
    },
    patience,
  );
});

describe('api-url is taken', () => {
  test.concurrent.each(['/', '/v3', '/v3/', '/V3'])(
    'with %s at its end',
    (ending) =>
      inWorld({}, async ({ api, run }) => {
        const result = await run({ 'api-url': `${api.url.toUpperCase()}${ending}` });
        expect(result.outputs['result']).toBe('updated');
      }),
    patience,
  );

  test.concurrent(
    'with a path before /v3',
    () =>
      inWorld({ pathPrefix: '/my/cryptlex' }, async ({ run }) => {
        expect((await run()).outputs['result']).toBe('updated');
      }),
    patience,
  );

  test.concurrent(
    'with a look-alike of a letter, but the notice shows the real host',
    () =>
      inWorld({}, async ({ run }) => {
        const result = await run({ 'api-url': 'https://\u0430pi.invalid', 'timeout-seconds': '3' });
        expect(warningsOf(result)).toEqual(['The release API is at xn--pi-6kc.invalid.']);
        expect(result.outputs['error-code']).toMatch(/E_NET|E_TIMEOUT/);
      }),
    patience,
  );
});

describe('the tag is refused', () => {
  const tag = (value: string, says: RegExp): Row => ({
    name: JSON.stringify(value.slice(0, 40)),
    with: { tag: value },
    says,
  });
  test.concurrent.each<Row>([
    tag('v1.2.3$(id)', /\$\(id\)/),
    tag('v1.2.3`id`', /`id`/),
    tag("v1.2.3;'x'", /;'x'/),
    tag('v1%0A::error::forged', /%0A::error::forged/),
    tag('v1\n::set-output name=result::updated\n::error::forged', /\\u\{a\}::set-output/),
    tag('::add-mask::v1.2.3', /: :add-mask::/),
    tag('##[stop-commands]v1.2.x', /# #\[stop-commands\]/),
    tag(`v1.2.3${rightToLeft}`, /\\u\{202e\}/),
    tag('v1.2.3\u200b', /\\u\{200b\}/),
    tag('v1.2.3\u00a0x', /v1\.2\.3/),
    tag('v\u00e9', /no digits/),
    tag('ve\u0301', /no digits/),
    tag(`v1.${'9'.repeat(250)}`, /longer than 128/),
    tag(`v${'1.2'.repeat(200)}`, /longer than 128/),
    tag('__proto__', /no digits/),
    tag('constructor', /no digits/),
    tag('1.2.3\u0663', /\u0663/),
    tag('refs/heads/main', /is no tag/),
    tag('<img src=x onerror=alert>', /no digits/),
  ])('$name', refuse('E_TAG'), patience);

  test.concurrent(
    'when it is empty, by naming the triggers',
    () => refuse('E_TAG')({ name: '', step: { tag: undefined }, says: /push: tags:/ }),
    patience,
  );
});

test.concurrent(
  'a tag that begins with a hyphen is no option of anything',
  () =>
    inWorld({}, async ({ run }) => {
      expect((await run({}, { tag: '-v1.2.3' })).outputs['result']).toBe('updated');
    }),
  patience,
);

describe('inputs are refused', () => {
  const input = (name: string, value: string, says: RegExp): Row => ({
    name: `${name}: ${JSON.stringify(value.slice(0, 40))}`,
    with: { [name]: value },
    says,
  });
  test.concurrent.each<Row>(
    [
      input('tag-pattern', '^(a+)+(?<version>\\d)$', /./),
      input('tag-pattern', '(', /not a regular expression/),
      input('tag-pattern', 'a)(?<version>b', /not a regular expression/),
      input('tag-pattern', 'v(\\d+)', /no group named version/),
      input('tag-pattern', '(?:a?|b?){40}\\b(?<version>.?)', /too slow/),
      input('product-id', '../users/1', /1 to 128 letters/),
      input('product-id', 'a?b#c', /1 to 128 letters/),
      input('product-id', '{0e2b6f6c-93a7-4f0d}', /1 to 128 letters/),
      input('product-id', 'x'.repeat(129), /1 to 128 letters/),
      input('product-id', `${opaque}\n::error::forged`, /\\u\{a\}::error::forged/),
      input('dry-run', 'yes', /must be true or false/),
      input('private', '1', /must be true or false/),
      input('match', 'some', /must be one or all/),
      input('notes-from', 'changelog, git', /must list/),
      input('timeout-seconds', '0', /from 1 to 600/),
      input('timeout-seconds', '-1', /from 1 to 600/),
      input('timeout-seconds', '601', /from 1 to 600/),
      input('timeout-seconds', '1e3', /from 1 to 600/),
      input('timeout-seconds', 'abc', /from 1 to 600/),
      input('channel', 'a\nb', /on one line/),
      input('channel', 'x'.repeat(257), /1 to 256 characters/),
      input('name', '{sha}', /sha/),
    ].map((row) => ({ ...row })),
  )(
    '$name',
    ({ with: given, says, ...row }) =>
      inWorld({}, async (world) => {
        const slow = given?.['tag-pattern']?.startsWith('^(a+)+');
        const inputs = {
          ...given,
          ...(given?.['timeout-seconds'] ? {} : { 'timeout-seconds': '8' }),
        };
        const step = { ...row.step, ...(slow ? { tag: 'a'.repeat(40) } : {}) };
        const result = await world.run(inputs, step);
        expect([result.outputs['error-code'], errorOf(result)]).toEqual([
          'E_CONFIG',
          expect.stringMatching(slow ? /too slow/ : says),
        ]);
        expect(result.requests).toEqual([]);
      }),
    patience,
  );

  test.concurrent(
    'together, when they contradict each other',
    () =>
      refuse('E_CONFIG')({
        name: '',
        with: { 'release-id': 'r1', match: 'all' },
        says: /does not apply/,
      }),
    patience,
  );
});

test.concurrent(
  'a release-id is one segment of the path, whatever is in it',
  () =>
    inWorld({}, async ({ run }) => {
      for (const id of ['../users/1', 'a?b#c', 'a%2fb']) {
        const result = await run({ 'release-id': id });
        expect([result.outputs['error-code'], ...result.requests]).toEqual(['E_CONFIG']);
      }
    }),
  patience,
);

describe('a file is refused', () => {
  const at = (name: string, prepare: (workspace: string) => void, says: RegExp): Row => ({
    name,
    with: { 'changelog-file': 'notes.md' },
    step: { prepare, files: {} },
    says,
  });
  const link = (target: string) => (workspace: string) =>
    symlinkSync(target, join(workspace, 'notes.md'));
  const write = (content: string | Buffer) => (workspace: string) =>
    writeFileSync(join(workspace, 'notes.md'), content);
  test.concurrent.each<Row>([
    at('that is missing', () => undefined, /does not exist/),
    at('that is a link out of the workspace', link('/etc/hostname'), /leads outside the workspace/),
    at('that is a link to itself', link('notes.md'), /loop of links/),
    at('that is a device', link('/dev/zero'), /outside the workspace/),
    at("that is the process's environment", link('/proc/self/environ'), /outside the workspace/),
    at(
      "that is a link into git's folder",
      (workspace) => {
        writeFileSync(join(workspace, '.git', 'config'), 'secret');
        symlinkSync('.git/config', join(workspace, 'notes.md'));
      },
      /git's own folder/,
    ),
    at(
      'that is a folder',
      (workspace) => mkdirSync(join(workspace, 'notes.md')),
      /not a regular file/,
    ),
    at(
      'that is a named pipe',
      (workspace) => execFileSync('mkfifo', [join(workspace, 'notes.md')]),
      /not a regular file/,
    ),
    at(
      'of 100 MB',
      (workspace) => {
        write('x')(workspace);
        truncateSync(join(workspace, 'notes.md'), 100_000_000);
      },
      /larger than 5 MiB/,
    ),
    at('in Latin-1', write(Buffer.from('## 1.2.3\n\nCaf\u00e9', 'latin1')), /not UTF-8/),
    at('that is a picture', write(Buffer.from('89504e470d0a1a0a', 'hex')), /not UTF-8/),
    ...[
      '../../etc/hostname',
      '/etc/hostname',
      '//host/share',
      '\\\\host\\share',
      '.git/config',
      '.GIT/config',
      '..',
      '.',
    ].map((path) => ({
      name: `at ${path}`,
      with: { 'changelog-file': path },
      says: /is outside|is not a path|git's own folder|does not exist/,
    })),
    {
      name: '::error:: in its name',
      with: { 'changelog-file': '##[add-mask]::error::forged' },
      says: /does not exist/,
    },
    {
      name: 'notes-file that is missing',
      with: { 'notes-file': 'none.md' },
      says: /notes-file "none\.md" does not exist/,
    },
  ])(
    '$name',
    async ({ with: given, step, says }) =>
      inWorld({}, async (world) => {
        const result = await world.run(given, step);
        expect([result.outputs['error-code'], errorOf(result)]).toEqual([
          'E_FILE',
          expect.stringMatching(says),
        ]);
        expect(result.writes).toEqual([]);
        expect(result.ms).toBeLessThan(4000);
      }),
    patience,
  );
});

/** Runs with a changelog of this content and gives what the server got. */
async function sentNotes({ api, id, run }: World, content: string | Buffer) {
  const result = await run({}, { files: { 'CHANGELOG.md': content } });
  return { result, notes: api.release(id)?.notes };
}

describe('a changelog is read', () => {
  const text = changelogOf('1.2.3');
  test.concurrent.each([
    { name: 'with a byte order mark', content: `\ufeff${text}` },
    { name: 'with CRLF', content: text.replaceAll('\n', '\r\n') },
    { name: 'with CR alone', content: text.replaceAll('\n', '\r') },
    { name: 'in UTF-16', content: Buffer.from(`\ufeff${text}`, 'utf16le') },
    {
      name: 'through a link inside the workspace',
      content: '',
      prepare: (workspace: string) => {
        mkdirSync(join(workspace, 'docs'));
        writeFileSync(join(workspace, 'docs', 'all.md'), text);
        symlinkSync('docs/all.md', join(workspace, 'CHANGES.md'));
      },
    },
  ])(
    '$name',
    ({ content, prepare }) =>
      inWorld({}, async (world) => {
        const files = prepare ? {} : { 'CHANGELOG.md': content };
        const result = await world.run({}, { files, ...(prepare && { prepare }) });
        expect([result.outputs['result'], world.api.release(world.id)?.notes]).toEqual([
          'updated',
          notesOf('1.2.3'),
        ]);
      }),
    patience,
  );

  test.concurrent.each([
    {
      name: 'control characters',
      content: changelogOf('1.2.3').replace('What', 'W\u0000h\u001bat'),
      notes: /What 1\.2\.3/,
    },
    {
      name: 'half of a surrogate pair',
      content: Buffer.from(`\ufeff${changelogOf('1.2.3').replace('What', 'W\ud800')}`, 'utf16le'),
      notes: /W\ufffd/,
    },
  ])(
    'without its $name, with a warning',
    ({ content, notes }) =>
      inWorld({}, async (world) => {
        const sent = await sentNotes(world, content);
        expect(sent.notes).toMatch(notes);
        expect(warningsOf(sent.result)).toEqual([expect.stringMatching(/removed from the notes/)]);
      }),
    patience,
  );

  test.concurrent(
    'with commands for the runner as nothing but text',
    () =>
      inWorld({}, async (world) => {
        const hostile =
          '- ::add-mask::forged\n\n::error::forged\n\n##[stop-commands]x\n\n``````````\ncode\n``````````\n\n- __proto__';
        const { result, notes } = await sentNotes(
          world,
          `## 1.2.3\n\n${hostile}\n\n## 1.2.2\n\n- Old.\n`,
        );
        expect(notes).toBe(hostile);
        expect(result.annotations).toEqual([]);
        expect(result.stdout).not.toContain('forged');
      }),
    patience,
  );

  test.concurrent.each([
    { name: 'a line of 5 MiB', hostile: 'x'.repeat(5_000_000) },
    { name: '200 000 headings', hostile: '## 0.0.1\n'.repeat(200_000) },
    { name: '50 000 openings of comments', hostile: '<!-- '.repeat(50_000) },
    { name: '50 000 square brackets', hostile: '['.repeat(50_000) },
    { name: '50 000 spaces', hostile: `${' '.repeat(50_000)}x` },
  ])(
    'fast in spite of $name',
    ({ hostile }) =>
      inWorld({}, async (world) => {
        const { result } = await sentNotes(world, `## 1.2.3\n\n- New.\n\n## 1.2.2\n\n${hostile}\n`);
        expect(result.outputs['result']).toBe('updated');
        expect(result.ms).toBeLessThan(4000);
        const inside = await sentNotes(
          world,
          `## 1.2.3\n\n- Newer.\n\n${hostile.replaceAll('## 0', '### 0')}\n`,
        );
        expect(inside.result.outputs['result']).toBe('updated');
        expect(inside.result.ms).toBeLessThan(4000);
      }),
    patience,
  );

  test.concurrent.each([
    { name: 'when the version is missing', content: changelogOf('1.2.2') },
    {
      name: 'when the version is in a code block only',
      content: `## 1.2.2\n\n\`\`\`\n## 1.2.3\n\n- x\n\`\`\`\n`,
    },
    { name: 'when the section is empty', content: '## 1.2.3\n\n## 1.2.2\n\n- x\n' },
  ])(
    'in vain $name',
    ({ content }) =>
      inWorld({}, async (world) => {
        const result = await world.run(
          { 'notes-from': 'changelog' },
          { files: { 'CHANGELOG.md': content } },
        );
        expect([result.outputs['error-code'], ...result.writes]).toEqual(['E_NOTES']);
      }),
    patience,
  );
});

describe('the runner', () => {
  test.concurrent.each<{ name: string; env: Record<string, string | undefined> }>([
    { name: 'without GITHUB_OUTPUT', env: { GITHUB_OUTPUT: undefined } },
    { name: 'whose GITHUB_OUTPUT is not there', env: { GITHUB_OUTPUT: '/nowhere/output' } },
    { name: 'whose GITHUB_OUTPUT is a folder', env: { GITHUB_OUTPUT: '/tmp' } },
    { name: 'whose disk is full', env: { GITHUB_OUTPUT: '/dev/full' } },
    { name: 'without a folder for temporary files', env: { RUNNER_TEMP: '/nowhere' } },
  ])(
    '$name stops the step before it writes',
    ({ env }) =>
      inWorld({}, async ({ run }) => {
        const result = await run({}, { env });
        expect([result.exitCode, result.annotations.length, ...result.writes]).toEqual([1, 1]);
        expect(errorOf(result)).toContain('(E_ENV)');
      }),
    patience,
  );

  test.concurrent.each<{ name: string; env: Record<string, string | undefined> }>([
    { name: 'is full', env: { GITHUB_STEP_SUMMARY: '/dev/full' } },
    { name: 'is not there', env: { GITHUB_STEP_SUMMARY: '/nowhere/summary' } },
  ])(
    'whose summary $name gets a warning',
    ({ env }) =>
      inWorld({}, async ({ run }) => {
        const result = await run({}, { env });
        expect(result.outputs['result']).toBe('updated');
        expect(warningsOf(result)).toEqual([
          expect.stringContaining('summary could not be written'),
        ]);
      }),
    patience,
  );

  test.concurrent.each([undefined, '/nowhere', '/tmp', '/dev/null'])(
    'may have %s for an event file',
    (path) =>
      inWorld({}, async ({ run }) => {
        const result = await run({}, { env: { GITHUB_EVENT_PATH: path } });
        expect(result.outputs['result']).toBe('updated');
      }),
    patience,
  );
});
