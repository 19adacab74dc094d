import { ActionError } from '../errors.ts';
import { isCloud } from '../inputs/api-url.ts';
import { quote, safe } from '../text.ts';
import type { LocalFile } from '../upload-files.ts';
import { targetOf } from './failures.ts';
import type { HttpAnswer, HttpFault } from './http.ts';
import { askedWait } from './retry.ts';

/** An upload of which it is not known that the file is stored. */
export interface OpenPut {
  readonly kind: 'open';
  /** Of the answer, where there is one. */
  readonly status: number | undefined;
  /** Whether the host may have seen the request. */
  readonly isSent: boolean;
  readonly reason: ActionError;
  /** How long the host asked to wait, in milliseconds. */
  readonly waitMs?: number | undefined;
}

/** What an answer leaves open that is no success, in words. */
export function openAfter(answer: HttpAnswer, file: LocalFile, base: URL): OpenPut {
  const { status } = answer;
  const waitMs = askedWait(answer.headers);
  const said = status < 300 ? 'answered in a way that leaves open what it did' : 'refused it';
  const moved = status >= 300 && status < 400 ? ` and named ${targetOf(answer, base)}` : '';
  const reason = new ActionError({
    code: 'E_UPLOAD',
    what: `The file ${quote(file.name)} was not uploaded: ${base.host} ${said} (HTTP ${status}${moved}).`,
    remedy: remedyFor(status, base),
  });
  return { kind: 'open', status, isSent: true, reason, waitMs };
}

/** What to do about a status (api: "Calls", PUT); the host says nothing else. */
function remedyFor(status: number, { host, hostname }: URL): string {
  if (status < 400 && status >= 300) {
    return 'Redirects are not followed, so that the token reaches no other address. If the host has moved, set releases-url.';
  }
  switch (status) {
    case 400:
    case 415:
      if (isCloud(hostname)) break;
      return `On-premise servers may expect a multipart form, which this action cannot send yet. Remove upload-files, and upload with curl --form file=@FILE in another step.`;
    case 401:
      return `Check that the access token has not expired, and that releases-url is the host for files of the same account (now ${host}).`;
    case 403:
      return 'A published release accepts no files. If the release is not published, check that the access token has the scopes release:read and release:write.';
    case 404:
      return `Check that ${host} is the host for files of the server in api-url; if it is not, set releases-url.`;
    case 409:
      return 'Either an earlier upload of the file is still being registered, or the storage of the account is full. Run the step again in a few minutes; if the error persists, delete files of old releases in the Cryptlex dashboard, or extend the storage.';
    case 411:
      return 'A proxy removes the header Content-Length: let the runner reach the host without this proxy.';
    case 413:
      return 'The file is too large for the host or for a proxy: make the file smaller, or raise the limit.';
    case 429:
      return 'The limit counts all requests of an IP address, which hosted runners share. Run the step again later.';
    default:
  }
  return 'Run the step again: it uploads only what is missing. If the error persists, ask the operator of the host.';
}

/** The same where no usable answer came back. */
export function openAfterFault(fault: HttpFault, file: LocalFile, base: URL): OpenPut {
  const reason = new ActionError({
    code: 'E_UPLOAD',
    what: `The file ${quote(file.name)} was not uploaded: ${faultWords[fault.kind]} ${base.host} (${safe(fault.code, 80)}).`,
    remedy:
      fault.kind === 'tls'
        ? 'For a private certificate authority set NODE_EXTRA_CA_CERTS; the check of certificates cannot be switched off.'
        : `Check that the runner can reach ${base.host} (also through its proxy), and run the step again.`,
    cause: fault,
  });
  return { kind: 'open', status: undefined, isSent: fault.sent, reason };
}

/** The same where the answer is not that of such a host. */
export function wrongHost(cause: ActionError, base: URL): ActionError {
  return new ActionError({
    code: 'E_UPLOAD',
    what: cause.what,
    remedy: `Check that ${base.href} is the host for files: it follows from api-url, or set releases-url.`,
    cause,
  });
}

const faultWords: Readonly<Record<HttpFault['kind'], string>> = {
  network: 'there was no connection, or it broke, to',
  proxy: 'the proxy did not open a connection to',
  tls: 'no trusted certificate came from',
  timeout: 'nothing moved for too long to or from',
  protocol: 'there was no valid HTTPS from',
  cut: 'the answer was cut off from',
  'refused-body': 'the answer cannot be used from',
};
