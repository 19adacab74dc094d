import type { AppliedRelease } from './apply.ts';
import { ActionError } from './errors.ts';
import { count } from './text.ts';

/** The one error of a run whose releases did not all get what they should. */
export function errorOf(applied: readonly AppliedRelease[]): ActionError | undefined {
  const [first] = applied.flatMap(({ error }) => error ?? []);
  if (!first || applied.length === 1) return first;
  const done = applied.filter(({ result }) => result === 'updated');
  const open = applied.filter(({ result }) => result === 'failed' || result === 'unknown');
  const shown = open.slice(0, 10).map(({ id, error, reason }) => `${id}: ${error?.what ?? reason}`);
  return new ActionError({
    code:
      done.length > 0 || open.some(({ result }) => result === 'unknown') ? 'E_PARTIAL' : first.code,
    what: `${count(open.length, 'release')} of ${applied.length} could not be updated, ${done.length} were updated (${listIds(done)}), ${applied.length - open.length - done.length} needed nothing. Not updated (${listIds(open)}):\n${shown.join('\n')}`,
    remedy: `${first.remedy} Running the step again updates only what is left.`,
    cause: first,
  });
}

function listIds(releases: readonly AppliedRelease[]): string {
  const ids = releases.slice(0, 50).map(({ id }) => id);
  const more = releases.length - ids.length;
  return ids.length === 0 ? 'none' : `${ids.join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}
