import type { Socket } from 'node:net';
import { expect, test } from '@jest/globals';
import type { FailureRule } from '../../sandbox/failures.ts';
import { describe, inGroup, inWorld } from './isolated.ts';
import {
  jsonAnswer,
  type RawRequest,
  startBlackHole,
  startRawServer,
  unusedPort,
} from './raw-server.ts';
import type { Scenario } from './scenario.ts';

const always = Number.POSITIVE_INFINITY;
const html = '<!DOCTYPE html><html><body>Blocked\n::error::forged</body></html>';
const json = { 'content-type': 'application/json' };
const list = { method: 'GET', path: '/v3/releases' } as const;

function errorOf({ annotations }: Scenario): string {
  return annotations.find(({ kind }) => kind === 'error')?.message ?? '';
}

/** A date as in an HTTP header, that many seconds from now by a clock that goes an hour ahead. */
function serverDate(seconds: number): string {
  return new Date(Date.now() + 3_600_000 + seconds * 1000).toUTCString();
}

describe('the look-up goes on after one', () => {
  test.concurrent.each<{ name: string; rule: FailureRule; gets: number; least?: number }>([
    { name: 'lost connection', rule: { wire: { kind: 'drop' } }, gets: 2 },
    { name: 'answer that is cut off', rule: { wire: { kind: 'truncate', bytes: 20 } }, gets: 2 },
    { name: 'HTTP 500', rule: { answer: { status: 500, body: { message: 'Oh' } } }, gets: 2 },
    { name: 'HTTP 502', rule: { answer: { status: 502, body: html } }, gets: 2 },
    { name: 'HTTP 503', rule: { answer: { status: 503, body: html } }, gets: 2 },
    {
      name: 'HTTP 503 with Retry-After',
      rule: { answer: { status: 503, body: html, headers: { 'retry-after': '1' } } },
      gets: 2,
      least: 1000,
    },
    { name: 'HTTP 504', rule: { answer: { status: 504, body: html } }, gets: 2 },
    { name: 'HTTP 408', rule: { answer: { status: 408, body: html } }, gets: 2 },
    { name: 'HTTP 425', rule: { answer: { status: 425, body: html } }, gets: 2 },
    {
      name: 'HTTP 429 with seconds',
      rule: {
        answer: { status: 429, body: 'API calls quota exceeded', headers: { 'retry-after': '1' } },
      },
      gets: 2,
      least: 1000,
    },
    {
      name: 'HTTP 429 with a date, by the clock of the server',
      rule: {
        answer: {
          status: 429,
          body: {},
          headers: { date: serverDate(0), 'retry-after': serverDate(2) },
        },
      },
      gets: 2,
      least: 1500,
    },
    {
      name: 'HTTP 429 with X-Rate-Limit-Reset',
      rule: {
        answer: {
          status: 429,
          body: {},
          headers: {
            date: new Date(0).toUTCString(),
            'x-rate-limit-reset': '1970-01-01T00:00:02.0000000Z',
          },
        },
      },
      gets: 2,
      least: 2000,
    },
    {
      name: 'HTTP 429 with nonsense',
      rule: { answer: { status: 429, body: {}, headers: { 'retry-after': '-5, 1.5' } } },
      gets: 2,
      least: 5000,
    },
  ])(inGroup('$name'), async ({ rule, gets, least = 0 }) =>
    inWorld({}, async (world) => {
      world.api.fail({ ...list, ...rule });
      const result = await world.run();
      expect([result.outputs['result'], result.requests.length - gets, result.writes]).toEqual([
        'updated',
        1,
        [`PATCH ${world.path}`],
      ]);
      expect(result.ms).toBeGreaterThan(least);
    }),
  );
});

