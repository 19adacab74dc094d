import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { expect, jest, test } from '@jest/globals';
import { openExchange } from '../../src/cryptlex/http.ts';

test('a server that never ends its handshake is given up after 10 s', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = new URL(`https://127.0.0.1:${(server.address() as AddressInfo).port}`);
  const exchange = await openExchange(url);
  jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate', 'queueMicrotask'] });
  try {
    const ended = exchange({ method: 'GET', url, headers: {} }, 30_000).catch(
      (fault: unknown) => fault,
    );
    jest.advanceTimersByTime(9_999);
    const early = await Promise.race([ended, Promise.resolve('open')]);
    jest.advanceTimersByTime(1);
    expect([early, await ended]).toEqual([
      'open',
      expect.objectContaining({ kind: 'timeout', code: 'connect', sent: false }),
    ]);
  } finally {
    jest.useRealTimers();
    server.close();
  }
});
