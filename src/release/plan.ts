import { differingFields, type Release, type ReleaseFields } from '../cryptlex/release.ts';
import type { Inputs } from '../inputs/inputs.ts';
import { type Search, selectMatches } from './search.ts';
import { type Criteria, describeCriteria } from './target.ts';

/** What to do about one release that was found. */
export type Step =
  | {
      readonly kind: 'change';
      readonly release: Release;
      /** Only the fields that differ. */
      readonly changes: ReleaseFields;
      /** All that the release should say, changed or not. */
      readonly wanted: ReleaseFields;
    }
  | { readonly kind: 'unchanged'; readonly release: Release }
  | {
      readonly kind: 'skip';
      readonly release: Release;
      /** All that the release should say. */
      readonly wanted: ReleaseFields;
      readonly reason: string;
    };

/** An update of a release. */
export interface Update {
  readonly id: string;
  /** What is sent. */
  readonly changes: ReleaseFields;
  /** All that the release should say, sent or not. */
  readonly wanted: ReleaseFields;
  /** The release as it was when the plan was made. */
  readonly before: Release | undefined;
}

/** A published release that differs, which the inputs leave alone. */
export interface ReadOnly {
  readonly kind: 'read-only';
  readonly release: Release;
  /** All that the release should say. */
  readonly wanted: ReleaseFields;
}

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
      readonly criteria: Criteria;
      readonly fields: ReleaseFields;
      /** What becomes of a release that someone else creates meanwhile. */
      readonly planExisting: (release: Release) => Step | ReadOnly;
      /** Releases of this version that were already there. */
      readonly others: readonly Release[];
    }
  | { readonly kind: 'skip'; readonly reason: string }
  | Refusal;

/** Why nothing may be done, for the words of an error. */
export type Refusal = { readonly kind: 'refuse' } & (
  | {
      readonly why: 'not-found' | 'other-case' | 'ambiguous';
      /** The matches that stand against it. */
      readonly releases: readonly Release[];
      readonly search: Search;
    }
  | { readonly why: 'read-only'; readonly steps: readonly ReadOnly[] }
);

/** The inputs that decide. */
export type PlanInputs = Pick<
  Inputs,
  'match' | 'on-missing' | 'on-published' | 'on-existing-notes' | 'release-id'
>;

/**
 * Decides what happens to the releases that were found, or why nothing may happen. Of a release that was
 * read, only the fields that differ are changed; one that `product-id` found has the version already.
 * Where nothing was looked up, all fields are sent to the release that release-id names.
 * @param found what the search found, or the release that was read
 */
export function planUpdate(
  inputs: PlanInputs,
  fields: ReleaseFields,
  found: Search | Release | undefined,
): Plan {
  if (!found) return { kind: 'update-unseen', id: inputs['release-id'], fields };
  if ('id' in found) return planSteps([found], fields, inputs);
  const search = found;
  const refuse = (
    why: 'not-found' | 'other-case' | 'ambiguous',
    releases: readonly Release[],
  ): Refusal => ({ kind: 'refuse', why, releases, search });
  const matches = selectMatches(search.listed, search.criteria);
  if (matches.length === 0) {
    if (inputs['on-missing'] === 'fail') return refuse('not-found', []);
    if (inputs['on-missing'] === 'skip') {
      return { kind: 'skip', reason: `there is no ${describeCriteria(search.criteria)}` };
    }
    const similar = selectMatches(search.listed, search.criteria, (text) => text.toLowerCase());
    if (similar.length > 0) return refuse('other-case', similar);
    return planCreation(inputs, fields, search);
  }
  if (matches.length > 1 && inputs.match === 'one') return refuse('ambiguous', matches);
  return planSteps(matches, fields, inputs);
}

function planSteps(releases: readonly Release[], fields: ReleaseFields, inputs: PlanInputs): Plan {
  const steps = releases.map((release) => planStep(release, fields, inputs));
  const readOnly = steps.filter((step) => step.kind === 'read-only');
  if (readOnly.length > 0) return { kind: 'refuse', why: 'read-only', steps: readOnly };
  return { kind: 'update', steps: steps.filter((step) => step.kind !== 'read-only') };
}

function planStep(release: Release, given: ReleaseFields, inputs: PlanInputs): Step | ReadOnly {
  const onPublished = inputs['on-published'];
  const fields = inputs['on-existing-notes'] === 'keep' ? keepingNotes(release, given) : given;
  const changedFields = differingFields(fields, release);
  if (changedFields.length === 0) return { kind: 'unchanged', release };
  if (release.published === true && onPublished === 'fail') {
    return { kind: 'read-only', release, wanted: fields };
  }
  if (release.published === true && onPublished === 'skip') {
    return {
      kind: 'skip',
      release,
      wanted: fields,
      reason: `published, and differs in ${changedFields.join(', ')}`,
    };
  }
  const changes = Object.fromEntries(changedFields.map((field) => [field, fields[field]]));
  return { kind: 'change', release, changes, wanted: fields };
}

/** Leaves notes alone that somebody wrote. */
function keepingNotes(release: Release, { notes, ...others }: ReleaseFields): ReleaseFields {
  const hasNotes = (release.notes ?? '').trim() !== '';
  return notes === undefined || hasNotes ? others : { ...others, notes };
}

function planCreation(
  inputs: PlanInputs,
  fields: ReleaseFields,
  { criteria, listed }: Search,
): Plan {
  const channel = fields.channel ?? criteria.channel;
  const platforms =
    fields.platforms ?? (criteria.platform === undefined ? undefined : [criteria.platform]);
  return {
    kind: 'create',
    criteria,
    fields: {
      ...fields,
      name: fields.name ?? criteria.version,
      channel: channel ?? 'stable',
      ...(platforms && { platforms }),
    },
    planExisting: (release) => planStep(release, fields, inputs),
    others: listed,
  };
}
