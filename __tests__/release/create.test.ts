import { describe, expect, test } from '@jest/globals';
import type { Doubt, Written } from '../../src/cryptlex/doubt.ts';
import type { Release } from '../../src/cryptlex/release.ts';
import type { Cryptlex } from '../../src/cryptlex/releases.ts';
import { startDeadline } from '../../src/deadline.ts';
import { ActionError, type ErrorCode } from '../../src/errors.ts';
import { applyPlan } from '../../src/release/apply.ts';
import { planUpdate } from '../../src/release/plan.ts';
import { startClock } from '../clock.ts';
import { silentLog } from '../silent-log.ts';

const criteria = { productId: 'p', version: '1.2.3', channel: 'beta', platform: 'linux' };
const fields = { version: '1.2.3', notes: 'New' };
const made: Release = {
  id: 'new',
  version: '1.2.3',
  name: '1.2.3',
  channel: 'beta',
  platforms: ['linux'],
  notes: 'New',
  productId: 'p',
};
const old = { ...made, id: 'old', channel: 'stable' };
const rival = { ...made, id: 'rival', notes: 'Of someone else' };

function errorOf(code: ErrorCode): ActionError {
  return new ActionError({ code, what: `${code}.`, remedy: '' });
}

function inDoubt(doubt: Doubt): Written {
  return { kind: 'doubtful', doubt, reason: errorOf('E_SERVER') };
}

function refused(status: number): Written {
  return { kind: 'refused', status, reason: errorOf('E_REQUEST') };
}

const exists = refused(409);

interface World {
  readonly post: Written;
  /** What each list after the POST shows, in order, the last for ever. */
  readonly lists?: readonly (readonly Release[] | ActionError)[];
  readonly onPublished?: 'fail' | 'skip';
}

/** Lets a run create a release beside one in another channel. */
async function create({ post, lists = [[old, made]], onPublished = 'fail' }: World) {
  const clock = startClock();
  const sent: string[] = [];
  let listed = 0;
  const give = <T>(value: T | ActionError | undefined) =>
    value instanceof ActionError || value === undefined
      ? Promise.reject(value ?? new Error('not expected'))
      : Promise.resolve(value);
  const cryptlex: Cryptlex = {
    findByVersion: () => give(lists[Math.min(listed++, lists.length - 1)]),
    listNewest: () => give(undefined),
    publish: () => give(undefined),
    get: () => give(undefined),
    create: () => {
      sent.push('POST');
      return give(post);
    },
    update: (id, changes) => {
      sent.push(`PATCH ${id}`);
      return give({ kind: 'answered', release: { ...rival, id, ...changes } as Release });
    },
  };
  const inputs = {
    match: 'one',
    'on-missing': 'create',
    'on-published': onPublished,
    'on-existing-notes': 'replace',
    'release-id': undefined,
  } as const;
  const plan = planUpdate(inputs, fields, { criteria, listed: [old], near: [] });
  if (plan.kind !== 'create') throw new Error(plan.kind);
  const deadline = startDeadline(60, clock);
  const tools = { cryptlex, log: silentLog, deadline, onProgress: () => undefined };
  const [done] = await applyPlan(plan, tools);
  return { done, sent, listed };
}

describe('a release is created', () => {
  test.each<[string, World]>([
    ['as the answer says', { post: { kind: 'answered', release: made } }],
    [
      'although the list afterwards fails',
      { post: { kind: 'answered', release: made }, lists: [errorOf('E_SERVER')] },
    ],
    [
      'although the answer shows other values',
      { post: { kind: 'answered', release: { ...made, notes: 'x' } } },
    ],
    [
      'although the answer is for another product',
      { post: { kind: 'answered', release: { ...made, productId: 'q' } } },
    ],
    ['although the answer names one that was there', { post: { kind: 'answered', release: old } }],
    ['after an answer that got lost', { post: inDoubt('over') }],
    ['late', { post: inDoubt('pending'), lists: [[old], [old], [old], [old, made]] }],
    [
      'after lists that failed in passing',
      { post: inDoubt('pending'), lists: [errorOf('E_NET'), [old, made]] },
    ],
  ])('%s', async (_, world) => {
    const { done, sent } = await create(world);
    expect([done?.result, done?.id, ...sent]).toEqual(['created', 'new', 'POST']);
  });
});

