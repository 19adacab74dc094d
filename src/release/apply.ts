import {
  givenFields,
  pickFields,
  type Release,
  type ReleaseField,
  type ReleaseFields,
} from '../cryptlex/release.ts';
import { ActionError, type ErrorCode } from '../errors.ts';
import { create } from './create.ts';
import type { Plan, ReadOnly, Step } from './plan.ts';
import { type Outcome, type Tools, writeUntilCertain } from './update.ts';

/** How many releases are updated at a time with `match: all`. */
const concurrency = 4;

/** After these, no further release would fare better. */
const hopeless: readonly ErrorCode[] = ['E_AUTH', 'E_RATE', 'E_NET', 'E_TLS', 'E_TIMEOUT'];

export type ReleaseResult =
  | 'updated'
  | 'unchanged'
  | 'created'
  | 'skipped'
  | 'planned'
  | 'failed'
  | 'unknown';

/** A file of `upload-files`, and whether a release has it. */
export interface DeliveredFile {
  /** In lower case, as the vendor stores it. */
  readonly name: string;
  /** In bytes. */
  readonly size: number;
  /** MD5 in hex, where the file was read. */
  readonly checksum: string | undefined;
  readonly state: 'missing' | 'present' | 'uploaded';
}

/** What a run may change of a release: its fields, its files, and whether it is published. */
export type Change = ReleaseField | 'files' | 'published';

/** What became of one release. */
export interface AppliedRelease {
  readonly result: ReleaseResult;
  readonly id: string | undefined;
  /** It is created, not updated. */
  readonly isNew?: boolean;
  /** The release as it is now, as far as that is known. */
  readonly release: Release | undefined;
  readonly changedFields: readonly Change[];
  readonly previous: Readonly<Record<string, unknown>>;
  readonly fields: ReleaseFields;
  /** The files that it should have, as far as it was looked at for them. */
  readonly files?: readonly DeliveredFile[];
  readonly reason?: string;
  readonly error?: ActionError;
}

type Writing<Kind extends Plan['kind']> = Extract<Plan, { kind: Kind }>;

/** What carrying out a plan works with, and who is told of it. */
export interface ApplyTools extends Tools {
  /** Told what is known after each release. */
  readonly onProgress: (applied: readonly AppliedRelease[]) => void;
}

/**
 * Carries a plan out: each change is one {@link Cryptlex.update}, a PATCH; a creation is a POST.
 * @returns what became of each release; a failure is part of it and never thrown
 */
export async function applyPlan(
  plan: Writing<'create' | 'update-unseen' | 'update'>,
  tools: ApplyTools,
): Promise<readonly AppliedRelease[]> {
  switch (plan.kind) {
    case 'create': {
      const outcome = await create(plan, tools);
      return outcome.result === 'exists'
        ? applyToExisting(plan.planExisting(outcome.release), tools)
        : [settled(plannedOf(plan), outcome)];
    }
    case 'update-unseen': {
      // Only a dry run without a token knows no id.
      const { id = '', fields } = plan;
      const update = { id, changes: fields, wanted: fields, before: undefined };
      return [settled(plannedOf(plan), await writeUntilCertain(update, tools))];
    }
    case 'update':
      return applySteps(plan.steps, tools);
  }
}

/** What a plan would do, for a dry run and for the time before it is carried out. */
export function asPlanned(plan: Plan): readonly AppliedRelease[] {
  switch (plan.kind) {
    case 'skip':
      return [];
    case 'refuse':
      return plan.why === 'read-only' ? plan.steps.map(refused) : [];
    case 'update':
      return plan.steps.map(stepAsPlanned);
    case 'create':
    case 'update-unseen':
      return [plannedOf(plan)];
  }
}

/** While a plan is carried out, a change that is not done may have begun: it counts as unknown. */
export function begun(applied: readonly AppliedRelease[]): readonly AppliedRelease[] {
  return applied.map((each) => (each.result === 'planned' ? { ...each, result: 'unknown' } : each));
}

function refused({ release, wanted }: ReadOnly): AppliedRelease {
  return { ...untouched(release), fields: wanted, result: 'failed' };
}

function untouched(release: Release) {
  return { id: release.id, release, changedFields: [], previous: {}, fields: {} };
}

function plannedOf(plan: Writing<'create' | 'update-unseen'>): AppliedRelease {
  const { fields } = plan;
  const id = plan.kind === 'create' ? undefined : plan.id;
  const changedFields = givenFields(fields);
  const isNew = plan.kind === 'create';
  return { result: 'planned', id, isNew, release: undefined, changedFields, previous: {}, fields };
}

function stepAsPlanned(step: Step): AppliedRelease {
  const common = untouched(step.release);
  switch (step.kind) {
    case 'unchanged':
      return { ...common, result: 'unchanged' };
    case 'skip':
      return { ...common, fields: step.wanted, result: 'skipped', reason: step.reason };
    case 'change': {
      const changedFields = givenFields(step.changes);
      const previous = pickFields(step.release, changedFields);
      return { ...common, result: 'planned', changedFields, previous, fields: step.changes };
    }
  }
}

async function applySteps(
  steps: readonly Step[],
  tools: ApplyTools,
): Promise<readonly AppliedRelease[]> {
  const results = steps.map(stepAsPlanned);
  const open = steps.flatMap((step, index) => (step.kind === 'change' ? [{ step, index }] : []));
  const total = open.length;
  let done = 0;
  let gaveUp = false;
  let progressAt = Date.now() + 5_000;
  const work = async () => {
    for (let next = open.shift(); next && !gaveUp; next = open.shift()) {
      const { step, index } = next;
      const update = { ...step, id: step.release.id, before: step.release };
      const result = settled(stepAsPlanned(step), await writeUntilCertain(update, tools));
      results[index] = result;
      tools.onProgress(results);
      done += 1;
      if (result.error && hopeless.includes(result.error.code)) gaveUp = true;
      if (done < total && Date.now() > progressAt) {
        tools.log.info(`${done} of ${total} releases are done.`);
        progressAt = Date.now() + 5_000;
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(concurrency, open.length) }, work));
  return results.map((result) =>
    result.result === 'planned'
      ? {
          ...result,
          result: 'failed' as const,
          changedFields: [],
          reason: 'not tried, because an earlier update failed',
        }
      : result,
  );
}

/** A release after a change beside its fields, of which `before` says what was there. */
export function withChange(
  each: AppliedRelease,
  change: 'files' | 'published',
  before: Release | undefined,
): AppliedRelease {
  if (each.changedFields.includes(change)) return each;
  const { files, published } = before ?? {};
  const had = { files: files ?? [], published: published ?? null }[change];
  return {
    ...each,
    result: each.result === 'unchanged' ? 'updated' : each.result,
    changedFields: [...each.changedFields, change],
    previous: before ? { ...each.previous, [change]: had } : each.previous,
  };
}

/** What is known of a release after it was written to. */
function settled(planned: AppliedRelease, outcome: Outcome): AppliedRelease {
  const { release = planned.release } = outcome;
  return { ...planned, ...outcome, release, id: release?.id ?? planned.id };
}

/** A release that someone else created while this run was about to. */
async function applyToExisting(
  step: Step | ReadOnly,
  tools: ApplyTools,
): Promise<readonly AppliedRelease[]> {
  if (step.kind !== 'read-only') return applySteps([step], tools);
  const error = new ActionError({
    code: 'E_READONLY',
    what: `Someone else created and published the release ${step.release.id} in the meantime, with other values.`,
    remedy: 'Check who publishes releases of this version, and run the step again.',
  });
  return [{ ...refused(step), error }];
}
