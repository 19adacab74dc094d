import { ActionError } from '../errors.ts';
import { quote, safe } from '../text.ts';
import type { HttpAnswer, HttpFault } from './http.ts';
import { askedWait } from './retry.ts';
import { type Answers, readAnswer } from './schema.ts';

/** What was tried, for the words of an error. */
export interface Attempt {
  /** `update the release abc`. */
  readonly action: string;
  readonly scope: 'release:read' | 'release:write';
  /** What a 404 means here. */
  readonly missing: { readonly what: string; readonly remedy: string };
  readonly api: URL;
  /** What the token's claims say against it. */
  readonly doubts: readonly string[];
}

/**
 * Parses the body of a 2xx answer.
 * @throws ActionError E_RESPONSE that names what is wrong with it
 */
export function parseAnswer<Kind extends keyof Answers>(
  answer: HttpAnswer,
  kind: Kind,
  attempt: Attempt,
): Answers[Kind] {
  const type = answer.headers['content-type'] ?? 'application/json';
  const unusable = (reason: string) =>
    new ActionError({
      code: 'E_RESPONSE',
      what: `The answer to the attempt to ${attempt.action} is not what the release API promises: ${reason}.`,
      remedy: `Check that api-url (${attempt.api.href}) is the address of the release API itself.`,
    });
  if (!/\bjson\b/i.test(type)) {
    throw unusable(`${quote(type, 60)} instead of JSON, ${answer.body.length} characters`);
  }
  let json: unknown;
  try {
    json = readJson(answer.body);
  } catch {
    throw unusable(`invalid JSON, ${answer.body.length} characters`);
  }
  const read = readAnswer(kind, json);
  if ('answer' in read) return read.answer;
  const paths = [...new Set(read.wrong)].map((path) => path || 'the whole');
  throw unusable(
    `${paths.slice(0, 5).join(', ')} ${paths.length > 1 ? 'are' : 'is'} missing or of another type`,
  );
}

/** @throws SyntaxError */
function readJson(body: string): unknown {
  return JSON.parse(body.replace(/^\ufeff/, ''));
}

/** The error for an answer that is no success: what happened and what to do. */
export function errorFromAnswer(answer: HttpAnswer, attempt: Attempt): ActionError {
  const { status } = answer;
  const { action, api, scope, missing, doubts } = attempt;
  const said = wordsOf(answer);
  const failed = `The release API refused to ${action} (HTTP ${status})${said}.`;
  const known = doubts.map((doubt) => ` ${doubt}`).join('');

  if (status < 300) {
    return new ActionError({
      code: 'E_RESPONSE',
      what: `The release API answered to the attempt to ${action} with HTTP ${status}, which leaves open what it did.`,
      remedy: `Check that api-url (${api.href}) is the address of the release API itself.`,
    });
  }
  if (status < 400) return redirected(answer, attempt);
  switch (status) {
    case 401:
      return new ActionError({
        code: 'E_AUTH',
        what: `The release API did not accept the access token (HTTP 401)${said}.${known}`,
        remedy: `Make a personal access token with the scopes release:read and release:write in the dashboard of the account behind ${api.host}, and store it in the secret that access-token uses.`,
      });
    case 403:
      return new ActionError({
        code: 'E_FORBIDDEN',
        what: `${failed}${known}`,
        remedy: isHtml(answer)
          ? 'The answer is an HTML page: a firewall or proxy before the API refused the request. Allow this runner to reach it.'
          : `The access token needs the scope ${scope}, and its user the permission for this product. A published release is read-only.`,
      });
    case 404:
      return new ActionError({ code: 'E_NOT_FOUND', what: missing.what, remedy: missing.remedy });
    case 429:
      return rateExceeded(answer, action);
    default:
  }
  if (status >= 500 || status === 408 || status === 425) {
    const wait = askedWait(answer.headers, Date.now());
    const asked = wait === undefined ? '' : ` It asked to wait ${Math.ceil(wait / 1000)} s.`;
    return new ActionError({
      code: 'E_SERVER',
      what: `The release API, or a gateway before it, failed to ${action} (HTTP ${status})${said}.${asked}`,
      remedy:
        'Run the step again; a run that finds everything done changes nothing. If it stays, ask the operator of the API.',
    });
  }
  return new ActionError({
    code: 'E_REQUEST',
    what: failed,
    remedy:
      'Correct what it names in the inputs of the step or at the release. A published release is read-only.',
  });
}

