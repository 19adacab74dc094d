import { describe, expect, test } from '@jest/globals';
import type { FailureRule } from '../../sandbox/failures.ts';
import { inWorld } from './isolated.ts';
import { startRawServer } from './raw-server.ts';
import { changelogOf, type Scenario } from './scenario.ts';

const patience = 30_000;
const always = Number.POSITIVE_INFINITY;

function errorOf({ annotations }: Scenario): string {
  return annotations.find(({ kind }) => kind === 'error')?.message ?? '';
}

/** What the runner is told to mask by the first lines of the output, before any other line. */
function maskedFirst({ stdout }: Scenario): string[] {
  const lines = stdout.split('\n');
  const others = lines.findIndex((line) => !line.startsWith('::add-mask::'));
  return lines.slice(0, others).map((line) => line.slice('::add-mask::'.length));
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
  test.concurrent.each([
    { name: 'as it is', wrap: (token: string) => token },
    { name: 'without the white space around it', wrap: (token: string) => `\n ${token} \n` },
    { name: 'with and without Bearer', wrap: (token: string) => `Bearer ${token}` },
  ])(
    '$name',
    ({ wrap }) =>
      inWorld({}, async (world) => {
        const given = wrap(world.token);
        const result = await world.run({ 'access-token': given });
        const masks = maskedFirst(result);
        expect(masks).toEqual(expect.arrayContaining([world.token, ...world.token.split('.')]));
        expect(masks).toContain(given.trim());
        expect(masks).toContain('github-token-of-the-run');
        expect(masks).not.toContain('');
        expect(result.outputs['result']).toBe('updated');
      }),
    patience,
  );

  test.concurrent(
    'even when it can not be a token, of which nothing is shown',
    () =>
      inWorld({}, async ({ token, run }) => {
        const result = await run({ 'access-token': `${token}\n${token}` });
        expect(maskedFirst(result)).toContain(`${token}%0A${token}`);
        for (const piece of piecesOf(token)) expect(errorOf(result)).not.toContain(piece);
      }),
    patience,
  );
});

test.concurrent(
  'debug lines tell method, path, status and time, and no more',
  () =>
    inWorld({}, async ({ run, path }) => {
      const { stdout } = await run({}, { env: { RUNNER_DEBUG: '1' } });
      const lines = stdout.split('\n').filter((line) => line.startsWith('::debug::'));
      expect(lines).toHaveLength(2);
      expect(lines[0]).toMatch(/^::debug::GET \/v3\/releases: HTTP 200 after \d+ ms$/);
      expect(lines[1]).toMatch(new RegExp(`^::debug::PATCH ${path}: HTTP 200 after \\d+ ms$`));
    }),
  patience,
);

test.concurrent(
  'the token goes to no other address, and into no body',
  () =>
    inWorld({}, async ({ api, token, path, run }) => {
      const other = await startRawServer();
      api.fail({
        method: 'PATCH',
        path,
        answer: { status: 307, headers: { location: `http://127.0.0.1:${other.port}/` } },
      });
      const result = await run();
      await other.close();
      expect(other.received).toEqual([]);
      expect(errorOf(result)).toContain(
        `http://127.0.0.1:${other.port}; redirects are not followed`,
      );
      for (const { headers, body, path: requested } of api.requests) {
        expect(headers.authorization).toBe(`Bearer ${token}`);
        expect(JSON.stringify([{ ...headers, authorization: '' }, body, requested])).not.toContain(
          token,
        );
      }
    }),
  patience,
);

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
  'within markup': (token) => `<b>${token}</b>`,
};

