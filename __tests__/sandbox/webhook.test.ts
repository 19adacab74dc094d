import { createHmac } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { startSandbox } from '../../sandbox/server.ts';
import { startReceiver } from '../e2e/receiver.ts';
import { call, parse, patch, startWithRelease } from './harness.ts';

describe('a webhook', () => {
  test.each([200, 500])('tells of each change, signed, to one that answers %i', async (status) => {
    const receiver = await startReceiver(status, status);
    const webhook = { url: `${receiver.url}/hook`, token: 'secret' };
    const sandbox = await startSandbox({ webhook, releases: [{ id: 'r1' }] });
    const kept = { name: 'n', version: '1.2', channel: 'stable', productId: 'p' };
    const body = { ...kept, platforms: ['linux'] };
    const updated = await patch(sandbox, 'r1', { notes: 'ünï' });
    const created = await call(sandbox, '/v3/releases', { method: 'POST', body });
    await patch(sandbox, 'r1', { version: 'wrong' });
    await sandbox.close();
    await receiver.close();
    expect(receiver.received.map(({ body: told }) => parse(told))).toEqual([
      { event: 'release.updated', data: updated.json, triggeredAt: expect.any(String) },
      { event: 'release.created', data: created.json, triggeredAt: expect.any(String) },
    ]);
    for (const { headers, body: told } of receiver.received) {
      const signature = createHmac('sha256', 'secret').update(told).digest('base64');
      expect(headers['webhook-signature']).toBe(signature);
      expect(told).toMatch(/"triggeredAt":"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{7}Z"/);
    }
  });

  test('that nobody receives changes nothing', async () => {
    const webhook = { url: 'http://127.0.0.1:1/hook', token: 'secret' };
    const sandbox = await startWithRelease({}, { webhook });
    expect((await patch(sandbox, 'r1', { notes: 'x' })).status).toBe(200);
    expect((await patch(sandbox, 'r1', { notes: 'y' })).status).toBe(200);
  });
});
