import { readFileSync } from 'node:fs';
import { runInNewContext } from 'node:vm';
import * as z from 'zod/mini';
import { ActionError } from './errors.ts';
import type { Repository } from './notes/addresses.ts';
import { quote } from './text.ts';
import { parseTag, parseVersion, type TagGroups, type TagVersion } from './version.ts';

/** How long a `tag-pattern` may think, in milliseconds. */
const patternTimeLimit = 250;

/** Longer refs don't exist in the usual file systems. */
const longestRef = 256;

/** What the runner says about the run. */
export interface RunnerEvent {
  readonly name: string;
  /** The tag that was pushed, created or released. */
  readonly tag: string | undefined;
  readonly tagDeleted: boolean;
  readonly sha: string;
  /** The object that the pushed ref points to: an annotated tag's own object, not its commit. */
  readonly pushedObject: string | undefined;
  readonly repository: Repository | undefined;
  readonly apiUrl: string;
  readonly workspace: string;
  readonly temporaryFolder: string | undefined;
}

/** The version of a run and where it was taken from. */
export interface ChosenVersion extends TagVersion {
  /** The tag, where there is one: links and `{tag}` use it. */
  readonly ref: string | undefined;
  readonly source: 'version input' | 'tag input' | 'event' | 'changelog';
}

const payloadSchema = z.object({
  ref: orNothing(z.string()),
  ref_type: orNothing(z.string()),
  deleted: orNothing(z.boolean()),
  after: orNothing(z.string()),
  release: orNothing(z.object({ tag_name: z.string() })),
  repository: orNothing(z.object({ private: z.boolean() })),
});

/** What is not of this form counts as absent. `z.catch` would do it, and bring 10 KB along. */
function orNothing<Value>(schema: z.ZodMiniType<Value>) {
  return z.pipe(
    z.optional(z.unknown()),
    z.transform((value) => schema.safeParse(value).data),
  );
}

/**
 * Reads the runner's environment and event file. A missing or broken event file is no error: most
 * of what matters is in the environment.
 */
export function readEvent(env: NodeJS.ProcessEnv): RunnerEvent {
  const payload = readPayload(env['GITHUB_EVENT_PATH']);
  const name = env['GITHUB_EVENT_NAME'] ?? '';
  const repository = env['GITHUB_REPOSITORY'];
  const serverUrl = (env['GITHUB_SERVER_URL'] || 'https://github.com').replace(/\/+$/, '');
  return {
    name,
    tag: payload.release?.tag_name ?? tagOfRef(env['GITHUB_REF'] ?? ''),
    tagDeleted: name === 'delete' ? payload.ref_type === 'tag' : payload.deleted === true,
    sha: env['GITHUB_SHA'] ?? '',
    pushedObject: payload.after,
    repository: repository
      ? { serverUrl, name: repository, private: payload.repository?.private !== false }
      : undefined,
    apiUrl: (env['GITHUB_API_URL'] || 'https://api.github.com').replace(/\/+$/, ''),
    workspace: env['GITHUB_WORKSPACE'] || process.cwd(),
    temporaryFolder: env['RUNNER_TEMP'] || undefined,
  };
}

/**
 * Chooses the version: the `version` input, else the `tag` input, else the tag of the event.
 * @returns undefined when a dry run for a pull request names neither: the changelog decides then
 * @throws ActionError E_TAG, E_ENV for events without a tag, E_CONFIG for a bad `tag-pattern`
 */
