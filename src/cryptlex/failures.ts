import { ActionError, type Problem } from '../errors.ts';
import type { TokenDoubt } from '../inputs/token.ts';
import { count, parseJson, quote, safe } from '../text.ts';
import type { HttpAnswer, HttpFault } from './http.ts';
import { askedWait } from './retry.ts';
import { type Reader, readAnswer, readRefusal } from './schema.ts';

/** What was tried, for the words of an error. */
export interface Attempt {
  /** `update the release abc`. */
  readonly action: string;
  readonly scope: 'release:read' | 'release:write';
  /** What a 404 means here. */
  readonly missing: Pick<Problem, 'what' | 'remedy'>;
  readonly api: URL;
  /** What the token's claims say against it. */
  readonly doubts: readonly TokenDoubt[];
  /** What else a refusal can mean here: a sentence. */
  readonly hint?: string;
}

/**
 * Parses the body of a 2xx answer.
 * @throws ActionError E_RESPONSE that names what is wrong with it
 */
export function parseAnswer<Value>(
  answer: HttpAnswer,
  reader: Reader<Value>,
  attempt: Pick<Attempt, 'action' | 'api'>,
): Value {
  const type = answer.headers['content-type'] ?? 'application/json';
  const unusable = (reason: string) =>
    new ActionError({
      code: 'E_RESPONSE',
      what: `Could not ${attempt.action}: the answer is not one of the Cryptlex API: ${reason}.`,
      remedy: checkAddress(attempt.api),
    });
  if (!/\bjson\b/i.test(type)) {
    throw unusable(`${quote(type, 60)} instead of JSON, ${count(answer.body.length, 'character')}`);
  }
  const json = parseJson(answer.body);
  if (json === undefined) {
    throw unusable(`invalid JSON, ${count(answer.body.length, 'character')}`);
  }
  const read = readAnswer(reader, json);
  if ('answer' in read) return read.answer;
  const paths = [...new Set(read.wrong)].map((path) => path || 'the whole answer');
  throw unusable(
    `${paths.slice(0, 5).join(', ')} ${paths.length > 1 ? 'are' : 'is'} missing or of another type`,
  );
}

function checkAddress(api: URL): string {
  return `Check that api-url (${api.href}) is the address of the Cryptlex API.`;
}

/** The error for an answer that is no success: what happened and what to do. */
export function errorFromAnswer(answer: HttpAnswer, attempt: Attempt): ActionError {
  const { status } = answer;
  const { action, api, missing, hint } = attempt;
  const said = wordsOf(answer);
  const asked = askedWait(answer.headers);
  const wait = asked === undefined ? undefined : Math.ceil(asked / 1000);
  const failed = `Cryptlex refused to ${action} (HTTP ${status})${said}.`;

  if (status < 300) {
    return new ActionError({
      code: 'E_RESPONSE',
      what: `Could not ${action} for certain: the answer was HTTP ${status}, so the result is unknown.`,
      remedy: checkAddress(api),
    });
  }
  if (status < 400) return redirected(answer, attempt);
  switch (status) {
    case 401:
      return unauthorized(said, attempt);
    case 403:
      return new ActionError({
        code: 'E_FORBIDDEN',
        what: failed,
        remedy: isHtml(answer)
          ? 'An HTML page means that a firewall or proxy in front of Cryptlex refused the request. Allow this runner to reach Cryptlex.'
          : remedyForbidden(said, attempt),
      });
    case 404:
      return new ActionError({ code: 'E_NOT_FOUND', ...missing });
    case 429:
      return new ActionError({
        code: 'E_RATE',
        what: `Cryptlex refused to ${action}, because its rate limit is reached (HTTP 429)${wait === undefined ? '' : `; it asked to wait ${wait} s`}.`,
        remedy:
          'The limit counts all requests of an IP address, and hosted runners share addresses. Run the step again later, or raise timeout-seconds.',
      });
    default:
  }
  if (status >= 500 || status === 408 || status === 425) {
    return new ActionError({
      code: 'E_SERVER',
      what: `Cryptlex, or a gateway in front of it, failed to ${action} (HTTP ${status})${said}.${wait === undefined ? '' : ` It asked to wait ${wait} s.`}`,
      remedy:
        'Run the step again; what is already done is not repeated. If the error remains, ask the operator of the server.',
    });
  }
  return new ActionError({
    code: 'E_REQUEST',
    what: failed,
    remedy: joinSentences(
      said === ''
        ? 'Cryptlex gave no reason. Check the values in the inputs of the step.'
        : 'Correct the value that this reason is about, in the inputs of the step or in Cryptlex.',
      hint,
    ),
  });
}

