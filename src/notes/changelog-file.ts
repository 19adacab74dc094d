import { newestVersion } from '../changelog/index.ts';
import { ActionError } from '../errors.ts';
import {
  checkoutFolder,
  findChangelog,
  isAbsent,
  listTags,
  readWorkspaceFile,
  type WorkspaceFile,
} from '../files.ts';
import type { GitHubReader } from '../github/reader.ts';
import type { Inputs } from '../inputs/inputs.ts';
import type { ChosenVersion, RunnerEvent } from '../tag/event.ts';
import { fillTemplate, type TemplateValues } from '../tag/template.ts';
import { parseVersion, tagToCome } from '../tag/version.ts';

/** What is needed to find the file with the notes. */
export interface FileRequest {
  readonly inputs: Inputs;
  readonly event: RunnerEvent;
  readonly values: TemplateValues;
  readonly github: GitHubReader;
  readonly chosen?: ChosenVersion;
}

/**
 * In a pull request there is no tag yet: the newest section is the one that will be released.
 * @throws ActionError E_NOTES when no heading names a version
 */
export async function newestOfChangelog(
  request: Omit<FileRequest, 'values' | 'chosen'>,
): Promise<ChosenVersion> {
  const file = await openChangelog({ ...request, values: {} });
  const newest = file && newestVersion(file.text);
  if (newest !== undefined) {
    // Links and lengths are those of the release to come, not of the commit.
    const ref = tagToCome(newest, listTags(request.event.workspace));
    return { ...parseVersion(newest), ref, source: 'changelog' };
  }
  throw new ActionError({
    code: 'E_NOTES',
    what: file ? `${file.path} has no heading with a version.` : 'There is no changelog to check.',
    remedy: 'Add a heading with a version, or set version or tag.',
    ...(file && { at: { file: file.path } }),
  });
}

/**
 * The changelog of the workspace; where the repository was not checked out, the one at the tag.
 * @returns its path and its whole text; undefined when there is none by the usual names
 * @throws ActionError E_FILE when `changelog-file` names one that is not there
 */
export async function openChangelog(request: FileRequest): Promise<WorkspaceFile | undefined> {
  const { inputs, event, values, chosen } = request;
  const template = inputs['changelog-file'];
  const canAsk = event.repository && inputs['github-token'];
  const isCheckedOut = checkoutFolder(event.workspace) !== undefined;
  const remoteRef = canAsk && !isCheckedOut ? (chosen?.ref ?? event.sha) : '';
  try {
    if (template !== undefined) return readNamed('changelog-file', template, request);
    const found = findChangelog(event.workspace);
    if (found) return readWorkspaceFile(event.workspace, found, 'changelog-file');
  } catch (error) {
    if (remoteRef === '' || !isAbsent(error)) throw error;
  }
  if (remoteRef === '') return undefined;
  const path = template && fillTemplate('changelog-file', template, values);
  return request.github.readChangelog(remoteRef, path);
}

/**
 * The file that an input names, relative to the workspace or else to the checkout in it. Where a scoped
 * package such as `@acme/kettle` has none by its whole name, `{package}` stands for `kettle`.
 * @throws ActionError E_FILE
 */
export function readNamed(
  input: 'changelog-file' | 'notes-file',
  template: string,
  { event, values }: Pick<FileRequest, 'event' | 'values'>,
): WorkspaceFile {
  const { workspace } = event;
  const bare = { ...values, package: values['package']?.replace(/^@[^/]+\//, '') };
  const names = [values, bare].map((filled) => fillTemplate(input, template, filled));
  const roots = ['', checkoutFolder(workspace) ?? ''];
  const paths = [...new Set(names.flatMap((name) => roots.map((root) => root + name)))];
  let absent: unknown;
  for (const path of paths) {
    try {
      return readWorkspaceFile(workspace, path, input);
    } catch (error) {
      if (!isAbsent(error)) throw error;
      absent ??= error;
    }
  }
  throw absent;
}
