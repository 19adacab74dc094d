import { posix } from 'node:path';
import * as z from 'zod/mini';
import { ActionError } from '../errors.ts';
import {
  chooseChangelog,
  decodeText,
  largestFile,
  type Refuse,
  shorten,
  type WorkspaceFile,
} from '../files.ts';
import { encodePath, encodeSegment, parseJson, quote } from '../text.ts';
import {
  type AskGitHub,
  type GitHubAnswer,
  type GitHubConnection,
  longestAnswer,
  openGitHubApi,
} from './api.ts';
import { ownMessage, withoutTrailers } from './tag-message.ts';

/** The text of a release. */
export type ReleaseBody = { readonly text: string } | 'draft';

/** What is read through the GitHub API. Each answer is undefined when there is no such thing. */
export interface GitHubReader {
  /** The message of an annotated tag, without its signature; undefined for a lightweight one. */
  readonly readTagMessage: (
    tag: string,
    pushedObject: string | undefined,
  ) => Promise<string | undefined>;
  /** The body of the release of a tag, `draft` where there is no more than a draft of it. */
  readonly readReleaseBody: (tag: string) => Promise<ReleaseBody | undefined>;
  /** The changelog at a ref: at the path, or by its usual names at the root. */
  readonly readChangelog: (ref: string, path?: string) => Promise<WorkspaceFile | undefined>;
}

const tagSchema = z.object({ tag: z.string(), message: z.string() });
const refSchema = z.object({
  ref: z.string(),
  object: z.object({ type: z.string(), sha: z.string() }),
});
const refsSchema = z.union([refSchema, z.array(refSchema)]);
const releaseSchema = z.object({
  body: z.nullish(z.string()),
  draft: z.nullish(z.boolean()),
  tag_name: z.nullish(z.string()),
});
const releasesSchema = z.array(releaseSchema);
const folderSchema = z.array(z.object({ name: z.string(), type: z.string() }));
const fileSchema = z.object({ encoding: z.literal('base64'), content: z.string() });

/**
 * The reader behind `connectGitHub`.
 * @throws ActionError E_GITHUB without a token or a repository
 */
export function openReader(connection: GitHubConnection): GitHubReader {
  const ask = openGitHubApi(connection);
  let access: Promise<unknown> | undefined;

  /** A 404 may also hide what the token may not read; the list of branches takes the same right. */
  async function confirmAbsence(): Promise<undefined> {
    access ??= ask({ path: '/branches?per_page=1' });
    await access;
  }

  return {
    readTagMessage: async (tag, pushedObject) => {
      const pushed = pushedObject && (await readTagObject(ask, pushedObject));
      if (pushed && pushed.tag === tag) return ownMessage(pushed.message, tag);
      const target = await findTagTarget(ask, tag);
      if (!target) return confirmAbsence();
      const object = target.type === 'tag' ? await readTagObject(ask, target.sha) : undefined;
      return object && ownMessage(object.message, tag);
    },
    readReleaseBody: async (tag) => {
      const path = `/releases/tags/${encodeSegment(tag)}`;
      const answer = await ask({ path, absent: [404] });
      if (!answer) {
        await confirmAbsence();
        return (await hasDraft(ask, tag)) ? 'draft' : undefined;
      }
      const { body, draft } = answerAs(answer, releaseSchema, 'the release');
      // Gitea and Forgejo give drafts here too.
      if (draft) return 'draft';
      const text = withoutTrailers(body ?? '');
      return text === '' ? undefined : { text };
    },
    readChangelog: async (ref, path) => {
      const name = path ?? (await findChangelogAt(ask, ref));
      const file = name === undefined ? undefined : await readFileAt(ask, ref, name);
      if (file) return file;
      await confirmAbsence();
      if (path === undefined) return undefined;
      throw fileError(ref, path, 'does not exist');
    },
  };
}

