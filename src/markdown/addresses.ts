import { encodePath, percent, trimSlashes } from '../text.ts';

/** Where notes come from: what a relative link in them means. */
export interface Origin {
  /** `undefined` when unknown. */
  readonly repository: Repository | undefined;
  /** Tag or commit that relative links are resolved at. */
  readonly ref: string;
  /** Path of the source file from the repository's root (`docs/CHANGELOG.md`); '' is the root. */
  readonly path: string;
}

/** A repository on GitHub, an Enterprise Server, Gitea or Forgejo. */
export interface Repository {
  /** `https://github.com`; a trailing slash is fine. */
  readonly serverUrl: string;
  /** `owner/name`. */
  readonly name: string;
  /** Unknown counts as private. */
  readonly private: boolean;
  /** Whose software the server runs; GitHub's when unknown. */
  readonly forge?: 'GitHub' | 'Gitea' | 'Forgejo';
}

// Any other ref is a tag.
const commit = /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/i;

/**
 * Gives the URL of a file at a tag or commit, as its server writes it.
 *
 * @param path From the repository's root, encoded; '' is the root.
 * @param view `raw` for the file itself in place of its page.
 */
export function fileUrl(
  { serverUrl, name, forge = 'GitHub' }: Repository,
  ref: string,
  path: string,
  view: 'blob' | 'raw' = 'blob',
): string {
  const kind = path === '' ? 'tree' : view;
  const ofGitea = `${kind === 'raw' ? 'raw' : 'src'}/${commit.test(ref) ? 'commit' : 'tag'}`;
  const place = `${name}/${forge === 'GitHub' ? kind : ofGitea}/${encodePath(ref)}`;
  return `${trimSlashes(serverUrl)}/${place}${path === '' ? '' : `/${path}`}`;
}

// With a scheme or a host; some authors forget the scheme.
const absolute = /^(?:[a-z][a-z0-9+.-]*:|\/\/|www\.|github\.com\/)/i;

/** Whether a destination depends on where its file is: neither a URL nor a Windows path. */
export function isRelative(destination: string): boolean {
  const address = unescapePunctuation(destination);
  return !absolute.test(address) && !address.includes('\\');
}

// Addresses beside the files, which `../../issues` reaches from a page at /blob/main/.
const pages =
  /^(?:actions|commits?|compare|discussions|issues|labels|milestones?|pulls?|releases|tags|wiki)(?:[/?#]|$)/;

/**
 * Gives the absolute URL of a relative destination, resolved as its server does it.
 *
 * @param destination As it stands in the notes; empty ones stay empty.
 * @param view `raw` for what is shown in place, such as images.
 */
export function absoluteUrl(destination: string, view: 'blob' | 'raw', origin: Origin): string {
  const { repository, ref, path } = origin;
  if (!repository || destination === '') return destination;
  const address = unescapePunctuation(destination);
  const pathEnd = address.search(/[?#]|$/);
  const file = address.slice(0, pathEnd);
  const tail = encodeUnsafe(address.slice(pathEnd));

  const folder = encodePath(path).split('/').slice(0, -1);
  const resolved = file.startsWith('/') ? [] : folder;
  let above = 0;
  for (const part of encodeUnsafe(file).split('/')) {
    if (part === '..' && resolved.pop() === undefined) above++;
    if (part !== '..' && part !== '.' && part !== '') resolved.push(part);
  }
  const target = file === '' ? encodePath(path) : resolved.join('/');
  if (above === 2 && pages.test(target)) {
    return `${trimSlashes(repository.serverUrl)}/${repository.name}/${target}${tail}`;
  }
  const slash = /\/\.{0,2}$/.test(file) && target !== '' ? '/' : '';
  return `${fileUrl(repository, ref, target, view)}${slash}${tail}`;
}

/** §2.4: a backslash before ASCII punctuation stands for that character. */
function unescapePunctuation(destination: string): string {
  return destination.replace(/\\([!-/:-@[-`{-~])/g, (_, character: string) =>
    /[()<>"'`\\ ]/.test(character) ? percent(character) : character,
  );
}

/** Encodes what would end a destination; leaves the author's own encoding alone. */
function encodeUnsafe(address: string): string {
  return address.replace(/[ \t\n<>"`\\]/g, percent);
}
