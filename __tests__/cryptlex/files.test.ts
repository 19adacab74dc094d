import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, test } from '@jest/globals';
import { connectFileHost, fileHostOf, type Put } from '../../src/cryptlex/files.ts';
import type { LocalFile } from '../../src/upload-files.ts';

/** More than the buffers of a connection hold. */
const content = Buffer.alloc(40_000_000, 'x');
const shortStall = 400;

/** Sends a file to a host that does so with each request. */
async function putTo(
  handle: (request: IncomingMessage, response: ServerResponse) => unknown,
  stallMs = shortStall,
): Promise<{ put: Put; ms: number; sent: number }> {
  const folder = mkdtempSync(join(tmpdir(), 'put-'));
  const listen = (request: IncomingMessage, response: ServerResponse) =>
    void handle(request, response);
  const server = createServer().on('request', listen).on('checkContinue', listen);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  try {
    const path = join(folder, 'app.zip');
    writeFileSync(path, content);
    const { size, mtimeMs } = statSync(path);
    const file: LocalFile = { path, name: 'app.zip', size, changedAt: mtimeMs };
    const url = new URL(`http://127.0.0.1:${port}`);
    const host = await connectFileHost({ url, token: 'token', stallMs });
    const started = performance.now();
    let sent = 0;
    const put = await host.put('id', file, (now) => {
      sent = now;
    });
    return { put, ms: performance.now() - started, sent };
  } finally {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    rmSync(folder, { recursive: true });
  }
}

const stored = { name: 'app.zip', size: content.length, checksum: 'abc' };

function answer(response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'application/json' });
  response.end(JSON.stringify(stored));
}

describe('an upload ends when nothing moves:', () => {
  test.each<[string, (request: IncomingMessage, response: ServerResponse) => void]>([
    ['the body is not read', (_, response) => response.writeContinue()],
    [
      'the body is not read to its end',
      (request, response) => {
        response.writeContinue();
        request.once('data', () => request.pause());
      },
    ],
    [
      'no answer comes',
      (request, response) => {
        response.writeContinue();
        request.resume();
      },
    ],
    [
      'the answer does not end',
      (request, response) => {
        response.writeContinue();
        request.resume().on('end', () => {
          response.writeHead(200, { 'content-type': 'application/json' });
          const timer = setInterval(() => response.write(' '), 50);
          response.on('close', () => clearInterval(timer));
        });
      },
    ],
  ])('%s', async (_, handle) => {
    const { put, ms } = await putTo(handle);
    expect(put).toMatchObject({ kind: 'open', status: undefined, isSent: true });
    expect(put.kind === 'open' && put.reason.what).toContain('nothing moved for too long');
    expect(ms).toBeGreaterThan(shortStall - 50);
    expect(ms).toBeLessThan(10 * shortStall);
  });
});

test('an upload goes on as long as something moves', async () => {
  const stallMs = 1000;
  const { put, ms, sent } = await putTo(async (request, response) => {
    response.writeContinue();
    let read = 0;
    for await (const chunk of request) {
      const before = Math.floor(read / 1_000_000);
      read += (chunk as Buffer).length;
      if (Math.floor(read / 1_000_000) > before) await pause(stallMs / 16);
    }
    answer(response);
  }, stallMs);
  expect(put).toMatchObject({ kind: 'answered', file: stored });
  expect(sent).toBe(content.length);
  expect(ms).toBeGreaterThan(2 * stallMs);
});

test('a host that does not say that it wants the body gets it', async () => {
  const { put } = await putTo((request, response) =>
    request.resume().on('end', () => answer(response)),
  );
  expect(put.kind).toBe('answered');
});

test.each([401, 403, 413])('HTTP %i is read when the connection is cut with it', async (status) => {
  const { put, sent } = await putTo((request, response) => {
    response.writeHead(status, { connection: 'close' }).end(() => request.socket.destroy());
  });
  expect(put).toMatchObject({ kind: 'open', status });
  expect(sent).toBe(0);
});

test('a host that wants to speak another protocol is refused at once', async () => {
  const { put, ms } = await putTo(({ socket }) => {
    socket.write('HTTP/1.1 101 Switching\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\n');
  }, 5_000);
  expect(put).toMatchObject({
    kind: 'open',
    reason: { what: expect.stringContaining('HTTP 101') },
  });
  expect(ms).toBeLessThan(3_000);
});

describe('the host for files', () => {
  const hostOf = (api: string, releases?: string) =>
    fileHostOf({
      'api-url': new URL(api),
      'releases-url': releases === undefined ? undefined : new URL(releases),
    }).href;

  test.each([
    ['https://api.cryptlex.com', 'https://releases.cryptlex.com/'],
    ['https://api.eu.cryptlex.com', 'https://releases.eu.cryptlex.com/'],
  ])('of %s is %s', (api, releases) => expect(hostOf(api)).toBe(releases));

  test('is the one that the inputs name', () => {
    expect(hostOf('https://api.cryptlex.com', 'https://own.example/x')).toBe(
      'https://own.example/x',
    );
  });

  test.each([
    'https://api.cryptlex.com.evil.example',
    'https://evil.example/api.cryptlex.com',
    'https://api.us.cryptlex.com',
    'https://api.cryptlex.com:8443',
    'https://api.cryptlex.com/v4',
    'https://cryptlex.example.com',
  ])('of %s is not guessed', (api) => {
    expect(() => hostOf(api)).toThrow('Set releases-url');
  });
});