describe('the look-up fails, and nothing is written, on', () => {
  test.concurrent.each<{
    name: string;
    rule: FailureRule;
    ends: readonly [code: string, gets: number];
    says?: RegExp;
  }>([
    { name: 'lost connections', rule: { wire: { kind: 'drop' } }, ends: ['E_NET', 4] },
    {
      name: 'HTTP 500 again',
      rule: { answer: { status: 500, body: { message: 'Oh', code: 'E9' } } },
      ends: ['E_SERVER', 2],
      says: /Oh \(E9\)/,
    },
    {
      name: 'HTTP 502 in HTML',
      rule: { answer: { status: 502, body: html } },
      ends: ['E_SERVER', 4],
      says: /HTTP 502\): an HTML page of \d+ characters\./,
    },
    {
      name: 'HTTP 400',
      rule: { answer: { status: 400, body: { message: 'Bad.', code: 'E1' } } },
      ends: ['E_REQUEST', 1],
      says: /Bad \(E1\)/,
    },
    {
      name: 'HTTP 401',
      rule: { answer: { status: 401, body: { message: 'No' } } },
      ends: ['E_AUTH', 1],
    },
    {
      name: 'HTTP 403 in JSON',
      rule: { answer: { status: 403, body: { message: 'No' } } },
      ends: ['E_FORBIDDEN', 1],
      says: /has the scope release:read/,
    },
    {
      name: 'HTTP 403 in HTML',
      rule: { answer: { status: 403, body: html } },
      ends: ['E_FORBIDDEN', 1],
      says: /a firewall or proxy/,
    },
    {
      name: 'HTTP 404',
      rule: { answer: { status: 404, body: { message: 'No' } } },
      ends: ['E_NOT_FOUND', 1],
    },
    { name: 'HTTP 405', rule: { answer: { status: 405, body: {} } }, ends: ['E_REQUEST', 1] },
    {
      name: 'HTTP 422',
      rule: { answer: { status: 422, body: { message: { no: 'text' } } } },
      ends: ['E_REQUEST', 1],
    },
    {
      name: 'a long wait that is asked for',
      rule: { answer: { status: 429, body: {}, headers: { 'retry-after': '61' } } },
      ends: ['E_RATE', 1],
      says: /it asked to wait 61 s/,
    },
    {
      name: 'a wait beyond the time limit',
      rule: { answer: { status: 429, body: {}, headers: { 'retry-after': '9' } } },
      ends: ['E_RATE', 1],
      says: /it asked to wait 9 s/,
    },
    {
      name: 'a wait that no timer could hold',
      rule: { answer: { status: 429, body: {}, headers: { 'retry-after': '999999' } } },
      ends: ['E_RATE', 1],
      says: /999999 s/,
    },
    {
      name: 'a redirect',
      rule: {
        answer: { status: 302, headers: { location: 'https://other.example/v3/secret?x=1' } },
      },
      ends: ['E_REDIRECT', 1],
      says: /\(HTTP 302\) to https:\/\/other\.example; redirects/,
    },
    { name: 'HTTP 204', rule: { answer: { status: 204 } }, ends: ['E_RESPONSE', 1] },
    {
      name: 'an empty body',
      rule: { answer: { headers: json, body: '' } },
      ends: ['E_RESPONSE', 1],
      says: /invalid JSON/,
    },
    {
      name: 'half of a JSON text',
      rule: { answer: { headers: json, body: '[{"id":"a' } },
      ends: ['E_RESPONSE', 1],
      says: /invalid JSON/,
    },
    {
      name: 'null',
      rule: { answer: { body: null } },
      ends: ['E_RESPONSE', 1],
      says: /the whole answer is missing or of another type/,
    },
    {
      name: 'an object for a list',
      rule: { answer: { body: { items: [] } } },
      ends: ['E_RESPONSE', 1],
    },
    {
      name: 'a release without version',
      rule: { values: { version: null } },
      ends: ['E_RESPONSE', 1],
      says: /0\.version/,
    },
    {
      name: 'a page with HTTP 200',
      rule: { answer: { body: html } },
      ends: ['E_RESPONSE', 1],
      says: /"text\/html" instead of JSON/,
    },
    {
      name: 'an encoded body',
      rule: { answer: { headers: { 'content-encoding': 'gzip' } } },
      ends: ['E_RESPONSE', 1],
      says: /content-encoding gzip/,
    },
    {
      name: 'a page of more than 16 MiB',
      rule: { answer: { headers: json, body: ' '.repeat(17 * 1024 * 1024) } },
      ends: ['E_RESPONSE', 1],
      says: /more than 16777216 bytes/,
    },
    {
      name: 'a list that is nested very deep',
      rule: { answer: { headers: json, body: '['.repeat(1_000_000) + ']'.repeat(1_000_000) } },
      ends: ['E_RESPONSE', 1],
    },
    {
      name: 'silence',
      rule: { wire: { kind: 'silence' } },
      ends: ['E_TIMEOUT', 1],
      says: /took too long/,
    },
    {
      name: 'a body that stops',
      rule: { wire: { kind: 'stall', bytes: 10 } },
      ends: ['E_TIMEOUT', 1],
    },
    {
      name: 'a body that drips',
      rule: { wire: { kind: 'drip', intervalMs: 50 } },
      ends: ['E_TIMEOUT', 1],
    },
  ])(inGroup('$name'), async ({ rule, ends, says = /./ }) =>
    inWorld({}, async (world) => {
      world.api.fail({ ...list, ...rule, times: always });
      const result = await world.run({ 'timeout-seconds': ends[0] === 'E_TIMEOUT' ? '2' : '8' });
      expect([result.outputs['error-code'], result.requests.length, result.writes]).toEqual([
        ...ends,
        [],
      ]);
      expect(errorOf(result)).toMatch(says);
      expect(`${result.stdout}${result.summary}`).not.toContain('forged');
    }),
  );
});

