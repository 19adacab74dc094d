import type { Log } from '../src/log.ts';

function ignore(): void {}

/** A log that nobody reads. */
export const silentLog: Log = {
  info: ignore,
  debug: ignore,
  notice: ignore,
  warning: ignore,
  error: ignore,
  hide: ignore,
  redact: (text) => text,
};
