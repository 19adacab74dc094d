import { readFileSync } from 'node:fs';
import { ActionError } from '../errors.ts';
import type { Inputs } from '../inputs/inputs.ts';
import type { Log } from '../log.ts';
import { parseJson, quote, safe, trimSlashes } from '../text.ts';
import { matchPattern } from './pattern.ts';
import {
  channelWord,
  parseTag,
  parseVersion,
  type TagVersion,
  unlessUnreadable,
} from './version.ts';

/** The repository of a workflow, on GitHub, an Enterprise Server, Gitea or Forgejo. */
export interface Repository {
  /** `https://github.com`, without a trailing slash. */
  readonly serverUrl: string;
  /** `owner/name`. */
  readonly name: string;
  /** Unknown counts as private. */
  readonly private: boolean;
  readonly forge: Forge;
}

/** Whose software the server runs. */
export type Forge = 'GitHub' | 'Gitea' | 'Forgejo';

/** What the runner says about the run. */
export interface RunnerEvent {
  readonly name: string;
  /** The tag that was pushed, created or released: `v1.4.2` for `refs/tags/v1.4.2`. */
  readonly tag: string | undefined;
  /** A clause that says why the event leaves nothing to do; the inputs tag and version overrule it. */
  readonly idle: string | undefined;
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
  /** The tag, for links and `{tag}`; undefined with the version input alone. */
  readonly ref: string | undefined;
  readonly source: 'version input' | 'tag input' | 'event' | 'changelog';
}

/**
 * Reads the runner's environment and event file. A missing or broken event file is no error: most
 * of what matters is in the environment.
 */
export function readEvent(env: NodeJS.ProcessEnv): RunnerEvent {
  const payload = readPayload(env['GITHUB_EVENT_PATH']);
  const name = env['GITHUB_EVENT_NAME'] ?? '';
  const repository = env['GITHUB_REPOSITORY'];
  const serverUrl = trimSlashes(env['GITHUB_SERVER_URL'] || 'https://github.com');
  const pushed = tagOfRef(env['GITHUB_REF'] ?? '');
  const created = name === 'create' && textAt(payload, 'ref_type') === 'tag';
  // With `refs/tags/` in front, or without.
  const named = textAt(payload, 'release', 'tag_name') ?? (created && textAt(payload, 'ref'));
  return {
    name,
    tag: (named && (tagOfRef(named) ?? named)) || pushed,
    idle: idleReason(name, payload, pushed !== undefined),
    sha: env['GITHUB_SHA'] ?? '',
    pushedObject: textAt(payload, 'after'),
    repository: repository
      ? { serverUrl, name: repository, private: !isPublic(payload), forge: forgeOf(env) }
      : undefined,
    apiUrl: trimSlashes(env['GITHUB_API_URL'] || 'https://api.github.com'),
    workspace: env['GITHUB_WORKSPACE'] || process.cwd(),
    temporaryFolder: env['RUNNER_TEMP'] || undefined,
  };
}

/** Events of code that is not yet accepted: they may rehearse, and never write. */
const proposals = [
  'pull_request',
  'pull_request_target',
  'pull_request_review',
  'pull_request_review_comment',
  'merge_group',
];

/**
 * Chooses the version: the `version` input, else the `tag` input, else the tag of the event.
 * @returns what {@link parseTag} or `tag-pattern` reads in it (version 1.4.2 in `v1.4.2`), with the tag as
 *   `ref`; undefined when a dry run for a pull request or a merge queue names neither: the changelog decides then
 * @throws ActionError E_TAG, also for an event without a tag; E_ENV for a pull request or a merge queue that
 *   is no dry run; E_CONFIG for a bad `tag-pattern`
 */
export function chooseVersion(
  event: RunnerEvent,
  inputs: Pick<Inputs, 'dry-run'> & Partial<Pick<Inputs, 'tag' | 'version' | 'tag-pattern'>>,
  log: Pick<Log, 'notice' | 'warning'>,
): ChosenVersion | undefined {
  const isProposal = proposals.includes(event.name);
  if (isProposal && !inputs['dry-run']) {
    throw new ActionError({
      code: 'E_ENV',
      what: `The event ${event.name} must not update a release, because its code is not merged yet.`,
      remedy:
        'Set dry-run: true to check the changelog in pull requests, and update releases when a tag is pushed.',
    });
  }
  const givenTag = inputs.tag && (tagOfRef(inputs.tag) ?? inputs.tag);
  if (givenTag?.startsWith('refs/')) {
    throw new ActionError({
      code: 'E_TAG',
      what: `The input tag is ${quote(givenTag)}, which is not a tag.`,
      remedy: 'Set it to the name of a tag, such as v1.2.3.',
    });
  }
  const ref = givenTag || event.tag;
  const pattern = inputs['tag-pattern'];
  const readTag = (tag: string) =>
    parseTag(tag, pattern === undefined ? undefined : matchPattern(tag, pattern));
  if (inputs.version) {
    // A tag without a version is fine: it only names the ref.
    const named = ref === undefined ? undefined : unlessUnreadable(() => readTag(ref));
    return { ...readVersionInput(inputs.version, named, log), ref, source: 'version input' };
  }
  if (ref) return { ...readTag(ref), ref, source: givenTag ? 'tag input' : 'event' };
  if (isProposal) return undefined;
  throw new ActionError({
    code: 'E_TAG',
    what: `The event ${quote(event.name)} has no tag, and neither of the inputs tag and version is set.`,
    remedy:
      'Start the workflow by a tag push (on: push: tags:), a create event or a release event, or set the input tag (for example with workflow_dispatch or schedule).',
  });
}

