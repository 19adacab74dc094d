import { ActionError } from './errors.ts';
import type { Plan, Wanted } from './plan.ts';
import { reasonOf, unknownState } from './settle.ts';
import { safe } from './text.ts';
import { differingFields, type Release, type ReleaseFields, sameId } from './vendor/release.ts';
import type { TagVersion } from './version.ts';
import type { Tools } from './write.ts';

/**
 * Checks, before any request, that a release could be created and would be found by the next run.
 * @throws ActionError E_CONFIG
 */
export function checkCreation(
  wanted: Wanted,
  { channel, platforms }: ReleaseFields,
  { tag, prerelease }: TagVersion,
): void {
  if (prerelease.length > 0 && (channel ?? wanted.channel) === undefined) {
    throw new ActionError({
      code: 'E_CONFIG',
      what: `${safe(tag)} is a prerelease, and no channel is set to create its release in.`,
      remedy: 'Set channel, for example to auto.',
    });
  }
  const [field, looked] =
    wanted.channel !== undefined && channel !== undefined && channel !== wanted.channel
      ? ['channel', 'match-channel']
      : wanted.platform !== undefined && platforms && !platforms.includes(wanted.platform)
        ? ['platforms', 'match-platform']
        : [];
  if (field === undefined) return;
  throw new ActionError({
    code: 'E_CONFIG',
    what: `With on-missing: create, ${field} would put the release where ${looked} does not look, and each run would create it again.`,
    remedy: `Let ${field} and ${looked} agree.`,
  });
}

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
