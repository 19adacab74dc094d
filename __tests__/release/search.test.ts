import { describe, expect, test } from '@jest/globals';
import type { Release } from '../../src/cryptlex/release.ts';
import type { Cryptlex } from '../../src/cryptlex/releases.ts';
import { startSearch } from '../../src/release/search.ts';

const criteria = { productId: 'p', version: '1.2.3', channel: undefined, platform: undefined };
const release: Release = { id: 'a', version: '1.2.3', platforms: undefined };
const near: Release = { id: 'b', version: '1.2.2', platforms: undefined };

const inputsWith = (onMissing: 'fail' | 'create' | 'skip') =>
  ({
    'on-missing': onMissing,
    'release-id': undefined,
    'upload-files': undefined,
    publish: false,
  }) as const;

/** A server of these lists; `asked` counts how often the newest releases are asked for. */
function serve(listed: readonly Release[] | Error, newest: readonly Release[] | Error) {
  const asked = { times: 0 };
  const give = (value: readonly Release[] | Error) =>
    value instanceof Error ? Promise.reject(value) : Promise.resolve(value);
  const nothing = () => Promise.reject(new Error('not expected'));
  const cryptlex: Cryptlex = {
    findByVersion: () => give(listed),
    listNewest: () => {
      asked.times += 1;
      return give(newest);
    },
    get: nothing,
    update: nothing,
    create: nothing,
    publish: nothing,
  };
  return { cryptlex, asked };
}

describe('what is near is asked for', () => {
  test.each([
    ['where nothing matches', [], [near], 'fail', [near], 1],
    ['and may fail', [], new Error('500'), 'fail', [], 1],
    ['not where something matches', [release], [near], 'fail', [], 0],
    ['not where one is to be created', [], [near], 'create', [], 0],
    ['not where the run is to be skipped', [], [near], 'skip', [], 0],
  ] as const)('%s', async (_, listed, newest, onMissing, expected, times) => {
    const { cryptlex, asked } = serve(listed, newest);
    const search = startSearch(cryptlex, criteria, inputsWith(onMissing));
    expect([await search?.result, asked.times]).toEqual([
      { criteria, listed, near: expected },
      times,
    ]);
  });
});

test('a search that fails before it is awaited is not unhandled', async () => {
  const unhandled: unknown[] = [];
  const note = (reason: unknown) => unhandled.push(reason);
  process.on('unhandledRejection', note);
  const { cryptlex } = serve(new Error('gone'), []);
  const search = startSearch(cryptlex, criteria, inputsWith('fail'));
  await new Promise((resolve) => setTimeout(resolve, 20));
  process.off('unhandledRejection', note);
  expect(unhandled).toEqual([]);
  await expect(search?.result).rejects.toThrow('gone');
});

describe('the notes wait no longer', () => {
  const { cryptlex } = serve([release], []);
  const never = new Promise<never>(() => undefined);
  const begin = (findByVersion: Cryptlex['findByVersion']) =>
    startSearch({ ...cryptlex, findByVersion }, criteria, inputsWith('fail'))?.sent;

  test('than until the request is sent, though no answer has come', async () => {
    let send: (() => void) | undefined;
    const sent = begin((_, __, onSent) => {
      send = onSent;
      return never;
    });
    expect(await Promise.race([sent, 'not yet'])).toBe('not yet');
    send?.();
    expect(await sent).toBeUndefined();
  });

  test('than for half a second', async () => {
    const started = performance.now();
    const alive = setTimeout(() => undefined, 10_000);
    await begin(() => never);
    clearTimeout(alive);
    expect(performance.now() - started).toBeGreaterThan(400);
  });

  test('where the search has failed', async () => {
    const started = performance.now();
    await begin(() => Promise.reject(new Error('gone')));
    expect(performance.now() - started).toBeLessThan(400);
  });
});
