import { expect, test } from '@jest/globals';
import type { Release, Written } from '../../src/cryptlex/release.ts';
import type { Releases } from '../../src/cryptlex/releases.ts';
import { ActionError } from '../../src/errors.ts';
import { updateSeen } from '../../src/release/update.ts';

const before: Release = {
  id: 'a',
  version: '1.2.3',
  notes: 'Old',
  platforms: ['linux'],
  updatedAt: '2026-11-24T08:00:00.5000000',
};
const changes = { notes: 'New' };
const reason = new ActionError({ code: 'E_NET', what: 'Lost.', remedy: '' });

/** Updates the release at an API that answers so to each update, and shows it so when looked at. */
async function update(answers: readonly Written[], shown: Release) {
  const open = [...answers];
  const nothing = () => Promise.reject(new Error('not expected'));
  const releases: Releases = {
    findByVersion: nothing,
    listNewest: nothing,
    create: nothing,
    get: () => Promise.resolve(shown),
    update: () => Promise.resolve(open.shift() ?? { kind: 'doubtful', reason }),
  };
  const silent = () => undefined;
  const log = { info: silent, debug: silent, notice: silent, warning: silent, error: silent };
  const step = {
    kind: 'change',
    release: before,
    changes,
    wanted: { version: '1.2.3', ...changes },
    changedFields: ['notes'],
    previous: { notes: 'Old' },
  } as const;
  const tools = { releases, log: { ...log, hide: silent, redact: (text: string) => text } };
  return { updated: await updateSeen(step, tools), left: open.length };
}

test('a server that changes what it is sent is not taken for someone else', async () => {
  const release = { ...before, notes: 'NEW', updatedAt: '2026-11-24T08:00:01Z' };
  await expect(update([{ kind: 'answered', release }], release)).rejects.toThrow(
    /took the update of a, but .* notes/,
  );
});

test('another form of the same timestamp is no sign of someone else', async () => {
  const shown = { ...before, updatedAt: '2026-11-24T08:00:00.5Z' };
  const release = { ...shown, ...changes };
  const answers: Written[] = [
    { kind: 'doubtful', reason },
    { kind: 'answered', release },
  ];
  expect(await update(answers, shown)).toEqual({ updated: release, left: 0 });
});

test('a server that asks to wait gets the time before it is looked at', async () => {
  const started = performance.now();
  const shown = { ...before, ...changes };
  await update([{ kind: 'doubtful', reason, waitMs: 300 }], shown);
  expect(performance.now() - started).toBeGreaterThan(290);
});