test.concurrent('a wait that is asked for is not waited for in vain', () =>
  inWorld({}, async (world) => {
    world.api.fail({
      ...list,
      answer: { status: 429, body: {}, headers: { 'retry-after': '30' } },
    });
    expect((await world.run()).ms).toBeLessThan(3000);
  }));

test.concurrent('an empty allowance that is refilled too late does not use the time up', () =>
  inWorld({}, async (world) => {
    const soon = new Date(Date.now() + 40_000).toISOString();
    world.api.fail({
      ...list,
      apply: true,
      answer: { headers: { 'x-rate-limit-remaining': '0', 'x-rate-limit-reset': soon } },
    });
    const result = await world.run();
    expect(result.outputs['result']).toBe('updated');
    expect(result.ms).toBeLessThan(3000);
  }));

test.concurrent('unknown fields are passed over, and null is taken for absent', () =>
  inWorld({}, async (world) => {
    const odd = {
      extra: { deep: [1] },
      channel: null,
      platforms: null,
      files: null,
      private: null,
      tenantId: null,
    };
    world.api.fail({ ...list, values: odd });
    expect((await world.run()).outputs['result']).toBe('updated');
  }));

test.concurrent('pages that repeat come to an end', () =>
  inWorld({ ignoreFilters: true }, async (world) => {
    const page = ['1.2.3', '1.2.3'].map((version, index) => ({
      id: `r${index}`,
      version,
      productId: world.product,
    }));
    world.api.fail({ ...list, times: always, answer: { body: page } });
    const result = await world.run();
    expect([result.outputs['error-code'], result.requests.length]).toEqual(['E_AMBIGUOUS', 2]);
  }));

/** Everything that a peer can do beside HTTP. */
const peers: Readonly<Record<string, (socket: Socket, request: RawRequest) => void>> = {
  'something else than HTTP': (socket) => socket.end('SSH-2.0-OpenSSH_9.9\r\n'),
  'an endless header': (socket) => {
    socket.write('HTTP/1.1 200 OK\r\n');
    every(100, socket, () => socket.write('x-a: b\r\n'));
  },
  'a header of many KiB': (socket) =>
    socket.write(`HTTP/1.1 200 OK\r\nx: ${'y'.repeat(70_000)}\r\n\r\n`),
  'an endless error page': (socket) => {
    socket.write('HTTP/1.1 503 Busy\r\ntransfer-encoding: chunked\r\n\r\n');
    every(1, socket, () => socket.write(`4000\r\n${'x'.repeat(0x4000)}\r\n`));
  },
  'an endless success': (socket) => {
    socket.write(
      'HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n',
    );
    every(1, socket, () => socket.write(`40000\r\n${' '.repeat(0x40000)}\r\n`));
  },
  'an upgrade': (socket) =>
    socket.write('HTTP/1.1 101 Switching\r\nconnection: upgrade\r\nupgrade: x\r\n\r\n'),
  'a reset in the middle of the body': (socket) => {
    socket.write('HTTP/1.1 200 OK\r\ncontent-length: 90\r\n\r\n[', () =>
      setTimeout(() => socket.resetAndDestroy(), 100),
    );
  },
};

function every(ms: number, socket: Socket, act: () => void): void {
  const timer = setInterval(act, ms);
  socket.once('close', () => clearInterval(timer));
}

describe('the step ends in time, and writes nothing, with a peer that answers with', () => {
  test.concurrent.each([
    ['something else than HTTP', 'E_NET'],
    ['an endless header', 'E_TIMEOUT'],
    ['a header of many KiB', 'E_NET'],
    ['an endless error page', 'E_SERVER'],
    ['an endless success', 'E_RESPONSE'],
    ['an upgrade', 'E_NET'],
    ['a reset in the middle of the body', 'E_NET'],
  ])(inGroup('%s'), async (name, code) =>
    inWorld({}, async (world) => {
      const peer = await startRawServer(peers[name]);
      const result = await world.run({
        'api-url': `http://127.0.0.1:${peer.port}`,
        // Time for all tries and their pauses, where time is not what ends it.
        'timeout-seconds': code === 'E_TIMEOUT' ? '3' : '20',
      });
      await peer.close();
      expect([result.outputs['error-code'], ...result.requests]).toEqual([code]);
      expect(peer.received.join('')).not.toContain('PATCH');
    }),
  );
});

