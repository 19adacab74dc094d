import { expect, test } from '@jest/globals';
import type { Release } from '../../src/cryptlex/release.ts';
import type { Cryptlex } from '../../src/cryptlex/releases.ts';
import { startDeadline } from '../../src/deadline.ts';
import { ActionError, type ErrorCode } from '../../src/errors.ts';
import { applyPlan } from '../../src/release/apply.ts';
import { startClock } from '../clock.ts';
import { silentLog } from '../silent-log.ts';

/** Updates twenty releases of a server that ends each update so; gives how many were tried. */
async function tryAll(code: ErrorCode): Promise<number> {
  let tried = 0;
  const nothing = () => Promise.reject(new Error('not expected'));
  const cryptlex: Cryptlex = {
    findByVersion: nothing,
    listNewest: nothing,
    get: nothing,
    create: nothing,
    publish: nothing,
    update: () => {
      tried += 1;
      const reason = new ActionError({ code, what: 'No.', remedy: '' });
      return Promise.resolve({ kind: 'refused', status: undefined, reason });
    },
  };
  const steps = Array.from({ length: 20 }, (_, at) => {
    const release: Release = { id: `r${at}`, version: '1.2.3', platforms: undefined };
    const changes = { notes: 'New' };
    return { kind: 'change', release, changes, wanted: changes } as const;
  });
  const deadline = startDeadline(60, startClock());
  const tools = { cryptlex, log: silentLog, deadline, onProgress: () => undefined };
  const applied = await applyPlan({ kind: 'update', steps }, tools);
  expect(applied.map(({ result }) => result)).toEqual(steps.map(() => 'failed'));
  return tried;
}

test.each<ErrorCode>(['E_AUTH', 'E_RATE', 'E_NET', 'E_TLS', 'E_TIMEOUT'])(
  'after %s no further release is tried',
  async (code) => {
    // As many as were under way at the same time.
    expect(await tryAll(code)).toBe(4);
  },
);

test.each<ErrorCode>(['E_REQUEST', 'E_NOT_FOUND', 'E_FORBIDDEN'])(
  'after %s the others are tried',
  async (code) => {
    expect(await tryAll(code)).toBe(20);
  },
);
