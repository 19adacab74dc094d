import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { findCredential, secretsOf, spellingsOf } from '../../src/inputs/secrets.ts';
import { tokenOf } from '../jwt.ts';

const printable = fc.string({
  minLength: 30,
  maxLength: 90,
  unit: fc.constantFrom(...'abcXYZ019-_.~+/=!"\\'),
});

describe('spellingsOf', () => {
  test('finds the token in any encoding, whatever stands around it', () => {
    const encodings: ((text: string) => string)[] = [
      (text) => text,
      (text) => Buffer.from(text).toString('base64'),
      (text) => Buffer.from(text).toString('base64url'),
      (text) => Buffer.from(text).toString('hex'),
      (text) => Buffer.from(text).toString('hex').toUpperCase(),
      encodeURIComponent,
      JSON.stringify,
    ];
    fc.assert(
      fc.property(
        printable,
        fc.constantFrom(...encodings),
        fc.string({ unit: 'grapheme-ascii' }),
        fc.string({ unit: 'grapheme-ascii' }),
        (token, encode, before, after) => {
          const text = encode(before + token + after);
          expect(spellingsOf(token).some((spelling) => text.includes(spelling))).toBe(true);
        },
      ),
    );
  });

  test('holds nothing so short that it would hide common words', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme-ascii' }), (token) => {
        for (const spelling of spellingsOf(token)) expect(spelling.length).toBeGreaterThan(3);
      }),
    );
  });
});

describe('findCredential', () => {
  // In pieces, so that no scanner takes them for real ones.
  const random = 'a1B2c3D4e5F6a7B8c9D0e1F2a3B4c5D6e7F8';
  const join = (separator: string, ...parts: readonly string[]) => parts.join(separator);
  const body = 'MIIEvQIBADANBgkqhkiG9w0BAQEFAASC';
  test.each([
    ['a JSON Web Token', tokenOf('{"sub":"someone"}')],
    ['a GitHub token', join('_', 'ghp', random)],
    ['a GitHub token', join('_', 'ghs', random)],
    // An app's id and a JWT: the form since April 2026.
    ['a GitHub token', join('_', 'ghs', '123456', tokenOf('{"iss":"123456"}'))],
    ['a GitHub token', join('_', 'github', 'pat', random)],
    ['a GitLab token', join('-', 'glpat', random)],
    ['an npm token', join('_', 'npm', random)],
    ['a Slack token', join('-', 'xoxb', '123456789012', random)],
    ['a Stripe key', join('_', 'sk', 'live', random)],
    ['a Google API key', join('', 'AIza', random.slice(0, 35))],
    ['an AWS access key', join('', 'AKIA', 'QWERTYUIOP234567')],
    ['an AWS access key', join('', 'ASIA', 'QWERTYUIOP234567')],
    ['a private key', `-----BEGIN ${'EC PRIVATE'} KEY-----\n${body}`],
    ['a private key', `-----BEGIN ${'PRIVATE'} KEY-----\\n${body}`],
  ])('names %s', (name, secret) => {
    for (const text of [secret, `Use ${secret}.`, `"${secret}"`, `token=${secret}`]) {
      expect(findCredential(text, [])).toBe(name);
    }
  });

  test.each([
    'Tokens such as ghp_… are refused',
    `${'ghp'}_${'x'.repeat(36)}`,
    `${'glpat'}-${'*'.repeat(20)}`,
    'eyJ is how they begin',
    'AKIA is a prefix',
    `${'AKIA'}IOSFODNN7EXAMPLE`,
    'reads keys that begin with -----BEGIN PRIVATE KEY-----',
    `-----BEGIN ${'RSA PRIVATE'} KEY-----\n…\n-----END RSA PRIVATE KEY-----`,
    '-----BEGIN CERTIFICATE-----',
  ])('lets %j pass', (text) => expect(findCredential(text, [])).toBeUndefined());

  test('finds a secret behind a placeholder of the same form', () => {
    const text = `ghp_${'x'.repeat(36)} and ${join('_', 'ghp', random)}`;
    expect(findCredential(text, [])).toBe('a GitHub token');
  });

  test('knows both tokens of the run in each of their spellings', () => {
    const secrets = secretsOf('an-opaque-access-token', 'opaque-token-of-the-job-of-a-server');
    for (const [name, token] of [
      ['the access token', 'an-opaque-access-token'],
      ['github-token', 'opaque-token-of-the-job-of-a-server'],
    ] as const) {
      for (const spelling of spellingsOf(token)) {
        expect(findCredential(`… ${spelling} …`, secrets)).toBe(name);
      }
    }
  });

  test('takes a short github-token for a word that a text may hold', () => {
    expect(findCredential('Made by acme-bot.', secretsOf('t', 'acme-bot'))).toBeUndefined();
  });
});
