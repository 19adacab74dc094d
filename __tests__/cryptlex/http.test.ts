import { once } from 'node:events';
import { createServer as createHttpServer } from 'node:http';
import { type AddressInfo, createServer } from 'node:net';
import { describe, expect, jest, test } from '@jest/globals';
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

describe('says when a request is on its way', () => {
  /** What is heard of a request to this address, in order. */
  async function hear(url: URL) {
    const heard: string[] = [];
    const exchange = await openExchange(url);
    const onSent = () => void heard.push('sent');
    await exchange({ method: 'GET', url, headers: {}, onSent }, 5000).then(
      () => heard.push('answer'),
      () => heard.push('fault'),
    );
    return heard;
  }

  async function serve() {
    const server = createHttpServer((_, response) => {
      setTimeout(() => response.end('{}'), 50);
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const url = new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    const close = async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    };
    return { url, close };
  }

  test('before its answer comes', async () => {
    const { url, close } = await serve();
    const heard = await hear(url);
    await close();
    expect(heard).toEqual(['sent', 'answer']);
  });

  test('and when it could not be sent', async () => {
    const { url, close } = await serve();
    await close();
    expect(await hear(url)).toEqual(['sent', 'fault']);
  });
});
