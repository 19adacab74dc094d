import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { ActionError } from '../../src/errors.ts';
import { bareToken, checkToken, doubtsAboutToken } from '../../src/inputs/token.ts';
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

describe('claims', () => {
  const doubts = (token: string, time: number, ...needs: string[]) =>
    doubtsAboutToken(token, { now: time, api, needs });

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
      ['issued for another region or server than api.cryptlex.com.'],
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
