/**
 * Every error code, what it means and what to do in general; each error itself says it exactly.
 * The only list of codes: `docs/errors.md` is made from it.
 */
export const errorCodes = {
  E_CONFIG: {
    meaning:
      'An input is missing or invalid, or contradicts another input; or the address of a proxy is invalid.',
    remedy: 'Correct the input that the message names; the message lists the allowed values.',
  },
  E_TOKEN: {
    meaning: 'The access token is missing, or has characters that no token has.',
    remedy:
      'Pass it from a secret that this workflow can read, and store it there without quotes or line breaks.',
  },
  E_URL: {
    meaning: '`api-url` or `releases-url` is not a valid https address.',
    remedy:
      'Set an address such as `https://api.eu.cryptlex.com`, without user name, query or fragment.',
  },
  E_ENV: {
    meaning: 'The event is not supported, or a file or folder of the runner cannot be written.',
    remedy:
      'Update releases when a tag is pushed; in pull requests set `dry-run: true`. Check the disk of a self-hosted runner.',
  },
  E_TAG: {
    meaning: 'The tag contains no valid version.',
    remedy:
      'Use a tag `x.x`, `x.x.x` or `x.x.x.x`, alone or after a prefix, or set `tag-pattern`, `prerelease` or `version`.',
  },
  E_FILE: {
    meaning: 'A file is missing, outside the workspace, or cannot be read or uploaded as it is.',
    remedy:
      'Check out the repository, or build the files, before this step; use paths relative to the workspace, and save text files as UTF-8.',
  },
  E_NOTES: {
    meaning: 'No release notes were found, or they cannot be sent.',
    remedy:
      'Add a section for the version to the changelog; the message names the nearest headings. Or choose other sources with `notes-from`.',
  },
  E_GITHUB: {
    meaning: 'The API of GitHub, Gitea or Forgejo refused a request or could not be reached.',
    remedy: 'Give the job `permissions: contents: read`, and check `github-token`.',
  },
  E_NOT_FOUND: {
    meaning: 'No release matches.',
    remedy:
      'Create the release first, correct the ids or the region in `api-url`, or set `on-missing`.',
  },
  E_AMBIGUOUS: {
    meaning: 'More than one release matches.',
    remedy: 'Narrow the search with `match-channel` or `match-platform`, or set `match: all`.',
  },
  E_READONLY: {
    meaning: 'A matching release is published, and a published release is read-only in Cryptlex.',
    remedy:
      'Publish a new version with the correction, and update releases before they are published. To leave published releases as they are, set `on-published: skip`.',
  },
  E_AUTH: {
    meaning: 'Cryptlex did not accept the access token.',
    remedy:
      'Check that `access-token` names the right secret, or create a new token in the region that `api-url` names, and store it in the secret.',
  },
  E_FORBIDDEN: {
    meaning:
      'The access token lacks a scope, its user lacks a permission, or a firewall refused the request.',
    remedy:
      'Create a token with the scopes `release:read` and `release:write`; allow the runner to reach Cryptlex.',
  },
  E_REQUEST: {
    meaning: 'Cryptlex refused the request.',
    remedy: 'The message quotes the reason that Cryptlex gave; correct that.',
  },
  E_RATE: {
    meaning: 'The rate limit of Cryptlex was reached, and the wait would be too long.',
    remedy:
      'Run the step again later, or raise `timeout-seconds`. Hosted runners share addresses, and the limit counts per address.',
  },
  E_SERVER: {
    meaning: 'Cryptlex, or a gateway in front of it, failed.',
    remedy: 'Run the step again; what is already done is not repeated.',
  },
  E_NET: {
    meaning: 'Cryptlex could not be reached.',
    remedy: 'Check `api-url`, the network of the runner and its proxy settings.',
  },
  E_TLS: {
    meaning:
      'The certificate of the Cryptlex server was not accepted, or certificate checks are switched off.',
    remedy:
      'For a private certificate authority set `NODE_EXTRA_CA_CERTS`; certificate checks cannot be switched off.',
  },
  E_TIMEOUT: {
    meaning: 'A request took too long, or the time limit of the run was reached.',
    remedy: 'Run the step again, or raise `timeout-seconds`.',
  },
  E_REDIRECT: {
    meaning: 'Cryptlex answered with a redirect.',
    remedy: 'Set `api-url` to the new address; redirects are never followed.',
  },
  E_RESPONSE: {
    meaning: 'The answer is incomplete, or is not an answer of the Cryptlex API.',
    remedy:
      'Check that `api-url` is the address of the Cryptlex API, and not of a web page or gateway.',
  },
  E_CONFLICT: {
    meaning:
      'Someone else changed the release at the same time, or the server did not keep what was sent.',
    remedy:
      'Decide which values are right and run the step again; a `concurrency` group lets only one run work at a time.',
  },
  E_UPLOAD: {
    meaning: 'A file could not be uploaded, or the release has another file of that name.',
    remedy:
      '401: the token has expired, or is not of the account that `releases-url` or `api-url` names. 403: the release is published, or the token lacks `release:write`. 409: run the step again in a few minutes, or free some storage in the account. 413: the file is too large for the server or a proxy. Delete the other file of that name in the dashboard, or upload under a new name.',
  },
  E_PUBLISH: {
    meaning: 'The release cannot be published as it is, or Cryptlex refused to publish it.',
    remedy:
      'A release needs a file and a platform, and every file of `upload-files`. 401, 403: the token needs `release:write`. 409: see what the message says of the release.',
  },
  E_UNKNOWN_STATE: {
    meaning: 'A change may have been applied, and the action could not find out.',
    remedy: 'Run the step again: it changes only what is not correct yet.',
  },
  E_PARTIAL: {
    meaning: 'With `match: all`, some releases were updated and some were not.',
    remedy: 'Run the step again: it updates the rest.',
  },
  E_CANCELLED: {
    meaning: 'The run was cancelled before anything was written.',
    remedy: 'Run the step again.',
  },
  E_INTERNAL: {
    meaning: 'A bug in this action.',
    remedy: 'Please report it, with the log of a run that has debug logging enabled.',
  },
} as const;

