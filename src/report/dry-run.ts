import { endpoint } from '../inputs/api-url.ts';
import type { Inputs } from '../inputs/inputs.ts';
import type { Log } from '../log.ts';
import type { Plan } from '../release/plan.ts';

/** Longest line that shows a PATCH: notes of 4095 characters, each escaped. */
const patchLineLimit = 32_768;

/**
 * Logs the requests that a run with the same inputs would send.
 * @param requests those that come after the plan's
 */
export function showPlan(
  { plan, requests }: { readonly plan: Plan; readonly requests: readonly string[] },
  inputs: Inputs,
  log: Log,
): void {
  const url = endpoint(inputs['api-url'], '/releases').href;
  const show = (request: string, body: object) =>
    log.info(`Dry run: would send ${request} ${asciiSafe(JSON.stringify(body))}`, patchLineLimit);
  if (plan.kind === 'create') show(`POST ${url}`, { ...plan.fields, productId: plan.productId });
  if (plan.kind === 'update-unseen') show(`PATCH ${url}/${plan.id ?? '{id}'}`, plan.fields);
  if (plan.kind === 'update') {
    for (const step of plan.steps) {
      if (step.kind === 'change') show(`PATCH ${url}/${step.release.id}`, step.changes);
    }
  }
  for (const request of requests) log.info(`Dry run: would send ${request}`);
  if (inputs['access-token'] === undefined) {
    log.info(
      'There is no access-token, so no release was read, and all fields are shown. With product-id, a real run sends only those that differ.',
    );
  }
}

/** What the log would not show as it is, in JSON's own escapes, so that the line stays exact. */
function asciiSafe(json: string): string {
  return json
    .replace(/[\p{Cf}\p{Zl}\p{Zp}]/gu, (character) =>
      character.replace(/./gs, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`),
    )
    .replaceAll('##[', '#\\u0023[');
}
