import type { FileHost, Put } from '../cryptlex/files.ts';
import type { Release } from '../cryptlex/release.ts';
import { mostRateWaits, rateWaitWithoutHint } from '../cryptlex/retry.ts';
import { ActionError, asActionError } from '../errors.ts';
import { isPassing, looks } from '../release/looks.ts';
import { mostSends, type Tools } from '../release/update.ts';
import { describeSize, quote, safe } from '../text.ts';
import { checksumOf, type LocalFile } from '../upload-files.ts';
import { hasFile, isSame, otherFile, storedFile } from './compare.ts';

/** A share of an upload in the log, in milliseconds. */
const progressEvery = 10_000;

/** What uploading works with. */
export interface UploadTools extends Tools {
  readonly host: FileHost;
}

/** What became of the upload of a file. */
export type Upload =
  | { readonly result: 'uploaded'; readonly checksum: string }
  | { readonly result: 'failed' | 'unknown'; readonly error: ActionError };

/**
 * Uploads a file that a release does not have. What became of a doubtful answer is settled by looking
 * at the release: the same name, size and checksum are proof; without it the file is sent again where
 * that can help (CONTRIBUTING.md, "A file is sent until it is proven there"). Never throws ActionError.
 */
export async function uploadFile(id: string, file: LocalFile, tools: UploadTools): Promise<Upload> {
  const { deadline, log } = tools;
  const started = deadline.now();
  let isOpen = false;
  for (let sends = 1; ; sends += 1) {
    const put = await putInTime(id, file, tools).catch(asActionError);
    if (put instanceof ActionError) return { result: isOpen ? 'unknown' : 'failed', error: put };
    const state = stateOf(put);
    // After a doubt, a conflict may be with the file of the send before.
    const isOwn = isOpen && put.kind === 'open' && put.status === 409;
    isOpen ||= state === 'open';
    if (isOpen || state === 'odd') {
      const seen = await settle({ id, file, put, isOwn }, tools);
      if (seen?.result === 'uploaded') {
        const took = Math.round((deadline.now() - started) / 1000);
        const stored = file.name.toLowerCase();
        const as = stored === file.name ? '' : ` as ${safe(stored)}`;
        log.info(
          `Uploaded ${safe(file.name)}${as}: 100 % of ${describeSize(file.size)} in ${took} s.`,
        );
      }
      if (seen) return seen;
    }
    const error = reasonOf(put, file);
    if (state === 'odd' || state === 'refused' || sends >= mostSends) {
      return { result: isOpen ? 'unknown' : 'failed', error };
    }
    log.info(`${error.what} It is sent again.`);
    if (state === 'unsent') await deadline.pause(1000 * sends);
  }
}

/** Sends a file, and again after each wait for the rate limit. */
async function putInTime(id: string, file: LocalFile, tools: UploadTools): Promise<Put> {
  const { host, deadline, log } = tools;
  for (let waits = 1; ; waits += 1) {
    const put = await deadline.uncounted(() => host.put(id, file, reportProgress(file, tools)));
    if (put.kind === 'answered' || put.status !== 429) return put;
    const wait = put.waitMs ?? rateWaitWithoutHint;
    if (waits > mostRateWaits || wait >= deadline.remaining()) return put;
    log.info(`Waiting ${Math.ceil(wait / 1000)} s for the rate limit of the host for files.`);
    await deadline.sleep(wait);
  }
}

/**
 * How an upload stands: `open`, it may be stored; `odd`, it may be and would end the same way again;
 * `unsent` and `refused`, it is not.
 */
function stateOf(put: Put): 'open' | 'odd' | 'unsent' | 'refused' {
  if (put.kind === 'answered') return 'open';
  const { status, isSent } = put;
  if (status === undefined) return isSent ? 'open' : 'unsent';
  if ([403, 409].includes(status) || (status >= 300 && status < 400)) return 'odd';
  // It is sent without `Expect` then.
  if (status === 417) return 'unsent';
  const isOver = status >= 400 && status < 500 && ![408, 425, 499].includes(status);
  return isOver ? 'refused' : 'open';
}

/**
 * Looks what became of an upload, unless its answer proves it.
 * @returns undefined where the release does not have the file
 */
async function settle(
  sent: {
    readonly id: string;
    readonly file: LocalFile;
    readonly put: Put;
    /** The refusal may be by what this run sent before. */
    readonly isOwn: boolean;
  },
  { cryptlex, deadline }: Tools,
): Promise<Upload | undefined> {
  const { id, file, put, isOwn } = sent;
  if (put.kind === 'answered' && isSame(put.file, file, put.checksum)) {
    return { result: 'uploaded', checksum: put.checksum };
  }
  const reason = reasonOf(put, file);
  const doubt = isOwn ? 'pending' : stateOf(put) === 'odd' ? 'odd' : 'over';
  const waitMs = put.kind === 'open' ? put.waitMs : undefined;
  let isStoring = false;
  for await (const now of looks(() => cryptlex.get(id), { doubt, waitMs }, deadline)) {
    if (now instanceof ActionError) {
      if (isPassing(now)) continue;
      const what = `${reason.what} The release could not be read either: ${now.what}`;
      return { result: 'unknown', error: reason.saying(what) };
    }
    const stored = storedFile(now, file.name);
    // Without a checksum it is still being stored.
    if (stored?.checksum) {
      const checksum = await checksumOf(file).catch(asActionError);
      if (checksum instanceof ActionError) return { result: 'unknown', error: checksum };
      if (hasFile(now, file, checksum)) return { result: 'uploaded', checksum };
      return { result: 'failed', error: otherFile(now, file, checksum) };
    }
    isStoring = stored !== undefined;
    if (now.published === true) return { result: 'failed', error: publishedMeanwhile(now, file) };
  }
  return isStoring || isOwn ? { result: 'unknown', error: reason } : undefined;
}

function reasonOf(put: Put, { name }: LocalFile): ActionError {
  if (put.kind === 'open') return put.reason;
  return new ActionError({
    code: 'E_UPLOAD',
    what: `The host for files accepted ${quote(name)}, but the release does not have the file.`,
    remedy: 'Run the step again: it uploads only what is missing.',
  });
}

/** Tells in the log, every ten seconds, how much of a file is sent. */
function reportProgress({ name, size }: LocalFile, { log, deadline }: Tools) {
  let next = deadline.now() + progressEvery;
  return (sent: number) => {
    if (deadline.now() < next) return;
    next = deadline.now() + progressEvery;
    const share = Math.floor((sent / size) * 100);
    log.info(`Uploading ${safe(name)}: ${share} % of ${describeSize(size)}.`);
  };
}

function publishedMeanwhile({ id }: Release, { name }: LocalFile): ActionError {
  return new ActionError({
    code: 'E_UPLOAD',
    what: `The file ${quote(name)} was not uploaded: the release ${id} was published during this run and accepts no more files.`,
    remedy: 'Check who publishes releases. Publish only after all files are uploaded.',
  });
}
