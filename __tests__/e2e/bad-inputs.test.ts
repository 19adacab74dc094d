import { expect } from '@jest/globals';
import type { Step } from '../../sandbox/runner.ts';
import { tokenOf } from '../jwt.ts';
import { describe, scenario, scenarios, type World } from './isolated.ts';
import { errorOf, expectFailure, warningsOf } from './scenario.ts';

const rightToLeft = '\u202e';
const opaque = 'opaque-token-0123456789';

interface Row {
  readonly name: string;
  readonly with?: Readonly<Record<string, string>>;
  readonly step?: Omit<Step, 'with'>;
  readonly says: RegExp;
}

/** Rows for one input, with its values. */
function valuesOf(
  input: string,
  values: readonly (readonly [value: string, says: RegExp, name?: string])[],
): Row[] {
  return values.map(([value, says, name = JSON.stringify(value.slice(0, 40))]) => ({
    name: `${input}: ${name}`,
    with: { [input]: value },
    says,
  }));
}

/** Steps that fail with the code before any request, with one annotation that says why. */
function expectRefusals(code: string, rows: readonly Row[]): void {
  scenarios('$name', rows, async ({ run }, { with: given, step, says }) => {
    const result = await run(given, step);
    expectFailure(result, code, says);
    expect(result.requests).toEqual([]);
  });
}

describe('access-token is refused', () => {
  expectRefusals(
    'E_TOKEN',
    valuesOf('access-token', [
      ['', /is empty.*fork or Dependabot/s],
      [' \t ', /is empty/],
      ['Bearer ', /is empty/],
      [`${opaque}\n${opaque}`, /\(47 characters\) contains white space at position 24/],
      [`${opaque}\r${opaque}`, /contains white space/],
      [`${opaque} ${opaque}`, /contains white space/],
      [`${opaque}\u200b`, /not plain ASCII at position 24/, 'with an invisible character'],
      [`${opaque}é`, /not plain ASCII/],
      [`"${opaque}"`, /is in quotes/],
      ['x'.repeat(16_385), /16385 characters/, 'longer than any token'],
    ]),
  );
});

interface TokenRow {
  readonly name: string;
  readonly token: (world: World) => string;
  /** The `result`, or the code of the error. */
  readonly ends: string;
  /** Whether the release was found. */
  readonly finds?: boolean;
  readonly says?: RegExp;
  readonly warns?: RegExp;
}

const days = 86_400;
describe('access-token is used', () => {
  scenarios<TokenRow>(
    '$name',
    [
      {
        name: 'without the Bearer in front of it, with a warning',
        token: ({ token }) => `Bearer ${token}`,
        ends: 'updated',
        warns: /begins with "Bearer "/,
      },
      {
        name: 'when it is no JSON Web Token',
        token: ({ api }) => api.issueToken({ opaque: true }),
        ends: 'updated',
      },
      ...[
        'null',
        'no JSON',
        '{"exp":"9e99","scope":"release:read","iss":7}',
        '{"exp":9e99,"scope":[1],"iss":"no URL"}',
      ].map((payload) => ({
        name: `when its claims are ${payload}`,
        token: () => tokenOf(payload),
        ends: 'E_AUTH',
      })),
      {
        name: 'when it has expired, which explains the refusal',
        token: ({ api }) => api.issueToken({ expiresInSeconds: -60 }),
        ends: 'E_AUTH',
        says: /The access token expired on \d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC/,
        warns: /expired on .* UTC/,
      },
      {
        name: 'when it is about to expire, with a warning',
        token: ({ api }) => api.issueToken({ expiresInSeconds: 13 * days }),
        ends: 'updated',
        warns: /expires on .* UTC/,
      },
      {
        name: 'when it lacks a scope, which explains the refusal',
        token: ({ api }) =>
          api.issueToken({ scopes: ['release:read'], expiresInSeconds: 90 * days }),
        ends: 'E_FORBIDDEN',
        // Once, and nothing of published releases.
        says: /^(?!.*published)(?:(?!scope release:write).)*scope release:write(?!.*scope release:write).*Create a personal/,
        warns: /lacks the scope release:write/,
      },
      {
        name: 'when it lacks the scope to read, which explains the refusal',
        token: ({ api }) =>
          api.issueToken({ scopes: ['release:write'], expiresInSeconds: 90 * days }),
        ends: 'E_FORBIDDEN',
        finds: false,
        says: /scope release:read.*Create a personal/,
        warns: /lacks the scope release:read/,
      },
      {
        name: 'when another region issued it, which only another api-url can mend',
        token: ({ api }) =>
          api.issueToken({ issuer: 'https://api.eu.cryptlex.com', expiresInSeconds: 90 * days }),
        ends: 'E_AUTH',
        says: /^(?!.*Create).*issued for another region.*Set api-url/,
      },
      {
        name: 'when another server issued it, of which only the regions of Cryptlex are known',
        token: ({ api }) =>
          api.issueToken({ issuer: 'https://api.eu.example', expiresInSeconds: 90 * days }),
        ends: 'E_AUTH',
        says: /^(?!.*another region)/,
      },
    ],
    async (world, { token, ends, finds = ends !== 'E_AUTH', says = /^/, warns }) => {
      const result = await world.run({ 'access-token': token(world) });
      expect(result.outputs['error-code'] || result.outputs['result']).toBe(ends);
      expect(result.outputs['release-id']).toBe(finds ? world.id : '');
      expect(errorOf(result)).toMatch(says);
      expect(warningsOf(result)).toEqual(warns ? [expect.stringMatching(warns)] : []);
    },
  );
});

