import { ActionError } from './errors.ts';
import type { Inputs } from './inputs.ts';
import { quote } from './text.ts';
import {
  differingFields,
  pickFields,
  type Release,
  type ReleaseField,
  type ReleaseFields,
} from './vendor/release.ts';

/** What to do about one release that was found. */
export type Step =
  | {
      readonly kind: 'change';
      readonly release: Release;
      /** Only the fields that differ. */
      readonly changes: ReleaseFields;
      readonly changedFields: readonly ReleaseField[];
      /** Those fields as they are now. */
      readonly previous: Readonly<Record<string, unknown>>;
    }
  | { readonly kind: 'unchanged'; readonly release: Release }
  | { readonly kind: 'skip'; readonly release: Release; readonly reason: string };

/** What a run is going to do. */
export type Plan =
  | { readonly kind: 'update'; readonly steps: readonly Step[] }
  /** A release that was not looked at: named by its id, or, in a dry run without a token, unknown. */
  | {
      readonly kind: 'update-unseen';
      readonly id: string | undefined;
      readonly fields: ReleaseFields;
    }
  | {
      readonly kind: 'create';
      readonly productId: string;
      readonly fields: ReleaseFields;
      /** Releases of this version that were already there. */
      readonly others: readonly Release[];
    }
  | { readonly kind: 'skip'; readonly reason: string };

/** What to look for. */
export interface Wanted {
  readonly productId: string;
  readonly version: string;
  readonly channel: string | undefined;
  readonly platform: string | undefined;
}

/** What was looked for and what there is. */
export interface Search {
  readonly wanted: Wanted;
  /** Every release of the product with this version. */
  readonly listed: readonly Release[];
  /** Other releases of the product, to explain that none matches. */
  readonly near: readonly Release[];
}

/**
 * Decides what happens to the releases that were found.
 * @throws ActionError E_NOT_FOUND, E_AMBIGUOUS, E_READONLY, E_CONFIG
 */
export function planUpdate(
  inputs: Pick<Inputs, 'match' | 'on-missing' | 'on-published'>,
  fields: ReleaseFields,
  search: Search,
): Plan {
  const matches = selectMatches(search.listed, search.wanted);
  if (matches.length === 0) return planMissing(inputs['on-missing'], fields, search);
  if (matches.length > 1 && inputs.match === 'one') throw ambiguous(matches, search.wanted);
  const steps = matches.map((release) => planStep(release, fields, inputs['on-published']));
  const readOnly = steps.filter(({ kind }) => kind === 'read-only').map(({ release }) => release);
  if (readOnly.length > 0) throw published(readOnly, fields);
  return { kind: 'update', steps: steps.filter((step) => step.kind !== 'read-only') };
}

/** The releases that are meant: exact version, channel and platform, not archived. */
export function selectMatches(listed: readonly Release[], wanted: Wanted): readonly Release[] {
  return listed.filter(
    (release) =>
      release.version === wanted.version &&
      release.archived !== true &&
      (wanted.channel === undefined || release.channel === wanted.channel) &&
      (wanted.platform === undefined || (release.platforms ?? []).includes(wanted.platform)),
  );
}

/** A release in a few words: version, name, id, channel, platforms, state. */
export function describeRelease(release: Release): string {
  const { version, id, name, channel, platforms, published, archived } = release;
  return [
    `${version} (id ${id}`,
    ...(name && name !== version ? [`name ${quote(name, 60)}`] : []),
    `channel ${channel ?? 'unknown'}`,
    `platforms ${platforms?.join(' ') || 'unknown'}`,
    `${published ? 'published' : 'not published'}${archived ? ', archived' : ''})`,
  ].join(', ');
}

function planStep(
  release: Release,
  fields: ReleaseFields,
  onPublished: Inputs['on-published'],
): Step | { readonly kind: 'read-only'; readonly release: Release } {
  const changedFields = differingFields(fields, release);
  if (changedFields.length === 0) return { kind: 'unchanged', release };
  if (release.published === true && onPublished === 'fail') return { kind: 'read-only', release };
  if (release.published === true && onPublished === 'skip') {
    return {
      kind: 'skip',
      release,
      reason: `published, and differs in ${changedFields.join(', ')}`,
    };
  }
  const changes = Object.fromEntries(changedFields.map((field) => [field, fields[field]]));
  return {
    kind: 'change',
    release,
    changes,
    changedFields,
    previous: pickFields(release, changedFields),
  };
}

function planMissing(onMissing: Inputs['on-missing'], fields: ReleaseFields, search: Search): Plan {
  const { wanted, listed } = search;
  if (onMissing === 'fail') throw notFound(search);
  if (onMissing === 'skip')
    return { kind: 'skip', reason: `there is no ${describeWanted(wanted)}` };
  const channel = fields.channel ?? wanted.channel;
  const platforms =
    fields.platforms ?? (wanted.platform === undefined ? undefined : [wanted.platform]);
  return {
    kind: 'create',
    productId: wanted.productId,
    fields: {
      ...fields,
      name: fields.name ?? wanted.version,
      channel: channel ?? 'stable',
      ...(platforms && { platforms }),
    },
    others: listed,
  };
}

function describeWanted({ version, channel, platform, productId }: Wanted): string {
  return [
    `release ${version}`,
    ...(channel === undefined ? [] : [`in the channel ${quote(channel, 60)}`]),
    ...(platform === undefined ? [] : [`for the platform ${quote(platform, 60)}`]),
    `of the product ${productId}`,
  ].join(' ');
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

function ambiguous(matches: readonly Release[], wanted: Wanted): ActionError {
  const shown = matches.slice(0, 20).map(describeRelease);
  return new ActionError({
    code: 'E_AMBIGUOUS',
    what: `There are ${matches.length} releases for ${describeWanted(wanted)}:\n${shown.join('\n')}`,
    remedy:
      'Narrow the look-up with match-channel or match-platform, or update all of them with match: all.',
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
