import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { ActionError } from '../../src/errors.ts';
import { checkApiUrl, isLoopback } from '../../src/inputs/api-url.ts';
import { cpuTime } from '../cpu-time.ts';

const hosts = 'api.cryptlex.com 127.0.0.1 localhost [::1] evil.example 0x7f.1 \u0430 \u3002';
const marks = 'https:// http:// ftp: @ : / \\ // /v3 ? # .. %2e %2f % :443 :pw ;';
const pieces = fc.constantFrom(...`${hosts} ${marks}`.split(' '), ' ', '\t');
const anyUrl = fc.oneof(
  fc.webUrl({
    validSchemes: ['https', 'http', 'ftp'],
    withQueryParameters: true,
    withFragments: true,
  }),
  fc.array(pieces, { maxLength: 8 }).map((parts) => parts.join('')),
  fc.array(pieces, { maxLength: 6 }).map((parts) => `https://api.cryptlex.com${parts.join('')}`),
  fc.string({ unit: 'binary' }),
);

function check(given: string): URL | undefined {
  try {
    return checkApiUrl(given);
  } catch (error) {
    if (error instanceof ActionError && error.code === 'E_URL') return undefined;
    throw error;
  }
}

test('a URL is refused, or is one that sends the token nowhere else', () => {
  fc.assert(
    fc.property(anyUrl, (given) => {
      const url = check(given);
      if (!url) return;
      expect(url.protocol === 'https:' || isLoopback(url.hostname)).toBe(true);
      expect([url.username, url.password, url.search, url.hash]).toEqual(['', '', '', '']);
      // What a person reads between "://" and the next "/" is the host.
      const read = given.split('/')[2] ?? '';
      expect(new URL(`https://${read}`).hostname).toBe(url.hostname);
      expect(url.pathname).not.toMatch(/\/\/|\/\.\.?(?:\/|$)|\/v3$/i);
    }),
    { numRuns: 2000 },
  );
});

test('a URL that was taken is taken as it is', () => {
  fc.assert(
    fc.property(anyUrl, (given) => {
      const url = check(given);
      if (url) expect(checkApiUrl(url.href).href).toBe(url.href);
    }),
    { numRuns: 2000 },
  );
});

test.each([
  ['https://api.cryptlex.com', 'https://api.cryptlex.com/'],
  ['https://api.cryptlex.com/', 'https://api.cryptlex.com/'],
  ['https://api.cryptlex.com/v3', 'https://api.cryptlex.com/'],
  ['HTTPS://API.CRYPTLEX.COM:443/V3/', 'https://api.cryptlex.com/'],
  ['https://own.example/cryptlex/v3/', 'https://own.example/cryptlex'],
  ['https://own.example:8443/a/b', 'https://own.example:8443/a/b'],
  ['http://localhost:3000', 'http://localhost:3000/'],
  ['http://[::1]:3000/v3', 'http://[::1]:3000/'],
])('%s stands for %s', (given, base) => expect(checkApiUrl(given).href).toBe(base));

test.each([
  'https://.',
  'https://\u3002',
  'https://a..b',
  'https://user:pw-in-url@own.example',
  'https:///user:pw-in-url@own.example',
])('%s has no host', (given) => expect(check(given)).toBeUndefined());

test('no part of a user name or a password is shown', () => {
  expect(() => checkApiUrl('https://someone:pw-in-url@own.example')).toThrow(
    /^(?!.*(?:someone|pw-in-url)).*$/s,
  );
});

test.each(['/', '/a', '%2e', '.', '@', ':'])(
  'takes time in proportion to its text for many %j',
  async (piece) => {
    const url = `https://own.example/${piece.repeat(100_000)}`;
    expect(await cpuTime(() => check(url))).toBeLessThan(2000);
  },
);
