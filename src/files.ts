import { isUtf8 } from 'node:buffer';
import {
  closeSync,
  constants,
  type Dirent,
  existsSync,
  fstatSync,
  openSync,
  readdirSync,
  readFileSync,
  realpathSync,
} from 'node:fs';
import { dirname, isAbsolute, relative, resolve, sep } from 'node:path';
import { ActionError, codeOf } from './errors.ts';
import { quote } from './text.ts';

/** Largest file that is read, in bytes. */
export const largestFile = 5 * 1024 * 1024;

/** What to do about a larger one. */
export const shorten = 'Use a smaller file, or move old versions to another one.';

/** The usual names of changelogs, in the order in which they are looked for. */
const changelogNames = [
  ...['changelog', 'changes', 'history', 'releases', 'release_notes', 'news'],
  ...['releasenotes', 'whatsnew', 'whats_new'],
];
const changelogEndings = [
  ...['.md', '.markdown', '', '.rst', '.txt', '.adoc'],
  ...['.asciidoc', '.textile', '.html', '.htm'],
];

/** Folders that are looked through, the root first. */
const changelogFolders = ['', 'docs/', 'debian/'];

export interface WorkspaceFile {
  /** Relative to the root of the repository, with `/`. */
  readonly path: string;
  readonly text: string;
}

/**
 * The path of the workspace's changelog by its usual names, in any case: at the root of the repository,
 * in `docs` or `debian`.
 */
export function findChangelog(workspace: string): string | undefined {
  return findChangelogBelow(workspace, checkoutFolder(workspace) ?? '');
}

/**
 * The path of the changelog that a package of a monorepo has for itself: below a folder of its name, in
 * any case, with or without the scope, at the root of the repository or one level down.
 */
export function findPackageChangelog(workspace: string, name: string): string | undefined {
  const root = resolve(workspace, checkoutFolder(workspace) ?? '');
  const short = name.replace(/^.*\//, '').toLowerCase();
  const isOwn = (folder: string) => folder.toLowerCase() === short;
  const whole = /(?:^|\/)\.{0,2}(?:\/|$)/.test(name) ? [] : [name];
  for (const parent of ['', ...foldersIn(root).map((folder) => `${folder}/`)]) {
    for (const folder of [...whole, ...foldersIn(resolve(root, parent)).filter(isOwn)]) {
      const found = findChangelogBelow(root, `${parent}${folder}/`);
      if (found !== undefined) return found;
    }
  }
  return undefined;
}

function findChangelogBelow(root: string, base: string): string | undefined {
  for (const folder of changelogFolders) {
    // Tools keep folders named `changes` or `releases` beside the changelog.
    const entries = entriesOf(resolve(root, base + folder)).filter((entry) => !entry.isDirectory());
    const found = chooseChangelog(entries.map(({ name }) => name));
    if (found !== undefined) return base + folder + found;
  }
  return undefined;
}

/** The folders in one, but those of tools and of other people's packages. */
function foldersIn(folder: string): readonly string[] {
  const folders = entriesOf(folder).filter((entry) => entry.isDirectory());
  return folders
    .map(({ name }) => name)
    .filter((name) => !/^(?:\.|node_modules$|vendor$)/.test(name));
}

/** What is in a folder; nothing where there is none, or where it cannot be read. */
function entriesOf(folder: string, recursive = false): readonly Dirent[] {
  try {
    return readdirSync(folder, { recursive, withFileTypes: true });
  } catch {
    return [];
  }
}

/** The one of the names in a folder that is the changelog's, by the usual names in any case. */
export function chooseChangelog(names: readonly string[]): string | undefined {
  const present = new Map<string, string>();
  for (const name of [...names].sort()) {
    present.set(name.toLowerCase().replaceAll('-', '_'), name);
  }
  for (const name of changelogNames) {
    for (const ending of changelogEndings) {
      const found = present.get(name + ending);
      if (found !== undefined) return found;
    }
  }
  return undefined;
}

/**
 * Where the repository was checked out: '' for the workspace itself, `app/` for a folder of it
 * (actions/checkout with `path`); undefined where it was not, or more than once.
 */
export function checkoutFolder(workspace: string): string | undefined {
  if (existsSync(resolve(workspace, '.git'))) return '';
  const folders = entriesOf(workspace)
    .filter((entry) => entry.isDirectory() && isCheckout(resolve(workspace, entry.name)))
    .map(({ name }) => `${name}/`);
  return folders.length === 1 ? folders[0] : undefined;
}

/** The tags of the checkout, as far as it has fetched them. */
export function listTags(workspace: string): readonly string[] {
  const git = resolve(workspace, checkoutFolder(workspace) ?? '', '.git');
  const folder = resolve(git, 'refs', 'tags');
  const packed = resolve(git, 'packed-refs');
  const loose = entriesOf(folder, true)
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => pathFrom(folder, resolve(parentPath, name)));
  const lines = existsSync(packed) ? readFileSync(packed, 'utf8').split('\n') : [];
  return [...loose, ...lines.flatMap((line) => line.split(' refs/tags/')[1] ?? [])];
}

