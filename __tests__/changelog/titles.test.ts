import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { readTitle } from '../../src/changelog/titles.ts';
import { usualTitles } from '../../src/changelog/words.ts';

test('a title in the form that tools write says the same as word by word', () => {
  const number = fc.integer({ min: 0, max: 999 }).map(String);
  const version = fc.array(number, { minLength: 2, maxLength: 5 }).map((parts) => parts.join('.'));
  const date = fc.constantFrom('2024-05-01', '1999-12-31', '2024-13-45', '24-05-01', '2024.05.01');
  const brackets = fc.constantFrom(
    ['', ''],
    ['v', ''],
    ['[', ']'],
    ['[v', '](https://example.com/a...b)'],
  );
  const between = fc.constantFrom('', ' ', ' - ', ' – ');
  const day = fc.oneof(
    fc.constant(''),
    date,
    date.map((text) => `(${text})`),
  );
  const title = fc
    .tuple(brackets, version, between, day)
    .map(([[before, after], text, space, end]) => `${before}${text}${after}${space}${end}`)
    .filter((text) => !/\d\(?\d{4}-/.test(text));
  fc.assert(
    fc.property(title, (text) => {
      // The emphasis means nothing, but it takes the title out of the usual form.
      expect(readTitle(text)).toEqual(readTitle(`**${text}**`));
    }),
    { numRuns: 3000 },
  );
});

test.each([...usualTitles])('the title "%s" says the same as word by word', (title) => {
  expect(readTitle(title)).toEqual(readTitle(`**${title}**`));
});

test('a word in another script is a name', () => {
  expect(readTitle('部品 1.2.3').versions).toEqual([{ text: '1.2.3', name: '部品' }]);
});
