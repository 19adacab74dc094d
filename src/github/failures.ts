import { ActionError, type Problem } from '../errors.ts';
import type { Repository } from '../tag/event.ts';
import { quote } from '../text.ts';

/** Why a request to the GitHub API got nothing. */
export type GitHubFailure =
  | GitHubRefusal
  | { readonly kind: 'slow' }
  /** `reason`: a code of node, OpenSSL or undici. */
  | { readonly kind: 'unreachable'; readonly reason: string };

/** An answer that is no success. */
export interface GitHubRefusal {
  readonly kind: 'refused';
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  /** What the API says about it, if anything. */
  readonly message: string;
}

/** Who asks which API about what. */
export interface GitHubAccess {
  readonly apiUrl: string;
  readonly repository: Repository;
  readonly token: string;
}

/** Whether a refusal is for the rate. Source: docs.github.com, "Rate limits for the REST API". */
export function isRateLimit({ status, headers, message }: GitHubRefusal): boolean {
  if (status !== 403 && status !== 429) return false;
  const spent = headers['x-ratelimit-remaining'] === '0' || 'retry-after' in headers;
  return status === 429 || spent || /rate limit|abuse detection/i.test(message);
}

/** How long a refusal asks to wait, in milliseconds; undefined when it does not say. */
export function askedWait({ headers }: GitHubRefusal): number | undefined {
  const seconds = wholeNumber(headers['retry-after']);
  return seconds === undefined ? undefined : seconds * 1000;
}

/** The error for a failure: what happened and what to do. */
export function explainFailure(failure: GitHubFailure, access: GitHubAccess): ActionError {
  const { apiUrl } = access;
  const { forge } = access.repository;
  switch (failure.kind) {
    case 'slow':
      return new ActionError({
        code: 'E_TIMEOUT',
        what: `The ${forge} API at ${quote(apiUrl)} did not answer in time.`,
        remedy: 'Run the workflow again, or raise timeout-seconds.',
      });
    case 'unreachable':
      return new ActionError({
        code: 'E_GITHUB',
        what: `The ${forge} API at ${quote(apiUrl)} could not be reached (${failure.reason}).`,
        remedy:
          'Check that the runner can reach this address (GITHUB_API_URL). Check its proxy settings and, for a private certificate authority, NODE_EXTRA_CA_CERTS.',
      });
    case 'refused':
      return new ActionError({ code: 'E_GITHUB', ...explainAnswer(failure, access) });
  }
}

function explainAnswer(
  refusal: GitHubRefusal,
  access: GitHubAccess,
): Pick<Problem, 'what' | 'remedy'> {
  const { status } = refusal;
  const repository = quote(access.repository.name);
  const { forge } = access.repository;
  const said = refusal.message ? `: ${quote(refusal.message.replaceAll(access.token, '***'))}` : '';
  if (isRateLimit(refusal)) {
    return {
      what: `The ${forge} API refused the request because of its rate limit${untilReset(refusal)}${said}.`,
      remedy:
        'Run the workflow again later. If the repository is checked out before this step, fewer requests are needed.',
    };
  }
  if (status === 401) {
    return {
      what: `The ${forge} API at ${quote(access.apiUrl)} does not accept github-token (HTTP 401)${said}.`,
      remedy:
        'Leave github-token at its default, or set a valid token of this server: a github.com token does not work on an Enterprise Server.',
    };
  }
  if (status === 403) {
    return {
      what: `github-token has no permission to read this in the repository ${repository} (HTTP 403)${said}.`,
      remedy:
        'Give the job "permissions: contents: read". A personal access token needs access to the contents of this repository and, with single sign-on, to be authorized for its organization.',
    };
  }
  if (status === 404) {
    return {
      what: `The ${forge} API does not show the repository ${repository} to github-token (HTTP 404)${said}.`,
      remedy:
        'For a private repository this means that the token has no permission: give the job "permissions: contents: read". On an Enterprise Server, check that GITHUB_API_URL is its address.',
    };
  }
  return {
    what: `The ${forge} API at ${quote(access.apiUrl)} answered HTTP ${status}${said}.`,
    remedy:
      status >= 500
        ? `Run the workflow again.${forge === 'GitHub' ? ' githubstatus.com shows known outages.' : ''}`
        : 'Check that GITHUB_API_URL is the address of the API.',
  };
}

function untilReset({ headers }: GitHubRefusal): string {
  const reset = wholeNumber(headers['x-ratelimit-reset']);
  if (headers['x-ratelimit-remaining'] !== '0' || reset === undefined) return '';
  return ` until ${new Date(reset * 1000).toISOString().slice(11, 16)} UTC`;
}

function wholeNumber(header: unknown): number | undefined {
  return typeof header === 'string' && /^\d{1,10}$/.test(header) ? Number(header) : undefined;
}
