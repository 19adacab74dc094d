import type { Clock } from '../src/deadline.ts';

/** A clock that jumps over every wait, and what is to happen at some time on the way. */
export function startClock() {
  let now = 0;
  const events: { readonly at: number; readonly happen: () => void }[] = [];
  const clock = {
    now: () => now,
    sleep: async (ms: number) => {
      const until = now + Math.max(0, ms);
      events.sort((one, other) => one.at - other.at);
      while ((events[0]?.at ?? Number.POSITIVE_INFINITY) <= until) {
        const event = events.shift();
        now = Math.max(now, event?.at ?? now);
        event?.happen();
      }
      now = until;
    },
    /** Lets something happen when so many milliseconds are over. */
    after: (ms: number, happen: () => void) => {
      events.push({ at: now + ms, happen });
    },
  } satisfies Clock & Record<string, unknown>;
  return clock;
}
