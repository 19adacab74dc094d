import { differingFields, type Release, type ReleaseFields } from '../cryptlex/release.ts';
import { ActionError } from '../errors.ts';
import type { AppliedRelease } from '../release/apply.ts';
import type { Refusal } from '../release/plan.ts';
import type { Search } from '../release/search.ts';
import { describeWanted } from '../release/target.ts';
import { count, quote } from '../text.ts';

/** Releases that an error lists. */
const mostListed = 20;

/** The error for a plan that was refused: what is in the way, and what to do. */
export function explainRefusal(refusal: Refusal): ActionError {
  const { releases } = refusal;
  switch (refusal.why) {
    case 'not-found':
      return notFound(refusal.search);
    case 'other-case':
      return otherCase(releases, refusal.search);
    case 'ambiguous':
      return ambiguous(releases, refusal.search);
    case 'read-only':
      return published(releases, refusal.fields);
  }
}

function notFound({ wanted, listed, near }: Search): ActionError {
  const others = near.filter(({ id }) => !listed.some((release) => release.id === id));
  const shown = [...listed, ...closest(others, wanted.version)].slice(0, 5).map(describeRelease);
  const what = `There is no ${describeWanted(wanted)}.`;
  if (shown.length === 0) {
    return new ActionError({
      code: 'E_NOT_FOUND',
      what: `${what} The product has no release at all, or this token knows no such product.`,
      remedy:
        'Check product-id and the region in api-url. If they are right, create the release first or set on-missing: create.',
    });
  }
  return new ActionError({
    code: 'E_NOT_FOUND',
    what: `${what} The nearest are:\n${shown.join('\n')}`,
    remedy:
      'Create the release first, correct product-id, match-channel or match-platform (case counts), or set on-missing to create or skip.',
  });
}

/** Those that share the most leading numbers with the version first; else the newest first. */
function closest(releases: readonly Release[], version: string): readonly Release[] {
  const parts = version.split('.');
  const shared = (release: Release) => {
    const other = release.version.split('.');
    const difference = parts.findIndex((part, index) => part !== other[index]);
    return difference === -1 ? parts.length : difference;
  };
  return [...releases].sort((one, other) => shared(other) - shared(one));
}

function otherCase(similar: readonly Release[], { wanted }: Search): ActionError {
  return new ActionError({
    code: 'E_NOT_FOUND',
    what: `There is no ${describeWanted(wanted)}, but a release that differs from it in case alone, so none was created:\n${listSome(similar, describeRelease).join('\n')}`,
    remedy: 'Write match-channel and match-platform as the release has them.',
  });
}

function ambiguous(matches: readonly Release[], { wanted }: Search): ActionError {
  const shown = listSome(matches, describeRelease);
  return new ActionError({
    code: 'E_AMBIGUOUS',
    what: `There are ${matches.length} releases for ${describeWanted(wanted)}:\n${shown.join('\n')}`,
    remedy:
      'Narrow the look-up with match-channel or match-platform, name one with release-id, or update all of them with match: all.',
  });
}

function published(releases: readonly Release[], fields: ReleaseFields): ActionError {
  const shown = listSome(
    releases,
    (release) =>
      `${describeRelease(release)} differs in ${differingFields(fields, release).join(', ')}`,
  );
  return new ActionError({
    code: 'E_READONLY',
    what: `A published release is read-only, so nothing was changed:\n${shown.join('\n')}`,
    remedy:
      'Update releases before they are published, or set on-published: skip to leave it as it is.',
  });
}

/** A line for each of the first releases, and how many there are besides. */
function listSome(
  releases: readonly Release[],
  describe: (release: Release) => string,
): readonly string[] {
  const more = releases.length - mostListed;
  const shown = releases.slice(0, mostListed).map(describe);
  return more > 0 ? [...shown, `… and ${more} more`] : shown;
}

/** A release in a few words: version, name, id, channel, platforms, state. */
function describeRelease(release: Release): string {
  const { version, id, name, channel, platforms, published, archived } = release;
  return [
    `${version} (id ${id}`,
    ...(name && name !== version ? [`name ${quote(name, 60)}`] : []),
    `channel ${channel ?? 'unknown'}`,
    `platforms ${platforms?.join(' ') || 'unknown'}`,
    `${published ? 'published' : 'not published'}${archived ? ', archived' : ''})`,
  ].join(', ');
}

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
