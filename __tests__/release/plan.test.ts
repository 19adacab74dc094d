import { describe, expect, test } from '@jest/globals';
import type { Release } from '../../src/cryptlex/release.ts';
import { planUpdate } from '../../src/release/plan.ts';
import { type Search, selectMatches } from '../../src/release/search.ts';
import { explainRefusal } from '../../src/report/refusal.ts';

const criteria = { productId: 'p', version: '1.2.3', channel: undefined, platform: undefined };
const inputs = {
  match: 'one',
  'on-missing': 'fail',
  'on-published': 'fail',
  'on-existing-notes': 'replace',
  'release-id': undefined,
} as const;
const fields = { version: '1.2.3', notes: 'New' };

function release(given: Partial<Release> = {}): Release {
  return { id: 'a', version: '1.2.3', platforms: undefined, ...given };
}

function plan(listed: readonly Release[], options: Partial<Parameters<typeof planUpdate>[0]> = {}) {
  return planUpdate({ ...inputs, ...options }, fields, { criteria, listed, near: [] });
}

/** The error for a plan that is refused. */
function refusalOf(search: Search, options: Partial<Parameters<typeof planUpdate>[0]> = {}) {
  const refused = planUpdate({ ...inputs, ...options }, fields, search);
  return refused.kind === 'refuse' ? explainRefusal(refused) : undefined;
}

describe('planUpdate', () => {
  test('changes only what differs, and keeps what was there', () => {
    expect(plan([release({ notes: 'Old', name: 'App' })])).toEqual({
      kind: 'update',
      steps: [
        {
          kind: 'change',
          release: release({ notes: 'Old', name: 'App' }),
          changes: { notes: 'New' },
          wanted: fields,
        },
      ],
    });
  });

  test('has nothing to do for a release that is as wanted, published or not', () => {
    const same = release({ notes: '\nNew\r\n', published: true });
    expect(plan([same])).toEqual({ kind: 'update', steps: [{ kind: 'unchanged', release: same }] });
  });

  test.each([
    ['keep', 'Old', undefined],
    ['keep', ' \n', 'New'],
    ['keep', null, 'New'],
    ['replace', 'Old', 'New'],
  ] as const)('with on-existing-notes: %s, notes that are %j become %j', (choice, notes, sent) => {
    const planned = plan([release({ notes, channel: 'x' })], { 'on-existing-notes': choice });
    const [step] = planned.kind === 'update' ? planned.steps : [];
    expect(step?.kind === 'change' ? step.changes.notes : undefined).toBe(sent);
  });

  test('stops at a published release before anything is written', () => {
    const others = [release({ id: 'b' }), release({ id: 'c', published: true })];
    const refused = refusalOf({ criteria, listed: others, near: [] }, { match: 'all' });
    expect(refused).toMatchObject({ code: 'E_READONLY' });
    expect(refused?.what).toMatch(/id c.*differs in notes/);
    expect(refused?.what).not.toContain('id b');
  });

  test('does not name notes that are kept among what differs', () => {
    const listed = [release({ notes: 'Old', name: 'Old', published: true })];
    const given = { ...inputs, 'on-existing-notes': 'keep' } as const;
    const planned = planUpdate(given, { ...fields, name: 'New' }, { criteria, listed, near: [] });
    const refused = planned.kind === 'refuse' ? explainRefusal(planned) : undefined;
    expect(refused?.what).toMatch(/differs in name$/);
  });

  test('skips or updates a published release when told to', () => {
    const published = release({ published: true });
    expect(plan([published], { 'on-published': 'skip' })).toMatchObject({
      steps: [{ kind: 'skip' }],
    });
    expect(plan([published], { 'on-published': 'update' })).toMatchObject({
      steps: [{ kind: 'change' }],
    });
  });

  test('explains that nothing matches by what is near', () => {
    const near = ['9.9.9', '1.2.2', '1.0.0', '1.2.0'].map((version) =>
      release({ id: `id-${version}`, version }),
    );
    const listed = [release({ id: 'gone', archived: true })];
    const refused = refusalOf({ criteria, listed, near });
    expect(refused).toMatchObject({ code: 'E_NOT_FOUND' });
    expect(refused?.what).toMatch(
      /archived, id gone\)\n1\.2\.2 .*\n1\.2\.0 .*\n1\.0\.0 .*\n9\.9\.9/,
    );
  });

  test('says where a product without releases may come from', () => {
    const refused = refusalOf({ criteria, listed: [], near: [] });
    expect(refused?.what).toContain('or this token cannot see it');
  });

  test('lists several matches', () => {
    const refused = refusalOf({ criteria, listed: [release(), release({ id: 'b' })], near: [] });
    expect(refused).toMatchObject({ code: 'E_AMBIGUOUS' });
    expect(refused?.what).toMatch(/2 releases match.*\n.*id a.*\n.*id b/);
  });

  test('creates in the channel and for the platform that were looked for', () => {
    const search = {
      criteria: { ...criteria, channel: 'beta', platform: 'macos' },
      listed: [release()],
      near: [],
    };
    expect(planUpdate({ ...inputs, 'on-missing': 'create' }, fields, search)).toMatchObject({
      kind: 'create',
      criteria: search.criteria,
      fields: { ...fields, name: '1.2.3', channel: 'beta', platforms: ['macos'] },
      others: [release()],
    });
  });
});

test.each([
  { channel: 'Beta', platform: 'linux' },
  { channel: 'beta', platform: 'Linux' },
])('creates nothing beside a release that differs from %j in case alone', (looked) => {
  const listed = [release({ channel: 'beta', platforms: ['linux'] })];
  const search = { criteria: { ...criteria, ...looked }, listed, near: [] };
  const refused = refusalOf(search, { 'on-missing': 'create' });
  expect(refused).toMatchObject({ code: 'E_NOT_FOUND' });
  expect(refused?.what).toMatch(/differs only in upper and lower case.*channel beta, .*id a\)/s);
});

test('selectMatches takes the exact version, channel and platform only', () => {
  const listed = [
    release({ id: '1', channel: 'beta', platforms: ['macos'] }),
    release({ id: '2', channel: 'stable', platforms: ['windows'] }),
    release({ id: '3', channel: 'beta', platforms: ['macos'], archived: true }),
    release({ id: '4', channel: 'beta', platforms: ['macos'], version: '1.2.3.0' }),
    release({ id: '5' }),
  ];
  const found = selectMatches(listed, { ...criteria, channel: 'beta', platform: 'macos' });
  expect(found.map(({ id }) => id)).toEqual(['1']);
});
