import { expect, test } from '@jest/globals';
import type { Cryptlex } from '../../src/cryptlex/releases.ts';
import { startDeadline } from '../../src/deadline.ts';
import { uploadFile } from '../../src/delivery/upload.ts';
import { startClock } from '../clock.ts';
import { silentLog } from '../silent-log.ts';

test('an upload tells every ten seconds how far it is, and takes nothing of the time of the run', async () => {
  const clock = startClock();
  const deadline = startDeadline(20, clock);
  const lines: string[] = [];
  const file = { path: '/app.zip', name: 'App.zip', size: 2_000_000_000, changedAt: 0 };
  const stored = { name: 'app.zip', size: file.size, checksum: 'abc' };
  const put = async (_: string, __: unknown, onProgress: (sent: number) => void) => {
    for (let second = 1; second <= 45; second += 1) {
      await clock.sleep(1000);
      onProgress((file.size / 45) * second);
    }
    return { kind: 'answered', file: stored, checksum: 'abc' } as const;
  };
  const log = { ...silentLog, info: (line: string) => lines.push(line) };
  const tools = { cryptlex: {} as Cryptlex, host: { put }, log, deadline };
  expect(await uploadFile('id', file, tools)).toEqual({ result: 'uploaded', checksum: 'abc' });
  expect(lines).toEqual([
    'Uploading App.zip: 22 % of 2.0 GB.',
    'Uploading App.zip: 44 % of 2.0 GB.',
    'Uploading App.zip: 66 % of 2.0 GB.',
    'Uploading App.zip: 88 % of 2.0 GB.',
    'Uploaded App.zip as app.zip: 100 % of 2.0 GB in 45 s.',
  ]);
  expect(deadline.remaining()).toBe(20_000);
});