export function chooseVersion(
  event: RunnerEvent,
  inputs: {
    readonly tag?: string | undefined;
    readonly version?: string | undefined;
    readonly 'tag-pattern'?: string | undefined;
    readonly 'dry-run': boolean;
  },
): ChosenVersion | undefined {
  const forPullRequest = /^pull_request(?:_target)?$/.test(event.name);
  if (forPullRequest && !inputs['dry-run']) {
    throw new ActionError({
      code: 'E_ENV',
      what: `The event ${event.name} must not update a release: its code is not yet accepted.`,
      remedy:
        'Set dry-run: true to check the changelog in pull requests, and update releases on a tag push.',
    });
  }
  const givenTag = inputs.tag && (tagOfRef(inputs.tag) ?? inputs.tag);
  const ref = givenTag || event.tag;
  const readTag = (tag: string) => parseTag(tag, matchPattern(tag, inputs['tag-pattern']));
  if (inputs.version) {
    const named = ref === undefined ? undefined : unlessUnreadable(() => readTag(ref));
    return {
      ...parseVersion(inputs.version),
      package: named?.package,
      channel: named?.channel,
      platform: named?.platform,
      ref,
      source: 'version input',
    };
  }
  if (ref) return { ...readTag(ref), ref, source: givenTag ? 'tag input' : 'event' };
  if (forPullRequest) return undefined;
  throw new ActionError({
    code: 'E_TAG',
    what: `The event ${quote(event.name)} comes without a tag, and neither tag nor version is set.`,
    remedy:
      'Trigger the workflow by a tag push (on: push: tags:), a create event or a release event, or set the tag input (as with workflow_dispatch or schedule).',
  });
}

function readPayload(path: string | undefined): z.output<typeof payloadSchema> {
  try {
    const payload: unknown = JSON.parse(readFileSync(path ?? '', 'utf8').replace(/^\ufeff/, ''));
    return payloadSchema.parse(payload);
  } catch {
    return payloadSchema.parse({});
  }
}

function tagOfRef(ref: string): string | undefined {
  return /^refs\/tags\/(.+)$/s.exec(ref)?.[1];
}

/** With the version given, a tag that holds none is fine: it only names the ref. */
function unlessUnreadable(read: () => TagVersion): TagVersion | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof ActionError && error.code === 'E_TAG') return undefined;
    throw error;
  }
}

/** The pattern has to match the whole tag, so that it can't cut 1.2 out of 1.2.3. */
function matchPattern(tag: string, pattern: string | undefined): TagGroups | undefined {
  if (pattern === undefined) return undefined;
  // With an empty alternative every pattern matches, and lists its groups.
  if (!('version' in (runPattern(pattern, `${pattern}|`, '') ?? {}))) {
    throw patternRefused(pattern, 'has no group named version');
  }
  const groups = tag.length > longestRef ? undefined : runPattern(pattern, `^(?:${pattern})$`, tag);
  const version = groups?.['version'];
  if (version !== undefined) return { ...groups, version };
  throw new ActionError({
    code: 'E_TAG',
    what: `The tag ${quote(tag)} does not match tag-pattern ${quote(pattern)}.`,
    remedy:
      'The pattern has to match the whole tag, its group version one of x.x, x.x.x or x.x.x.x. Correct it, or trigger the workflow only on tags that match.',
  });
}

type Groups = Readonly<Partial<Record<string, string>>>;

/** The named groups of a match; a pattern that backtracks without end is stopped. */
function runPattern(pattern: string, source: string, text: string): Groups | undefined {
  try {
    const context = { source, text };
    return runInNewContext('new RegExp(source).exec(text)?.groups', context, {
      timeout: patternTimeLimit,
    });
  } catch (cause) {
    // What the context throws is no Error of this one; of both errors only a timeout has a code.
    const slow = typeof cause === 'object' && cause !== null && 'code' in cause;
    const reason = slow ? `is too slow on ${quote(text)}` : 'is not a regular expression';
    throw patternRefused(pattern, reason, cause);
  }
}

function patternRefused(pattern: string, reason: string, cause?: unknown): ActionError {
  return new ActionError({
    code: 'E_CONFIG',
    what: `tag-pattern ${quote(pattern)} ${reason}.`,
    remedy: 'Write one such as ^server-(?<version>\\d+(?:\\.\\d+){1,3})$.',
    cause,
  });
}