describe('a POST is never sent again', () => {
  test.each<[string, World, string, ErrorCode]>([
    [
      'answered for another product',
      { post: { kind: 'answered', release: { ...made, productId: 'q' } }, lists: [[old]] },
      'unknown',
      'E_UNKNOWN_STATE',
    ],
    ['refused', { post: refused(400) }, 'failed', 'E_REQUEST'],
    ['lost', { post: inDoubt('over'), lists: [[old]] }, 'unknown', 'E_UNKNOWN_STATE'],
    ['under way', { post: inDoubt('pending'), lists: [[old]] }, 'unknown', 'E_UNKNOWN_STATE'],
    [
      'not to be looked for',
      { post: inDoubt('over'), lists: [errorOf('E_AUTH')] },
      'unknown',
      'E_UNKNOWN_STATE',
    ],
  ])('%s', async (_, world, result, code) => {
    const { done, sent } = await create(world);
    expect([done?.result, done?.error?.code, ...sent]).toEqual([result, code, 'POST']);
  });
});

describe('two runs that create at the same moment', () => {
  test.each<[string, World, string]>([
    [
      'after an answer',
      { post: { kind: 'answered', release: made }, lists: [[old, made, rival]] },
      'failed',
    ],
    ['after a lost answer', { post: inDoubt('over'), lists: [[old, made, rival]] }, 'unknown'],
  ])('%s: both releases are named', async (_, world, result) => {
    const { done } = await create(world);
    expect([done?.result, done?.error?.code]).toEqual([result, 'E_CONFLICT']);
    expect(done?.error?.what).toMatch(/new and rival/);
  });
});

test('a server that writes the channel its own way: the release is named, and what differs', async () => {
  const release = { ...made, channel: 'BETA' };
  const { done } = await create({ post: { kind: 'answered', release }, lists: [[old, release]] });
  expect([done?.result, done?.id, done?.error?.code]).toEqual(['unknown', 'new', 'E_CONFLICT']);
  expect(done?.error?.what).toMatch(/release new with other values .*: channel is "BETA"/);
});

describe('a POST of a release that is there by now (409)', () => {
  test.each<[string, World, string, readonly string[]]>([
    [
      'goes on with it',
      { post: exists, lists: [[old, rival]] },
      'updated',
      ['POST', 'PATCH rival'],
    ],
    ['leaves it where it is as wanted', { post: exists }, 'unchanged', ['POST']],
    [
      'leaves it where it is published',
      { post: exists, lists: [[{ ...rival, published: true }]], onPublished: 'skip' },
      'skipped',
      ['POST'],
    ],
  ])('%s', async (_, world, result, sent) => {
    const created = await create(world);
    expect([created.done?.result, ...created.sent]).toEqual([result, ...sent]);
  });

  test.each<[string, World, ErrorCode]>([
    ['none is found', { post: exists, lists: [[old]] }, 'E_REQUEST'],
    ['two are found', { post: exists, lists: [[made, rival]] }, 'E_CONFLICT'],
    [
      'it is published and differs',
      { post: exists, lists: [[{ ...rival, published: true }]] },
      'E_READONLY',
    ],
    ['the list fails', { post: exists, lists: [errorOf('E_SERVER')] }, 'E_SERVER'],
  ])('fails where %s', async (_, world, code) => {
    const { done, sent } = await create(world);
    expect([done?.result, done?.error?.code, ...sent]).toEqual(['failed', code, 'POST']);
  });
});