describe('a PATCH that meets a peer which answers with', () => {
  test.concurrent.each(Object.keys(peers))(inGroup('%s is never called a success'), async (name) =>
    inWorld({}, async (world) => {
      const peer = await startRawServer((socket, request) =>
        request.method === 'PATCH'
          ? peers[name]?.(socket, request)
          : socket.write(jsonAnswer([{ id: 'r1', version: '1.2.3', productId: world.product }])),
      );
      const result = await world.run({
        'api-url': `http://127.0.0.1:${peer.port}`,
        'timeout-seconds': '3',
      });
      await peer.close();
      expect([result.outputs['result'], result.outputs['error-code']]).toEqual([
        'unknown',
        'E_UNKNOWN_STATE',
      ]);
      expect(peer.received.join('').match(/PATCH \//g)).toHaveLength(1);
    }),
  );
});

describe('the step ends in time with a peer that', () => {
  const meet = (url: string, [code, says]: readonly [string, RegExp]) =>
    inWorld({}, async (world) => {
      const result = await world.run({ 'api-url': url, 'timeout-seconds': '3' });
      expect(result.outputs['error-code']).toBe(code);
      expect(errorOf(result)).toMatch(says);
    });

  test.concurrent(inGroup('never accepts a connection'), async () => {
    const blackHole = await startBlackHole();
    try {
      await meet(`http://127.0.0.1:${blackHole.port}`, ['E_TIMEOUT', /to connect/]);
    } finally {
      await blackHole.close();
    }
  });

  test.concurrent(inGroup('never ends its TLS handshake'), async () => {
    const mute = await startRawServer();
    try {
      await meet(`https://127.0.0.1:${mute.port}`, ['E_TIMEOUT', /to connect/]);
    } finally {
      await mute.close();
    }
  });

  test.concurrent(inGroup('refuses connections'), async () =>
    meet(`http://127.0.0.1:${await unusedPort()}`, ['E_NET', /ECONNREFUSED/]),
  );

  test.concurrent(inGroup('has no address'), () =>
    meet('https://no-such-host.invalid', ['E_NET', /ENOTFOUND|EAI_AGAIN/]),
  );
});

/** Texts that would do harm to a log, a terminal or a page that takes them for more than texts. */
const hostile: Readonly<Record<string, string>> = {
  'commands for the runner':
    'x\n::error::forged\r\n::set-output name=result::updated\n::add-mask::a',
  'old commands for the runner': 'x ##[stop-commands]forged ##[error]forged',
  'invisible characters': '\u202egnp.exe\u200b\u2028::error::forged\u001b[31m\u0000',
  'half a surrogate pair': 'x\ud800',
  markup:
    '</td></table>\n\n# forged\n\n| a | b |\n| - | - |\n<img src=x onerror=alert(1)>[forged](https://evil.example)',
  'a closing fence': '\n```````\n\n# forged\n',
  '100 KiB': `<html>${'y'.repeat(100_000)}\n::error::forged`,
  'names of an object': '__proto__',
};

function headingsOf(summary: string): string[] {
  const lines = summary.split('\n');
  return lines.filter((line) => /^ {0,3}#{1,6} |^<h/.test(line) && line !== '#### Notes');
}

describe('what a server says is text:', () => {
  const cases = Object.entries(hostile).map(([name, text]) => ({ name, text }));
  test.concurrent.each(cases)(inGroup('$name in an error'), ({ text }) =>
    inWorld({}, async ({ api, run, path }) => {
      api.fail({
        method: 'PATCH',
        path,
        answer: { status: 400, body: { message: text, code: text } },
      });
      const result = await run({}, { env: { RUNNER_DEBUG: '1' } });
      expect([result.outputs['error-code'], result.annotations.length]).toEqual(['E_REQUEST', 1]);
      expect(errorOf(result).length).toBeLessThan(2000);
      expect(headingsOf(result.summary)).toEqual([
        expect.stringMatching(/^### ❌ Release not updated in Cryptlex/),
      ]);
      expect(result.summary).not.toMatch(/<img|<\/t|\]\(https:\/\/evil/);
    }),
  );

  test.concurrent.each(cases)(inGroup('$name in a release'), ({ text }) =>
    inWorld({}, async ({ api, run, path }) => {
      api.fail({
        method: 'PATCH',
        path,
        apply: true,
        values: { name: text, channel: text, platforms: [text], tenantId: text },
      });
      const result = await run({}, { env: { RUNNER_DEBUG: '1' } });
      expect(result.outputs).toMatchObject({ result: 'updated', name: text.toWellFormed() });
      expect(result.annotations).toEqual([]);
      expect(headingsOf(result.summary)).toEqual([
        expect.stringMatching(/^### ✅ Release updated in Cryptlex: /),
      ]);
      expect(result.summary).not.toMatch(/<img|<\/t|\]\(https:\/\/evil/);
      expect(result.summary.length).toBeLessThan(20_000);
    }),
  );
});
