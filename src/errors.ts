/**
 * Every error code, what it means and what to do in general; each error itself says it exactly.
 * The only list of codes: the README's table is made from it.
 */
export const errorCodes = {
  E_CONFIG: {
    meaning: 'An input is missing, malformed or contradicts another one.',
    remedy: 'Correct the input that the message names; it lists the allowed values.',
  },
  E_TOKEN: {
    meaning: 'The access token is missing or can not be a token.',
    remedy: 'Pass it from a secret that this workflow can read, without quotes or line breaks.',
  },
  E_URL: {
    meaning: '`api-url` or `releases-url` is not a plain https URL.',
    remedy:
      'Give an address such as `https://api.eu.cryptlex.com`, without user name, query or fragment.',
  },
  E_ENV: {
    meaning: 'The event is not supported, or the runner lacks something.',
    remedy:
      'Update releases on a tag push; in pull requests set `dry-run: true`. Check the disk of a self-hosted runner.',
  },
  E_TAG: {
    meaning: 'No version can be read from the tag.',
    remedy:
      'Tag as `x.x`, `x.x.x` or `x.x.x.x`, alone or after a prefix, or set `tag-pattern`, `prerelease` or `version`.',
  },
  E_FILE: {
    meaning:
      'A file is missing or outside the workspace, or it can not be read or uploaded as it is.',
    remedy:
      'Check out the repository, or build the files, before this step, and give paths relative to the root.',
  },
  E_NOTES: {
    meaning: 'No release notes were found, or they can not be sent.',
    remedy:
      'Add a section for the version to the changelog; the message names the nearest headings. Or choose other sources with `notes-from`.',
  },
  E_GITHUB: {
    meaning: 'The API of GitHub (Gitea, Forgejo) did not give what was asked of it.',
    remedy: 'Give the job `permissions: contents: read`, and check `github-token`.',
  },
  E_NOT_FOUND: {
    meaning: 'No release matches.',
    remedy:
      'Create the release first, correct the ids or the region in `api-url`, or set `on-missing`.',
  },
  E_AMBIGUOUS: {
    meaning: 'More than one release matches.',
    remedy: 'Narrow the look-up with `match-channel` or `match-platform`, or set `match: all`.',
  },
  E_READONLY: {
    meaning: 'A matching release is published, and so read-only.',
    remedy: 'Update releases before they are published, or set `on-published`.',
  },
  E_AUTH: {
    meaning: 'The access token was refused.',
    remedy: 'Make a new token in the region that `api-url` names, and store it in the secret.',
  },
  E_FORBIDDEN: {
    meaning: 'The access token lacks a scope, or a firewall refused the request.',
    remedy: 'Give it `release:read` and `release:write`; let the runner reach the API.',
  },
  E_REQUEST: {
    meaning: 'The release API refused the request.',
    remedy: 'Correct what its own words name.',
  },
  E_RATE: {
    meaning: 'The rate limit was reached, and the wait would be too long.',
    remedy:
      'Run the step again later, or raise `timeout-seconds`. Hosted runners share addresses, and the limit counts per address.',
  },
  E_SERVER: {
    meaning: 'The release API, or a gateway before it, failed.',
    remedy: 'Run the step again; what is done already stays done.',
  },
  E_NET: {
    meaning: 'The release API could not be reached.',
    remedy: 'Check `api-url`, the network of the runner and its proxy settings.',
  },
  E_TLS: {
    meaning: 'The certificate of the release API is not accepted.',
    remedy:
      'For a private certificate authority set `NODE_EXTRA_CA_CERTS`; verification can not be switched off.',
  },
  E_TIMEOUT: {
    meaning: 'Something took longer than it may.',
    remedy: 'Run the step again, or raise `timeout-seconds`.',
  },
  E_REDIRECT: {
    meaning: 'The release API answered with a redirect.',
    remedy: 'Set `api-url` to the new address; redirects are never followed.',
  },
  E_RESPONSE: {
    meaning: 'The answer is not what the release API promises.',
    remedy:
      'Check that `api-url` is the address of the API itself, and not of a web page or gateway.',
  },
  E_CONFLICT: {
    meaning:
      'Someone else changed the release at the same time, or the server did not keep what was sent.',
    remedy: 'Settle which values are right and run the step again; use a concurrency group.',
  },
  E_UPLOAD: {
    meaning: 'A file could not be uploaded, or the release has another file of that name.',
    remedy:
      '401: use a token of the account behind `releases-url`. 403: the release is published, or the token lacks `release:write`. 409: free some storage in the account. 413: the file is too large for the server or a proxy. Delete another file of that name in the dashboard, or upload under a new name.',
  },
  E_PUBLISH: {
    meaning: 'The release can not be published as it is, or the release API refused to.',
    remedy:
      'A release needs a file and a platform, and every file of `upload-files`. 401, 403: the token needs `release:write`. 409: see what the message says of the release.',
  },
  E_UNKNOWN_STATE: {
    meaning: 'A write may have been applied; nobody can say.',
    remedy: 'Run the step again: it changes only what is not yet as wanted.',
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
    meaning: 'A defect of this action.',
    remedy: 'Please report it, with the log of a run with debug logging.',
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
  readonly at?: FilePosition;
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
}

/** A list keeps its lines, so what follows it begins a new one. */
function joinLines(what: string, remedy: string): string {
  return `${what}${what.includes('\n') ? '\n' : ' '}${remedy}`.trim();
}
