import { setTimeout as sleep } from 'node:timers/promises';
import * as z from 'zod/mini';
import { ActionError } from '../errors.ts';
import type { RunnerEvent } from '../tag/event.ts';
import { encodePath } from '../text.ts';
import {
  askedWait,
  explainFailure,
  type GitHubAccess,
  type GitHubFailure,
  isRateLimit,
} from './failures.ts';

/** All times in milliseconds. */
const attemptLimit = 30_000;
const firstPause = 500;
const longestRateWait = 30_000;

const mostTries = 3;

/** What a client of the GitHub API is made from. */
export interface GitHubConnection {
  readonly event: RunnerEvent;
  /** The input `github-token`. */
  readonly token: string | undefined;
  /** Milliseconds that are left for the whole run. */
  readonly remaining: () => number;
}

export interface GitHubQuestion {
  /** Below `/repos/{owner}/{repo}`, encoded, such as `/releases/tags/v1.2`. */
  readonly path: string;
  readonly accept?: string;
  /** Statuses that mean that there is no such thing. */
  readonly absent?: readonly number[];
}

export interface GitHubAnswer {
  /** Of the content, in lower case, without parameters. */
  readonly mediaType: string;
  /** Cut off after {@link longestAnswer}. */
  readonly content: Buffer;
}

/** Longest answer that is read, in bytes: a file of 5 MiB in base64, and what surrounds it. */
export const longestAnswer = 8 * 1024 * 1024;

/**
 * Asks the GitHub API about the event's repository.
 * @returns undefined when it answers that there is no such thing
 * @throws ActionError E_GITHUB, E_TIMEOUT
 */
export type AskGitHub = (question: GitHubQuestion) => Promise<GitHubAnswer | undefined>;

/** Prepares requests through @actions/github, which heeds proxies; a few tries each. */
export function openGitHubApi({ event, token, remaining }: GitHubConnection): AskGitHub {
  const access = checkAccess(event, token);
  const root = `/repos/${encodePath(access.repository.name)}`;
  const octokit = loadOctokit(access.token, event.apiUrl);
  // A run that never asks must not die of a package that can't be loaded.
  octokit.catch(() => undefined);

  return async (question) => {
    // A URL drops such segments, and would then name something else.
    if (/(?:^|\/)\.\.?(?:[/?]|$)/.test(question.path)) return undefined;
    for (let tries = 1; ; tries += 1) {
      const limit = Math.min(attemptLimit, Math.floor(remaining()));
      const outcome = await attempt(
        await octokit,
        { ...question, path: root + question.path },
        limit,
      );
      if (outcome.kind === 'content') return outcome;
      if (outcome.kind === 'refused' && question.absent?.includes(outcome.status)) return undefined;
      const wait = waitBeforeRetry(outcome, tries);
      if (wait === undefined || wait >= remaining()) {
        throw explainFailure(outcome, access);
      }
      await sleep(wait);
    }
  };
}

function checkAccess({ repository, apiUrl }: RunnerEvent, token: string | undefined): GitHubAccess {
  const refuse = (what: string, remedy: string) =>
    new ActionError({ code: 'E_GITHUB', what, remedy });
  if (!repository) {
    throw refuse(
      'The notes have to be read through the API of the repository, but GITHUB_REPOSITORY does not name a repository.',
      'Run this in a workflow, or set GITHUB_REPOSITORY to owner/name.',
    );
  }
  if (!token) {
    throw refuse(
      'The notes have to be read through the API of the repository, but github-token has no value.',
      'Leave github-token at its default, or set it to ${{ github.token }}.',
    );
  }
  // Such a character would fail in the request, in an error that shows the token.
  if (/[^\x21-\x7e]/.test(token)) {
    throw refuse(
      'github-token has a space, a line break or another character that no token has.',
      'Store the token alone in the secret.',
    );
  }
  return { apiUrl, repository, token };
}

/** What is used of octokit. */
interface Octokit {
  readonly request: (
    route: string,
    options: Record<string, unknown>,
  ) => Promise<{ readonly headers: { readonly 'content-type'?: string }; readonly data: unknown }>;
}

/** @actions/github reads the event file while it is loaded, and throws when that is no JSON. */
async function loadOctokit(token: string, baseUrl: string): Promise<Octokit> {
  const eventPath = process.env['GITHUB_EVENT_PATH'];
  delete process.env['GITHUB_EVENT_PATH'];
  try {
    const { getOctokit } = await import('@actions/github');
    return getOctokit(token, { baseUrl });
  } finally {
    if (eventPath !== undefined) process.env['GITHUB_EVENT_PATH'] = eventPath;
  }
}

/** An error of octokit for an answer. Its `request`, which holds the token, stays out. */
const refusalSchema = z.object({
  response: z.object({
    status: z.number(),
    // A record would bring 2 KB along, to the entry as well.
    headers: z.looseObject({}),
    data: z.unknown(),
  }),
});

const reasonSchema = z.object({ message: z.string() });

const causeSchema = z.object({
  message: z.string(),
  code: z.optional(z.unknown()),
  cause: z.optional(z.unknown()),
});

type Outcome = ({ readonly kind: 'content' } & GitHubAnswer) | GitHubFailure;

async function attempt(octokit: Octokit, question: GitHubQuestion, ms: number): Promise<Outcome> {
  const { path, accept = 'application/vnd.github+json' } = question;
  const signal = AbortSignal.timeout(ms);
  try {
    const { headers, data } = await octokit.request(`GET ${path}`, {
      headers: { accept },
      // Octokit would print the headers of a deprecated endpoint as they are.
      request: { signal, parseSuccessResponseBody: false, log: { warn: () => undefined } },
    });
    const mediaType = headers['content-type']?.split(';')[0]?.trim().toLowerCase() ?? '';
    return { kind: 'content', mediaType, content: await readContent(data) };
  } catch (error) {
    if (signal.aborted) return { kind: 'slow' };
    const refusal = refusalSchema.safeParse(error);
    if (refusal.success) {
      const { status, headers, data } = refusal.data.response;
      const message = reasonSchema.safeParse(data).data?.message ?? '';
      return { kind: 'refused', status, headers, message };
    }
    return { kind: 'unreachable', reason: reasonOf(error) };
  }
}

async function readContent(body: unknown): Promise<Buffer> {
  if (!(body instanceof ReadableStream)) return Buffer.alloc(0);
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of body) {
    chunks.push(chunk);
    length += chunk.length;
    if (length > longestAnswer) break;
  }
  return Buffer.concat(chunks);
}

/** The code of node, OpenSSL or undici; never a message, since some hold what was sent. */
function reasonOf(error: unknown): string {
  const parsed = causeSchema.safeParse(error);
  if (!parsed.success) return 'no usable answer';
  const { code, message, cause } = parsed.data;
  const proxyStatus = /^Proxy response \((\d+)\)/.exec(message)?.[1];
  if (proxyStatus) return `the proxy answered HTTP ${proxyStatus}`;
  return typeof code === 'string' ? code : reasonOf(cause);
}

/** Milliseconds until the next try; undefined for none. */
function waitBeforeRetry(failure: GitHubFailure, tries: number): number | undefined {
  if (tries >= mostTries) return undefined;
  const pause = Math.random() * firstPause * 2 ** (tries - 1);
  if (failure.kind !== 'refused') return pause;
  if (!isRateLimit(failure)) return failure.status >= 500 ? pause : undefined;
  const asked = askedWait(failure);
  return asked !== undefined && asked <= longestRateWait ? asked : undefined;
}