/** Whether the list of releases, which shows drafts to who may write, has a draft for a tag. */
async function hasDraft(ask: AskGitHub, tag: string): Promise<boolean> {
  const answer = await ask({ path: '/releases?per_page=100', absent: [403, 404] });
  const releases = answer ? answerAs(answer, releasesSchema, 'the releases') : [];
  return releases.some(({ tag_name: name, draft }) => name === tag && draft);
}

type TagObject = z.output<typeof tagSchema>;

/** An annotated tag by the SHA of its own object; undefined for one of another kind. */
async function readTagObject(ask: AskGitHub, sha: string): Promise<TagObject | undefined> {
  if (!/^[\da-f]{40,64}$/i.test(sha)) return undefined;
  // Gitea answers 400 for a commit, GitHub 404.
  const answer = await ask({ path: `/git/tags/${sha}`, absent: [400, 404, 422] });
  return answer && answerAs(answer, tagSchema, 'the tag');
}

/** What a tag points to: its own object when it is annotated, else mostly a commit. */
async function findTagTarget(
  ask: AskGitHub,
  tag: string,
): Promise<z.output<typeof refSchema>['object'] | undefined> {
  const name = encodePath(tag);
  const answer =
    (await ask({ path: `/git/ref/tags/${name}`, absent: [404] })) ??
    // Gitea has this one alone, and lists every ref that begins like it.
    (await ask({ path: `/git/refs/tags/${name}`, absent: [404] }));
  const refs = answer ? [answerAs(answer, refsSchema, 'the tag')].flat() : [];
  return refs.find(({ ref }) => ref === `refs/tags/${tag}`)?.object;
}

/** The name of the changelog at the root of the repository. */
async function findChangelogAt(ask: AskGitHub, ref: string): Promise<string | undefined> {
  const answer = await ask({ path: `/contents?ref=${encodeSegment(ref)}`, absent: [404] });
  const entries = answer ? answerAs(answer, folderSchema, 'the folder') : [];
  return chooseChangelog(entries.filter(({ type }) => type !== 'dir').map(({ name }) => name));
}

async function readFileAt(
  ask: AskGitHub,
  ref: string,
  path: string,
): Promise<WorkspaceFile | undefined> {
  const name = posix.normalize(path);
  const answer = await ask({
    path: `/contents/${encodePath(name)}?ref=${encodeSegment(ref)}`,
    // Without it, GitHub leaves out the content of files over 1 MB.
    accept: 'application/vnd.github.raw+json',
    absent: [404],
  });
  if (!answer) return undefined;
  const refuse: Refuse = (reason, more) => fileError(ref, path, reason, more?.remedy);
  const content = contentOf(answer);
  if (!content) throw refuse('is not a file');
  if (content.length > largestFile) throw refuse('is larger than 5 MiB', { remedy: shorten });
  return { path: name, text: decodeText(content, refuse) };
}

/** Gitea wraps a file in JSON whatever was asked for, as GitHub does with a folder. */
function contentOf({ mediaType, content }: GitHubAnswer): Buffer | undefined {
  if (mediaType !== 'application/json' || content.length > longestAnswer) return content;
  const file = fileSchema.safeParse(parseJson(content.toString('utf8')));
  return file.success ? Buffer.from(file.data.content, 'base64') : undefined;
}

function fileError(
  ref: string,
  path: string,
  reason: string,
  remedy = 'Check out the repository before this step (actions/checkout), or set changelog-file to the path of a file in it, relative to its root.',
): ActionError {
  return new ActionError({
    code: 'E_FILE',
    what: `The repository is not checked out, and ${quote(path)} at ${quote(ref)} ${reason}.`,
    remedy,
  });
}

function answerAs<T>(answer: GitHubAnswer, schema: z.ZodMiniType<T>, what: string): T {
  const parsed = schema.safeParse(parseJson(answer.content.toString('utf8')));
  if (parsed.success) return parsed.data;
  throw new ActionError({
    code: 'E_GITHUB',
    what: `The API of the repository did not answer with ${what} (${quote(answer.mediaType)}, ${answer.content.length} bytes).`,
    remedy:
      'Check that GITHUB_API_URL is the address of the API, and that no proxy answers instead of it.',
  });
}
