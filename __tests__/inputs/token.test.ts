import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { ActionError } from '../../src/errors.ts';
import {
  bareToken,
  checkToken,
  doubtsAboutToken,
  findCredential,
  readClaims,
  tokenSpellings,
} from '../../src/inputs/token.ts';
import { cpuTime } from '../cpu-time.ts';
import { tokenOf } from '../jwt.ts';

const api = new URL('https://api.cryptlex.com');
const now = Date.UTC(2026, 10, 24);

const printable = fc.string({
  minLength: 30,
  maxLength: 90,
  unit: fc.constantFrom(...'abcXYZ019-_.~+/=!"\\'),
});

describe('checkToken', () => {
  test('gives a bare token or an E_TOKEN that shows nothing of it', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', minLength: 12 }), (given) => {
        try {
          expect(checkToken(given)).toMatch(/^[\x21-\x7e]+$/);
        } catch (error) {
          if (!(error instanceof ActionError)) throw error;
          expect(error.code).toBe('E_TOKEN');
          expect(error.message).not.toContain(given.trim() || 'nothing');
        }
      }),
    );
  });

  test('takes white space and Bearer off, once and for all', () => {
    fc.assert(
      fc.property(
        printable.map((text) => `t${text}`),
        fc.constantFrom('', 'Bearer ', 'bearer  ', ' BEARER\t'),
        (token, before) => {
          expect(bareToken(`${before}${token}\n`)).toBe(token);
          expect(bareToken(token)).toBe(token);
        },
      ),
    );
    expect(bareToken('Bearer')).toBe('');
  });
});

describe('tokenSpellings', () => {
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
          expect(tokenSpellings(token).some((spelling) => text.includes(spelling))).toBe(true);
        },
      ),
    );
  });

  test('holds nothing so short that it would hide common words', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme-ascii' }), (token) => {
        for (const spelling of tokenSpellings(token)) expect(spelling.length).toBeGreaterThan(3);
      }),
    );
  });
});

describe('claims', () => {
  const doubts = (token: string, time: number, ...needs: string[]) =>
    doubtsAboutToken(readClaims(token), { now: time, api, needs });

  test('are read without an error from whatever there is', () => {
    const payloads = fc.oneof(fc.json(), fc.string({ unit: 'binary' }));
    const tokens = fc.oneof(fc.string({ unit: 'binary' }), payloads.map(tokenOf));
    fc.assert(
      fc.property(tokens, fc.integer({ min: 0, max: now * 2 }), (token, time) => {
        expect(Array.isArray(doubts(token, time, 'release:write'))).toBe(true);
      }),
    );
  });

  test.each([
    [{ exp: now / 1000 - 1 }, ['The access token expired on 2026-11-23 23:59:59 UTC.']],
    [{ exp: now / 1000 + 13 * 86_400 }, ['The access token expires on 2026-12-07 00:00:00 UTC']],
    [{ exp: now / 1000 + 15 * 86_400 }, []],
    [{ exp: 1e300 }, []],
    [{ exp: '9e99' }, []],
    [{ scope: ['release:read'] }, ['The access token lacks the scope release:write.']],
    [{ scope: [] }, ['The access token lacks the scopes release:read and release:write.']],
    [{ scope: 'release:read' }, []],
    [
      { iss: 'https://api.eu.cryptlex.com' },
      ['issued for another region or server than api.cryptlex.com: check api-url.'],
    ],
    [{ iss: 'https://api.cryptlex.com/' }, []],
    [{ iss: 'no URL' }, []],
  ])('%j say: %j', (claims, sentences) => {
    const token = tokenOf(JSON.stringify(claims));
    const found = doubts(token, now, 'release:read', 'release:write');
    expect(found.map(({ sentence }) => sentence)).toEqual(
      sentences.map((sentence) => expect.stringContaining(sentence)),
    );
  });
});

describe('findCredential', () => {
  const random = 'a1B2c3D4e5F6a7B8c9D0e1F2a3B4c5D6e7F8';
  test.each([
    ['a JSON Web Token', tokenOf('{"sub":"someone"}')],
    ['a GitHub token', ['ghs', random].join('_')],
    ['a GitHub token', ['github', 'pat', random].join('_')],
    ['an AWS access key', ['AKIA', 'IOSFODNN7EXAMPLE'].join('')],
    ['a private key', `-----BEGIN ${'EC PRIVATE'} KEY-----`],
  ])('names %s', (name, secret) => expect(findCredential(`Use ${secret}.`, [])).toBe(name));

  test.each([
    'Tokens such as ghp_… are refused',
    'eyJ is how they begin',
    'AKIA is a prefix',
    '-----BEGIN CERTIFICATE-----',
  ])('lets %j pass', (text) => expect(findCredential(text, [])).toBeUndefined());

  test.each(['eyJ', 'eyJaaaaaaaaaa.', 'ghp_', '-----BEGIN A ', '-----BEGIN '])(
    'takes time in proportion to its text for many %j',
    (piece) => {
      const text = piece.repeat(50_000);
      expect(cpuTime(() => findCredential(text, []))).toBeLessThan(2000);
    },
  );
});
