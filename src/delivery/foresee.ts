import type { Release } from '../cryptlex/release.ts';
import type { Cryptlex } from '../cryptlex/releases.ts';
import type { ActionError } from '../errors.ts';
import { endpoint } from '../inputs/api-url.ts';
import type { Inputs } from '../inputs/inputs.ts';
import type { Log } from '../log.ts';
import { type AppliedRelease, withChange } from '../release/apply.ts';
import { describeSize, encodeSegment } from '../text.ts';
import type { LocalFile } from '../upload-files.ts';
import { compareFiles } from './compare.ts';
import { findLack } from './publish.ts';

/** The SDK for C and C++ holds so many files of a release (api: "Notes"). */
const mostFilesInC = 10;

/** A release that nothing is written to, since it or another one cannot be completed. */
export function notBegun(each: AppliedRelease, error?: ActionError): AppliedRelease {
  const none = { result: 'failed', changedFields: [], previous: {} } as const;
  return {
    ...each,
    ...none,
    ...(error ? { error } : { reason: 'not tried, since another failed' }),
  };
}

/**
 * What is going to be done to a release beside its fields.
 * @throws ActionError E_UPLOAD, E_READONLY or E_PUBLISH when it cannot be completed
 */
export async function foreseeRelease(
  each: AppliedRelease,
  known: {
    readonly inputs: Inputs;
    readonly files: readonly LocalFile[];
    readonly cryptlex: Cryptlex | undefined;
    readonly log: Log;
  },
): Promise<AppliedRelease> {
  const { inputs, log } = known;
  if (each.result === 'skipped') return each;
  const release = each.release && (await withFiles(each.release, known.cryptlex));
  const { files, reason } = await compareFiles(release, known.files, inputs['on-published']);
  if (reason !== undefined) return { ...each, result: 'skipped', files, reason };
  const isMissing = files.some(({ state }) => state === 'missing');
  const isPublished = release?.published === true;
  const others = (release?.files ?? []).filter(
    ({ name }) => !files.some((file) => file.name === name?.toLowerCase()),
  );
  const unlisted = Math.max(0, (release?.totalFiles ?? 0) - (release?.files?.length ?? 0));
  const total = others.length + files.length + unlisted;
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
  const uploaded = isMissing ? withChange(each, 'files', release) : each;
  const published = isToPublish ? withChange(uploaded, 'published', release) : uploaded;
  const result = isMissing || isToPublish ? 'planned' : each.result;
  return { ...published, result, files };
}

/** The requests for it, for a dry run. */
export function requestsFor(
  each: AppliedRelease,
  api: URL,
  host: URL | undefined,
): readonly string[] {
  const { id = '{id}', files = [], changedFields } = each;
  const puts = files
    .filter(({ state }) => state === 'missing')
    .map(
      ({ name, size }) =>
        `PUT ${host && endpoint(host)}/${id}/${encodeSegment(name)}, ${describeSize(size)}`,
    );
  const isPublished = changedFields.includes('published');
  return [...puts, ...(isPublished ? [`POST ${endpoint(api, '/releases')}/${id}/publish`] : [])];
}

/** A list may leave out the files of its releases, or some of them. */
async function withFiles(release: Release, cryptlex: Cryptlex | undefined): Promise<Release> {
  const isWhole = release.files && release.files.length >= (release.totalFiles ?? 0);
  return isWhole || !cryptlex ? release : cryptlex.get(release.id);
}
