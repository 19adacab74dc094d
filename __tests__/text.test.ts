import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { count, describeSize, listWords, quote, safe } from '../src/text.ts';
import { cpuTime } from './cpu-time.ts';
import { commandsIn } from './e2e/oracles.ts';

const acted = ['::error::', '##[', '#', '[', ':', ' ', '\u00a0', '\u3000', '\n', '\r', '\u2028'];
const odd = ['\u202e', '\u200b', '\u001b[31m', '\ud800', '\udc00', '\u0000', '👩‍👩‍👧', '…'];
/** Any text, half surrogates included, rich in what the runner or a terminal would act on. */
const anyText = fc
  .array(
    fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom(...acted), fc.constantFrom(...odd)),
  )
  .map((parts) => parts.join(''));

describe('safe', () => {
  test('gives one line that holds no command, whatever stands before it in the log', () => {
    fc.assert(
      fc.property(anyText, fc.constantFrom('', 'Tag ', '  ', '#', '##'), (text, before) => {
        const shown = safe(text);
        expect(shown).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
        expect(shown.isWellFormed()).toBe(true);
        expect(commandsIn(shown)).toEqual([]);
        if (before !== '#' && before !== '##') expect(commandsIn(before + shown)).toEqual([]);
      }),
    );
  });

  test('changes nothing the second time', () => {
    fc.assert(
      fc.property(anyText, fc.integer({ min: 1, max: 40 }), (text, limit) => {
        const once = safe(text, limit);
        expect(safe(once, limit)).toBe(once);
      }),
    );
  });

  test('keeps to its limit in code points, and says so when it cut', () => {
    fc.assert(
      fc.property(anyText, fc.integer({ min: 1, max: 40 }), (text, limit) => {
        const [whole, shown] = [safe(text, Number.MAX_SAFE_INTEGER), safe(text, limit)];
        expect([...shown].length).toBeLessThanOrEqual(limit);
        expect(shown === whole || shown.endsWith('…')).toBe(true);
        if (shown !== whole) expect(whole.startsWith(shown.slice(0, -1))).toBe(true);
      }),
    );
  });

  test('leaves plain text as it is', () => {
    const plain = fc.string({
      unit: fc.constantFrom(...'abc XYZ 09 .,-_()äß漢😀"\'<>&'),
      maxLength: 100,
    });
    fc.assert(fc.property(plain, (text) => expect(safe(text)).toBe(text)));
  });

  test.each([
    ['a\nb', 'a\\u{a}b'],
    ['::error::x', ': :error::x'],
    ['\u00a0::error::x', '\u00a0: :error::x'],
    ['x ##[add-mask]y', 'x # #[add-mask]y'],
    ['###[add-mask]y', '## #[add-mask]y'],
    ['\u202egnp.exe', '\\u{202e}gnp.exe'],
    ['\ud800', '\ufffd'],
  ])('%j is shown as %j', (text, shown) => expect(safe(text)).toBe(shown));

  test.each([':', '#', '##[', '\n', '\u00a0', ' ', '\u202e', '\ud800', '😀'])(
    'takes time in proportion to its text for many %j',
    async (piece) => {
      const text = piece.repeat(500_000);
      expect(await cpuTime(() => safe(text))).toBeLessThan(2000);
    },
  );
});

test('quote puts quotes around what is safe', () => {
  expect(quote('v1\n')).toBe('"v1\\u{a}"');
  expect(quote('abcdef', 3)).toBe('"ab…"');
});

test('listWords joins as people do', () => {
  const words = ['a', 'b', 'c'];
  expect([0, 1, 2, 3].map((length) => listWords(words.slice(0, length)))).toEqual([
    '',
    'a',
    'a or b',
    'a, b or c',
  ]);
  expect(listWords(words, 'and')).toBe('a, b and c');
});

test('count agrees with its noun', () => {
  expect([0, 1, 2].map((number) => count(number, 'release'))).toEqual([
    '0 releases',
    '1 release',
    '2 releases',
  ]);
});

describe('describeSize', () => {
  test.each([
    [1, '1 byte'],
    [999, '999 bytes'],
    [1000, '1.0 kB'],
    [1_250_000, '1.3 MB'],
    [2_000_000_000, '2.0 GB'],
  ])('%i: %s', (bytes, shown) => expect(describeSize(bytes)).toBe(shown));
});