/** The version that an input gives; the rest is said by the tag beside it. */
function readVersionInput(
  input: string,
  named: TagVersion | undefined,
  log: Pick<Log, 'notice' | 'warning'>,
): TagVersion {
  const given = input.replace(/^v(?=\d)/i, '');
  if (given !== input) {
    log.notice(`The input version is ${quote(input)}; ${quote(given)} is used.`);
  }
  if (named && given !== named.version && Number(given) === Number(named.version)) {
    log.warning(
      `version is ${quote(given)}, but the tag says ${quote(named.version)}: without quotes YAML reads it as a number and drops the zero. Write version: "${named.version}".`,
    );
  }
  return {
    ...parseVersion(given),
    package: named?.package,
    // The prerelease is the tag's, whatever version is sent.
    channel: named?.channel ?? named?.prerelease.slice(0, 1).map(channelWord)[0],
    platform: named?.platform,
  };
}

/** Both runners set GITEA_ACTIONS, Forgejo's also FORGEJO_ACTIONS. */
function forgeOf(env: NodeJS.ProcessEnv): Forge {
  if (env['FORGEJO_ACTIONS'] === 'true') return 'Forgejo';
  return env['GITEA_ACTIONS'] === 'true' ? 'Gitea' : 'GitHub';
}

/**
 * Whether anybody can read the repository. On Gitea and Forgejo the visibility of its owner counts too.
 */
function isPublic(payload: unknown): boolean {
  const visibility = textAt(payload, 'repository', 'owner', 'visibility') ?? 'public';
  return (
    valueAt(payload, 'repository', 'private') === false &&
    valueAt(payload, 'repository', 'internal') !== true &&
    visibility === 'public'
  );
}

/** Why an event leaves nothing to do. */
function idleReason(name: string, payload: unknown, isTag: boolean): string | undefined {
  const refType = textAt(payload, 'ref_type');
  if ((name === 'create' || name === 'delete') && refType === 'branch') {
    return `the event ${name} is about a branch, not a tag`;
  }
  const action = textAt(payload, 'action') ?? '';
  const gone =
    (name === 'delete' && refType === 'tag') ||
    (name === 'release' && /^(?:deleted|unpublished)$/.test(action)) ||
    (isTag && valueAt(payload, 'deleted') === true);
  return gone ? 'the tag or its release was deleted or unpublished' : undefined;
}

/**
 * Refuses an environment in which a token could go to anyone, before the first request.
 * @throws ActionError E_TLS
 */
export function checkEnvironment(env: NodeJS.ProcessEnv): void {
  if (env['NODE_TLS_REJECT_UNAUTHORIZED'] !== '0') return;
  throw new ActionError({
    code: 'E_TLS',
    what: 'NODE_TLS_REJECT_UNAUTHORIZED=0 switches certificate checks off, so the token could be sent to anyone.',
    remedy:
      'Remove it from the environment of this step. For a private certificate authority set NODE_EXTRA_CA_CERTS to its certificate file.',
  });
}

/** How the version that is sent was read, for the log. */
export function describeReading(
  { ref, prefix, source, tag }: ChosenVersion,
  version: string,
): string {
  if (source === 'changelog')
    return `Version ${version}, the newest in the changelog (assumed tag: ${safe(ref ?? '')}); the section Unreleased is not checked`;
  if (source === 'version input') return `Version ${safe(version)}, from the input version`;
  const way = prefix === '' ? [] : [`prefix ${safe(prefix)}`];
  return [`Tag ${safe(ref ?? tag)}`, ...way, `version ${version}`].join(' → ');
}

function readPayload(path: string | undefined): unknown {
  try {
    return parseJson(readFileSync(path ?? '', 'utf8'));
  } catch {
    return undefined;
  }
}

/** A value somewhere in the payload; undefined where the payload is of another form. */
function valueAt(payload: unknown, ...path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (value, key) =>
      typeof value === 'object' && value !== null && Object.hasOwn(value, key)
        ? Reflect.get(value, key)
        : undefined,
    payload,
  );
}

function textAt(payload: unknown, ...path: readonly string[]): string | undefined {
  const value = valueAt(payload, ...path);
  return typeof value === 'string' ? value : undefined;
}

function tagOfRef(ref: string): string | undefined {
  return /^refs\/tags\/(.+)$/s.exec(ref)?.[1];
}
