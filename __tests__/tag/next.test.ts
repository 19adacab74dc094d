import { expect, test } from '@jest/globals';
import { tagToCome } from '../../src/tag/next.ts';

test.each([
  [[], 'v1.3.0'],
  [['latest', 'nightly'], 'v1.3.0'],
  [['1.2.9', '1.2.10'], '1.3.0'],
  [['v1.2.9', '1.2.10', 'v1.2.1'], '1.3.0'],
  [['app@1.2', 'v0.9'], 'app@1.3.0'],
  [['release/1.2.3.4', 'v1.2.3.3'], 'release/1.3.0'],
])('after %j comes %s', (tags, expected) => {
  expect(tagToCome('1.3.0', tags)).toBe(expected);
  expect(tagToCome('1.3.0', tags.toReversed())).toBe(expected);
});
