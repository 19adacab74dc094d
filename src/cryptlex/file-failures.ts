import type { IncomingHttpHeaders } from 'node:http';
import { ActionError } from '../errors.ts';
import { quote, safe } from '../text.ts';
import type { LocalFile } from '../upload-files.ts';
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
export function openAfter({ status, headers }: HttpAnswer, file: LocalFile, base: URL): OpenPut {
  const waitMs = askedWait(headers, Date.now());
  const said = status < 300 ? 'answered in a way that leaves open what it did' : 'refused it';
  const moved = status >= 300 && status < 400 ? ` and named ${targetOf(headers, base)}` : '';
  const reason = new ActionError({
    code: 'E_UPLOAD',
    what: `The file ${quote(file.name)} was not uploaded: ${base.host} ${said} (HTTP ${status}${moved}).`,
    remedy: remedyFor(status, base),
  });
  return { kind: 'open', status, isSent: true, reason, waitMs };
}

function targetOf({ location = '' }: IncomingHttpHeaders, base: URL): string {
  return URL.canParse(location, base.href)
    ? safe(new URL(location, base).origin, 100)
    : 'an unreadable address';
}

/** What to do about a status (api: "Calls", PUT); the host says nothing else. */
function remedyFor(status: number, { host, hostname }: URL): string {
  if (status < 400 && status >= 300) {
    return 'Redirects are not followed, so that the token reaches no other address. If the host has moved, set releases-url.';
  }
  switch (status) {
    case 400:
    case 415:
      if (/(?:^|\.)cryptlex\.com$/.test(hostname)) break;
      return `A server on-premise may want a multipart form, which this action can not send yet. Upload to ${host} with curl --form file=@FILE in a step of its own, and leave out upload-files.`;
    case 401:
      return `The access token has to be of the account behind ${host}: check releases-url, and that the token is still valid.`;
    case 403:
      return 'A published release takes no files: publish last. If it is not published, the access token lacks the scope release:read or release:write.';
    case 404:
      return `Check that ${host} is the host for files of the server in api-url, and set releases-url where it is another one.`;
    case 409:
      return 'The storage of the account is full: delete files of old releases in the dashboard, or get more storage.';
    case 411:
      return 'A proxy before the host takes out the length of the file: let the runner reach the host without it.';
    case 413:
      return 'The file is too large for the host, or for a proxy before it: make it smaller, or raise the limit of your own server.';
    case 429:
      return 'The limit counts all requests of an IP address, which hosted runners share. Run the step again later.';
    default:
  }
  return 'Run the step again: files that are there already are left alone. If it stays, ask the operator of the host.';
}

/** The same where no usable answer came back. */
export function openAfterFault(fault: HttpFault, file: LocalFile, base: URL): OpenPut {
  const reason = new ActionError({
    code: 'E_UPLOAD',
    what: `The file ${quote(file.name)} was not uploaded: ${faultWords[fault.kind]} ${base.host} (${safe(fault.code, 80)}).`,
    remedy:
      fault.kind === 'tls'
        ? 'For a private certificate authority set NODE_EXTRA_CA_CERTS; verification can not be switched off.'
        : `Check that this runner can reach ${base.host}, through its proxy if there is one, and run the step again.`,
    cause: fault,
  });
  return { kind: 'open', status: undefined, isSent: fault.sent, reason };
}

const faultWords: Readonly<Record<HttpFault['kind'], string>> = {
  network: 'the connection broke off or could not be made, to',
  proxy: 'the proxy did not open a connection to',
  tls: 'the certificate is not accepted, of',
  timeout: 'for too long nothing was heard from',
  protocol: 'HTTPS is not spoken as it should be by',
  cut: 'the answer was cut off, of',
  'refused-body': 'the answer can not be used, of',
};
