import { createHash } from 'node:crypto';
import type { ClientRequest } from 'node:http';
import { ActionError } from '../errors.ts';
import { endpoint } from '../inputs/api-url.ts';
import type { Inputs } from '../inputs/inputs.ts';
import { encodeSegment, quote, safe } from '../text.ts';
import {
  changed,
  checkUnchanged,
  type LocalFile,
  openUnchanged,
  unreadable,
} from '../upload-files.ts';
import { parseAnswer } from './failures.ts';
import { type OpenPut, openAfter, openAfterFault, wrongHost } from './file-failures.ts';
import {
  chooseTransport,
  commonHeaders,
  type HttpAnswer,
  HttpFault,
  readBody,
  watchRequest,
  whenConnected,
} from './http.ts';
import { type ReleaseFile, readFile } from './schema.ts';

/** How long an upload may stand still, in milliseconds: connected, not a byte either way. */
const usualStall = 60_000;

/** How long a server gets to say that it wants the body, in milliseconds, as curl has it. */
const expectLimit = 1000;

/** How much is read and sent at a time, in bytes. */
const pieceSize = 512 * 1024;

/** What is known after a file was sent once. */
export type Put =
  | OpenPut
  | { readonly kind: 'answered'; readonly file: ReleaseFile; readonly checksum: string };

/** The host that takes files. */
export interface FileHost {
  /**
   * Sends a file to a release, once (api: "Calls", PUT), and tells how many bytes are on their way.
   * @throws ActionError E_UPLOAD when the file changes under way: nothing is stored then
   */
  readonly put: (
    releaseId: string,
    file: LocalFile,
    onProgress: (sent: number) => void,
  ) => Promise<Put>;
}

/**
 * The host for files that the inputs name, or else the one of the region that `api-url` is in.
 * @throws ActionError E_CONFIG when no such host is known
 */
export function fileHostOf(inputs: Pick<Inputs, 'api-url' | 'releases-url'>): URL {
  const { 'api-url': api, 'releases-url': given } = inputs;
  const cloud = /^https:\/\/api\.((?:eu\.)?cryptlex\.com)\/$/.exec(api.href)?.[1];
  if (given) return given;
  if (cloud !== undefined) return new URL(`https://releases.${cloud}`);
  throw new ActionError({
    code: 'E_CONFIG',
    what: `Which host takes the files of ${safe(api.host)} is not known.`,
    remedy:
      'Set releases-url to a host that takes files as https://releases.cryptlex.com does. Servers that take multipart forms, as on-premise, are not supported yet.',
  });
}

/**
 * Prepares uploads to a host.
 * @param options.stallMs how long an upload may stand still, in milliseconds
 * @throws ActionError E_CONFIG when the environment names a proxy that is none
 */
export async function connectFileHost(options: {
  readonly url: URL;
  readonly token: string;
  readonly stallMs?: number;
}): Promise<FileHost> {
  const { url: base, token, stallMs = usualStall } = options;
  const [send, agent] = await chooseTransport(base);
  let isExpecting = true;

  const put: FileHost['put'] = async (releaseId, file, onProgress) => {
    const url = endpoint(base, `/${encodeSegment(releaseId)}/${encodeSegment(file.name)}`);
    const headers = {
      ...commonHeaders(token),
      'content-length': String(file.size),
      'content-type': 'application/octet-stream',
      // What stands against a file is said before it is sent, and can be read.
      ...(isExpecting && { expect: '100-continue' }),
    };
    const outgoing = send(url, { method: 'PUT', agent, headers });
    outgoing.flushHeaders();
    try {
      const { answer, checksum } = await sendOnce({ outgoing, file, stallMs, onProgress });
      if (answer.status === 417) isExpecting = false;
      if (answer.status > 201) return openAfter(answer, file, base);
      const attempt = { action: `upload ${quote(file.name)}`, api: base };
      return { kind: 'answered', file: parseAnswer(answer, readFile, attempt), checksum };
    } catch (error) {
      if (error instanceof HttpFault) return openAfterFault(error, file, base);
      if (!(error instanceof ActionError) || error.code !== 'E_RESPONSE') throw error;
      return { kind: 'open', status: 200, isSent: true, reason: wrongHost(error, base) };
    }
  };
  return { put };
}

