import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import { chooseVersion, readEvent } from '../../src/tag/event.ts';
import { silentLog } from '../silent-log.ts';

const folder = mkdtempSync(join(tmpdir(), 'event-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** The event of an environment whose event file holds `payload`. */
function read(payload: string, env: Readonly<Record<string, string>> = {}) {
  const path = join(folder, 'event.json');
  writeFileSync(path, payload);
  return readEvent({
    GITHUB_EVENT_NAME: 'push',
    GITHUB_EVENT_PATH: path,
    GITHUB_REF: 'refs/tags/v1.2.3',
    GITHUB_REPOSITORY: 'octo/app',
    ...env,
  });
}

describe('readEvent', () => {
  test.each(['', 'null', '[]', '{"repository":7,"deleted":"yes"}', '\ufeff{}', '{'])(
    'makes do with the environment when the event file holds %j',
    (payload) => {
      expect(read(payload)).toMatchObject({
        name: 'push',
        tag: 'v1.2.3',
        idle: undefined,
        repository: { serverUrl: 'https://github.com', name: 'octo/app', private: true },
        apiUrl: 'https://api.github.com',
      });
    },
  );

  test('makes do without an event file', () => {
    expect(readEvent({ GITHUB_REF: 'refs/tags/v1' })).toMatchObject({ tag: 'v1', name: '' });
  });

  test.each([
    ['{"repository":{"private":false}}', false],
    ['{"repository":{"private":true}}', true],
    ['{"repository":{}}', true],
    ['{"repository":{"private":false,"internal":true}}', true],
    ['{"repository":{"private":false,"owner":{"visibility":"limited"}}}', true],
    ['{"repository":{"private":false,"owner":{"visibility":"private"}}}', true],
    ['{"repository":{"private":false,"owner":{"visibility":"public"}}}', false],
  ])('%s: private %s', (payload, isPrivate) => {
    expect(read(payload).repository?.private).toBe(isPrivate);
  });

  const gone = (action: string) => `{"action":"${action}","release":{"tag_name":"v1.2.3"}}`;
  const isGone = 'the tag or its release was deleted or unpublished';
  const isBranch = 'is about a branch';
  test.each<[string | undefined, string, string, string?]>([
    [isGone, 'push', '{"deleted":true}'],
    [undefined, 'push', '{"deleted":true}', 'refs/heads/main'],
    [undefined, 'push', '{"deleted":false}'],
    [isGone, 'delete', '{"ref":"v1.2.3","ref_type":"tag"}'],
    [isBranch, 'delete', '{"ref":"topic","ref_type":"branch"}'],
    [isBranch, 'create', '{"ref":"topic","ref_type":"branch"}', 'refs/heads/topic'],
    [undefined, 'create', '{"ref":"v1.2.3","ref_type":"tag"}'],
    [isGone, 'release', gone('deleted')],
    [isGone, 'release', gone('unpublished')],
    [undefined, 'release', gone('published')],
    [undefined, 'release', gone('predeleted')],
  ])('nothing to do: %s, for %s with %s', (reason, name, payload, ref = 'refs/tags/v1.2.3') => {
    const { idle } = read(payload, { GITHUB_EVENT_NAME: name, GITHUB_REF: ref });
    expect(idle).toEqual(reason && expect.stringContaining(reason));
  });

  test.each(['v1.2.3', 'refs/tags/v1.2.3'])('a tag that is created: %s in the payload', (ref) => {
    const payload = JSON.stringify({ ref, ref_type: 'tag' });
    // A local runner gives the short name alone.
    const env = { GITHUB_EVENT_NAME: 'create', GITHUB_REF: 'v1.2.3' };
    expect(read(payload, env).tag).toBe('v1.2.3');
  });

  test('knows the addresses of an own server', () => {
    const env = {
      GITHUB_SERVER_URL: 'https://git.example/',
      GITHUB_API_URL: 'https://git.example/api/v1/',
    };
    expect(read('{}', env)).toMatchObject({
      apiUrl: 'https://git.example/api/v1',
      repository: { serverUrl: 'https://git.example' },
    });
  });
});

describe('chooseVersion', () => {
  const event = read('{}');
  const choose = (inputs: Partial<Parameters<typeof chooseVersion>[1]>, from = event) =>
    chooseVersion(from, { 'dry-run': false, ...inputs }, silentLog);

  const pattern = '(?<package>[a-z]+)_(?<version>[0-9.]+)(?:_(?<platform>[a-z]+))?';
  const optional = 'v(?<version>[0-9.]+)-?(?<channel>[a-z]*)';
  test.each([
    ['the event', {}, { version: '1.2.3', ref: 'v1.2.3', source: 'event' }],
    [
      'the tag input before it',
      { tag: 'app@2.0' },
      { version: '2.0', ref: 'app@2.0', package: 'app', source: 'tag input' },
    ],
    [
      'the version input before both',
      { tag: 'app@2.0', version: '3.0' },
      { version: '3.0', ref: 'app@2.0', package: 'app', source: 'version input' },
    ],
    [
      'a version for a tag that holds none',
      { tag: 'latest', version: '3.0' },
      { version: '3.0', ref: 'latest' },
    ],
    [
      'what a pattern finds in a tag',
      { tag: 'app_1.2_linux', 'tag-pattern': pattern },
      { version: '1.2', package: 'app', platform: 'linux' },
    ],
    [
      'the parts that a pattern finds in a tag',
      {
        tag: 'kettle_1_2_3',
        'tag-pattern':
          '(?<package>[a-z]+)_(?<major>\\d+)_(?<minor>\\d+)(?:_(?<patch>\\d+))?(?:_(?<build>\\d+))?',
      },
      { version: '1.2.3', package: 'kettle' },
    ],
    [
      'an optional group that matched nothing for absent',
      { tag: 'v1.2', 'tag-pattern': optional },
      { version: '1.2', channel: undefined },
    ],
    [
      'the channel from the tag even where the version is given',
      { tag: 'v1.2.3-rc.1', version: '1.2.3' },
      { version: '1.2.3', prerelease: [], channel: 'rc' },
    ],
  ])('takes %s', (_, inputs, chosen) => expect(choose(inputs)).toMatchObject(chosen));

  test('refuses a tag that holds no version', () => {
    expect(() => choose({ tag: 'latest' })).toThrow('it contains no digits');
  });

  test.each([
    ['v(?<version>\\d+\\.\\d+)', 'E_TAG', 'does not match'],
    ['v\\d', 'E_CONFIG', 'has neither a group named version'],
    ['v(?<major>1).*', 'E_CONFIG', 'nor the groups major and minor'],
    ['v(?<major>\\d)(?<minor>x)?.*', 'E_TAG', 'does not match'],
    ['(?<version>', 'E_CONFIG', 'is not a regular expression'],
  ])('refuses the pattern %s', (tagPattern, code, message) => {
    expect(() => choose({ 'tag-pattern': tagPattern })).toThrow(
      expect.objectContaining({ code, message: expect.stringContaining(message) }),
    );
  });

  test.each([
    'pull_request',
    'pull_request_target',
    'pull_request_review',
    'pull_request_review_comment',
    'merge_group',
  ])('lets %s rehearse only', (name) => {
    const from = read('{}', { GITHUB_EVENT_NAME: name, GITHUB_REF: 'refs/pull/1/merge' });
    for (const given of [{ version: '1.2' }, { tag: 'v1.2' }, {}]) {
      expect(() => choose(given, from)).toThrow('dry-run: true');
    }
    expect(choose({ 'dry-run': true }, from)).toBeUndefined();
    expect(choose({ 'dry-run': true, version: '1.2' }, from)).toMatchObject({ version: '1.2' });
  });

  test.each([
    [{ version: 'v1.7.0' }, '1.7.0', 'notice', /"v1.7.0"; "1.7.0" is used/],
    [{ version: '1.1', tag: 'v1.10' }, '1.1', 'warning', /the tag says "1.10".*version: "1.10"/],
    [{ version: '1.2', tag: 'v1.2' }, '1.2', undefined, /^$/],
    [{ version: '1.2.10', tag: 'v1.2.1' }, '1.2.10', undefined, /^$/],
  ])('%j gives %s with a %s', (inputs, version, kind, words) => {
    const said: string[][] = [];
    const note = (level: string) => (text: string) => void said.push([level, text]);
    const log = { notice: note('notice'), warning: note('warning') };
    expect(chooseVersion(event, { 'dry-run': false, ...inputs }, log)).toMatchObject({ version });
    expect(said).toEqual(kind === undefined ? [] : [[kind, expect.stringMatching(words)]]);
  });
});
