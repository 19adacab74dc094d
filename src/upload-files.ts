import { createHash } from 'node:crypto';
import { type FileHandle, open, realpath } from 'node:fs/promises';
import { basename, isAbsolute, relative } from 'node:path';
import { create } from '@actions/glob';
import { ActionError, codeOf, messageOf } from './errors.ts';
import { pathFrom, type Refuse, readingFlags, resolveInside } from './files.ts';
import type { Log } from './log.ts';
import { quote } from './text.ts';

/** A file of the workspace that is to be uploaded, as it was when it was found. */
export interface LocalFile {
  /** Absolute, links resolved. */
  readonly path: string;
  readonly name: string;
  /** In bytes. */
  readonly size: number;
  /** When it was last changed, in milliseconds since 1970. */
  readonly changedAt: number;
}

/**
 * The files that the patterns match, in their order; lines with `!` leave files, and all below a folder,
 * out of all of them. Hidden files match only where a pattern names them. A link counts where it leads to a
 * file inside the workspace; folders are never entered through one.
 * @throws ActionError E_FILE that names the pattern or the file and what is wrong with it
 */
export async function findUploads(
  patterns: readonly string[],
  { workspace, log }: { readonly workspace: string; readonly log: Log },
): Promise<readonly LocalFile[]> {
  const root = await realpath(workspace);
  const lines = patterns.map((line) => insideOf([workspace, root], line));
  const excluded = lines.filter((line) => line.startsWith('!'));
  const wanted = lines.filter((line) => !/^[!#]/.test(line));
  await checkExclusions(wanted, excluded, log);
  const files = new Map<string, LocalFile>();
  const byName = new Map<string, string>();
  for (const pattern of wanted) {
    const matches = await match([pattern], excluded);
    if (matches.length === 0) throw refusePattern(pattern, 'matches no file');
    for (const path of matches) {
      const file = await lookAt(path, root);
      const other = byName.get(file.name.toLowerCase()) ?? path;
      if (other !== path) throw refuseDouble([other, path], root);
      byName.set(file.name.toLowerCase(), path);
      files.set(path, file);
    }
  }
  return [...files.values()];
}

/** A line with an absolute path into the workspace, which may be reached through a link, as a relative one. */
function insideOf(workspaces: readonly string[], line: string): string {
  const [, mark = '', path = ''] = /^(!*)(.*)$/s.exec(line) ?? [];
  const inside = workspaces
    .map((each) => relative(each, path))
    .find((each) => !/^\.\.|^$/.test(each));
  // With `./`, a name such as `#1` or `!old` stays a name.
  return isAbsolute(path) && inside !== undefined ? `${mark}./${inside}` : line;
}

/** An exclusion with a slip in it would let files through. */
async function checkExclusions(
  wanted: readonly string[],
  excluded: readonly string[],
  log: Log,
): Promise<void> {
  if (excluded.length === 0) return;
  const all = await match(wanted, []);
  for (const line of excluded) {
    if (line.startsWith('!!')) throw refusePattern(line, 'begins with more than one "!"');
    if ((await match(wanted, [line])).length === all.length) {
      log.warning(`The line ${quote(line)} of upload-files leaves no file out.`);
    }
  }
}

/** Whether two names are those of one file: the vendor stores names in lower case. */
export function isSameName(one: string | null | undefined, other: string): boolean {
  return one?.toLowerCase() === other.toLowerCase();
}

/**
 * Opens a file that was found, for reading.
 * @throws ActionError E_UPLOAD when it is not as it was when it was found
 */
export async function openUnchanged(file: LocalFile): Promise<FileHandle> {
  const handle = await open(file.path, readingFlags).catch((cause: unknown) => {
    throw changed(file, `cannot be opened any more (${codeOf(cause)})`, cause);
  });
  try {
    await checkUnchanged(file, handle);
    return handle;
  } catch (error) {
    await handle.close();
    throw error;
  }
}

/**
 * Checks that an open file is as it was when it was found.
 * @throws ActionError E_UPLOAD
 */
export async function checkUnchanged(file: LocalFile, handle: FileHandle): Promise<void> {
  const { size, mtimeMs } = await handle.stat();
  if (size !== file.size || mtimeMs !== file.changedAt) throw changed(file);
}

/** The error for a file whose reading fails. */
export function unreadable(file: LocalFile, cause: unknown): ActionError {
  return changed(file, `cannot be read (${codeOf(cause)})`, cause);
}

/** Several releases may have the same file, which is read once. */
const checksums = new WeakMap<LocalFile, Promise<string>>();

/**
 * The MD5 of a file, in hex.
 * @throws ActionError E_UPLOAD when it is not as it was when it was found
 */
export async function checksumOf(file: LocalFile): Promise<string> {
  const known = checksums.get(file);
  if (known !== undefined) await (await openUnchanged(file)).close();
  const checksum = known ?? readChecksum(file);
  checksums.set(file, checksum);
  return checksum;
}

async function readChecksum(file: LocalFile): Promise<string> {
  const handle = await openUnchanged(file);
  try {
    const hash = createHash('md5');
    const stream = handle.createReadStream({ autoClose: false });
    for await (const chunk of stream) hash.update(chunk as Buffer);
    await checkUnchanged(file, handle);
    return hash.digest('hex');
  } catch (error) {
    throw error instanceof ActionError ? error : unreadable(file, error);
  } finally {
    await handle.close();
  }
}

/** The absolute paths of the files that patterns match, without those that the lines with `!` leave out. */
async function match(
  patterns: readonly string[],
  excluded: readonly string[],
): Promise<readonly string[]> {
  const options = {
    followSymbolicLinks: false,
    implicitDescendants: false,
    matchDirectories: false,
  };
  const below = excluded.map((line) => `${line}/**`);
  try {
    const lines = [...patterns, ...excluded, ...below].join('\n');
    const paths = await (await create(lines, options)).glob();
    return paths.filter((path) => patterns.some((each) => isMeant(relative('', path), each)));
  } catch (cause) {
    const reason = messageOf(cause).replace(/\.$/, '');
    throw refusePattern(patterns[0] ?? '', `cannot be read: ${reason}`);
  }
}

/** Each hidden file or folder on a path has a part of its own in the pattern, such as `.output` or `.*`. */
function isMeant(path: string, pattern: string): boolean {
  let named = hiddenParts(pattern);
  return hiddenParts(path).every((part) => {
    const index = named.findIndex((each) => {
      const [start = ''] = each.split(/[*?[]/);
      return start === each ? part === each : part.startsWith(start);
    });
    named = named.slice(index + 1);
    return index >= 0;
  });
}

function hiddenParts(path: string): readonly string[] {
  return path.split(/[\\/]/).filter((part) => /^\.(?!\.?$)/.test(part));
}

async function lookAt(path: string, workspace: string): Promise<LocalFile> {
  const refuse: Refuse = (reason, { cause } = {}) =>
    new ActionError({
      code: 'E_FILE',
      what: `The file ${quote(pathFrom(workspace, path))} of upload-files ${reason}.`,
      remedy: 'List only the files that customers get; a line such as !**/*.log leaves files out.',
      cause,
    });
  const name = basename(path);
  if (!/^[\w()[\].-]{3,256}$/.test(name)) {
    throw refuse(
      'has a name that Cryptlex does not accept. A name has 3 to 256 letters from a to z, digits and ( ) [ ] _ . -',
    );
  }
  const { real } = resolveInside(workspace, path, refuse);
  const handle = await open(real, readingFlags).catch((cause: unknown) => {
    throw refuse(`cannot be opened (${codeOf(cause)})`, { cause });
  });
  try {
    const status = await handle.stat();
    if (!status.isFile()) throw refuse('is not a regular file');
    if (status.size === 0) throw refuse('is empty');
    return { path: real, name, size: status.size, changedAt: status.mtimeMs };
  } finally {
    await handle.close();
  }
}

function refusePattern(pattern: string, reason: string): ActionError {
  return new ActionError({
    code: 'E_FILE',
    what: `The line ${quote(pattern)} of upload-files ${reason}.`,
    remedy:
      'Build or download the files before this step, and write paths from the root of the workspace, such as dist/*.zip, one a line, without commas, braces and quotes; dist/** matches all files in a folder.',
  });
}

function refuseDouble(paths: readonly string[], workspace: string): ActionError {
  const shown = paths.map((path) => quote(relative(workspace, path)));
  return new ActionError({
    code: 'E_FILE',
    what: `${shown.join(' and ')} of upload-files would become one file, because Cryptlex stores names in lower case and without folders.`,
    remedy: 'Rename one of them, or leave it out with a line that begins with !.',
  });
}

/** The error for a file that is not as it was when it was found. */
export function changed(
  file: LocalFile,
  what = 'was changed while it was being uploaded',
  cause?: unknown,
): ActionError {
  return new ActionError({
    code: 'E_UPLOAD',
    what: `The file ${quote(file.name)} ${what}, so it was not uploaded.`,
    remedy: 'Make sure that nothing writes the file while this step runs, and run the step again.',
    cause,
  });
}