/** One upload under way. */
interface Sending {
  readonly outgoing: ClientRequest;
  readonly file: LocalFile;
  readonly stallMs: number;
  readonly onProgress: (sent: number) => void;
}

/** @throws HttpFault, or ActionError E_UPLOAD; the request is gone then */
function sendOnce(upload: Sending): Promise<{ answer: HttpAnswer; checksum: string }> {
  const { outgoing, stallMs } = upload;
  return new Promise((resolve, reject) => {
    let isOver = false;
    let body: Promise<string> | undefined;
    const watch = watchRequest(outgoing, stallMs, (error) => {
      isOver = true;
      reject(error);
    });
    const fail = (error: Error) => isOver || watch.fail(error);
    const begin = () => {
      if (isOver) return;
      body ??= sendBody(upload, { isAnswered: () => isOver, keepAlive: watch.refresh });
      body.catch(fail);
    };
    whenConnected(outgoing, () => {
      setTimeout(begin, Math.min(expectLimit, stallMs / 2)).unref();
    });
    outgoing.on('continue', begin);
    outgoing.on('error', fail);
    outgoing.on('response', async (incoming) => {
      isOver = true;
      watch.refresh();
      const { statusCode: status = 0, headers } = incoming;
      const settle = (text: string, checksum: string) => {
        watch.stop();
        resolve({ answer: { status, headers, body: text }, checksum });
        if (!outgoing.writableFinished) outgoing.destroy();
      };
      try {
        const text = await readBody(incoming);
        const isTaken = status <= 201;
        settle(text, isTaken ? ((await body?.catch(() => '')) ?? '') : '');
      } catch (fault) {
        // Of a refusal, the status says enough.
        if (status > 201) settle('', '');
        else watch.fail(fault as Error);
      }
    });
  });
}

/**
 * Sends a file as the body, and ends it only if it is whole and was not changed meanwhile.
 * @returns its MD5, in hex; '' where the answer came first
 * @throws ActionError E_UPLOAD when the file is not as it was; what Node makes of a broken connection
 */
async function sendBody(
  { outgoing, file, onProgress }: Sending,
  { isAnswered, keepAlive }: { readonly isAnswered: () => boolean; readonly keepAlive: () => void },
): Promise<string> {
  const handle = await openUnchanged(file);
  const hash = createHash('md5');
  // One piece is read while the other one is on its way.
  const newPiece = () => Buffer.allocUnsafe(Math.min(pieceSize, file.size));
  const pieces: readonly [Buffer, Buffer] = [newPiece(), newPiece()];
  const readAt = (position: number, turn: number) => {
    const buffer = pieces[turn % 2 === 0 ? 0 : 1];
    const length = Math.min(pieceSize, file.size - position);
    const reading = handle.read({ buffer, length, position });
    // It is awaited later, if at all.
    reading.catch(() => undefined);
    return reading;
  };
  try {
    let reading = readAt(0, 0);
    for (let sent = 0, turn = 1; sent < file.size; turn += 1) {
      const { bytesRead, buffer } = await reading.catch((error: unknown) => {
        throw unreadable(file, error);
      });
      if (bytesRead === 0) throw changed(file);
      sent += bytesRead;
      // Without its last byte, the server cannot take the file for whole.
      if (sent === file.size) await checkUnchanged(file, handle);
      else reading = readAt(sent, turn);
      if (isAnswered()) return '';
      const piece = buffer.subarray(0, bytesRead);
      const writing = write(outgoing, piece);
      hash.update(piece);
      await writing;
      keepAlive();
      onProgress(sent);
    }
  } finally {
    await handle.close();
  }
  outgoing.end();
  return hash.digest('hex');
}

/** Hands bytes to the connection, and waits until it has taken them. */
function write(outgoing: ClientRequest, bytes: Buffer): Promise<void> {
  return new Promise((resolve, reject) => {
    const onClose = () => reject(new Error('closed'));
    outgoing.once('close', onClose);
    outgoing.write(bytes, (error) => {
      outgoing.off('close', onClose);
      if (error) reject(error);
      else resolve();
    });
  });
}
