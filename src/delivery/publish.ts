import type { Written } from '../cryptlex/doubt.ts';
import { differingFields, type Release, type ReleaseFields, sameId } from '../cryptlex/release.ts';
import { ActionError, asActionError } from '../errors.ts';
import { type AppliedRelease, withChange } from '../release/apply.ts';
import { deleted, reasonOf, unknownState } from '../release/explain.ts';
import { isPassing, looks, mostLooks, waitAfter } from '../release/looks.ts';
import { isEnough, type Tools } from '../release/update.ts';
import { listWords, quote } from '../text.ts';
import { hasFile, storedFile } from './compare.ts';

/** A release that is complete, and all that it has to say when it is published. */
export interface Complete {
  readonly each: AppliedRelease;
  readonly id: string;
  readonly wanted: ReleaseFields;
}

/**
 * What stands against a release that is to be complete: a field or a file that it does not have.
 * @returns undefined where it is as it should be
 */
function findGap(now: Release, complete: Complete): ActionError | undefined {
  const { fields, files } = openParts(now, complete);
  const open = [...fields, ...files.map(({ name }) => `the file ${quote(name)}`)];
  if (open.length === 0) return undefined;
  return new ActionError({
    code: 'E_CONFLICT',
    what: `The release ${now.id} has changed during this run: ${listWords(open, 'and')} ${open.length > 1 ? 'differ' : 'differs'} from what this step sent.`,
    remedy:
      'Someone else changed the release, or the server did not keep what was sent. Decide which values are right and run the step again; a concurrency group lets only one run work at a time.',
  });
}

const remedies = {
  file: 'upload-files to the files that customers get',
  platform: 'platforms to those that the files run on',
} as const;

/**
 * What a release lacks to be published: customers would find nothing there.
 * @param parts the number of its files, and its platforms
 */
export function findLack(
  id: string,
  parts: { readonly files: number; readonly platforms: readonly string[] },
): ActionError | undefined {
  const lacks = [
    ...(parts.files === 0 ? (['file'] as const) : []),
    ...(parts.platforms.length === 0 ? (['platform'] as const) : []),
  ];
  if (lacks.length === 0) return undefined;
  return new ActionError({
    code: 'E_PUBLISH',
    what: `The release ${id} has no ${listWords(lacks)}, so it is not published: no application would find it.`,
    remedy: `Set ${listWords(
      lacks.map((lack) => remedies[lack]),
      'and',
    )}.`,
  });
}

/** The fields and files of which a release is not, or not yet, as it should be. */
function openParts(now: Release, { each, wanted }: Complete) {
  const fields = differingFields({ ...wanted, ...each.fields }, now);
  const files = (each.files ?? []).filter((file) => !hasFile(now, file, file.checksum ?? ''));
  return { fields, files };
}

/** Whether all that is open of a release are files that are not registered yet (api: "Calls", PUT). */
function isRegistering(now: Release, complete: Complete): boolean {
  const { fields, files } = openParts(now, complete);
  const isListed = files.some(({ name }) => storedFile(now, name)?.checksum);
  return fields.length === 0 && files.length > 0 && !isListed;
}

/**
 * Fresh looks at a release, which has to have everything that is wanted of it: a few, since an answer may
 * be older than what was sent; until the time is over where the server is still registering files.
 * @param publish whether it also needs what a publication does
 */
export async function confirm(
  complete: Complete,
  { cryptlex, deadline }: Tools,
  publish: boolean,
): Promise<AppliedRelease> {
  const { each, id } = complete;
  let seen: AppliedRelease = each;
  let count = 0;
  const wait = { doubt: 'pending', waitMs: 0 } as const;
  for await (const release of looks(() => cryptlex.get(id), wait, deadline)) {
    count += 1;
    if (release instanceof ActionError) {
      // What was written may well be complete; a publication, which needs this look, was not begun.
      const isOpen = !publish && each.result !== 'unchanged';
      seen = { ...each, result: isOpen ? 'unknown' : 'failed', error: release };
      if (isPassing(release) && count < mostLooks) continue;
      return seen;
    }
    const gap = findGap(release, complete);
    const error = gap ?? (publish && !release.published ? lackOf(release) : undefined);
    seen = { ...each, release, ...(error && { result: 'failed', error }) };
    if (!gap || (count >= mostLooks && !isRegistering(release, complete))) return seen;
  }
  return seen;
}

