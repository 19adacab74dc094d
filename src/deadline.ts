/** How time passes: Node's own way, or that of a test. */
export interface Clock {
  /** Milliseconds, never falling. */
  readonly now: () => number;
  readonly sleep: (ms: number) => Promise<void>;
}

const realClock: Clock = {
  now: () => Number(process.hrtime.bigint()) / 1e6,
  sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
};

/** The time that a run may take. Whoever waits asks it. */
export interface Deadline extends Clock {
  /** Milliseconds left, never below 0. */
  readonly remaining: () => number;
  /** Waits so many milliseconds, but at most half of the time left: the next step needs time too. */
  readonly pause: (ms: number) => Promise<void>;
  /** Does something whose time does not count. */
  readonly uncounted: <Result>(work: () => Promise<Result>) => Promise<Result>;
}

/** A deadline that many seconds from now. */
export function startDeadline(seconds: number, clock: Clock = realClock): Deadline {
  let end = clock.now() + seconds * 1000;
  const remaining = () => Math.max(0, end - clock.now());
  return {
    ...clock,
    remaining,
    pause: (ms) => clock.sleep(Math.min(ms, remaining() / 2)),
    uncounted: async (work) => {
      const begun = clock.now();
      try {
        return await work();
      } finally {
        end += clock.now() - begun;
      }
    },
  };
}
