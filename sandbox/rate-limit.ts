import type { HttpBindings } from '@hono/node-server';
import type { MiddlewareHandler } from 'hono';
import { Refusal } from './refusal.ts';

/** How many requests one IP address may send in a window of time. */
export interface RateLimit {
  readonly requests: number;
  /** Milliseconds. */
  readonly windowMs: number;
}

/** The vendor's limit, whatever the token. */
export const vendorRateLimit: RateLimit = { requests: 50, windowMs: 5000 };

interface Window {
  readonly resetsAt: number;
  used: number;
}

/** Counts requests per IP address, tells the state in headers, and answers 429 beyond the limit. */
export function limitRate(limit: RateLimit): MiddlewareHandler<{ Bindings: HttpBindings }> {
  const windows = new Map<string, Window>();
  return async (context, next) => {
    const window = currentWindow(context.env.incoming.socket.remoteAddress ?? '');
    window.used += 1;
    const headers = {
      'X-Rate-Limit-Limit': `${limit.windowMs / 1000}s`,
      'X-Rate-Limit-Remaining': String(Math.max(0, limit.requests - window.used)),
      'X-Rate-Limit-Reset': new Date(window.resetsAt).toISOString(),
    };
    if (window.used > limit.requests) throw tooMany(window);
    await next();
    for (const [name, value] of Object.entries(headers)) context.res.headers.set(name, value);
  };

  function currentWindow(address: string): Window {
    const known = windows.get(address);
    if (known !== undefined && known.resetsAt > Date.now()) return known;
    const fresh = { resetsAt: Date.now() + limit.windowMs, used: 0 };
    windows.set(address, fresh);
    return fresh;
  }
}

/** As AspNetCoreRateLimit answers: `Retry-After`, none of the other headers, and plain text. */
function tooMany(window: Window): Refusal {
  const seconds = Math.max(1, Math.ceil((window.resetsAt - Date.now()) / 1000));
  return new Refusal({
    status: 429,
    code: 'TOO_MANY_REQUESTS',
    message: `Too many requests. Try again in ${seconds} s.`,
    headers: { 'Retry-After': String(seconds) },
    isPlain: true,
  });
}
