import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';

/** GitHub describes larger files, in bytes, without their content. */
const largestDescribed = 1_000_000;

/** What the stub holds and how it behaves; all of it is optional. */
export interface GitHubStubOptions {
  /** Gitea has fewer endpoints, lists refs by their beginning and knows no raw media type. */
  readonly flavour?: 'github' | 'gitea';
  readonly repository?: string;
  readonly token?: string;
  /** The messages of annotated tags by name; null for a lightweight one. */
  readonly tags?: Readonly<Record<string, string | null>>;
  /** The bodies of drafts by tag: GitHub shows them in the list alone, Gitea by tag. */
  readonly drafts?: Readonly<Record<string, string>>;
  /** The bodies of releases by tag. */
  readonly releases?: Readonly<Record<string, string | null>>;
  /** Contents by path; the same ones at each ref that is in `refs`. */
  readonly files?: Readonly<Record<string, string | Uint8Array>>;
  /** Where there are files: by default at every tag. */
  readonly refs?: readonly string[];
  /** Answers in place of the stub; undefined leaves it to the stub. */
  readonly intercept?: (request: StubRequest, index: number) => StubAnswer | undefined;
}

export interface StubRequest {
  /** As it came, still encoded, with its query. */
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
}

/** An answer; `hang` never comes, `cut` ends the connection, `flood` never ends. */
export type StubAnswer =
  | 'hang'
  | 'cut'
  | 'flood'
  | {
      readonly status?: number;
      readonly headers?: Readonly<Record<string, string>>;
      readonly body?: unknown;
    };

export interface GitHubStub {
  /** The address of the API, for GITHUB_API_URL. */
  readonly url: string;
  readonly requests: readonly StubRequest[];
  readonly close: () => Promise<void>;
}

/** The SHA of the object that a tag points to. */
export function objectOf(tag: string): string {
  return createHash('sha1').update(`tag ${tag}`).digest('hex');
}