describe('api-url is refused', () => {
  expectRefusals(
    'E_URL',
    valuesOf('api-url', [
      ['api.cryptlex.com', /no scheme.*Write https:\/\/api\.cryptlex\.com/s],
      ['http://api.cryptlex.com', /"http" is not https/],
      ['https://u:pw-in-url@host.example', /contains a user name or password/],
      ['https://api.cryptlex.com@evil.example', /contains a user name or password/],
      ['https:///u:pw-in-url@evil.example', /before an "@"/],
      ['u:pw-in-url@evil.example', /before an "@"/],
      ['https://u:pw-in-url@[bad', /before an "@"/],
      ['https:///evil.example', /empty part/],
      ['https://api.cryptlex.com//evil.example', /empty part/],
      ['https://api.cryptlex.com\\@evil.example', /before an "@"/],
      ['https://api.cryptlex.com\\evil.example', /backslash/],
      ['https://api.cryptlex.com/\t/x', /control character/],
      ['https://api.cryptlex.com/\nx', /control character/],
      ['ftp://api.cryptlex.com', /"ftp" is not https/],
      ['file:///etc/passwd', /empty part/],
      ['javascript:alert(1)', /no scheme/],
      ['https://api.cryptlex.com?x=1', /query or a fragment/],
      ['https://api.cryptlex.com/#x', /query or a fragment/],
      ['https://api.cryptlex.com%2eevil.example', /percent-encoded/],
      ['https://169.254.169.254/latest', /link-local/],
      ['https://[fe80::1]', /link-local/],
      ['https://[::]', /link-local/],
      ['https://0.0.0.0', /link-local/],
      ['https://0', /link-local/],
      ['https://[::ffff:169.254.169.254]', /link-local/],
      ['https://api.cryptlex.com/a/../b', /dot segments/],
      ['https://api.cryptlex.com/%2e%2e/b', /dot segments/],
      ['https://api.cryptlex.com:99999', /not a URL/],
    ]),
  );
});

describe('api-url is taken', () => {
  scenarios('with %s at its end', ['/', '/v3', '/v3/', '/V3'], async ({ api, run }, ending) => {
    const result = await run({ 'api-url': `${api.url.toUpperCase()}${ending}` });
    expect(result.outputs['result']).toBe('updated');
  });

  scenario(
    'with a path before /v3',
    async ({ run }) => {
      expect((await run()).outputs['result']).toBe('updated');
    },
    { pathPrefix: '/my/cryptlex' },
  );

  scenario('with a look-alike of a letter, but the notice shows the host', async ({ run }) => {
    const result = await run({ 'api-url': 'https://\u0430pi.invalid', 'timeout-seconds': '3' });
    expect(warningsOf(result)).toEqual(['The host in api-url is xn--pi-6kc.invalid.']);
    expect(result.outputs['error-code']).toMatch(/E_NET|E_TIMEOUT/);
  });
});

