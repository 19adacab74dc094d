import { describe, expect, test } from '@jest/globals';
import { readAnswer, readRefusal, readRelease, readReleases } from '../../src/cryptlex/schema.ts';

function parse(value: unknown) {
  const read = readAnswer(readRelease, value);
  return 'answer' in read ? read.answer : undefined;
}

describe("the vendor's own examples", () => {
  // Word for word from the vendor's reference, "Update a release".
  const release = {
    id: 'string',
    createdAt: '2019-08-24T14:15:22Z',
    updatedAt: '2019-08-24T14:15:22Z',
    name: 'string',
    channel: 'string',
    version: 'string',
    platforms: ['string'],
    notes: 'string',
    totalFiles: 0,
    publishedAt: '2019-08-24T14:15:22Z',
    files: [
      {
        id: 'string',
        createdAt: '2019-08-24T14:15:22Z',
        updatedAt: '2019-08-24T14:15:22Z',
        name: 'string',
        url: 'string',
        size: 0,
        downloads: 0,
        extension: 'string',
        checksum: 'string',
        secured: true,
        published: true,
        releaseId: 'string',
        releaseName: 'string',
      },
    ],
    published: true,
    private: true,
    archived: true,
    productId: 'string',
    tenantId: 'string',
  };
  const webhook = { event: 'release.updated', data: release, triggeredAt: 'string' };

  test('the reply is kept whole', () => {
    expect(parse(JSON.parse(JSON.stringify(release)))).toEqual(release);
  });

  test('the webhook holds a release', () => {
    expect(parse(JSON.parse(JSON.stringify(webhook)).data)).toEqual(release);
  });

  test('unknown fields are dropped, missing ones and nulls are fine', () => {
    const lean = { id: 'a', version: '1.2', notes: null, publishedAt: null, somethingNew: 1 };
    const { somethingNew, ...known } = lean;
    expect(parse(lean)).toEqual({ ...known, platforms: undefined });
  });

  test('the one platform of an older server counts as its platforms', () => {
    const old = { id: 'a', version: '1.2', platform: 'windows' };
    expect(parse(old)?.platforms).toEqual(['windows']);
  });

  test.each<[unknown, ...string[]]>([
    [{ version: '1.2' }, 'id'],
    [{ id: null, version: null }, 'id', 'version'],
    [{ id: 'a' }, 'version'],
    [{ id: 'a'.repeat(129), version: '1.2' }, 'id'],
    [{ id: '../a', version: '1.2' }, 'id'],
    [{ id: 'a', version: '1.2', files: [[]] }, 'files.0'],
    [
      { id: 'a', version: '1.2', files: [{}, { size: '1', name: 2 }] },
      'files.1.name',
      'files.1.size',
    ],
    [{ id: 'a', version: '1.2', platforms: ['x', 1] }, 'platforms.1'],
    [{ id: 'a', version: '1.2', platforms: {}, private: 1 }, 'platforms', 'private'],
    [JSON.parse('{"id":"a","version":"1.2","totalFiles":1e999}'), 'totalFiles'],
    [{ id: 'a', version: 1.2 }, 'version'],
    [[], '', 'id', 'version'],
    [null, '', 'id', 'version'],
    ['x', '', 'id', 'version'],
  ])('no release: %j', (value, ...paths) => {
    expect(readAnswer(readRelease, value)).toEqual({ wrong: paths });
    const inList = paths.map((path) => (path === '' ? '0' : `0.${path}`));
    expect(readAnswer(readReleases, [value])).toEqual({ wrong: inList });
  });

  test('no list of releases', () => {
    expect(readAnswer(readReleases, { id: 'a', version: '1.2' })).toEqual({ wrong: [''] });
  });
});

describe("the server's reason", () => {
  test.each([
    [{ message: 'No.', code: 'X', more: 1 }, { answer: { message: 'No.', code: 'X' } }],
    [{ message: 'No.', code: 7 }, { answer: { message: 'No.', code: 7 } }],
    [{ message: '' }, { answer: { message: '' } }],
    [{ code: 'X' }, { wrong: ['message'] }],
    [{ message: null }, { wrong: ['message'] }],
  ])('%j', (value, expected) => {
    expect(readAnswer(readRefusal, value)).toEqual(expected);
  });
});