/** The error for a request without a usable answer. */
export function errorFromFault(fault: HttpFault, attempt: Attempt): ActionError {
  const { action, api } = attempt;
  const code = safe(fault.code, 80);
  const host = api.host;
  const error = (problem: Problem) => new ActionError({ ...problem, cause: fault });
  switch (fault.kind) {
    case 'network':
      return error({
        code: 'E_NET',
        what: `Could not ${action}: no connection to ${host} (${code}).`,
        remedy:
          fault.code === 'ENOTFOUND'
            ? 'Check the region in api-url, and that this runner can resolve the name of the host.'
            : 'Check that this runner can reach this host, and run the step again.',
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
        what: `The certificate of ${host} was not accepted (${code}).`,
        remedy: certificateRemedy(fault.code),
      });
    case 'protocol':
      return error({
        code: 'E_NET',
        what: `Could not ${action}: ${host} does not speak HTTPS (${code}).`,
        remedy: 'Check the host and the port in api-url.',
      });
    case 'timeout':
      return error({
        code: 'E_TIMEOUT',
        what: `Could not ${action} in time: ${host} took too long (${timeoutWords[code] ?? code}).`,
        remedy: 'Run the step again, or raise timeout-seconds.',
      });
    case 'cut':
    case 'refused-body':
      return error({
        code: 'E_RESPONSE',
        what: `Could not ${action}: the answer of ${host} cannot be used (${fault.kind === 'cut' ? 'cut off ' : ''}${code}).`,
        remedy: `Run the step again. ${checkAddress(api)}`,
      });
  }
}

function certificateRemedy(code: string): string {
  if (/EXPIRED|NOT_YET_VALID/.test(code)) {
    return "Renew the server's certificate, and check the runner's clock.";
  }
  return /ALTNAME/.test(code)
    ? 'It belongs to another host: check the host in api-url.'
    : 'For a private certificate authority, set NODE_EXTRA_CA_CERTS in the env of the step to its certificate file.';
}

const timeoutWords: Readonly<Record<string, string>> = {
  connect: 'to connect',
  answer: 'to answer',
  run: 'the time limit of the run was reached',
};

function redirected(answer: HttpAnswer, { action, api }: Attempt): ActionError {
  return new ActionError({
    code: 'E_REDIRECT',
    what: `Could not ${action}: the server redirected (HTTP ${answer.status}) to ${targetOf(answer, api)}; redirects are not followed, because they could give the token to another server.`,
    remedy: 'If the server has a new address, set api-url to it.',
  });
}

/** Where a redirect leads, in words. */
export function targetOf({ headers: { location = '' } }: HttpAnswer, base: URL): string {
  return URL.canParse(location, base.href)
    ? safe(new URL(location, base).origin, 100)
    : 'an unreadable address';
}

/** The vendor's own words, where the body holds them (api: `{ message, code? }`). */
function wordsOf(answer: HttpAnswer): string {
  if (isHtml(answer)) return `: an HTML page of ${count(answer.body.length, 'character')}`;
  const read = readAnswer(readRefusal, parseJson(answer.body));
  if ('wrong' in read) return '';
  const { message, code } = read.answer;
  return `: ${safe(message.replace(/\.\s*$/, ''))}${typeof code === 'string' ? ` (${safe(code, 60)})` : ''}`;
}

function isHtml(answer: HttpAnswer): boolean {
  return (
    /\bhtml\b/i.test(answer.headers['content-type'] ?? '') ||
    /^\s*<(?:!doctype|html)\b/i.test(answer.body)
  );
}

const createToken =
  'Create a personal access token with the scopes release:read and release:write in the Cryptlex dashboard, and store it in the secret that access-token names.';

/** @param said the vendor's own words, with a colon before them */
function unauthorized(said: string, { api, doubts }: Attempt): ActionError {
  const isElsewhere = doubts.some(({ about }) => about === 'issuer');
  const known = doubts.filter(({ about }) => about !== 'scope').map(({ sentence }) => sentence);
  return new ActionError({
    code: 'E_AUTH',
    what: joinSentences(`Cryptlex did not accept the access token (HTTP 401)${said}.`, ...known),
    remedy: isElsewhere
      ? 'Set api-url to the address of the region or server that issued the token.'
      : `Check that access-token names the right secret, and that its token is complete, not expired and not revoked. If in doubt, create a new one. If your account is in the EU region or on-premise, set api-url (now ${api.origin}).`,
  });
}

/** What to do about a 403, without the scope where the vendor's words name it already. */
function remedyForbidden(said: string, { scope, doubts, hint }: Attempt): string {
  const lacks = doubts.find(({ about, sentence }) => about === 'scope' && sentence.includes(scope));
  if (!lacks) {
    const check = `Check that the access token has the scope ${scope}, and that its user has the permission for this product.`;
    return joinSentences(check, hint);
  }
  return said.includes(scope) ? createToken : joinSentences(lacks.sentence, createToken);
}

/** The sentences that there are, one after the other. */
function joinSentences(...sentences: readonly (string | undefined)[]): string {
  return sentences.filter((sentence) => sentence !== undefined).join(' ');
}
