import type { AppliedRelease } from './apply.ts';
import type { Log } from './log.ts';
import type { Plan, Step } from './plan.ts';
import type { Release } from './vendor/release.ts';
import type { Releases } from './vendor/releases.ts';
import { confirmed } from './vendor/written.ts';

export interface Tools {
  readonly releases: Releases;
  readonly log: Log;
  /** Told what is known after each release. */
  readonly onProgress?: (applied: readonly AppliedRelease[]) => void;
}

/**
 * Brings a release that was looked at to its wanted state. Sent again only after a look has shown
 * that nothing was applied and that nobody else changed it.
 * @throws ActionError when the release does not have the wanted values, or E_UNKNOWN_STATE when
 *   nobody can say
 */
export async function updateSeen(
  step: Extract<Step, { kind: 'change' }>,
  tools: Tools,
): Promise<Release> {
  const { release, changes, wanted } = step;
  const written = await tools.releases.update(release.id, changes).catch(async (cause: unknown) => {
    throw (await import('./settle.ts')).asDeleted(release.id, cause);
  });
  const done = confirmed(written, release.id, { sent: changes, wanted });
  if (done) return done;
  const { settleSeen } = await import('./settle.ts');
  return settleSeen(step, written, tools);
}

/**
 * Updates a release that was not looked at before: after a doubtful answer only the wanted values
 * themselves prove anything.
 * @throws ActionError like {@link updateSeen}, or E_UNKNOWN_STATE
 */
export async function updateUnseen(
  plan: Extract<Plan, { kind: 'update-unseen' }>,
  tools: Tools,
): Promise<Release> {
  const { id = '', fields } = plan;
  const written = await tools.releases.update(id, fields);
  const done = confirmed(written, id, { sent: fields });
  if (done) return done;
  const { settleUnseen } = await import('./settle.ts');
  return settleUnseen({ id, fields }, written, tools);
}