function expectUnseen(result: Scenario, token: string): void {
  const everything = [
    result.stdout.replaceAll(/^::add-mask::.*$/gm, ''),
    readable(result.summary),
    JSON.stringify(result.outputRecords),
  ].join('\n');
  for (const piece of piecesOf(token)) expect(everything).not.toContain(piece);
  const whole = Buffer.from(token);
  for (const encoded of [whole.toString('hex'), whole.toString('base64')]) {
    expect(everything).not.toContain(encoded.slice(0, 40));
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
  const cases = Object.entries(echoes).flatMap(([name, echo]) => [
    { name: `${name}, in an error`, rule: (token: string) => asError(echo(token)), ends: 'failed' },
    {
      name: `${name}, in a release`,
      rule: (token: string) => asField(echo(token)),
      ends: 'updated',
    },
  ]);
  test.concurrent.each(cases)(
    '$name',
    ({ rule, ends }) =>
      inWorld({}, async ({ api, token, run }) => {
        api.fail({ method: 'PATCH', ...rule(token) });
        const result = await run({}, { env: { RUNNER_DEBUG: '1' } });
        expect(result.outputs['result']).toBe(ends);
        if (ends === 'updated') expect(result.outputs['tenant-id']).toContain('***');
        else expect(errorOf(result)).toContain('***');
        expectUnseen(result, token);
      }),
    patience,
  );

  test.concurrent.each([
    {
      name: 'in a list, of which none matches',
      rule: (token: string): FailureRule => ({ values: { version: '9.9', name: token } }),
    },
    {
      name: 'in JSON escapes',
      rule: (token: string): FailureRule => ({
        answer: {
          status: 400,
          body: `{"message":"${[...token].map((each) => `\\u${each.charCodeAt(0).toString(16).padStart(4, '0')}`).join('')}"}`,
        },
      }),
    },
    {
      name: 'in a page',
      rule: (token: string): FailureRule => ({ answer: { status: 403, body: `<html>${token}` } }),
    },
    {
      name: 'as the type of the content',
      rule: (token: string): FailureRule => ({
        answer: { headers: { 'content-type': token }, body: {} },
      }),
    },
    {
      name: 'in the address of a redirect',
      rule: (token: string): FailureRule => ({
        answer: {
          status: 302,
          headers: { location: `https://${token.slice(0, 50)}.example/${token}` },
        },
      }),
    },
  ])(
    '$name',
    ({ rule }) =>
      inWorld({}, async ({ api, token, run }) => {
        api.fail({ method: 'GET', times: always, ...rule(token) });
        const result = await run();
        expect(result.exitCode).toBe(1);
        expectUnseen(result, token);
      }),
    patience,
  );
});

describe('a token in the wrong place is not shown', () => {
  test.concurrent.each([
    'product-id',
    'tag',
    'match',
    'api-url',
    'channel-map',
    'changelog-file',
    'tag-pattern',
    'timeout-seconds',
  ])(
    '%s',
    (name) =>
      inWorld({}, async ({ token, run }) => {
        const result = await run({ [name]: token });
        expect(result.exitCode).toBe(1);
        expectUnseen(result, token);
      }),
    patience,
  );

  test.concurrent.each(['tag', 'product-id', 'changelog-file'])(
    'one with characters that Markdown escapes, in %s',
    (name) =>
      inWorld({}, async ({ run }) => {
        const token = 'opaque_token-with*many_marks.and#more_of-them.in*its_parts';
        const result = await run({ 'access-token': token, [name]: token });
        expect(result.exitCode).toBe(1);
        expectUnseen(result, token);
      }),
    patience,
  );

  test.concurrent(
    'one that is not known to be the token either',
    () =>
      inWorld({}, async ({ api, token, run }) => {
        const other = api.issueToken({ scopes: ['another'] });
        const result = await run({ 'access-token': token, 'product-id': other });
        expect(errorOf(result)).toContain('it is what looks like a JSON Web Token');
        expectUnseen(result, other);
      }),
    patience,
  );
});

describe('notes that hold a credential are neither sent nor shown', () => {
  const random = 'a1B2c3D4e5F6a7B8c9D0e1F2a3B4c5D6e7F8';
  const forms: Readonly<Record<string, (token: string) => string>> = {
    'the access token': (token) => token,
    'the access token in base64': (token) => Buffer.from(token).toString('base64'),
    'a JSON Web Token': () =>
      ['{"alg":"none"}', '{"sub":"someone"}', random]
        .map((part) => Buffer.from(part).toString('base64url'))
        .join('.'),
    'a GitHub token': () => ['ghp', random].join('_'),
    'a fine-grained GitHub token': () => ['github', 'pat', random].join('_'),
    'an AWS access key': () => ['AKIA', 'IOSFODNN7EXAMPLE'].join(''),
    'a private key': () => `-----BEGIN ${'RSA PRIVATE'} KEY-----`,
  };
  test.concurrent.each(Object.entries(forms))(
    '%s',
    (_, form) =>
      inWorld({}, async ({ token, run }) => {
        const secret = form(token);
        const notes = changelogOf('1.2.3').replace('What', `Use ${secret} as What`);
        const result = await run({}, { files: { 'CHANGELOG.md': notes } });
        expect([result.outputs['error-code'], ...result.writes]).toEqual(['E_NOTES']);
        expect(
          `${result.stdout}${result.outputs['notes']}`.replaceAll(/^::add-mask::.*$/gm, ''),
        ).not.toContain(secret);
        expect(readable(result.summary)).not.toContain(secret);
      }),
    patience,
  );
});