function lackOf({ id, files, totalFiles, platforms }: Release): ActionError | undefined {
  const total = Math.max(files?.length ?? 0, totalFiles ?? 0);
  return findLack(id, { files: total, platforms: platforms ?? [] });
}

/**
 * Publishes a release, which cannot be undone. What became of a doubtful answer is settled by looking
 * at the release. Never throws ActionError.
 */
export async function publishRelease(complete: Complete, tools: Tools): Promise<AppliedRelease> {
  const { each, id } = complete;
  const { cryptlex, log } = tools;
  let doubt: Written | undefined;
  for (let sends = 1; ; sends += 1) {
    const written = await cryptlex.publish(id);
    if (written.kind === 'refused') {
      const { status, reason } = written;
      if (status === undefined) {
        if (!doubt) return { ...each, result: 'failed', error: reason };
        return { ...each, result: 'unknown', error: unknownState(reasonOf(doubt), reason) };
      }
      const now = await cryptlex.get(id).catch(asActionError);
      if (!(now instanceof ActionError) && now.published) return published(now, complete);
      const remedy = remedyFor(status);
      const error = new ActionError({ code: 'E_PUBLISH', what: reason.what, remedy });
      return { ...each, result: doubt ? 'unknown' : 'failed', error };
    }
    if (written.kind === 'answered') {
      const { release } = written;
      const isIt = sameId(release.id, id) && release.published === true;
      if (isIt && release.files && !findGap(release, complete)) return published(release, complete);
    }
    doubt = written;
    const seen = await lookInto(doubt, complete, tools);
    if (seen !== 'untouched') return seen;
    const reason = reasonOf(doubt);
    if (isEnough(sends, reason)) return { ...each, result: 'unknown', error: unknownState(reason) };
    log.info(`The release ${id} was not published; the request is sent again.`);
  }
}

/** @returns `untouched` where the publication is over and was not carried out */
async function lookInto(
  written: Written,
  complete: Complete,
  { cryptlex, deadline }: Tools,
): Promise<AppliedRelease | 'untouched'> {
  const { each, id } = complete;
  let failure: ActionError | undefined;
  for await (const now of looks(() => cryptlex.get(id), waitAfter(written), deadline)) {
    if (now instanceof ActionError) {
      failure = now;
      if (!isPassing(now)) break;
      continue;
    }
    failure = undefined;
    if (now.published === true) return published(now, complete);
    if (written.kind === 'doubtful' && written.doubt === 'over') return 'untouched';
  }
  const error =
    failure?.code === 'E_NOT_FOUND'
      ? deleted(id, failure)
      : unknownState(reasonOf(written), failure);
  return { ...each, result: 'unknown', error };
}

/** What is known of a release that is published now. */
function published(release: Release, complete: Complete): AppliedRelease {
  const { each } = complete;
  const done = { ...withChange(each, 'published', each.release), release };
  const gap = findGap(release, complete);
  return gap ? { ...done, result: 'unknown', error: gap } : done;
}

function remedyFor(status: number): string {
  switch (status) {
    case 401:
      return 'Check that the access token has not expired; if it has, create a new one in the Cryptlex dashboard.';
    case 403:
      return 'The access token needs the scope release:write, and its user the permission to publish releases of this product.';
    case 404:
      return 'Check that the release was not deleted meanwhile, and that the server in api-url can publish releases.';
    case 429:
      return 'The limit counts all requests of an IP address, which hosted runners share. Run the step again later: it publishes what is complete.';
    default:
  }
  return 'Correct what the message of Cryptlex names, and run the step again: it publishes what is complete.';
}
