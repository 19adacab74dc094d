import { expect, test } from '@jest/globals';
import { fillTemplate } from '../../src/tag/template.ts';

const values = { version: '1.2.3', tag: undefined };

test('fills every placeholder in', () => {
  expect(fillTemplate('name', 'App {version} ({version})', values)).toBe('App 1.2.3 (1.2.3)');
});

test('leaves what is no placeholder alone', () => {
  expect(fillTemplate('name', '{ {} }$& }{', { ...values, '': 'x' })).toBe('{ x }$& }{');
  expect(fillTemplate('name', '{version}', { version: '$&{tag}' })).toBe('$&{tag}');
});

test.each([
  ['{tag}', 'this run has no tag'],
  ['{date}', 'unknown placeholder "{date}"'],
  ['{__proto__}', 'unknown placeholder'],
])('refuses %s', (template, message) => {
  expect(() => fillTemplate('name', template, values)).toThrow(
    expect.objectContaining({ code: 'E_CONFIG', message: expect.stringContaining(message) }),
  );
});
