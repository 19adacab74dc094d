import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from '@jest/globals';
import type { Sandbox } from '../../sandbox/server.ts';
import type { WireFault } from '../../sandbox/wire.ts';
import { until } from '../until.ts';
import { call, patch, startWithRelease } from './harness.ts';

describe('a fault on the wire', () => {
  const path = '/v3/releases/r1';

  test.each<[WireFault, status: number | undefined]>([
    [{ kind: 'drop' }, undefined],
    [{ kind: 'silence' }, undefined],
    [{ kind: 'truncate', bytes: 0 }, 200],
    [{ kind: 'truncate', bytes: 10 }, 200],
    [{ kind: 'stall', bytes: 0 }, 200],
    [{ kind: 'stall', bytes: 10 }, 200],
  ])('loses the answer: %j', async (wire, status) => {
    for (const apply of [true, false]) {
      const sandbox = await startWithRelease({ notes: 'old' });
      const answer = apply ? undefined : { body: {}, status: 200 };
      sandbox.fail({ method: 'PATCH', path, apply, wire, answer });
      const client = new AbortController();
      const change = { method: 'PATCH', body: { notes: 'new' }, signal: client.signal };
      const lost = Promise.allSettled([call(sandbox, path, change)]);
      const after = apply ? 'new' : 'old';
      await until(
        () =>
          sandbox.requests.length === 1 &&
          sandbox.requests[0]?.status === status &&
          sandbox.release('r1')?.notes === after,
      );
      await sleep(50);
      client.abort();
      expect(await lost).toMatchObject([{ status: 'rejected' }]);
      expect(sandbox.release('r1')?.notes).toBe(after);
      expect(sandbox.requests).toMatchObject([{ status }]);
      expect((await patch(sandbox, 'r1', { notes: 'newer' })).status).toBe(200);
    }
  });

  test.each<[WireFault, body: string]>([
    [{ kind: 'drop' }, ''],
    [{ kind: 'truncate', bytes: 7 }, '{"id":"'],
    [{ kind: 'stall', bytes: 7 }, '{"id":"'],
  ])('sends just this much of the body: %j', async (wire, body) => {
    const sandbox = await startWithRelease();
    sandbox.fail({ wire });
    const received = await receive(sandbox);
    const timedOut = wire.kind === 'stall';
    expect(received).toMatchObject({ body, complete: false, timedOut });
    if (wire.kind !== 'drop') expect(received.contentLength).toBeGreaterThan(200);
  });

  test('drips the body', async () => {
    const sandbox = await startWithRelease();
    sandbox.fail({ answer: { body: 'drop by drop' }, wire: { kind: 'drip', intervalMs: 5 } });
    const before = Date.now();
    expect(await receive(sandbox, 4000)).toMatchObject({ body: 'drop by drop', complete: true });
    expect(Date.now() - before).toBeGreaterThanOrEqual(50);
  });
});
interface Received {
  readonly body: string;
  readonly complete: boolean;
  readonly timedOut: boolean;
  readonly contentLength: number;
}

/** What a plain socket sees of the answer to one request, until nothing comes any more. */
async function receive(sandbox: Sandbox, quietMs = 200): Promise<Received> {
  const { hostname, port } = new URL(sandbox.url);
  const socket = connect(Number(port), hostname);
  const authorization = `authorization: Bearer ${sandbox.issueToken()}`;
  socket.write(`GET /v3/releases/r1 HTTP/1.1\r\nhost: x\r\n${authorization}\r\n\r\n`);
  let timedOut = false;
  const giveUp = () => {
    timedOut = true;
    socket.destroy();
  };
  let timer: NodeJS.Timeout | undefined;
  let bytes = '';
  socket.on('data', (chunk) => {
    bytes += chunk.toString();
    clearTimeout(timer);
    timer = setTimeout(giveUp, quietMs);
    if (readAnswer(bytes).complete) socket.destroy();
  });
  await once(socket, 'close');
  clearTimeout(timer);
  return { ...readAnswer(bytes), timedOut };
}

function readAnswer(bytes: string): Omit<Received, 'timedOut'> {
  const [head = '', body = ''] = bytes.split('\r\n\r\n');
  const contentLength = Number(/^content-length: (\d+)$/im.exec(head)?.[1] ?? Number.NaN);
  return { body, complete: body.length === contentLength, contentLength };
}
