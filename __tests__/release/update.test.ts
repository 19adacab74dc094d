import { describe, expect, test } from '@jest/globals';
import type { Doubt, Written } from '../../src/cryptlex/doubt.ts';
import type { Release } from '../../src/cryptlex/release.ts';
import type { Cryptlex } from '../../src/cryptlex/releases.ts';
import { startDeadline } from '../../src/deadline.ts';
import { ActionError, type ErrorCode } from '../../src/errors.ts';
import { writeUntilCertain } from '../../src/release/update.ts';
import { startClock } from '../clock.ts';
import { silentLog } from '../silent-log.ts';

const before: Release = {
  id: 'a',
  version: '1.2.3',
  notes: 'Old',
  channel: 'stable',
  platforms: ['linux'],
  updatedAt: '2026-11-24T08:00:00.5000000',
};
const changes = { notes: 'New' };
const after = { ...before, ...changes, updatedAt: '2026-11-24T08:00:01Z' };

function errorOf(code: ErrorCode): ActionError {
  return new ActionError({ code, what: `${code}.`, remedy: '' });
}

function inDoubt(doubt: Doubt, waitMs?: number): Written {
  return { kind: 'doubtful', doubt, reason: errorOf('E_NET'), waitMs };
}

function refused(code: ErrorCode): Written {
  return { kind: 'refused', status: undefined, reason: errorOf(code) };
}

const over = inDoubt('over');
const pending = inDoubt('pending');
const failing: Written = { kind: 'doubtful', doubt: 'over', reason: errorOf('E_SERVER') };

interface World {
  /** What each update ends with, in order. */
  readonly writes: readonly Written[];
  /** What each look shows, in order, the last for ever. */
  readonly looks: readonly (Release | ActionError)[];
  readonly unseen?: boolean;
}

/** Updates a release in two minutes of a clock that does not wait. */
async function update({ writes, looks, unseen = false }: World) {
  const clock = startClock();
  const open = [...writes];
  let looked = 0;
  const answer = <T>(value: T | ActionError | undefined) =>
    value instanceof ActionError || value === undefined
      ? Promise.reject(value ?? new Error('not expected'))
      : Promise.resolve(value);
  const nothing = () => Promise.reject(new Error('not expected'));
  const cryptlex: Cryptlex = {
    findByVersion: nothing,
    listNewest: nothing,
    create: nothing,
    publish: nothing,
    get: () => answer(looks[Math.min(looked++, looks.length - 1)]),
    update: () => answer(open.shift()),
  };
  const tools = { cryptlex, log: silentLog, deadline: startDeadline(120, clock) };
  const wanted = { version: '1.2.3', ...changes };
  const outcome = await writeUntilCertain(
    unseen
      ? { id: 'a', changes: wanted, wanted, before: undefined }
      : { id: 'a', changes, wanted, before },
    tools,
  );
  return { outcome, sent: writes.length - open.length, looked, ms: clock.now() };
}

describe('a first answer that settles it', () => {
  test.each<[string, World, object]>([
    [
      'the values',
      { writes: [{ kind: 'answered', release: after }], looks: [] },
      { result: 'updated' },
    ],
    ['a refusal', { writes: [refused('E_FORBIDDEN')], looks: [] }, { result: 'failed' }],
    ['no connection', { writes: [refused('E_NET')], looks: [] }, { result: 'failed' }],
  ])('%s', async (_, world, outcome) => {
    expect(await update(world)).toMatchObject({ outcome, sent: 1, looked: 0, ms: 0 });
  });
});

