import { describe, expect, test } from '@jest/globals';
import { schemas } from '../../src/cryptlex/schema.ts';

function parse(value: unknown) {
  return schemas.release.safeParse(value).data;
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

  test.each([
    { version: '1.2' },
    { id: 'a' },
    { id: 'a'.repeat(129), version: '1.2' },
    { id: 'a', version: '1.2', files: [[]] },
    { id: 'a', version: 1.2 },
    [],
    null,
    'x',
  ])('no release: %j', (value) => {
    expect(parse(value)).toBeUndefined();
    expect(schemas.releases.safeParse([value]).data).toBeUndefined();
  });
});
