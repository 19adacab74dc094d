import type { Doubt, Written } from '../cryptlex/doubt.ts';
import type { Deadline } from '../deadline.ts';
import { type ActionError, asActionError } from '../errors.ts';

/** How often an odd answer is looked into. */
export const mostLooks = 3;

/** The pause before a look, in milliseconds; it doubles with each. */
const firstPause = 1000;
const longestPause = 10_000;

/** Less time than this is too little for a look, in milliseconds. */
const shortestLook = 100;

/** What the pauses between looks go by. */
interface Wait {
  readonly doubt: Doubt;
  /** How long the server asked to wait, in milliseconds. */
  readonly waitMs?: number | undefined;
}

/** How to look after a write. */
export function waitAfter(written: Written): Wait {
  return written.kind === 'doubtful' ? written : { doubt: 'odd' };
}

/**
 * Looks what became of a write, with a pause before each look that gets longer: until the end of the run
 * where it may still be under way, else a few times. A look that fails gives its error.
 */
export async function* looks<Seen>(
  read: () => Promise<Seen>,
  { doubt, waitMs }: Wait,
  deadline: Deadline,
): AsyncGenerator<Seen | ActionError> {
  let pause = waitMs ?? (doubt === 'over' ? 0 : firstPause);
  for (let count = 1; doubt === 'pending' || count <= mostLooks; count += 1) {
    if (deadline.remaining() < shortestLook) return;
    await deadline.pause(Math.min(pause, longestPause));
    yield await read().catch(asActionError);
    pause = Math.max(firstPause, 2 * pause);
  }
}

/** Whether a look that failed may succeed the next time. */
export function isPassing({ code }: ActionError): boolean {
  return ['E_NET', 'E_TIMEOUT', 'E_SERVER', 'E_RATE', 'E_RESPONSE'].includes(code);
}
