import { describe, expect, test } from '@jest/globals';
import type { Sandbox } from '../../sandbox/server.ts';
import { call, refusal, start } from './harness.ts';

async function listIds(sandbox: Sandbox, query: string): Promise<unknown> {
  const { json } = await call(sandbox, `/v3/releases?${query}`);
  return Array.isArray(json) ? json.map((release) => release.id) : json;
}

describe('the list', () => {
  const releases = [
    { id: 'b', version: '1.10', createdAt: '2020-01-02T00:00:00.1230000', productId: 'p1' },
    { id: 'c', version: '1.2', createdAt: '2020-01-03T00:00:00Z', platforms: ['linux', 'macos'] },
    { id: 'a', version: '1.9', createdAt: '2020-01-01T00:00:00Z', name: 'First', private: true },
    {
      id: 'd',
      version: '1.2.0',
      createdAt: '2020-01-04T00:00:00Z',
      channel: 'rc',
      published: true,
    },
  ];

  test.each([
    ['', ['a', 'b', 'c', 'd']],
    ['sort=createdAt', ['a', 'b', 'c', 'd']],
    ['sort=-createdAt', ['d', 'c', 'b', 'a']],
    ['sort=version', ['c', 'd', 'a', 'b']],
    ['version=1.2', ['c']],
    ['version[eq]=1.2.0', ['d']],
    ['version[ne]=1.2', ['a', 'b', 'd']],
    ['version[in]=1.2,1.9', ['a', 'c']],
    ['version[gt]=1.9', ['b']],
    ['version[lt]=1.9', ['c', 'd']],
    ['productId=p1', ['b']],
    ['name=First', ['a']],
    ['platform=macos', ['c']],
    ['platform[ne]=macos', ['a', 'b', 'd']],
    ['channel=rc', ['d']],
    ['published=true', ['d']],
    ['private=false', ['b', 'c', 'd']],
    ['search=first', ['a']],
    ['query=1.10', ['b']],
    ['channel=rc&version=1.2', []],
    ['limit=2', ['a', 'b']],
    ['limit=2&page=2', ['c', 'd']],
    ['limit=3&page=2', ['d']],
    ['limit=3&page=3', []],
  ])('%s', async (query, ids) => {
    expect(await listIds(await start({ releases }), query)).toEqual(ids);
  });

  test.each([
    'page=0',
    'page=-1',
    'page=x',
    'limit=0',
    'limit=101',
    'limit=',
    'sort=notes',
    'sort=toString',
    'ver=1.2',
    'toString=1',
    'version[like]=1',
    'published=yes',
  ])('refuses %s', async (query) => {
    const answer = await call(await start({ releases }), `/v3/releases?${query}`);
    expect(answer).toMatchObject({ status: 400, json: refusal });
  });

  test('holds up to 100 a page', async () => {
    const many = Array.from({ length: 101 }, () => ({}));
    const sandbox = await start({ releases: many });
    expect(await listIds(sandbox, 'limit=100')).toHaveLength(100);
    expect(await listIds(sandbox, 'limit=100&page=2')).toHaveLength(1);
  });

  test('of a server that ignores filters', async () => {
    const sandbox = await start({ releases, ignoreFilters: true });
    expect(await listIds(sandbox, 'version=1.2&foo=1&limit=3')).toEqual(['a', 'b', 'c']);
  });
});
