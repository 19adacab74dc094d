import type { Deadline } from '../deadline.ts';
import { type Inputs, isDelivering } from '../inputs/inputs.ts';
import type { Log } from '../log.ts';
import type { Delivery } from './delivery.ts';

/** For a run that asks for neither files nor the publication. */
const nothing: Delivery = {
  foresee: async (applied) => applied,
  requests: () => [],
  carryOut: async (applied) => applied,
};

/**
 * Finds and checks the files of `upload-files`, before any request. What uploads and publishes is loaded
 * only for a run that asks for it.
 * @returns without `upload-files` and `publish` a delivery that does nothing
 * @throws ActionError E_FILE; E_CONFIG when the host for files is not known, or the environment names a
 *   proxy by an invalid address
 */
export async function prepareDelivery(
  inputs: Inputs,
  context: { readonly workspace: string; readonly log: Log; readonly deadline: Deadline },
): Promise<Delivery> {
  if (!isDelivering(inputs)) return nothing;
  const { openDelivery } = await import('./delivery.ts');
  return openDelivery(inputs, context);
}