describe('the tag is refused', () => {
  expectRefusals('E_TAG', [
    ...valuesOf('tag', [
      ['v1.2.3$(id)', /\$\(id\)/],
      ['v1.2.3`id`', /`id`/],
      ["v1.2.3;'x'", /;'x'/],
      ['v1%0A::error::forged', /%0A::error::forged/],
      ['v1\n::set-output name=result::updated\n::error::forged', /\\u\{a\}::set-output/],
      ['::add-mask::v1.2.3', /: :add-mask::/],
      ['##[stop-commands]v1.2.x', /# #\[stop-commands\]/],
      [`v1.2.3${rightToLeft}`, /\\u\{202e\}/],
      ['v1.2.3\u200b', /\\u\{200b\}/],
      ['v1.2.3\u00a0x', /v1\.2\.3/],
      ['v\u00e9', /no digits/],
      ['ve\u0301', /no digits/],
      [`v1.${'9'.repeat(250)}`, /longer than 128/],
      [`v${'1.2'.repeat(200)}`, /longer than 128/],
      ['__proto__', /no digits/],
      ['constructor', /no digits/],
      ['1.2.3\u0663', /\u0663/],
      ['refs/heads/main', /is not a tag/],
      ['<img src=x onerror=alert>', /no digits/],
    ]),
    {
      name: 'when there is none, by naming the triggers',
      step: { tag: undefined },
      says: /push: tags:/,
    },
  ]);
});

scenario('a tag that begins with a hyphen is no option of anything', async ({ run }) => {
  expect((await run({}, { tag: '-v1.2.3' })).outputs['result']).toBe('updated');
});

describe('inputs are refused', () => {
  expectRefusals('E_CONFIG', [
    ...valuesOf('tag-pattern', [
      ['(', /not a regular expression/],
      ['a)(?<version>b', /not a regular expression/],
      ['v(\\d+)', /neither a group named version/],
      ['(?:a?|b?){40}\\b(?<version>.?)', /too slow/],
    ]),
    {
      name: 'tag-pattern that is slow for the tag',
      with: { 'tag-pattern': '^(a+)+(?<version>\\d)$' },
      step: { tag: 'a'.repeat(40) },
      says: /too slow/,
    },
    ...valuesOf('product-id', [
      ['../users/1', /1 to 128 letters/],
      ['a?b#c', /1 to 128 letters/],
      ['{0e2b6f6c-93a7-4f0d}', /1 to 128 letters/],
      ['x'.repeat(129), /1 to 128 letters/],
      [`${opaque}\n::error::forged`, /\\u\{a\}::error::forged/],
    ]),
    ...valuesOf('dry-run', [['yes', /must be true or false/]]),
    ...valuesOf('private', [['1', /must be true or false/]]),
    ...valuesOf('match', [['some', /must be one or all/]]),
    ...valuesOf('notes-from', [['changelog, git', /must list/]]),
    ...['0', '-1', '601', '1e3', 'abc'].flatMap((value) =>
      valuesOf('timeout-seconds', [[value, /from 1 to 600/]]),
    ),
    ...valuesOf('channel', [
      ['a\nb', /on one line/],
      ['x'.repeat(257), /1 to 256 characters/],
    ]),
    ...valuesOf('name', [['{sha}', /sha/]]),
    {
      name: 'together, when they contradict each other',
      with: { 'release-id': 'r1', match: 'all' },
      says: /does not apply/,
    },
  ]);
});

describe('a release-id is one segment of the path, whatever is in it', () => {
  expectRefusals(
    'E_CONFIG',
    valuesOf('release-id', [
      ['../users/1', /^/],
      ['a?b#c', /^/],
      ['a%2fb', /^/],
    ]),
  );
});
