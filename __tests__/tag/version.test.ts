import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  automaticChannel,
  fullVersion,
  parseTag,
  parseVersion,
  tagToCome,
  versionToSend,
} from '../../src/tag/version.ts';

describe('parseTag', () => {
  test.each([
    ['1.2', '', undefined, '1.2'],
    ['V1.2.3', 'V', undefined, '1.2.3'],
    ['version1.2', 'version', undefined, '1.2'],
    ['release-1.2.3', 'release-', undefined, '1.2.3'],
    ['release/v1.2.3', 'release/v', undefined, '1.2.3'],
    ['rel_1.2.3', 'rel_', 'rel', '1.2.3'],
    ['app-v1.2.3.4', 'app-v', 'app', '1.2.3.4'],
    ['@scope/app@1.2.3', '@scope/app@', '@scope/app', '1.2.3'],
    ['libs/a/v1.2', 'libs/a/v', 'libs/a', '1.2'],
    ['node18-v1.2', 'node18-v', 'node18', '1.2'],
    ['win32-1.2.3', 'win32-', 'win32', '1.2.3'],
    ['-v1.2.3', '-v', undefined, '1.2.3'],
    ['2024.01.05', '', undefined, '2024.01.05'],
  ])('%s', (tag, prefix, name, version) => {
    expect(parseTag(tag)).toMatchObject({ tag, prefix, package: name, version, prerelease: [] });
  });

  test.each([
    ['1', 'has only one part'],
    ['v1', 'has only one part'],
    ['1.2.3.4.5', 'has 5 parts'],
    ['latest', 'it contains no digits'],
    ['1.2.x', '"x" is not part of a version'],
    ['1.2.3rc2', '"rc2" is not part of a version'],
    ['1.2.3+45', '"+45" is build metadata'],
    ['1.2.', 'is not x.x'],
    ['1..2', 'is not x.x'],
    ['v.1.2.3', 'is not x.x'],
    ['v 1.2', 'is not x.x'],
    ['１.２', 'it contains no digits'],
    ['v1.2.3\u202e', '"\\u{202e}" is not part of a version'],
    [`1.${'2'.repeat(200)}`, 'longer than 128'],
    ['__proto__', 'it contains no digits'],
  ])('refuses %s', (tag, why) => {
    expect(() => parseTag(tag)).toThrow(why);
    expect(() => parseTag(tag)).toThrow('x.x, x.x.x or x.x.x.x');
  });

  test('takes what a pattern found instead', () => {
    const groups = { version: '1.2.3', channel: 'beta', platform: 'macos' };
    expect(parseTag('any', groups)).toMatchObject({ ...groups, package: undefined });
    expect(() => parseTag('any', { version: 'v1.2' })).toThrow('x.x, x.x.x or x.x.x.x');
  });

  const number = fc.integer({ min: 0, max: 99_999 }).map(String);
  const version = fc.array(number, { minLength: 2, maxLength: 4 }).map((parts) => parts.join('.'));
  const word = fc.stringMatching(/^[a-z]{1,8}\d{0,2}$/);
  const prefix = fc.oneof(
    fc.constantFrom('', 'v', 'V', 'release/', 'version-'),
    fc.tuple(word, fc.constantFrom('/', '@', '-', '_', '/v', '-v', '@v')).map(([a, b]) => a + b),
  );

  test('gives the version of any prefix verbatim', () => {
    fc.assert(
      fc.property(prefix, version, (before, wanted) => {
        const parsed = parseTag(before + wanted);
        expect(parsed.version).toBe(wanted);
        expect(parsed.prefix).toBe(before);
      }),
    );
  });

  test('gives nothing but a tail of the tag, or an error', () => {
    const tag = fc.stringMatching(/^[v0-9.\-@/_a+]{1,20}$/);
    fc.assert(
      fc.property(tag, (text) => {
        try {
          const parsed = parseTag(text);
          expect(text.endsWith(fullVersion(parsed))).toBe(true);
          expect(parsed.prefix).not.toMatch(/\d\.\d/);
          expect(parsed.version).toMatch(/^\d+(\.\d+){1,3}$/);
        } catch (error) {
          expect(error).toHaveProperty('code', 'E_TAG');
        }
      }),
    );
  });
});

describe('versionToSend', () => {
  const candidate = parseVersion('1.2.3-rc.4');
  test('leaves a plain version alone', () => {
    for (const policy of ['fail', 'strip', 'build'] as const) {
      expect(versionToSend(parseVersion('1.2.3'), policy)).toBe('1.2.3');
    }
  });
  test('follows the policy for a prerelease', () => {
    expect(versionToSend(candidate, 'strip')).toBe('1.2.3');
    for (const suffix of ['rc.4', 'rc4', 'RC4', '4', 'beta-4']) {
      expect(versionToSend(parseVersion(`1.2.3-${suffix}`), 'build')).toBe('1.2.3.4');
    }
    expect(() => versionToSend(candidate, 'fail')).toThrow('is a prerelease');
  });
  test.each([
    '1.2.3-rc',
    '1.2.3-4.5',
    '1.2.3-1.rc',
    '1.2.3-rc1.2',
    '1.2.3-rc2a',
    '1.2-rc.1',
    '1.2.3.4-rc.1',
  ])('gives no build number for %s', (version) => {
    expect(() => versionToSend(parseVersion(version), 'build')).toThrow('gives no build number');
  });
});

describe('automaticChannel', () => {
  test.each([
    ['1.2.3', {}, 'stable'],
    ['1.2.3', { stable: 'general' }, 'general'],
    ['1.2.3-rc.1', {}, 'rc'],
    ['1.2.3-rc.1', { rc: 'release-candidate' }, 'release-candidate'],
    ['1.2.3-rc1', {}, 'rc'],
    ['1.2.3-RC1', {}, 'rc'],
    ['1.2.3-beta2', { beta: 'early' }, 'early'],
    ['1.2.3-RC.1', { rc: 'release-candidate' }, 'release-candidate'],
    ['1.2.3-rc1', { rc1: 'first', rc: 'other' }, 'first'],
    ['1.2.3-7', { 7: 'beta' }, 'beta'],
    ['1.2.3-constructor', {}, 'constructor'],
  ])('%s with %j', (version, map, channel) => {
    expect(automaticChannel(parseVersion(version), new Map(Object.entries(map)))).toBe(channel);
  });
  test('takes the word of a tag-pattern as it is', () => {
    const parsed = { ...parseVersion('1.2.3'), channel: 'Beta' };
    expect(automaticChannel(parsed, new Map())).toBe('Beta');
    expect(
      automaticChannel(
        parsed,
        new Map([
          ['beta', 'early'],
          ['stable', 'x'],
        ]),
      ),
    ).toBe('early');
  });
  test('refuses a number without a mapping', () => {
    expect(() => automaticChannel(parseVersion('1.2.3-7'), new Map())).toThrow('channel-map');
  });
});

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
