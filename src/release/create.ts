import type { Written } from '../cryptlex/doubt.ts';
import { differingFields, type Release, sameId } from '../cryptlex/release.ts';
import { ActionError, asActionError } from '../errors.ts';
import { reasonOf, unknownState } from './explain.ts';
import { isPassing, looks, waitAfter } from './looks.ts';
import type { Plan } from './plan.ts';
import { selectMatches } from './search.ts';
import type { Outcome, Tools } from './update.ts';

type CreatePlan = Extract<Plan, { kind: 'create' }>;

/** What became of a creation; `exists`: the server has such a release by now. */
export type CreateOutcome = Outcome | { readonly result: 'exists'; readonly release: Release };

/**
 * Creates a release. What became of a doubtful POST is settled by listing again: sending it again
 * blindly could make a second release. A 409 means that there is one now. Never throws ActionError.
 */
export async function create(plan: CreatePlan, tools: Tools): Promise<CreateOutcome> {
  const { criteria, fields, others } = plan;
  const { productId } = criteria;
  const written = await tools.cryptlex.create(productId, fields);
  if (written.kind === 'refused') {
    const { status, reason } = written;
    if (status === 409) return findExisting(plan, reason, tools);
    return { result: 'failed', error: reason };
  }
  const made = written.kind === 'answered' ? written.release : undefined;
  const isNew = made && !others.some(({ id }) => id === made.id);
  if (isNew && sameId(made.productId ?? productId, productId)) return checkMade(plan, made, tools);
  return findMade(plan, written, tools);
}

/** A release that the answer names: it may not be what was asked for, or not the only one. */
async function checkMade(plan: CreatePlan, made: Release, tools: Tools): Promise<Outcome> {
  const { fields } = plan;
  const listed = await list(plan, tools).catch(asActionError);
  if (listed instanceof ActionError) {
    tools.log.warning(
      `Could not check whether another run created the same release: ${listed.what}`,
    );
  }
  const all = listed instanceof ActionError ? [] : listed;
  const rivals = newMatches(plan, all).filter(({ id }) => id !== made.id);
  if (rivals.length > 0) return { result: 'failed', error: twice([made, ...rivals]) };
  const release = all.find(({ id }) => id === made.id) ?? made;
  const open = differingFields(fields, release);
  if (open.length === 0) return { result: 'created', release };
  const error = new ActionError({
    code: 'E_CONFLICT',
    what: `Cryptlex created the release ${release.id} with other values than those that were sent: ${open.map((field) => `${field} is ${JSON.stringify(release[field] ?? null)}`).join(', ')}.`,
    remedy:
      'Set these inputs to the values that Cryptlex has. Otherwise the next run does not find this release and creates another one.',
  });
  return { result: 'unknown', error, release };
}

/** The one that a doubtful POST made, if it did. */
async function findMade(plan: CreatePlan, written: Written, tools: Tools): Promise<Outcome> {
  const { fields } = plan;
  let failure: ActionError | undefined;
  for await (const listed of looks(() => list(plan, tools), waitAfter(written), tools.deadline)) {
    if (listed instanceof ActionError) {
      failure = listed;
      if (!isPassing(listed)) break;
      continue;
    }
    const made = newMatches(plan, listed);
    const [release] = made;
    if (made.length > 1) return { result: 'unknown', error: twice(made) };
    if (!release || differingFields(fields, release).length > 0) continue;
    tools.log.info('It was unclear whether the release was created; it exists now.');
    return { result: 'created', release };
  }
  return { result: 'unknown', error: unknownState(reasonOf(written), failure) };
}

async function findExisting(
  plan: CreatePlan,
  reason: ActionError,
  tools: Tools,
): Promise<CreateOutcome> {
  const listed = await list(plan, tools).catch(asActionError);
  if (listed instanceof ActionError) return { result: 'failed', error: listed };
  const matches = selectMatches(listed, plan.criteria);
  const [release] = matches;
  if (!release) return { result: 'failed', error: reason };
  if (matches.length > 1) return { result: 'failed', error: twice(matches) };
  tools.log.info(`Someone else created the release ${release.id} in the meantime; it is updated.`);
  return { result: 'exists', release };
}

/** The releases of the version as they are now. */
function list({ criteria }: CreatePlan, { cryptlex }: Tools): Promise<readonly Release[]> {
  return cryptlex.findByVersion(criteria.productId, criteria.version);
}

/** The releases that match by now and did not when the plan was made. */
function newMatches(
  { criteria, others }: CreatePlan,
  listed: readonly Release[],
): readonly Release[] {
  return selectMatches(listed, criteria).filter(
    ({ id }) => !others.some((other) => other.id === id),
  );
}

function twice(releases: readonly Release[]): ActionError {
  return new ActionError({
    code: 'E_CONFLICT',
    what: `There are ${releases.length} releases of this version now, created at the same moment: ${releases.map(({ id }) => id).join(' and ')}.`,
    remedy:
      'Delete all but one of them and run the step again; a concurrency group lets only one run work at a time.',
  });
}
