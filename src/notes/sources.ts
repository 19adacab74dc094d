import {
  explainMissing,
  findSection,
  type NearHeading,
  newestVersion,
  type Section,
} from '../changelog/index.ts';
import type { Deadline } from '../deadline.ts';
import { ActionError, type FilePosition } from '../errors.ts';
import { checkoutFolder, findPackageChangelog, type WorkspaceFile } from '../files.ts';
import type { Inputs } from '../inputs/inputs.ts';
import type { Secret } from '../inputs/secrets.ts';
import type { Log } from '../log.ts';
import type { ChosenVersion } from '../tag/event.ts';
import { fullVersion } from '../tag/version.ts';
import { quote } from '../text.ts';
import { type FileRequest, openChangelog, readNamed } from './changelog-file.ts';

export type NotesSource = 'notes' | 'notes-file' | Inputs['notes-from'][number];

/** Everything that the search for notes looks at. */
export interface NotesRequest extends FileRequest {
  readonly chosen: ChosenVersion;
  /** The version that is searched for or sent. */
  readonly version: string;
  /** What must not be in the notes. */
  readonly secrets: readonly Secret[];
  readonly deadline: Deadline;
  readonly log: Log;
  /** What {@link StartedSearch.sent} says of the search for the release; the changelog waits for it. */
  readonly asked?: Promise<void> | undefined;
}

/** Notes as their author wrote them, or why a source has none. */
export type Found =
  | {
      readonly kind: 'found';
      readonly text: string;
      /** The whole text they were cut from, for its link definitions. */
      readonly whole: string;
      readonly at?: FilePosition;
      /** Line of the text's first line in that file. */
      readonly firstLine?: number;
      readonly heading?: string;
    }
  | {
      readonly kind: 'missing';
      /** A sentence. */
      readonly why: string;
      /** What would give it some: a clause. */
      readonly remedy: string;
      readonly at?: FilePosition | undefined;
    };

export type FoundText = Extract<Found, { kind: 'found' }>;
export type Missing = Extract<Found, { kind: 'missing' }>;

/**
 * The section of the changelog for the tag's own version, else for the version that is sent, else for the
 * first three parts of that; the whole of a file that is named by the version or the tag and has no
 * heading with a version.
 * @returns the text below the heading as it was written, or why there is none
 * @throws ActionError E_NOTES where the package of the tag has a changelog of its own; E_FILE
 */
export async function readFromChangelog(request: NotesRequest): Promise<Found> {
  const { chosen, version, log } = request;
  refuseRootFor(request);
  const file = await openChangelog(request);
  const isCheckedOut = checkoutFolder(request.event.workspace) !== undefined;
  if (!file) {
    return {
      kind: 'missing',
      why: `there is no changelog (CHANGELOG, CHANGES, HISTORY, …)${isCheckedOut ? '' : ', and the repository is not checked out'}.`,
      remedy: `add a changelog with a section for this version${isCheckedOut ? '' : ' and check out the repository before this step'}`,
    };
  }
  if (
    !isCheckedOut &&
    chosen.package !== undefined &&
    request.inputs['changelog-file'] === undefined
  ) {
    log.warning(
      `The repository is not checked out, so the action cannot see whether the package ${quote(chosen.package)} has a changelog of its own; ${file.path} is used. Set changelog-file.`,
    );
  }
  // Reading keeps the processor busy, which would delay the request.
  await request.asked;
  const own = fullVersion(chosen);
  // A fourth part is often a build that the changelog does not count.
  const threeParts = version.split('.').slice(0, 3).join('.');
  for (const wanted of new Set([own, version, threeParts])) {
    const section = findSection(file.text, wanted, chosen.package);
    if (!section) continue;
    const at = { file: file.path, line: section.line };
    for (const remark of remarks(section, wanted, own)) log.notice(remark, at);
    const { body, bodyLine, heading } = section;
    return { kind: 'found', text: body, whole: file.text, at, firstLine: bodyLine, heading };
  }
  const isOwnFile = /\{(?:version|tag)\}/.test(request.inputs['changelog-file'] ?? '');
  if (isOwnFile && newestVersion(file.text) === undefined) {
    return wholeOf(file);
  }
  return notInChangelog(file, own, explainMissing(file.text, own, chosen.package));
}

/** A file that holds nothing but the notes. */
export function readFromFile(request: NotesRequest, template: string): Found {
  return wholeOf(readNamed('notes-file', template, request));
}

function wholeOf({ path, text }: WorkspaceFile): Found {
  return { kind: 'found', text, whole: text, at: { file: path } };
}

/** The message of the annotated tag. */
export async function readFromTag({ chosen, event, github }: NotesRequest): Promise<Found> {
  const tag = chosen.ref;
  const message = tag && (await github.readTagMessage(tag, event.pushedObject));
  if (message) return { kind: 'found', text: message, whole: message };
  return {
    kind: 'missing',
    why: tag
      ? `the tag ${quote(tag)} has no message of its own, as an annotated tag has.`
      : 'there is no tag, and so no tag message.',
    remedy: 'write the notes into the message of an annotated tag',
  };
}

/** The body of the GitHub release of the tag. */
export async function readFromGitHubRelease({ chosen, github }: NotesRequest): Promise<Found> {
  const tag = chosen.ref;
  const body = tag && (await github.readReleaseBody(tag));
  if (body === 'draft') {
    return {
      kind: 'missing',
      why: `the GitHub release of the tag ${quote(tag ?? '')} is a draft, which nobody can read yet.`,
      remedy: 'publish it before this step',
    };
  }
  if (body) return { kind: 'found', text: body.text, whole: body.text };
  return {
    kind: 'missing',
    why: tag
      ? `the tag ${quote(tag)} has no GitHub release, or it has no text.`
      : 'there is no tag, and so no GitHub release of it.',
    remedy: 'write the notes into the GitHub release of the tag',
  };
}

/** The changelog of the root is not that of a package which has one of its own. */
function refuseRootFor({ inputs, event, chosen }: NotesRequest): void {
  if (inputs['changelog-file'] !== undefined || chosen.package === undefined) return;
  const own = findPackageChangelog(event.workspace, chosen.package);
  if (own === undefined) return;
  throw new ActionError({
    code: 'E_NOTES',
    what: `The tag names the package ${quote(chosen.package)}, which has a changelog of its own: ${own}.`,
    remedy: `Set changelog-file to ${own} ({package} stands for the package), or to the changelog that contains its notes.`,
    at: { file: own },
  });
}

function* remarks(section: Section, wanted: string, own: string): Generator<string> {
  if (wanted !== own) {
    yield `The changelog has no section for ${own}, so the one for ${wanted} is used.`;
  }
  if (section.match === 'equivalent') {
    yield `The changelog has no heading for ${wanted}; ${quote(section.heading)} is used, which means the same version.`;
  }
  if (section.duplicates.length > 0) {
    yield `The changelog has more than one heading for ${wanted} (also in line ${section.duplicates.join(', ')}); the first is used.`;
  }
}

function notInChangelog(file: WorkspaceFile, version: string, near: readonly NearHeading[]): Found {
  const lines = near.map(
    ({ heading, line, why }) => `line ${line}: ${quote(heading, 80)} is ${why}`,
  );
  const seen =
    near.length > 0
      ? ` Nearest headings:\n${lines.join('\n')}`
      : ' It has no heading with a version.';
  return {
    kind: 'missing',
    why: `${file.path} has no section for ${version}.${seen}`,
    remedy: `add a section for ${version} to ${file.path}`,
    at: { file: file.path, line: near[0]?.line ?? 1 },
  };
}
