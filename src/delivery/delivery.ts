import { connectFileHost, type FileHost, fileHostOf } from '../cryptlex/files.ts';
import type { ReleaseFields } from '../cryptlex/release.ts';
import type { Cryptlex } from '../cryptlex/releases.ts';
import type { Deadline } from '../deadline.ts';
import { ActionError, asActionError } from '../errors.ts';
import type { Inputs } from '../inputs/inputs.ts';
import type { Log } from '../log.ts';
import { type AppliedRelease, type ApplyTools, withChange } from '../release/apply.ts';
import { count, describeSize, quote } from '../text.ts';
import { findUploads, type LocalFile } from '../upload-files.ts';
import { compareFiles } from './compare.ts';
import { foreseeRelease, notBegun, requestsFor } from './foresee.ts';
import { confirm, publishRelease } from './publish.ts';
import { type UploadTools, uploadFile } from './upload.ts';

/** The part of a run that comes after the fields: the files, and the publication. */
export interface Delivery {
  /**
   * What is going to be done beside the fields. A release that cannot be completed is `failed` with
   * E_UPLOAD, E_READONLY or E_PUBLISH, and then none is written to.
   */
  readonly foresee: (
    applied: readonly AppliedRelease[],
    cryptlex: Cryptlex | undefined,
  ) => Promise<readonly AppliedRelease[]>;
  /** The requests for them, for a dry run. */
  readonly requests: (applied: readonly AppliedRelease[]) => readonly string[];
  /** Completes every release, and publishes when all are complete. Never throws ActionError. */
  readonly carryOut: (
    applied: readonly AppliedRelease[],
    wanted: ReleaseFields,
    tools: ApplyTools,
  ) => Promise<readonly AppliedRelease[]>;
}

/** {@link prepareDelivery} for a run that asks for files or the publication. */
export async function openDelivery(
  inputs: Inputs,
  context: { readonly workspace: string; readonly log: Log; readonly deadline: Deadline },
): Promise<Delivery> {
  const { workspace, log, deadline } = context;
  const files = await findUploads(inputs['upload-files'] ?? [], { workspace, log });
  const url = files.length > 0 ? fileHostOf(inputs) : undefined;
  const token = inputs['access-token'];
  const host = url && token ? await connectFileHost({ url, token }) : undefined;
  const total = files.reduce((sum, { size }) => sum + size, 0);
  if (files.length > 0) {
    const names = files.map(({ name }) => quote(name, 60)).join(', ');
    log.info(`${count(files.length, 'file')} to upload, ${describeSize(total)}: ${names}`);
  }
  return {
    foresee: async (applied, cryptlex) => {
      const known = { inputs, files, cryptlex, log };
      const all = applied.map((each) =>
        foreseeRelease(each, known).catch((error: unknown) => notBegun(each, asActionError(error))),
      );
      const foreseen = await deadline.uncounted(() => Promise.all(all));
      const isRefused = foreseen.some(({ error }) => error);
      const isOpen = ({ result, error }: AppliedRelease) => result === 'planned' && !error;
      return foreseen.map((each) => (isRefused && isOpen(each) ? notBegun(each) : each));
    },
    requests: (applied) => applied.flatMap((each) => requestsFor(each, inputs['api-url'], url)),
    carryOut: async (applied, fields, tools) => {
      const { notes: _, ...others } = fields;
      const wanted = inputs['on-existing-notes'] === 'keep' ? others : fields;
      return carryOut(applied, { inputs, files, host, wanted }, tools);
    },
  };
}

async function carryOut(
  applied: readonly AppliedRelease[],
  given: {
    readonly inputs: Inputs;
    readonly files: readonly LocalFile[];
    readonly host: FileHost | undefined;
    readonly wanted: ReleaseFields;
  },
  tools: ApplyTools,
): Promise<readonly AppliedRelease[]> {
  const { inputs, files, host, wanted } = given;
  const { publish, 'on-published': onPublished } = inputs;
  let results = applied;
  const isDue = ({ result }: AppliedRelease) =>
    ['updated', 'created', 'unchanged'].includes(result);
  const isOver = () => results.some(({ result }) => result === 'failed' || result === 'unknown');
  /** One act on each release in turn; after a failure, not on those of which `otherwise` tells. */
  const forEach = async (
    otherwise: (each: AppliedRelease) => string | undefined,
    act: (
      id: string,
      each: AppliedRelease,
      tell: (now: AppliedRelease) => void,
    ) => Promise<AppliedRelease>,
  ) => {
    for (const [index, each] of results.entries()) {
      const { release } = each;
      if (!release || !isDue(each)) continue;
      const tell = (now: AppliedRelease) => {
        results = results.with(index, now);
        // Until the end of it nobody knows whether a release is complete.
        tools.onProgress(results.map((one) => (isDue(one) ? { ...one, result: 'unknown' } : one)));
      };
      tell(each);
      const reason = isOver() ? otherwise(each) : undefined;
      if (reason !== undefined) tell({ ...each, result: 'failed', reason });
      else tell(await act(release.id, each, tell));
    }
  };
  if (host) {
    const context = { files, onPublished, isOver, tools: { ...tools, host } };
    await forEach(
      () => undefined,
      (id, each, tell) => uploadMissing(id, each, { ...context, tell }),
    );
  }
  const isToPublish = ({ release }: AppliedRelease) => publish && release?.published !== true;
  const notPublished = (each: AppliedRelease) =>
    isToPublish(each) ? 'not published, since another is not complete' : undefined;
  await forEach(notPublished, (id, each) => confirm({ each, id, wanted }, tools, publish));
  await forEach(notPublished, async (id, each) =>
    isToPublish(each) ? publishRelease({ each, id, wanted }, tools) : each,
  );
  return results;
}

/** Uploads what a release does not have. */
async function uploadMissing(
  id: string,
  given: AppliedRelease,
  context: {
    readonly files: readonly LocalFile[];
    readonly onPublished: Inputs['on-published'];
    /** Whether another release has failed. */
    readonly isOver: () => boolean;
    readonly tools: UploadTools;
    readonly tell: (now: AppliedRelease) => void;
  },
): Promise<AppliedRelease> {
  const { files, onPublished, isOver, tools, tell } = context;
  let each = given;
  try {
    const release = await tools.cryptlex.get(id);
    each = { ...each, release };
    // What was written to is not left as it is.
    const isWritten = each.result !== 'unchanged';
    const compare = () => compareFiles(release, files, isWritten ? 'fail' : onPublished);
    const compared = await tools.deadline.uncounted(compare);
    each = { ...each, ...compared };
    if (compared.reason !== undefined) return { ...each, result: 'skipped' };
    const isComplete = compared.files.every(({ state }) => state === 'present');
    if (isOver() && !isComplete) {
      return { ...each, result: 'failed', reason: 'not tried after an earlier failure' };
    }
    let stored = compared.files;
    for (const [index, file] of files.entries()) {
      const known = stored[index];
      if (known?.state !== 'missing') continue;
      const upload = await uploadFile(id, file, tools);
      if (upload.result !== 'uploaded') return { ...each, ...upload };
      stored = stored.with(index, { ...known, checksum: upload.checksum, state: 'uploaded' });
      each = { ...withChange(each, 'files', release), files: stored };
      tell(each);
    }
    return each;
  } catch (error) {
    if (error instanceof ActionError) return { ...each, result: 'failed', error };
    throw error;
  }
}
