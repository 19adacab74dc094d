import type { IncomingHttpHeaders } from 'node:http';
import type { Deadline } from '../deadline.ts';
import type { Log } from '../log.ts';
import { type Exchange, type HttpAnswer, HttpFault, type HttpRequest, type Send } from './http.ts';

/** All times in milliseconds. */
const attemptLimit = 30_000;

/** How much of the time left a write may take: the rest is for a look at what became of it. */
const writeShare = 2 / 3;

const firstPause = 500;
const longestPause = 10_000;
const longestRateWait = 60_000;
export const rateWaitWithoutHint = 5_000;

/** The vendor's rate limit (api: "Errors and limits"), less two for clocks that differ. */
const rateLimit = { requests: 48, window: 5_000 };

const mostTries = 4;
export const mostRateWaits = 5;

/**
 * Sends requests within a deadline, not faster than the vendor's rate limit, and again where that
 * can't do harm: reading after any passing fault, writing only when the server has not seen the
 * request or has turned it away for its rate.
 */
export function withRetries(options: {
  readonly exchange: Exchange;
  readonly deadline: Deadline;
  readonly log: Log;
}): Send {
  const { exchange, deadline, log } = options;
  const pacer = createPacer(deadline, log);

  return async (request) => {
    let tries = 0;
    let rateWaits = 0;
    for (;;) {
      await pacer.takeTurn();
      const outcome = await attempt(request);
      const limited = !(outcome instanceof HttpFault) && outcome.status === 429;
      if (limited) rateWaits += 1;
      else tries += 1;
      const wait = limited
        ? rateWait(outcome, rateWaits)
        : waitBeforeRetry(outcome, request.method === 'GET', tries);
      if (wait === undefined || wait >= deadline.remaining()) {
        if (outcome instanceof HttpFault) throw outcome;
        return outcome;
      }
      if (limited) pacer.hold(wait);
      else await deadline.sleep(wait);
    }
  };

  async function attempt(request: HttpRequest): Promise<HttpAnswer | HttpFault> {
    const started = deadline.now();
    const share = request.method === 'GET' ? 1 : writeShare;
    const limit = Math.min(attemptLimit, deadline.remaining() * share);
    if (limit === 0) return new HttpFault({ kind: 'timeout', code: 'run', sent: false });
    const outcome = await exchange(request, limit).catch((error: unknown) => {
      if (error instanceof HttpFault) return error;
      throw error;
    });
    if (!(outcome instanceof HttpFault)) pacer.heed(outcome.headers);
    const result = outcome instanceof HttpFault ? outcome.message : `HTTP ${outcome.status}`;
    const took = Math.round(deadline.now() - started);
    log.debug(`${request.method} ${request.url.pathname}: ${result} after ${took} ms`);
    return outcome;
  }
}

/**
 * How long a server asks to wait by `Retry-After` (whole seconds or an HTTP date, taken against the
 * server's own `Date`), else by `X-Rate-Limit-Reset` when that is near.
 * @returns milliseconds, at least 0; undefined when it does not say
 */
export function askedWait(headers: IncomingHttpHeaders, now = Date.now()): number | undefined {
  const retryAfter = headers['retry-after']?.trim() ?? '';
  if (/^\d{1,6}$/.test(retryAfter)) return Number(retryAfter) * 1000;
  const serverNow = readDate(headers.date) ?? now;
  const date = readDate(retryAfter);
  if (date !== undefined) return Math.max(0, date - serverNow);
  const reset = readDate(String(headers['x-rate-limit-reset'] ?? ''));
  const untilReset = reset === undefined ? undefined : Math.max(0, reset - serverNow);
  return untilReset !== undefined && untilReset <= longestRateWait ? untilReset : undefined;
}

/** An HTTP date or an ISO timestamp in UTC; nothing else, since Date.parse takes nearly anything. */
function readDate(text: string | undefined): number | undefined {
  const httpDate = /^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/;
  const isoDate = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?Z?$/;
  if (text === undefined || !(httpDate.test(text) || isoDate.test(text))) return undefined;
  const time = Date.parse(isoDate.test(text) && !text.endsWith('Z') ? `${text}Z` : text);
  return Number.isNaN(time) ? undefined : time;
}

/** Milliseconds to wait after a 429; undefined when the server asks for more than is sensible. */
function rateWait(answer: HttpAnswer, waits: number): number | undefined {
  const asked = askedWait(answer.headers) ?? rateWaitWithoutHint;
  return asked > longestRateWait || waits > mostRateWaits
    ? undefined
    : asked + Math.random() * 1000;
}

/** Milliseconds until the next try; undefined for none. */
function waitBeforeRetry(
  outcome: HttpAnswer | HttpFault,
  reading: boolean,
  tries: number,
): number | undefined {
  const pause = Math.random() * Math.min(longestPause, firstPause * 2 ** (tries - 1));
  if (outcome instanceof HttpFault) return tries < mostFor(outcome, reading) ? pause : undefined;
  if (!reading) return undefined;
  if (outcome.status === 500) return tries < 2 ? pause : undefined;
  if (![408, 425, 502, 503, 504].includes(outcome.status) || tries >= mostTries) return undefined;
  return Math.max(pause, askedWait(outcome.headers) ?? 0);
}

/** How many tries a fault is worth. */
function mostFor(fault: HttpFault, reading: boolean): number {
  if (fault.sent && !reading) return 1;
  switch (fault.kind) {
    case 'network':
      return fault.code === 'ENOTFOUND' ? 2 : mostTries;
    case 'timeout':
    case 'cut':
      return mostTries;
    case 'proxy':
      return fault.code.startsWith('HTTP ') ? 1 : mostTries;
    case 'tls':
    case 'protocol':
    case 'refused-body':
      return 1;
  }
}

/** Keeps all requests of a run together under the rate limit. */
function createPacer(deadline: Deadline, log: Log) {
  const sent: number[] = [];
  let heldUntil = 0;
  let queue: Promise<void> = Promise.resolve();

  const hold = (ms: number) => {
    heldUntil = Math.max(heldUntil, deadline.now() + ms);
  };
  const wait = async () => {
    const oldest = sent.length < rateLimit.requests ? undefined : sent.shift();
    const freeAt = oldest === undefined ? 0 : oldest + rateLimit.window;
    const ms = Math.max(freeAt, heldUntil) - deadline.now();
    // Where there is no time to wait, the server has the last word.
    if (ms > 0 && ms < deadline.remaining()) {
      const until = new Date(Date.now() + ms).toISOString().slice(11, 19);
      if (ms > 1000) log.info(`Waiting for the rate limit of Cryptlex until ${until} UTC.`);
      await deadline.sleep(ms);
    }
    sent.push(deadline.now());
  };
  return {
    hold,
    /** What the server says it still takes in this window counts for whoever shares the address. */
    heed: (headers: IncomingHttpHeaders) => {
      if (headers['x-rate-limit-remaining'] !== '0') return;
      hold(askedWait({ ...headers, 'retry-after': undefined }) ?? 0);
    },
    takeTurn: () => {
      queue = queue.then(wait);
      return queue;
    },
  };
}
