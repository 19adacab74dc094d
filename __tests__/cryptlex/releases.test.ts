import { describe, expect, test } from '@jest/globals';
import type { HttpAnswer, HttpRequest } from '../../src/cryptlex/http.ts';
import { openCryptlex } from '../../src/cryptlex/releases.ts';

interface Listed {
  readonly id: string;
  readonly version: string;
  readonly productId?: string;
}

const json = { 'content-type': 'application/json' };

/** The release API behind a server that answers so; also what it was asked. */
function connect(answer: (query: URLSearchParams) => Partial<HttpAnswer>) {
  const asked: URLSearchParams[] = [];
  const send = async ({ url }: HttpRequest): Promise<HttpAnswer> => {
    asked.push(url.searchParams);
    return { status: 200, headers: json, body: '[]', ...answer(url.searchParams) };
  };
  const api = new URL('https://api.example');
  return { asked, ...openCryptlex({ api, token: 't', doubts: [], send }) };
}

/** A server of these releases; `change` is called before each page. */
function serve(
  given: readonly Listed[],
  change: (all: Listed[], request: number) => readonly Listed[] = (all) => all,
) {
  let all = [...given];
  let requests = 0;
  return connect((query) => {
    requests += 1;
    all = [...change(all, requests)];
    const size = Number(query.get('limit'));
    const start = (Number(query.get('page')) - 1) * size;
    return { body: JSON.stringify(all.slice(start, start + size)) };
  });
}

function releases(count: number, version = '1.2.3'): Listed[] {
  return Array.from({ length: count }, (_, at) => ({ id: `r${at}`, version, productId: 'p' }));
}

function idsOf(found: readonly { readonly id: string }[]): string[] {
  return found.map(({ id }) => id).sort();
}

describe('findByVersion', () => {
  test.each([
    [0, 1],
    [1, 1],
    [2, 2],
    [24, 2],
    [25, 4],
    [150, 6],
  ])('of %i releases takes %i requests, in an order that stays', async (count, requests) => {
    const { findByVersion, asked } = serve(releases(count));
    expect(await findByVersion('p', '1.2.3')).toHaveLength(count);
    expect(asked).toHaveLength(requests);
    for (const query of asked) expect(query.get('sort')).toBe('createdAt');
  });

  test.each<[string, (all: Listed[], request: number) => readonly Listed[], number]>([
    [
      'one is deleted between two pages',
      (all, request) => (request === 2 ? all.slice(1) : all),
      149,
    ],
    ['the order changes once', (all, request) => (request === 2 ? all.toReversed() : all), 150],
    [
      'one is added between two pages',
      (all, request) =>
        request === 2 ? [{ ...all[0], id: 'new', version: '1.2.3', productId: 'p' }, ...all] : all,
      151,
    ],
  ])('leaves none out where %s', async (_, change, left) => {
    const found = await serve(releases(150), change).findByVersion('p', '1.2.3');
    for (const { id } of releases(150).slice(150 - Math.min(left, 150))) {
      expect(idsOf(found)).toContain(id);
    }
  });

  test('passes over one that was deleted between two lists', async () => {
    const remove = (all: Listed[], request: number) => (request === 4 ? all.slice(1) : all);
    const found = await serve(releases(150), remove).findByVersion('p', '1.2.3');
    expect(idsOf(found)).not.toContain('r0');
    expect(found).toHaveLength(149);
  });

  test('gives up where three lists in a row differ', async () => {
    let added = 0;
    const grow = (all: Listed[]) => {
      added += 1;
      return [...all, { id: `new${added}`, version: '1.2.3', productId: 'p' }];
    };
    const { findByVersion, asked } = serve(releases(150), grow);
    await expect(findByVersion('p', '1.2.3')).rejects.toMatchObject({ code: 'E_CONFLICT' });
    expect(asked).toHaveLength(9);
  });

  test('follows the pages of a server that ignores the filters, also behind a match', async () => {
    const others = releases(150, '1.0').map((each) => ({ ...each, id: `other-${each.id}` }));
    const all = [...releases(1), ...others, { ...releases(1)[0], id: 'last', version: '1.2.3' }];
    expect(idsOf(await serve(all).findByVersion('p', '1.2.3'))).toEqual(['last', 'r0']);
  });

  test('takes a release without a product only where the version filter was obeyed', async () => {
    const bare = { id: 'bare', version: '1.2.3' };
    expect(idsOf(await serve([bare]).findByVersion('p', '1.2.3'))).toEqual(['bare']);
    const mixed = serve([bare, { id: 'old', version: '1.0' }]);
    expect(await mixed.findByVersion('p', '1.2.3')).toEqual([]);
  });

  test('passes over releases of other products', async () => {
    const other = { id: 'other', version: '1.2.3', productId: 'q' };
    expect(idsOf(await serve([other, ...releases(1)]).findByVersion('p', '1.2.3'))).toEqual(['r0']);
  });

  test.each([202, 203, 204, 206])('takes no list from HTTP %i', async (status) => {
    const { findByVersion } = connect(() => ({ status }));
    await expect(findByVersion('p', '1.2.3')).rejects.toMatchObject({ code: 'E_RESPONSE' });
  });
});

describe('create', () => {
  test.each([409, 400])('is refused by HTTP %i', async (status) => {
    const { create } = connect(() => ({ status, body: '{"message":"No"}' }));
    const refused = { kind: 'refused', status, reason: { code: 'E_REQUEST' } };
    expect(await create('p', {})).toMatchObject(refused);
  });
});
