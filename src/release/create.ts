import { differingFields, type Release, sameId } from '../cryptlex/release.ts';
import type { Plan } from './plan.ts';
import { reasonOf, type Tools, unknownState } from './update.ts';

/**
 * Creates a release. A lost POST is settled by listing again: sending it again blindly could make
 * a second release.
 * @throws ActionError when the release was not created, or E_UNKNOWN_STATE when nobody can say
 */
export async function create(
  plan: Extract<Plan, { kind: 'create' }>,
  { releases, log }: Tools,
): Promise<Release> {
  const { productId, fields, others } = plan;
  const written = await releases.create(productId, fields);
  if (
    written.kind === 'answered' &&
    differingFields(fields, written.release).length === 0 &&
    sameId(written.release.productId ?? productId, productId) &&
    !others.some(({ id }) => id === written.release.id)
  ) {
    return written.release;
  }
  const reason = reasonOf(written);
  const listed = await releases
    .findByVersion(productId, fields.version ?? '')
    .catch((cause: unknown) => {
      throw unknownState(reason, cause);
    });
  const [made, another] = listed.filter(
    (release) =>
      !others.some(({ id }) => id === release.id) && differingFields(fields, release).length === 0,
  );
  if (!made || another) throw unknownState(reason);
  log.info('The answer to the creation was unclear, but the release is there.');
  return made;
}
