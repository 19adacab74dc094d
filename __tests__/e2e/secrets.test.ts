import { expect } from '@jest/globals';
import type { FailureRule } from '../../sandbox/failures.ts';
import { tokenOf } from '../jwt.ts';
import { describe, scenario, scenarios } from './isolated.ts';
import { startRawServer } from './raw-server.ts';
import { changelogOf, errorOf, type Scenario } from './scenario.ts';

const always = Number.POSITIVE_INFINITY;

/** What the runner is told to mask by the first lines of the output, before any other line. */
function maskedFirst({ stdout }: Scenario): string[] {
  const lines = stdout.split('\n');
  const others = lines.findIndex((line) => !line.startsWith('::add-mask::'));
  return lines.slice(0, others).map((line) => line.slice('::add-mask::'.length));
}

/** A log without the commands that mask. */
function withoutMasks(stdout: string): string {
  return stdout.replaceAll(/^::add-mask::.*$/gm, '');
}

/** A summary as a reader sees it: with the escapes of Markdown and HTML resolved. */
function readable(summary: string): string {
  return summary.replace(/&#(\d+);/g, (_, code: string) => String.fromCharCode(Number(code)));
}

/** The token's pieces that must be nowhere: its parts, however short they were cut. */
function piecesOf(token: string): string[] {
  return token.split('.').map((part) => part.slice(0, 24));
}

describe('the token is masked before anything else is said', () => {
  scenarios(
    '$name',
    [
      { name: 'as it is', wrap: (token: string) => token },
      { name: 'without the white space around it', wrap: (token: string) => `\n ${token} \n` },
      { name: 'with and without Bearer', wrap: (token: string) => `Bearer ${token}` },
    ],
    async ({ token, run }, { wrap }) => {
      const given = wrap(token);
      const result = await run({ 'access-token': given });
      const masks = maskedFirst(result);
      const hex = Buffer.from(token).toString('hex');
      const encoded = [hex, hex.toUpperCase(), Buffer.from(token).toString('base64').slice(0, -4)];
      const plain = [token, ...token.split('.'), given.trim(), 'github-token-of-the-run'];
      const wanted = [...plain, ...encoded];
      expect(masks).toEqual(expect.arrayContaining(wanted));
      expect(masks).not.toContain('');
      expect(result.outputs['result']).toBe('updated');
    },
  );

  scenario('even when it can not be a token, of which nothing is shown', async ({ token, run }) => {
    const result = await run({ 'access-token': `${token}\n${token}` });
    expect(maskedFirst(result)).toContain(`${token}%0A${token}`);
    for (const piece of piecesOf(token)) expect(errorOf(result)).not.toContain(piece);
  });
});

scenario('debug lines tell method, path, status and time, no more', async ({ run, path }) => {
  const { stdout } = await run({}, { env: { RUNNER_DEBUG: '1' } });
  const lines = stdout.split('\n').filter((line) => line.startsWith('::debug::'));
  expect(lines).toEqual([
    expect.stringMatching(/^::debug::GET \/v3\/releases: HTTP 200 after \d+ ms$/),
    expect.stringMatching(new RegExp(`^::debug::PATCH ${path}: HTTP 200 after \\d+ ms$`)),
  ]);
});

scenario('the token goes to no other address, and into no body', async (world) => {
  const { api, token, path, run } = world;
  const other = await startRawServer();
  const origin = `http://127.0.0.1:${other.port}`;
  const redirect = { status: 307, headers: { location: `${origin}/` } };
  api.fail({ method: 'PATCH', path, answer: redirect });
  const result = await run();
  await other.close();
  expect(other.received).toEqual([]);
  expect(errorOf(result)).toContain(`${origin}; redirects are not followed`);
  for (const { headers, body, path: requested } of api.requests) {
    expect(headers.authorization).toBe(`Bearer ${token}`);
    const rest = [{ ...headers, authorization: '' }, body, requested];
    expect(JSON.stringify(rest)).not.toContain(token);
  }
});

/** How a server can write the token into its answers. */
const echoes: Readonly<Record<string, (token: string) => string>> = {
  'as it is': (token) => token,
  'in base64': (token) => Buffer.from(token).toString('base64'),
  'in base64 of the header': (token) => Buffer.from(`Bearer ${token}`).toString('base64'),
  'in base64url': (token) => Buffer.from(`x${token}`).toString('base64url'),
  'in hexadecimal': (token) => Buffer.from(token).toString('hex'),
  'its claims alone': (token) => token.split('.')[1] ?? '',
  'its signature alone': (token) => token.split('.')[2] ?? '',
  'behind a long text': (token) => `${'x'.repeat(200)} ${token}`,
  'its beginning, cut by the server': (token) => `${token.slice(0, 26)}…`,
  'within markup': (token) => `<b>${token}</b>`,
};

function expectUnseen({ stdout, summary, outputRecords }: Scenario, token: string): void {
  const shown = [withoutMasks(stdout), readable(summary), JSON.stringify(outputRecords)].join('\n');
  for (const piece of piecesOf(token)) expect(shown).not.toContain(piece);
  const whole = Buffer.from(token);
  for (const encoded of [whole.toString('hex'), whole.toString('base64')]) {
    expect(shown).not.toContain(encoded.slice(0, 40));
  }
}

describe('a server that echoes the token does not get it shown', () => {
  const asError = (text: string): FailureRule => ({
    answer: { status: 400, body: { message: text, code: text } },
  });
  const asField = (text: string): FailureRule => ({
    apply: true,
    values: { name: text, tenantId: text, channel: text },
  });
  scenarios(
    '$name',
    Object.entries(echoes).flatMap(([name, echo]) => [
      { name: `${name}, in an error`, echo, rule: asError, ends: 'failed' },
      { name: `${name}, in a release`, echo, rule: asField, ends: 'updated' },
    ]),
    async ({ api, token, run }, { echo, rule, ends }) => {
      api.fail({ method: 'PATCH', ...rule(echo(token)) });
      const result = await run({}, { env: { RUNNER_DEBUG: '1' } });
      expect(result.outputs['result']).toBe(ends);
      const shown = ends === 'updated' ? result.outputs['tenant-id'] : errorOf(result);
      expect(shown).toContain('***');
      expectUnseen(result, token);
    },
  );

  const escaped = (text: string) =>
    text.replaceAll(/./g, (each) => `\\u${each.charCodeAt(0).toString(16).padStart(4, '0')}`);
  const rules: Readonly<Record<string, (token: string) => FailureRule>> = {
    'in a list, of which none matches': (token) => ({ values: { version: '9.9', name: token } }),
    'in JSON escapes': (token) => ({
      answer: { status: 400, body: `{"message":"${escaped(token)}"}` },
    }),
    'in a page': (token) => ({ answer: { status: 403, body: `<html>${token}` } }),
    'as the type of the content': (token) => ({
      answer: { headers: { 'content-type': token }, body: {} },
    }),
    'in the address of a redirect': (token) => ({
      answer: {
        status: 302,
        headers: { location: `https://${token.slice(0, 50)}.example/${token}` },
      },
    }),
  };
  scenarios('%s', Object.keys(rules), async ({ api, token, run }, name) => {
    api.fail({ method: 'GET', times: always, ...rules[name]?.(token) });
    const result = await run();
    expect(result.exitCode).toBe(1);
    expectUnseen(result, token);
  });
});

describe('a token in the wrong place is not shown', () => {
  scenarios(
    '%s',
    [
      'product-id',
      'tag',
      'match',
      'api-url',
      'channel-map',
      'changelog-file',
      'tag-pattern',
      'timeout-seconds',
    ],
    async ({ token, run }, name) => {
      const result = await run({ [name]: token });
      expect(result.exitCode).toBe(1);
      expectUnseen(result, token);
    },
  );

  scenarios(
    'one with characters that Markdown escapes, in %s',
    ['tag', 'product-id', 'changelog-file'],
    async ({ run }, name) => {
      const token = 'opaque_token-with*many_marks.and#more_of-them.in*its_parts';
      const result = await run({ 'access-token': token, [name]: token });
      expect(result.exitCode).toBe(1);
      expectUnseen(result, token);
    },
  );

  scenario('one that Markdown escapes, before the version in a tag', async ({ run }) => {
    const token = 'opaque_token-with*many_marks';
    const result = await run({ 'access-token': token, tag: `${token}-1.2.3` });
    expect(result.summary).toContain('version 1.2.3');
    expectUnseen(result, token);
  });

  scenario('one that is not known to be the token either', async ({ api, token, run }) => {
    const other = api.issueToken({ scopes: ['another'] });
    const result = await run({ 'access-token': token, 'product-id': other });
    expect(errorOf(result)).toContain('it is what looks like a JSON Web Token');
    expectUnseen(result, other);
  });
});

describe('notes that hold a credential are neither sent nor shown', () => {
  const random = 'a1B2c3D4e5F6a7B8c9D0e1F2a3B4c5D6e7F8';
  const forms: Readonly<Record<string, (token: string) => string>> = {
    'the access token': (token) => token,
    'the access token in base64': (token) => Buffer.from(token).toString('base64'),
    'a JSON Web Token': () => tokenOf('{"sub":"someone"}'),
    'a GitHub token': () => ['ghp', random].join('_'),
    'a fine-grained GitHub token': () => ['github', 'pat', random].join('_'),
    'an AWS access key': () => ['AKIA', 'QWERTYUIOP234567'].join(''),
    'a private key': () => `-----BEGIN ${'RSA PRIVATE'} KEY-----\n${random}`,
  };
  scenarios('%s', Object.keys(forms), async ({ token, run }, name) => {
    const secret = forms[name]?.(token) ?? '';
    const notes = changelogOf('1.2.3').replace('What', `Use ${secret} as What`);
    const result = await run({}, { files: { 'CHANGELOG.md': notes } });
    expect([result.outputs['error-code'], ...result.writes]).toEqual(['E_NOTES']);
    const shown = [withoutMasks(result.stdout), result.outputs['notes'], readable(result.summary)];
    expect(shown.join('\n')).not.toContain(secret);
  });
});