describe('an answer that is over', () => {
  test.each<[string, World, object, number]>([
    ['applied all the same', { writes: [over], looks: [after] }, { result: 'updated' }, 1],
    [
      'not applied: sent again',
      { writes: [over, { kind: 'answered', release: after }], looks: [before] },
      { result: 'updated' },
      2,
    ],
    [
      'not applied, another form of the same time: sent again',
      {
        writes: [over, { kind: 'answered', release: after }],
        looks: [{ ...before, updatedAt: '2026-11-24T08:00:00.5Z' }],
      },
      { result: 'updated' },
      2,
    ],
    ['never applied: three times', { writes: [over, over, over], looks: [before] }, unknown(), 3],
    ...(['E_FORBIDDEN', 'E_REQUEST', 'E_RATE', 'E_NET'] as const).map(
      (code): [string, World, object, number] => [
        `the second one ends in ${code}: nobody knows of the first`,
        { writes: [over, refused(code)], looks: [before] },
        unknown(),
        2,
      ],
    ),
    [
      'the second one is refused, and the first was applied late',
      { writes: [over, refused('E_FORBIDDEN')], looks: [before, after] },
      { result: 'updated' },
      2,
    ],
    [
      'someone else changed a field',
      { writes: [over], looks: [{ ...before, notes: 'Other' }] },
      unknown('E_CONFLICT'),
      1,
    ],
    [
      'never applied by a server that fails: twice',
      { writes: [failing, failing], looks: [before] },
      unknown(),
      2,
    ],
    [
      'someone else changed what the action does not know',
      { writes: [over], looks: [{ ...before, updatedAt: '2026-11-24T09:00:00Z' }] },
      unknown('E_CONFLICT'),
      1,
    ],
    ['deleted', { writes: [over], looks: [errorOf('E_NOT_FOUND')] }, unknown('E_CONFLICT'), 1],
    ['no look is allowed', { writes: [over], looks: [errorOf('E_FORBIDDEN')] }, unknown(), 1],
    [
      'looks that fail in passing',
      { writes: [over], looks: [errorOf('E_SERVER'), errorOf('E_NET'), after] },
      { result: 'updated' },
      1,
    ],
  ])('%s', async (_, world, outcome, sent) => {
    expect(await update(world)).toMatchObject({ outcome, sent });
  });

  test('a look that is not allowed is not tried again', async () => {
    const looks = [errorOf('E_FORBIDDEN')];
    expect(await update({ writes: [over], looks })).toMatchObject({ looked: 1, ms: 0 });
  });

  test.each([
    [inDoubt('over', 300), 300],
    // A server is not granted more than this before a look.
    [inDoubt('over', 60_000), 10_000],
    [over, 0],
  ])('%j is looked into after %i ms', async (write, ms) => {
    expect(await update({ writes: [write], looks: [after] })).toMatchObject({ ms });
  });
});

describe('an update that may still be under way is never sent again', () => {
  test.each<[string, World, object]>([
    [
      'applied late',
      { writes: [pending], looks: [before, before, before, after] },
      { result: 'updated' },
    ],
    ['applied never', { writes: [pending], looks: [before] }, unknown()],
    [
      'looks that fail',
      { writes: [pending], looks: [errorOf('E_TIMEOUT'), after] },
      { result: 'updated' },
    ],
    [
      'someone else',
      { writes: [pending], looks: [{ ...before, notes: 'Other' }] },
      unknown('E_CONFLICT'),
    ],
  ])('%s', async (_, world, outcome) => {
    expect(await update(world)).toMatchObject({ outcome, sent: 1 });
  });

  test('it is looked at until the time is over, with growing pauses', async () => {
    const { looked, ms } = await update({ writes: [pending], looks: [before] });
    expect(looked).toBeGreaterThan(8);
    expect(looked).toBeLessThan(40);
    expect(ms).toBeGreaterThan(119_000);
    expect(ms).toBeLessThan(120_000);
  });
});

describe('an odd answer', () => {
  const wrong = { ...after, notes: 'NEW' };
  const answered = (release: Release): Written => ({ kind: 'answered', release });
  test.each<[string, World, object]>([
    ['the values are there', { writes: [inDoubt('odd')], looks: [after] }, { result: 'updated' }],
    [
      'they come later',
      { writes: [inDoubt('odd')], looks: [before, before, after] },
      { result: 'updated' },
    ],
    ['they never come', { writes: [inDoubt('odd')], looks: [before] }, unknown()],
    [
      'other values, and those stay',
      { writes: [answered(wrong)], looks: [wrong] },
      unknown('E_CONFLICT'),
    ],
    [
      'other values, and the right ones are there',
      { writes: [answered(wrong)], looks: [after] },
      { result: 'updated' },
    ],
    [
      'another release',
      { writes: [answered({ ...after, id: 'b' })], looks: [after] },
      { result: 'updated' },
    ],
    [
      'without what was sent',
      { writes: [answered({ id: 'a', version: '1.2.3', platforms: undefined })], looks: [before] },
      unknown('E_CONFLICT'),
    ],
  ])('%s', async (_, world, outcome) => {
    expect(await update(world)).toMatchObject({ outcome, sent: 1 });
  });

  test('a server that changes what it is sent is not taken for someone else', async () => {
    const { outcome } = await update({ writes: [answered(wrong)], looks: [wrong] });
    expect(outcome).toMatchObject({
      error: { what: expect.stringMatching(/accepted the update of a, but .* notes/) },
    });
  });
});

describe('a release that was not looked at before', () => {
  test.each<[string, World, object]>([
    ['the values are there', { writes: [over], looks: [after] }, { result: 'updated' }],
    ['they are not', { writes: [over], looks: [before] }, unknown()],
    ['it can not be looked at', { writes: [over], looks: [errorOf('E_FORBIDDEN')] }, unknown()],
    ['it is not there', { writes: [refused('E_NOT_FOUND')], looks: [] }, { result: 'failed' }],
  ])('%s', async (_, world, outcome) => {
    expect(await update({ ...world, unseen: true })).toMatchObject({ outcome, sent: 1 });
  });
});

function unknown(code: ErrorCode = 'E_UNKNOWN_STATE') {
  return { result: 'unknown', error: expect.objectContaining({ code }) };
}
