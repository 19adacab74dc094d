import type { FilePosition } from '../errors.ts';
import type { ChosenVersion, RunnerEvent } from '../event.ts';
import {
  findChangelog,
  hasCheckout,
  isAbsent,
  readWorkspaceFile,
  type WorkspaceFile,
} from '../files.ts';
import type { GitHubReader } from '../github/reader.ts';
import type { Inputs } from '../inputs.ts';
import type { Log } from '../log.ts';
import { fillTemplate, type TemplateValues } from '../template.ts';
import { quote } from '../text.ts';
import { fullVersion } from '../version.ts';
import { findSection, type Section } from './changelog.ts';

/** Everything that the search for notes looks at. */
export interface NotesRequest {
  readonly inputs: Inputs;
  readonly event: RunnerEvent;
  readonly chosen: ChosenVersion;
  /** The version that the vendor gets. */
  readonly version: string;
  readonly values: TemplateValues;
  readonly github: () => Promise<GitHubReader>;
  readonly log: Log;
}

/** Notes as their author wrote them, or why a source has none. */
export type Found =
  | {
      readonly kind: 'found';
      readonly text: string;
      /** The whole text they were cut from, for its link definitions. */
      readonly whole: string;
      readonly at?: FilePosition;
      readonly heading?: string;
    }
  | {
      readonly kind: 'missing';
      /** A sentence. */
      readonly why: string;
      /** What would give it some: a clause. */
      readonly remedy: string;
      readonly at?: FilePosition;
    };

export type FoundText = Extract<Found, { kind: 'found' }>;
export type Missing = Extract<Found, { kind: 'missing' }>;

/** The section of the changelog for this version. */
export async function readFromChangelog(request: NotesRequest): Promise<Found> {
  const { chosen, version, log } = request;
  const file = await openChangelog(request);
  if (!file) {
    const checkout = hasCheckout(request.event.workspace)
      ? ''
      : '; the repository is not checked out';
    return {
      kind: 'missing',
      why: `there is no changelog (CHANGELOG, CHANGES, HISTORY, …)${checkout}.`,
      remedy: 'add a changelog with a section for this version and check it out before this step',
    };
  }
  const own = fullVersion(chosen);
  const options = chosen.package === undefined ? {} : { package: chosen.package };
  for (const wanted of new Set([own, version])) {
    const section = findSection(file.text, wanted, options);
    if (!section) continue;
    const at = { file: file.path, line: section.line };
    for (const remark of remarks(section, wanted, own)) log.notice(remark, at);
    return { kind: 'found', text: section.body, whole: file.text, at, heading: section.heading };
  }
  return notInChangelog(file, own, options);
}

/** A file that holds nothing but the notes. */
export function readFromFile({ event }: NotesRequest, path: string): Found {
  const file = readWorkspaceFile(event.workspace, path, 'notes-file');
  return { kind: 'found', text: file.text, whole: file.text, at: { file: file.path } };
}

/**
 * The changelog of the workspace; where the repository was not checked out, the one at the tag.
 * @returns undefined when there is none by the usual names
 * @throws ActionError E_FILE when `changelog-file` names one that is not there
 */
export async function openChangelog(
  request: Pick<NotesRequest, 'inputs' | 'event' | 'values' | 'github'> & {
    readonly chosen?: ChosenVersion;
  },
): Promise<WorkspaceFile | undefined> {
  const { inputs, event, chosen } = request;
  const template = inputs['changelog-file'];
  const given = template && fillTemplate('changelog-file', template, request.values);
  const path = given || findChangelog(event.workspace);
  const ref = chosen?.ref ?? event.sha;
  const elsewhere =
    !hasCheckout(event.workspace) && event.repository && ref && inputs['github-token'];
  try {
    if (path) return readWorkspaceFile(event.workspace, path, 'changelog-file');
  } catch (error) {
    if (!elsewhere || !isAbsent(error)) throw error;
  }
  return elsewhere ? (await request.github()).readChangelog(ref, given || undefined) : undefined;
}

function* remarks(section: Section, wanted: string, own: string): Generator<string> {
  if (wanted !== own) {
    yield `The changelog has no section for ${own}, so the one for ${wanted} is used.`;
  }
  if (section.match === 'equivalent') {
    yield `The changelog has no heading for ${wanted}; ${quote(section.heading)} is the only one that means the same.`;
  }
  if (section.duplicates.length > 0) {
    yield `The changelog has more than one heading for ${wanted} (also in line ${section.duplicates.join(', ')}); the first counts.`;
  }
}

async function notInChangelog(
  file: WorkspaceFile,
  version: string,
  options: { readonly package?: string },
): Promise<Found> {
  const { explainMissing } = await import('./nearest.ts');
  const near = explainMissing(file.text, version, options);
  const lines = near.map(
    ({ heading, line, why }) => `line ${line}: ${quote(heading, 80)} is ${why}`,
  );
  const seen =
    near.length > 0 ? ` Nearest headings:\n${lines.join('\n')}` : ' It has no version heading.';
  return {
    kind: 'missing',
    why: `${file.path} has no section for ${version}.${seen}`,
    remedy: `add a section for ${version} to ${file.path}`,
    at: { file: file.path, line: near[0]?.line ?? 1 },
  };
}