/** The error for a request without a usable answer. */
export function errorFromFault(fault: HttpFault, attempt: Attempt): ActionError {
  const { action, api } = attempt;
  const code = safe(fault.code, 80);
  const host = api.host;
  const error = (problem: { code: ActionError['code']; what: string; remedy: string }) =>
    new ActionError({ ...problem, cause: fault });
  switch (fault.kind) {
    case 'network':
      return error({
        code: 'E_NET',
        what: `Could not ${action}: no connection to ${host} (${code}).`,
        remedy:
          fault.code === 'ENOTFOUND'
            ? 'Check api-url and the region in it, and that this runner resolves the name.'
            : 'Check that this runner can reach the API, and run the step again.',
      });
    case 'proxy':
      return error({
        code: 'E_NET',
        what: `Could not ${action}: the proxy did not open a connection to ${host} (${code}).`,
        remedy: 'Check HTTPS_PROXY, its user name and password, and NO_PROXY.',
      });
    case 'tls':
      return error({
        code: 'E_TLS',
        what: `The certificate of ${host} is not accepted (${code}).`,
        remedy: certificateRemedy(fault.code),
      });
    case 'protocol':
      return error({
        code: 'E_NET',
        what: `Could not ${action}: ${host} does not speak HTTPS as the release API does (${code}).`,
        remedy: 'Check the host and the port in api-url.',
      });
    case 'timeout':
      return error({
        code: 'E_TIMEOUT',
        what: `Could not ${action} in time: ${host} took too long (${timeoutWords[code] ?? code}).`,
        remedy: 'Run the step again, or give it more time with timeout-seconds.',
      });
    case 'cut':
    case 'refused-body':
      return error({
        code: 'E_RESPONSE',
        what: `The answer of ${host} to the attempt to ${action} can not be used (${fault.kind === 'cut' ? 'cut off ' : ''}${code}).`,
        remedy:
          'Run the step again, and check that api-url is the address of the release API itself.',
      });
  }
}

function certificateRemedy(code: string): string {
  if (/EXPIRED|NOT_YET_VALID/.test(code)) {
    return "Renew the server's certificate, and check the runner's clock.";
  }
  return /ALTNAME/.test(code)
    ? 'It is for another host: check the host in api-url.'
    : 'For a private certificate authority set NODE_EXTRA_CA_CERTS to its certificate file in the env of the step.';
}

const timeoutWords: Readonly<Record<string, string>> = {
  connect: 'to connect',
  answer: 'to answer',
  run: 'the time of the run was over',
};

function rateExceeded(answer: HttpAnswer, action: string): ActionError {
  const wait = askedWait(answer.headers, Date.now());
  return new ActionError({
    code: 'E_RATE',
    what: `The release API limits the rate and refused to ${action} (HTTP 429)${
      wait === undefined ? '' : `; it asked to wait ${Math.ceil(wait / 1000)} s`
    }.`,
    remedy:
      'The limit counts all requests of an IP address, which hosted runners share. Run the step again later, or give it more time with timeout-seconds.',
  });
}

function redirected(answer: HttpAnswer, { action, api }: Attempt): ActionError {
  const location = answer.headers.location ?? '';
  const target = URL.canParse(location, api.href)
    ? new URL(location, api).origin
    : 'an unreadable address';
  return new ActionError({
    code: 'E_REDIRECT',
    what: `The attempt to ${action} was redirected (HTTP ${answer.status}) to ${safe(target, 100)}; redirects are not followed, so that the token reaches no other address.`,
    remedy: 'If the API has moved, set api-url to its new address.',
  });
}

/** The vendor's own words, where the body holds them (api: `{ message, code? }`). */
function wordsOf(answer: HttpAnswer): string {
  if (isHtml(answer)) return `: an HTML page of ${answer.body.length} characters`;
  try {
    const read = readAnswer('refusal', readJson(answer.body));
    if ('wrong' in read) return '';
    const { message, code } = read.answer;
    return `: ${safe(message.replace(/\.\s*$/, ''))}${typeof code === 'string' ? ` (${safe(code, 60)})` : ''}`;
  } catch {
    return '';
  }
}

function isHtml(answer: HttpAnswer): boolean {
  return (
    /\bhtml\b/i.test(answer.headers['content-type'] ?? '') ||
    /^\s*<(?:!doctype|html)\b/i.test(answer.body)
  );
}