/** Starts a server on loopback that answers as the REST API does. */
export async function startGitHubStub(options: GitHubStubOptions = {}): Promise<GitHubStub> {
  const requests: StubRequest[] = [];
  const base = options.flavour === 'gitea' ? '/api/v1' : '/api/v3';
  const server = createServer((incoming, outgoing) => {
    const request = { path: incoming.url ?? '', headers: incoming.headers };
    requests.push(request);
    const answer =
      options.intercept?.(request, requests.length - 1) ?? answerTo(request, base, options);
    send(answer, outgoing);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}${base}`,
    requests,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function send(answer: StubAnswer, outgoing: ServerResponse): void {
  if (answer === 'hang') return;
  if (answer === 'cut') return void outgoing.destroy();
  if (answer === 'flood') {
    const chunk = Buffer.alloc(65_536, 'a');
    return void Readable.from(repeat(chunk))
      .on('error', () => undefined)
      .pipe(outgoing);
  }
  const { status = 200, headers = {}, body } = answer;
  const raw = typeof body === 'string' || body instanceof Uint8Array;
  outgoing.writeHead(status, { 'content-type': 'application/json; charset=utf-8', ...headers });
  outgoing.end(raw ? body : JSON.stringify(body));
}

function* repeat<T>(value: T): Generator<T> {
  for (;;) yield value;
}

const notFound: StubAnswer = { status: 404, body: { message: 'Not Found' } };

function answerTo(request: StubRequest, base: string, options: GitHubStubOptions): StubAnswer {
  const { repository = 'octo/app', token = 'ghs_stub', tags = {} } = options;
  const { releases = {}, drafts = {} } = options;
  const given = request.headers.authorization?.replace(/^(?:token|bearer) /i, '');
  if (given === undefined) return notFound;
  if (given !== token) return { status: 401, body: { message: 'Bad credentials' } };

  const url = new URL(request.path, 'http://stub');
  const root = `${base}/repos/${repository}`;
  if (!url.pathname.startsWith(`${root}/`)) return notFound;
  const [, area = '', name = ''] =
    /^(branches|git\/tags|git\/refs?\/tags|releases\/tags|releases|contents)\/?(.*)$/.exec(
      url.pathname.slice(root.length + 1),
    ) ?? [];
  const wanted = decodeURIComponent(name);
  switch (area) {
    case 'branches':
      return { body: [{ name: 'main' }] };
    case 'git/tags':
      return tagObject(wanted, tags, options.flavour);
    case 'git/ref/tags':
      return options.flavour === 'gitea' ? notFound : (exactRef(wanted, tags) ?? notFound);
    case 'git/refs/tags':
      return options.flavour === 'gitea' ? refsThatBegin(wanted, tags) : notFound;
    case 'releases/tags': {
      // A single segment, so a slash in it has to be encoded.
      if (name.includes('/')) return notFound;
      const draft = drafts[wanted];
      if (draft !== undefined) {
        const found = { body: { tag_name: wanted, body: draft, draft: true } };
        return options.flavour === 'gitea' ? found : notFound;
      }
      const body = releases[wanted];
      return body === undefined ? notFound : { body: { tag_name: wanted, body } };
    }
    case 'releases':
      return {
        body: Object.entries(drafts).map(([tag, body]) => ({ tag_name: tag, body, draft: true })),
      };
    case 'contents': {
      const { refs = Object.keys(tags), files = {} } = options;
      if (!refs.includes(url.searchParams.get('ref') ?? '')) return notFound;
      return wanted === '' ? rootFolder(files) : file(wanted, request, options);
    }
    default:
      return notFound;
  }
}

type Tags = NonNullable<GitHubStubOptions['tags']>;

function tagObject(sha: string, tags: Tags, flavour: GitHubStubOptions['flavour']): StubAnswer {
  const tag = Object.keys(tags).find((name) => objectOf(name) === sha);
  const message = tag === undefined ? null : tags[tag];
  if (tag !== undefined && typeof message === 'string') return { body: { tag, sha, message } };
  return flavour === 'gitea' ? { status: 400, body: { message: 'not a tag' } } : notFound;
}

function reference(tag: string, tags: Tags) {
  const type = tags[tag] === null ? 'commit' : 'tag';
  return { ref: `refs/tags/${tag}`, object: { type, sha: objectOf(tag) } };
}

function exactRef(tag: string, tags: Tags): StubAnswer | undefined {
  return tag in tags ? { body: reference(tag, tags) } : undefined;
}

function refsThatBegin(beginning: string, tags: Tags): StubAnswer {
  const names = Object.keys(tags).filter((tag) => tag.startsWith(beginning));
  if (names.length === 0) return notFound;
  if (names.length === 1 && names[0] === beginning) return { body: reference(beginning, tags) };
  return { body: names.map((name) => reference(name, tags)) };
}

function rootFolder(files: NonNullable<GitHubStubOptions['files']>): StubAnswer {
  const entries = new Map<string, string>();
  for (const path of Object.keys(files)) {
    const [name = '', ...rest] = path.split('/');
    entries.set(name, rest.length > 0 ? 'dir' : 'file');
  }
  return { body: [...entries].map(([name, type]) => ({ name, type })) };
}

function file(path: string, request: StubRequest, options: GitHubStubOptions): StubAnswer {
  const { files = {}, flavour } = options;
  const inside = Object.keys(files).filter((name) => name.startsWith(`${path}/`));
  if (inside.length > 0) return { body: inside.map((name) => ({ name, type: 'file' })) };
  const content = files[path];
  if (content === undefined) return notFound;
  const bytes = Buffer.from(content);
  if (flavour !== 'gitea' && request.headers.accept === 'application/vnd.github.raw+json') {
    const type = 'application/vnd.github.raw+json; charset=utf-8';
    return { headers: { 'content-type': type }, body: bytes };
  }
  const described = flavour === 'gitea' || bytes.length <= largestDescribed;
  return {
    body: described
      ? { type: 'file', encoding: 'base64', content: bytes.toString('base64') }
      : { type: 'file', encoding: 'none', content: '' },
  };
}
