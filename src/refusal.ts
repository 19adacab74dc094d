import type { AppliedRelease } from './apply.ts';
import { ActionError } from './errors.ts';
import { describeWanted, type Refusal, type Search } from './plan.ts';
import { quote } from './text.ts';
import { differingFields, type Release, type ReleaseFields } from './vendor/release.ts';

/** The releases that were meant and could not be updated, for the outputs. */
export function asFailed({ why, releases }: Refusal): readonly AppliedRelease[] {
  if (why !== 'read-only') return [];
  return releases.map((release) => ({
    result: 'failed',
    id: release.id,
    release,
    changedFields: [],
    previous: {},
    fields: {},
  }));
}

/** The error for a field that holds a secret. */
export function explainSecret(credential: string): ActionError {
  return new ActionError({
    code: 'E_CONFIG',
    what: `name, channel or platforms hold what looks like ${credential}, so nothing was sent.`,
    remedy: 'Remove it from the inputs of the step.',
  });
}

/** The error for a plan that was refused: what is in the way, and what to do. */
export function explainRefusal({ why, releases, fields }: Refusal, search: Search): ActionError {
  switch (why) {
    case 'not-found':
      return notFound(search);
    case 'ambiguous':
      return ambiguous(releases, search);
    case 'read-only':
      return published(releases, fields);
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

function ambiguous(matches: readonly Release[], { wanted }: Search): ActionError {
  const shown = matches.slice(0, 20).map(describeRelease);
  return new ActionError({
    code: 'E_AMBIGUOUS',
    what: `There are ${matches.length} releases for ${describeWanted(wanted)}:\n${shown.join('\n')}`,
    remedy:
      'Narrow the look-up with match-channel or match-platform, name one with release-id, or update all of them with match: all.',
  });
}

function published(releases: readonly Release[], fields: ReleaseFields): ActionError {
  const shown = releases.map(
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
