import { differingFields, type Release } from '../cryptlex/release.ts';
import { ActionError } from '../errors.ts';
import type { AppliedRelease } from '../release/apply.ts';
import type { ReadOnly, Refusal } from '../release/plan.ts';
import type { Search } from '../release/search.ts';
import { describeCriteria } from '../release/target.ts';
import { listWords, quote } from '../text.ts';

/** Releases that an error lists. */
const mostListed = 20;

/** The error for a plan that was refused: what is in the way, and what to do. */
export function explainRefusal(refusal: Refusal): ActionError {
  switch (refusal.why) {
    case 'not-found':
      return notFound(refusal.search);
    case 'other-case':
      return otherCase(refusal.releases, refusal.search);
    case 'ambiguous':
      return ambiguous(refusal.releases, refusal.search);
    case 'read-only':
      return published(refusal.steps);
  }
}

function notFound({ criteria, listed, near }: Search): ActionError {
  const others = near.filter(({ id }) => !listed.some((release) => release.id === id));
  const shown = [...listed, ...closest(others, criteria.version)].slice(0, 5).map(describeRelease);
  const what = `There is no ${describeCriteria(criteria)}.`;
  if (shown.length === 0) {
    return new ActionError({
      code: 'E_NOT_FOUND',
      what: `${what} The product has no releases, or this token cannot see it.`,
      remedy:
        'Check product-id and the region in api-url. If they are right, create the release in Cryptlex, or set on-missing: create and platforms.',
    });
  }
  return new ActionError({
    code: 'E_NOT_FOUND',
    what: `${what} The nearest releases are:\n${shown.join('\n')}`,
    remedy: `If it should be there, check ${listWords(searchedBy(criteria))}. If it is new, create it in Cryptlex, or set on-missing: create and platforms (and name, or it is named ${criteria.version}).`,
  });
}

/** The inputs that a search went by. */
function searchedBy({ channel, platform }: Search['criteria']): string[] {
  return [
    'product-id',
    ...(channel === undefined ? [] : ['match-channel (case-sensitive)']),
    ...(platform === undefined ? [] : ['match-platform (case-sensitive)']),
  ];
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

function otherCase(similar: readonly Release[], { criteria }: Search): ActionError {
  return new ActionError({
    code: 'E_NOT_FOUND',
    what: `There is no ${describeCriteria(criteria)}, but one that differs only in upper and lower case, so no release was created:\n${listSome(similar, describeRelease).join('\n')}`,
    remedy: 'Set match-channel and match-platform exactly as the release has them.',
  });
}

function ambiguous(matches: readonly Release[], { criteria }: Search): ActionError {
  const shown = listSome(matches, describeRelease);
  return new ActionError({
    code: 'E_AMBIGUOUS',
    what: `${matches.length} releases match the search for ${describeCriteria(criteria)}:\n${shown.join('\n')}`,
    remedy:
      'To update one of them, set match-channel or match-platform; with different notes, use one step for each. To give all of them the same notes, set match: all.',
  });
}

function published(steps: readonly ReadOnly[]): ActionError {
  const version = steps[0]?.wanted.version ?? '';
  const again = /^\d+\.\d+\.\d+$/.test(version)
    ? `, such as ${version}.1, which uses the changelog section ${version} again`
    : '';
  const shown = listSome(
    steps,
    ({ release, wanted }) =>
      `${describeRelease(release)} differs in ${differingFields(wanted, release).join(', ')}`,
  );
  return new ActionError({
    code: 'E_READONLY',
    what: `A published release is read-only, so nothing was changed:\n${shown.join('\n')}`,
    remedy: `To correct what customers see, publish a new version${again}. Update releases before they are published. To leave a published release as it is, set on-published: skip.`,
  });
}

/** A line for each of the first releases, and how many there are besides. */
function listSome<Item>(
  items: readonly Item[],
  describe: (item: Item) => string,
): readonly string[] {
  const more = items.length - mostListed;
  const shown = items.slice(0, mostListed).map(describe);
  return more > 0 ? [...shown, `… and ${more} more`] : shown;
}

/** A release in a few words: version, name, channel, platforms, state, id. */
function describeRelease(release: Release): string {
  const { version, id, name, channel, platforms, published, archived } = release;
  const words = [
    ...(name && name !== version ? [`name ${quote(name, 60)}`] : []),
    channel ? `channel ${channel}` : 'no channel',
    platforms?.length ? `platforms ${platforms.join(' ')}` : 'no platform',
    published ? 'published' : 'not published',
    ...(archived ? ['archived'] : []),
    `id ${id}`,
  ];
  return `${version} (${words.join(', ')})`;
}

/** The one error of a run whose releases did not all get what they should. */
export function errorOf(applied: readonly AppliedRelease[]): ActionError | undefined {
  const [first] = applied.flatMap(({ error }) => error ?? []);
  if (!first || applied.length === 1) return first;
  const done = applied.filter(({ result }) => result === 'updated');
  const open = applied.filter(({ result }) => result === 'failed' || result === 'unknown');
  const failed = open.filter(({ result }) => result === 'failed');
  const rest = applied.length - open.length - done.length;
  const others = [
    ...(done.length > 0 ? [`updated: ${listIds(done)}`] : []),
    ...(rest > 0 ? [`unchanged or skipped: ${rest}`] : []),
  ].join('; ');
  const shown = open.slice(0, 10).map(({ id = '', error, reason = '' }) => {
    const words = error?.what ?? reason;
    return words.includes(id) ? words : `${id}: ${words}`;
  });
  const verb = failed.length > 0 ? 'could not be updated' : 'may not have been updated';
  return new ActionError({
    code:
      done.length > 0 || (failed.length > 0 && failed.length < open.length)
        ? 'E_PARTIAL'
        : first.code,
    what: `${open.length} of ${applied.length} releases ${verb}${others && ` (${others})`}:\n${shown.join('\n')}`,
    remedy: `${first.remedy} The next run updates only what is left.`,
    cause: first,
  });
}

function listIds(releases: readonly AppliedRelease[]): string {
  const ids = releases.slice(0, 50).map(({ id }) => id);
  const more = releases.length - ids.length;
  return `${ids.join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}
