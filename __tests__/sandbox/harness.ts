import { afterEach, expect } from '@jest/globals';
import type { ReleaseSeed } from '../../sandbox/release.ts';
import { type Sandbox, type SandboxOptions, startSandbox } from '../../sandbox/server.ts';

const running: Sandbox[] = [];

afterEach(async () => {
  await Promise.all(running.splice(0).map((sandbox) => sandbox.close()));
});

/** Starts a sandbox that ends with its test. */
export async function start(options: SandboxOptions = {}): Promise<Sandbox> {
  const sandbox = await startSandbox(options);
  running.push(sandbox);
  return sandbox;
}

/** Starts one that has the release r1. */
export function startWithRelease(seed: ReleaseSeed = {}, options: SandboxOptions = {}) {
  return start({ ...options, releases: [{ id: 'r1', ...seed }] });
}

export interface Call {
  readonly method?: string;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly json: unknown;
}

/** One request with a valid token; a body that is no string is sent as JSON. */
export async function call(sandbox: Sandbox, path: string, options: Call = {}): Promise<Answer> {
  const { method = 'GET', body, headers = {}, signal = null } = options;
  const response = await fetch(`${sandbox.url}${path}`, {
    method,
    redirect: 'manual',
    headers: {
      authorization: `Bearer ${sandbox.issueToken()}`,
      'content-type': 'application/json',
      ...headers,
    },
    signal,
    body: body === undefined ? null : typeof body === 'string' ? body : JSON.stringify(body),
  });
  const text = await response.text();
  return { status: response.status, headers: response.headers, text, json: parse(text) };
}

/** A PATCH of a release. */
export function patch(sandbox: Sandbox, id: string, body: unknown): Promise<Answer> {
  return call(sandbox, `/v3/releases/${id}`, { method: 'PATCH', body });
}

/** The JSON of a text; undefined when it is none. */
export function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The body of every refusal. */
export const refusal = { message: expect.any(String), code: expect.any(String) };