export type ErrorCode = keyof typeof errorCodes;

/** Where in the workspace a problem is: a path relative to the repository, a line from 1. */
export interface FilePosition {
  readonly file: string;
  readonly line?: number;
}

export interface Problem {
  readonly code: ErrorCode;
  /** What happened, one or more sentences. May hold foreign text: whoever prints it makes it safe. */
  readonly what: string;
  /** What to do about it, one or more sentences. */
  readonly remedy: string;
  readonly at?: FilePosition | undefined;
  readonly cause?: unknown;
}

/** An error that a person can act on: `what` happened and the `remedy`. */
export class ActionError extends Error {
  override readonly name = 'ActionError';
  readonly code: ErrorCode;
  readonly what: string;
  readonly remedy: string;
  readonly at: FilePosition | undefined;

  constructor(problem: Problem) {
    super(joinLines(problem.what, problem.remedy), { cause: problem.cause });
    this.code = problem.code;
    this.what = problem.what;
    this.remedy = problem.remedy;
    this.at = problem.at;
  }

  /** The same error in other words. */
  saying(what: string): ActionError {
    const { code, remedy, at } = this;
    return new ActionError({ code, what, remedy, at, cause: this });
  }
}

/** A list keeps its lines, so what follows it begins a new one. */
function joinLines(what: string, remedy: string): string {
  return `${what}${what.includes('\n') ? '\n' : ' '}${remedy}`.trim();
}

/** What an error says; of what else is thrown, its text. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** An error that a person can act on, for a `catch`; any other is thrown on. */
export function asActionError(error: unknown): ActionError {
  if (error instanceof ActionError) return error;
  throw error;
}

/** Node's code of an error, such as `ENOENT`. */
export function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'unknown reason';
}
