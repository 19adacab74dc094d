import { describe, expect, test } from '@jest/globals';
import { parseInputs } from '../../src/inputs/read.ts';

const byId = { 'product-id': '', 'release-id': 'r1' };
const needed = { 'access-token': 'opaque-token', 'product-id': 'p1' };

function parse(given: Readonly<Record<string, string>>) {
  return parseInputs((name) => given[name] ?? '');
}

describe('parseInputs', () => {
  test('fills the defaults in', () => {
    const { 'api-url': api, ...inputs } = parse(needed);
    expect(api.href).toBe('https://api.cryptlex.com/');
    expect(inputs).toMatchObject({
      match: 'one',
      'on-missing': 'fail',
      'on-published': 'fail',
      prerelease: 'fail',
      'notes-from': ['changelog', 'tag'],
      'on-missing-notes': 'fail',
      'notes-overflow': 'truncate',
      'dry-run': false,
      'timeout-seconds': 120,
      'exclude-sections': [],
      'channel-map': {},
    });
  });

  test('takes lists with commas and line breaks', () => {
    const inputs = parse({
      ...needed,
      platforms: ' windows,\nmacos\n\nlinux ',
      'exclude-sections': 'Internal, Chores',
      'notes-from': 'tag\nnone',
      channel: 'auto',
      'channel-map': 'rc = release-candidate\nbeta=preview',
    });
    expect(inputs.platforms).toEqual(['windows', 'macos', 'linux']);
    expect(inputs['exclude-sections']).toEqual(['Internal', 'Chores']);
    expect(inputs['notes-from']).toEqual(['tag', 'none']);
    expect(Object.fromEntries(inputs['channel-map'])).toEqual({
      rc: 'release-candidate',
      beta: 'preview',
    });
  });

  test('trims every text but the literal notes', () => {
    const inputs = parse({ ...needed, name: '  App ', notes: ' \n- x\n' });
    expect(inputs.name).toBe('App');
    expect(inputs.notes).toBe(' \n- x\n');
  });

  test('needs no token for a dry run', () => {
    expect(parse({ 'product-id': 'p1', 'dry-run': 'true' })['access-token']).toBeUndefined();
  });

  test.each<[Record<string, string>, string]>([
    [{ match: 'some' }, 'match must be one or all'],
    [{ 'on-missing': 'Fail' }, 'on-missing must be fail, create or skip'],
    [{ 'dry-run': 'yes' }, 'dry-run must be true or false'],
    [{ private: '1' }, 'private must be true or false'],
    [
      { 'notes-from': 'changelog, git' },
      'notes-from must list changelog, tag, github-release and none',
    ],
    [{ 'notes-from': ',' }, 'notes-from must list'],
    ...['0', '601', '-1', '1e12'].map((value): [Record<string, string>, string] => [
      { 'timeout-seconds': value },
      'timeout-seconds must be a whole number from 1 to 600',
    ]),
    [{ 'product-id': '../users/1' }, 'product-id must be 1 to 128 letters'],
    [{ 'product-id': 'a'.repeat(129) }, 'product-id must be 1 to 128 letters'],
    [{ channel: 'a'.repeat(257) }, 'channel must have 1 to 256 characters'],
    [{ channel: '😀'.repeat(129) }, 'channel must have 1 to 256 characters'],
    [{ platforms: 'a'.repeat(257) }, 'platforms must list platforms'],
    [{ platforms: ',,' }, 'platforms must list platforms'],
    [{ channel: 'auto', 'channel-map': 'rc' }, 'channel-map must contain lines'],
    [{ channel: 'auto', 'channel-map': 'rc=a=b' }, 'channel-map must contain lines'],
    [{ channel: 'a\u0085b' }, 'channel must have 1 to 256 characters, on one line'],
    [{ 'channel-map': 'rc=x' }, 'channel-map is set, but neither'],
    [{ 'tag-pattern': 'x'.repeat(201) }, 'tag-pattern must have at most 200'],
    [{ 'release-id': 'r1' }, 'Both release-id and product-id'],
    [{ 'product-id': '' }, 'Neither product-id nor release-id'],
    [{ ...byId, match: 'all' }, 'match does not apply'],
    [{ ...byId, 'on-published': 'skip' }, 'on-published does not apply'],
    [{ ...byId, 'match-channel': 'x' }, 'match-channel does not apply'],
    [{ prerelease: 'strip' }, 'needs match-channel'],
    [{ match: 'all', platforms: 'windows' }, 'platforms cannot be set with match: all'],
  ])('refuses %j', (given, message) => {
    expect(() => parse({ ...needed, ...given })).toThrow(
      expect.objectContaining({
        code: 'E_CONFIG',
        message: expect.stringContaining(message),
        remedy: expect.stringMatching(/\w/),
      }),
    );
  });

  test('names every wrong input at once', () => {
    expect(() => parse({ ...needed, match: 'x', private: 'y' })).toThrow(/match.*\n.*private/);
  });
});
