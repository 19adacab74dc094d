import type { ActionError } from '../errors.ts';
import type { Release } from './release.ts';

/**
 * How a write stands whose answer proves nothing: `pending`, it may still be under way; `over`, it is
 * not, applied or not; `odd`, it is not, and would end the same way again.
 */
export type Doubt = 'pending' | 'over' | 'odd';

/**
 * What is known after a write: the answer, only that it may have been applied, or that it certainly was
 * not.
 */
export type Written =
  | { readonly kind: 'answered'; readonly release: Release }
  | {
      readonly kind: 'doubtful';
      readonly doubt: Doubt;
      readonly reason: ActionError;
      /** How long the server asked to wait, in milliseconds. */
      readonly waitMs?: number | undefined;
    }
  | {
      readonly kind: 'refused';
      /** Of the answer; undefined where the server has not seen the request. */
      readonly status: number | undefined;
      readonly reason: ActionError;
    };

/**
 * How a write stands after an answer; undefined where the status settles it. A gateway that gave up
 * (499, 504, 524 of Cloudflare) says nothing of the server behind it; neither does a redirect.
 * 202 says nothing either. Except 408 and 425, the other statuses of 4xx mean that nothing was applied
 * (api: "Errors and limits").
 */
export function doubtAfter(status: number): Doubt | undefined {
  if ([202, 499, 504, 524].includes(status)) return 'pending';
  if (status >= 300 && status < 400) return 'odd';
  const isRefused = status >= 400 && status < 500 && status !== 408 && status !== 425;
  return status <= 201 || isRefused ? undefined : 'over';
}
