import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import fc from 'fast-check';
import { type HttpAnswer, HttpFault, type HttpRequest } from '../../src/cryptlex/http.ts';
import { askedWait, withRetries } from '../../src/cryptlex/retry.ts';
import { startDeadline } from '../../src/deadline.ts';
import { silentLog } from '../silent-log.ts';

const now = Date.UTC(2026, 10, 24, 12);
describe('askedWait', () => {
  test('gives a time that a timer can hold, or nothing, whatever the headers are', () => {
    const value = fc.oneof(
      fc.string(),
      fc.integer().map(String),
      fc.date({ noInvalidDate: true }).map((date) => date.toUTCString()),
      fc.date({ noInvalidDate: true }).map((date) => date.toISOString()),
    );
    fc.assert(
      fc.property(value, value, value, (retryAfter, reset, date) => {
        const wait = askedWait(
          { 'retry-after': retryAfter, 'x-rate-limit-reset': reset, date },
          now,
        );
        expect(wait === undefined || wait >= 0).toBe(true);
        expect(wait).not.toBeNaN();
      }),
    );
  });

  test.each([
    [{ 'retry-after': '7' }, 7000],
    [{ 'retry-after': ' 0 ' }, 0],
    [{ 'retry-after': 'Tue, 24 Nov 2026 12:00:05 GMT' }, 5000],
    [{ 'retry-after': 'Tue, 24 Nov 2026 11:00:00 GMT' }, 0],
    [
      { 'retry-after': 'Tue, 24 Nov 2026 13:00:09 GMT', date: 'Tue, 24 Nov 2026 13:00:00 GMT' },
      9000,
    ],
    [{ 'retry-after': '7', 'x-rate-limit-reset': '2026-11-24T12:00:03Z' }, 7000],
    [{ 'x-rate-limit-reset': '2026-11-24T12:00:03.5000000Z' }, 3500],
    [{ 'x-rate-limit-reset': '2026-11-24T12:00:03.5000000' }, 3500],
    [{ 'x-rate-limit-reset': '2026-11-24T12:01:01Z' }, undefined],
    [{ 'retry-after': '-5' }, undefined],
    [{ 'retry-after': '1.5' }, undefined],
    [{ 'retry-after': '10, 20' }, undefined],
    [{ 'retry-after': '1e3' }, undefined],
    [{ 'retry-after': '9999999' }, undefined],
    [{ 'retry-after': 'soon' }, undefined],
    [{}, undefined],
  ])('%j asks for %s ms', (headers, ms) => expect(askedWait(headers, now)).toBe(ms));
});

describe('withRetries', () => {
  beforeEach(() => {
    jest.useFakeTimers();
  });
  afterEach(() => {
    jest.useRealTimers();
  });

  const answer = (status: number, headers = {}): HttpAnswer => ({ status, headers, body: '' });
  const fault = (kind: HttpFault['kind'], sent: boolean, code = 'X') =>
    new HttpFault({ kind, code, sent });

  /** Sends a request to a server that answers in this order, the last for ever. */
  async function send(
    method: HttpRequest['method'],
    outcomes: readonly (HttpAnswer | HttpFault)[],
    seconds = 120,
  ) {
    const limits: number[] = [];
    const exchange = async (_: HttpRequest, limit: number) => {
      const outcome = outcomes[Math.min(limits.length, outcomes.length - 1)] ?? answer(200);
      limits.push(limit);
      if (outcome instanceof HttpFault) throw outcome;
      return outcome;
    };
    const url = new URL('https://api.cryptlex.com/v3/releases');
    const request = withRetries({ exchange, deadline: startDeadline(seconds), log: silentLog });
    const sending = request({ method, url, headers: {} }).catch((error: unknown) => error);
    await jest.advanceTimersByTimeAsync(600_000);
    const result = await sending;
    return { result, limits, tries: limits.length };
  }

  test.each([
    ['GET', fault('network', true), 4],
    ['GET', fault('network', false, 'ENOTFOUND'), 2],
    ['GET', fault('timeout', true), 4],
    ['GET', fault('cut', true), 4],
    ['GET', fault('tls', false), 1],
    ['GET', fault('protocol', true), 1],
    ['GET', fault('refused-body', true), 1],
    ['GET', fault('proxy', false), 4],
    ['GET', answer(500), 2],
    ['GET', answer(502), 4],
    ['GET', answer(400), 1],
    ['GET', answer(302), 1],
    ['PATCH', fault('network', false), 4],
    ['PATCH', fault('network', true), 1],
    ['PATCH', fault('timeout', true), 1],
    ['PATCH', fault('cut', true), 1],
    ['PATCH', answer(500), 1],
    ['PATCH', answer(503), 1],
    ['POST', fault('network', true), 1],
    ['PATCH', answer(429), 6],
    ['GET', answer(429), 6],
  ] as const)('%s is tried after %o %d times', async (method, outcome, tries) => {
    const sent = await send(method, [outcome]);
    expect(sent.tries).toBe(tries);
    expect(sent.result).toBe(outcome);
  });

  test('a server that turns away for its rate is asked again when it said', async () => {
    const { result, tries } = await send('PATCH', [
      answer(429, { 'retry-after': '20' }),
      answer(200),
    ]);
    expect([result, tries]).toEqual([answer(200), 2]);
  });

  test.each([
    ['61', 120],
    ['20', 15],
  ])('a wait of %s s is not begun with %d s left', async (wait, seconds) => {
    const { result, tries } = await send('GET', [answer(429, { 'retry-after': wait })], seconds);
    expect([result, tries]).toEqual([answer(429, { 'retry-after': wait }), 1]);
  });

  test('an attempt gets at most 30 s, a write at most two thirds of the time left', async () => {
    expect((await send('GET', [answer(200)], 600)).limits).toEqual([30_000]);
    expect((await send('GET', [answer(200)], 9)).limits).toEqual([expect.closeTo(9000)]);
    expect((await send('PATCH', [answer(200)], 600)).limits).toEqual([30_000]);
    expect((await send('PATCH', [answer(200)], 9)).limits).toEqual([expect.closeTo(6000)]);
  });

  test('no 5 seconds see more than 50 requests, and none of them waits longer than it must', async () => {
    const times: number[] = [];
    const exchange = async () => {
      times.push(Date.now());
      return answer(200);
    };
    const request = withRetries({ exchange, deadline: startDeadline(600), log: silentLog });
    const url = new URL('https://api.cryptlex.com/v3/releases');
    const sending = Promise.all(
      Array.from({ length: 200 }, () => request({ method: 'PATCH', url, headers: {} })),
    );
    await jest.advanceTimersByTimeAsync(60_000);
    await sending;
    for (const [index, time] of times.entries()) {
      const fiftyLater = times[index + 50];
      if (fiftyLater !== undefined) expect(fiftyLater - time).toBeGreaterThanOrEqual(5000);
    }
    expect((times.at(-1) ?? 0) - (times[0] ?? 0)).toBeLessThan(21_000);
  });
});
