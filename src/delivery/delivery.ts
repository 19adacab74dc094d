import { connectFileHost, type FileHost, fileHostOf } from '../cryptlex/files.ts';
import type { Release, ReleaseFields } from '../cryptlex/release.ts';
import type { Releases } from '../cryptlex/releases.ts';
import type { Deadline } from '../cryptlex/retry.ts';
import { ActionError } from '../errors.ts';
import type { Inputs } from '../inputs/inputs.ts';
import type { Log } from '../log.ts';
import type { AppliedRelease, ApplyTools, Change, DeliveredFile } from '../release/apply.ts';
import { count, describeSize, encodeSegment, quote } from '../text.ts';
import { findUploads, type LocalFile } from '../upload-files.ts';
import { confirm, findLack, publishRelease } from './publish.ts';
import { type Comparison, compareFiles, type UploadTools, uploadFile } from './upload.ts';

/** The SDK for C and C++ holds so many files of a release (api: "Notes"). */
const mostFilesInC = 10;

/** The part of a run that comes after the fields: the files, and the publication. */
export interface Delivery {
  /**
   * What is going to be done beside the fields.
   * @throws ActionError E_UPLOAD, E_READONLY or E_PUBLISH when a release can not be completed
   */
  readonly foresee: (
    applied: readonly AppliedRelease[],
    releases: Releases | undefined,
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
  const files = await findUploads(inputs['upload-files'] ?? [], workspace);
  const url = files.length > 0 ? fileHostOf(inputs) : undefined;
  const token = inputs['access-token'];
  const host = url && token ? await connectFileHost({ url, token }) : undefined;
  const total = files.reduce((sum, { size }) => sum + size, 0);
  if (files.length > 0) {
    const names = files.map(({ name }) => quote(name, 60)).join(', ');
    log.info(`${count(files.length, 'file')} to upload, ${describeSize(total)}: ${names}`);
  }
  return {
    foresee: (applied, releases) =>
      deadline.uncounted(() =>
        Promise.all(applied.map((each) => foresee(each, { inputs, files, releases, log }))),
      ),
    requests: (applied) => applied.flatMap((each) => requestsFor(each, inputs['api-url'], url)),
    carryOut: async (applied, fields, tools) => {
      const { notes, ...others } = fields;
      const isKept = notes === undefined || inputs['on-existing-notes'] === 'keep';
      const wanted = isKept ? others : fields;
      return carryOut(applied, { inputs, files, host, wanted }, tools);
    },
  };
}

async function foresee(
  each: AppliedRelease,
  known: {
    readonly inputs: Inputs;
    readonly files: readonly LocalFile[];
    readonly releases: Releases | undefined;
    readonly log: Log;
  },
): Promise<AppliedRelease> {
  const { inputs, log } = known;
  if (each.result === 'skipped') return each;
  const release = each.release && (await withFiles(each.release, known.releases));
  const { files, reason }: Comparison = release
    ? await compareFiles(release, known.files, inputs['on-published'])
    : { files: known.files.map(missing) };
  if (reason !== undefined) return { ...each, result: 'skipped', files, reason };
  const isMissing = files.some(({ state }) => state === 'missing');
  const isPublished = release?.published === true;
  const others = (release?.files ?? []).filter(
    ({ name }) => !files.some((file) => file.name === name?.toLowerCase()),
  );
  const total = others.length + files.length;
  if (isMissing && total > mostFilesInC) {
    log.notice(
      `The release will have ${total} files. Programs in C or C++ see the first ${mostFilesInC} of them.`,
    );
  }
  const isToPublish = inputs.publish && !isPublished;
  // Of a release that nobody looked at, nothing is known that could be missing.
  if (isToPublish && (release || each.isNew)) {
    const platforms = each.fields.platforms ?? release?.platforms ?? [];
    const lack = findLack(release?.id ?? 'that is to be created', { files: total, platforms });
    if (lack) throw lack;
  }
  const changes: readonly Change[] = [
    ...(isMissing ? (['files'] as const) : []),
    ...(isToPublish ? (['published'] as const) : []),
  ];
  if (changes.length === 0) return { ...each, files };
  const before = release && {
    ...(isMissing && { files: release.files ?? [] }),
    ...(isToPublish && { published: release.published ?? null }),
  };
  return {
    ...each,
    result: 'planned',
    changedFields: [...each.changedFields, ...changes],
    previous: { ...each.previous, ...before },
    files,
  };
}

function requestsFor(each: AppliedRelease, api: URL, host: URL | undefined): readonly string[] {
  const { id = '{id}', files = [], changedFields } = each;
  const base = (url: URL | undefined) => `${url?.href.replace(/\/$/, '')}/v3`;
  const puts = files
    .filter(({ state }) => state === 'missing')
    .map(
      ({ name, size }) => `PUT ${base(host)}/${id}/${encodeSegment(name)}, ${describeSize(size)}`,
    );
  const isPublished = changedFields.includes('published');
  return [...puts, ...(isPublished ? [`POST ${base(api)}/releases/${id}/publish`] : [])];
}

/** A list may leave out the files of its releases, or some of them. */
async function withFiles(release: Release, releases: Releases | undefined): Promise<Release> {
  const isWhole = release.files && release.files.length >= (release.totalFiles ?? 0);
  return isWhole || !releases ? release : releases.get(release.id);
}

function missing({ name, size }: LocalFile): DeliveredFile {
  return { name: name.toLowerCase(), size, checksum: undefined, state: 'missing' };
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
  /** One act on each release in turn; with a reason for it, not on the others after a failure. */
  const forEach = async (
    otherwise: string | undefined,
    act: (
      release: Release,
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
      const isOver = results.some(({ result }) => result === 'failed' || result === 'unknown');
      if (isOver && otherwise) tell({ ...each, result: 'failed', reason: otherwise });
      else tell(await act(release, each, tell));
    }
  };
  if (host) {
    const context = { files, onPublished, tools: { ...tools, host } };
    await forEach('not tried after an earlier failure', (release, each, tell) =>
      uploadMissing(release, each, { ...context, tell }),
    );
  }
  const notPublished = publish ? 'not published, since another is not complete' : undefined;
  await forEach(notPublished, ({ id }, each) => confirm({ each, id, wanted }, tools, publish));
  if (publish) {
    await forEach('not tried after an earlier failure', async ({ id, published }, each) =>
      published ? each : publishRelease({ each, id, wanted }, tools),
    );
  }
  return results;
}

/** Uploads what a release does not have. */
async function uploadMissing(
  { id }: Release,
  given: AppliedRelease,
  context: {
    readonly files: readonly LocalFile[];
    readonly onPublished: Inputs['on-published'];
    readonly tools: UploadTools;
    readonly tell: (now: AppliedRelease) => void;
  },
): Promise<AppliedRelease> {
  const { files, onPublished, tools, tell } = context;
  let each = given;
  try {
    const release = await tools.releases.get(id);
    const compare = () => compareFiles(release, files, onPublished);
    const compared = await tools.deadline.uncounted(compare);
    each = { ...each, release, ...compared };
    if (compared.reason !== undefined) return { ...each, result: 'skipped' };
    for (const [index, file] of files.entries()) {
      if (each.files?.[index]?.state !== 'missing') continue;
      const upload = await uploadFile(id, file, tools);
      if (upload.result !== 'uploaded') return { ...each, ...upload };
      each = withUploaded(each, index, upload.checksum);
      tell(each);
    }
    return each;
  } catch (error) {
    if (error instanceof ActionError) return { ...each, result: 'failed', error };
    throw error;
  }
}

function withUploaded(each: AppliedRelease, index: number, checksum: string): AppliedRelease {
  const { files = [], release, result, changedFields, previous } = each;
  const isFirst = !changedFields.includes('files');
  return {
    ...each,
    result: result === 'unchanged' ? 'updated' : result,
    files: files.map((file, at) =>
      at === index ? { ...file, checksum, state: 'uploaded' } : file,
    ),
    changedFields: isFirst ? [...changedFields, 'files'] : changedFields,
    previous: isFirst ? { ...previous, files: release?.files ?? [] } : previous,
  };
}