/** A submodule has a file of that name. */
function isCheckout(folder: string): boolean {
  return entriesOf(folder).some((entry) => entry.name === '.git' && entry.isDirectory());
}

/** The checkout that a path of the workspace is in; the workspace where there is none around it. */
function checkoutAround(path: string, workspace: string): string {
  let at = dirname(path);
  while (isInside(workspace, at) && !isCheckout(at)) at = dirname(at);
  return at;
}

/**
 * Reads a text file of the workspace: a regular file inside it after resolving links, not in
 * `.git`, at most 5 MiB, UTF-8 or with the byte order mark of UTF-16. Byte order marks are dropped.
 * @param input the input that names the file, for the error
 * @throws ActionError E_FILE
 */
export function readWorkspaceFile(workspace: string, path: string, input: string): WorkspaceFile {
  const refuse: Refuse = (reason, { remedy, cause } = {}) =>
    new ActionError({
      code: 'E_FILE',
      what: `${input} ${quote(path)} ${reason}.`,
      remedy:
        remedy ?? `Set ${input} to the path of a file in the repository, relative to its root.`,
      cause,
    });
  const { target, real } = resolveInside(workspace, path, refuse);
  const base = checkoutAround(target, resolve(workspace));
  return { path: pathFrom(base, target), text: decodeText(readBounded(real, refuse), refuse) };
}

/**
 * Where a path of the workspace leads: inside it after resolving links, and not into `.git`.
 * @returns the path by itself and with its links resolved, both absolute
 * @throws what `refuse` makes of it, when it leads elsewhere or nowhere
 */
export function resolveInside(
  workspace: string,
  path: string,
  refuse: Refuse,
): { readonly target: string; readonly real: string } {
  // Before the disk is touched: a path such as \\host\share would make Windows open a connection.
  if (path.includes('\0') || /^[\\/]{2}/.test(path)) throw refuse('is not a path in the workspace');
  const target = resolve(workspace, path);
  if (!isInside(resolve(workspace), target)) throw refuse('is outside the workspace');

  let real: string;
  let root: string;
  try {
    root = realpathSync(workspace);
    real = realpathSync(target);
  } catch (cause) {
    throw refuse(codeOf(cause) === 'ELOOP' ? 'is a loop of links' : 'does not exist', { cause });
  }
  if (!isInside(root, real)) throw refuse('leads outside the workspace');
  if (/(?:^|\/)\.git(?:\/|$)/i.test(pathFrom(root, real))) throw refuse("is in git's own folder");
  return { target, real };
}

/** Makes the error for a file, of a reason such as `is not UTF-8 text`; without `remedy`, its path is at fault. */
export type Refuse = (
  reason: string,
  more?: { readonly remedy?: string; readonly cause?: unknown },
) => ActionError;

/** A path below a folder, with `/` on every system. */
export function pathFrom(folder: string, path: string): string {
  return relative(folder, path).split(sep).join('/');
}

function isInside(folder: string, path: string): boolean {
  const way = relative(folder, path);
  return way !== '' && !isAbsolute(way) && way.split(sep)[0] !== '..';
}

/** Non-blocking, since opening a named pipe would otherwise wait for its other end. */
export const readingFlags = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0);

function readBounded(path: string, refuse: Refuse): Buffer {
  let file: number;
  try {
    file = openSync(path, readingFlags);
  } catch (cause) {
    const remedy = 'Check that the user of the runner may read it.';
    throw refuse(`cannot be opened (${codeOf(cause)})`, { remedy, cause });
  }
  try {
    const status = fstatSync(file);
    if (!status.isFile()) throw refuse('is not a regular file');
    if (status.size > largestFile) throw refuse('is larger than 5 MiB', { remedy: shorten });
    return readFileSync(file);
  } finally {
    closeSync(file);
  }
}

/**
 * Decodes UTF-8, or UTF-16 with its byte order mark; byte order marks are dropped.
 * @throws what `refuse` makes of it, when it is neither
 */
export function decodeText(content: Buffer, refuse: Refuse): string {
  if (content[0] === 0xff && content[1] === 0xfe) return content.subarray(2).toString('utf16le');
  if (content[0] === 0xfe && content[1] === 0xff) {
    const swapped = Buffer.from(content.subarray(2, content.length - (content.length % 2)));
    return swapped.swap16().toString('utf16le');
  }
  if (!isUtf8(content)) throw refuse('is not UTF-8 text', { remedy: 'Save the file as UTF-8.' });
  return content.toString('utf8').replace(/^\ufeff/, '');
}

/** Whether a file could not be read for the sole reason that it is not there. */
export function isAbsent(error: unknown): boolean {
  return error instanceof ActionError && codeOf(error.cause) === 'ENOENT';
}
