import { ActionError, type FilePosition } from '../errors.ts';
import type { Inputs } from '../inputs.ts';
import { fillTemplate } from '../template.ts';
import { listWords } from '../text.ts';
import { findCredential } from '../token.ts';
import { encodePath } from './addresses.ts';
import type { FittedNotes } from './fit.ts';
import { makePortable } from './portable.ts';
import {
  type Found,
  type NotesRequest,
  readFromChangelog,
  readFromFile,
  readFromGitHubRelease,
  readFromTag,
} from './sources.ts';

/** The contract's limit for notes (api: "max: 4096"), counted in UTF-16 code units. */
const notesLimit = 4096;

export type NotesSource = 'notes' | 'notes-file' | Inputs['notes-from'][number];

/** The notes of a run, ready to be sent. */
export interface Notes {
  readonly text: string;
  readonly source: NotesSource;
  readonly at: FilePosition | undefined;
  readonly heading: string | undefined;
  readonly truncated: boolean;
  /** Length of the whole notes before they were fitted, in UTF-16 code units. */
  readonly length: number;
}

type FoundText = Extract<Found, { kind: 'found' }>;
type Missing = Extract<Found, { kind: 'missing' }>;

/**
 * Takes the first source that has notes and makes them fit to send: without excluded sub-sections,
 * readable outside the repository, within the contract's limit.
 * @param spellings of the access token, which must not be in the notes
 * @returns undefined when the release's notes are to stay as they are
 * @throws ActionError E_NOTES, E_FILE, E_GITHUB, E_CONFIG
 */
export async function collectNotes(
  request: NotesRequest,
  spellings: readonly string[],
): Promise<Notes | undefined> {
  const { inputs, log } = request;
  const missing: Missing[] = [];
  for (const source of sourcesOf(inputs)) {
    if (source === 'none') return undefined;
    const found = await readSource(source, request).catch((error: unknown) => {
      throw withReasons(error, missing);
    });
    const readable = found.kind === 'found' ? await makeReadable(found, request) : '';
    const text = source === 'notes' ? readable : trimLines(readable);
    if (found.kind === 'found' && hasContent(text)) {
      for (const { why, at } of missing) log.warning(`Notes come from ${source}, since ${why}`, at);
      return fit({ ...found, text }, source, request, spellings);
    }
    missing.push(found.kind === 'missing' ? found : emptySource(source, found));
  }
  if (inputs['on-missing-notes'] === 'fail') throw noNotes(missing, request.version);
  log.warning(
    `The notes of the release stay as they are: ${missing.map(({ why }) => why).join('\n')}`,
    missing.find(({ at }) => at)?.at,
  );
  return undefined;
}

function sourcesOf(inputs: Inputs): readonly NotesSource[] {
  if (inputs.notes !== undefined) return ['notes'];
  if (inputs['notes-file'] !== undefined) return ['notes-file'];
  return inputs['notes-from'];
}

async function readSource(source: NotesSource, request: NotesRequest): Promise<Found> {
  const { notes = '', 'notes-file': file = '' } = request.inputs;
  switch (source) {
    case 'notes':
      return { kind: 'found', text: notes, whole: notes };
    case 'notes-file':
      return readFromFile(request, file);
    case 'changelog':
      return readFromChangelog(request);
    case 'tag':
      return readFromTag(request);
    case 'github-release':
      return readFromGitHubRelease(request);
    case 'none':
      return { kind: 'missing', why: 'No notes are wanted.', remedy: 'choose another source' };
  }
}

async function makeReadable(
  found: FoundText,
  { inputs, event, chosen, log }: NotesRequest,
): Promise<string> {
  if (/[^\P{Cc}\t\n\r]/u.test(found.text) || !found.text.isWellFormed()) {
    log.warning('Control characters or broken characters were removed from the notes.', found.at);
  }
  return makePortable(await withoutSections(found.text, inputs['exclude-sections']), {
    source: found.whole,
    repository: event.repository,
    ref: chosen.ref ?? event.sha,
    path: found.at?.file ?? '',
  });
}

async function withoutSections(text: string, titles: readonly string[]): Promise<string> {
  if (titles.length === 0) return text;
  const { excludeSections } = await import('./exclude.ts');
  return excludeSections(text, titles);
}

/** Without blank lines around it; the first line keeps its indentation. */
function trimLines(text: string): string {
  return text.trimEnd().replace(/^(?:[ \t]*\n)+/, '');
}

/** Headings alone tell a customer nothing. */
function hasContent(text: string): boolean {
  return text.split('\n').some((line) => line.trim() !== '' && !/^ {0,3}#{1,6}(?:\s|$)/.test(line));
}

async function fit(
  found: FoundText,
  source: NotesSource,
  request: NotesRequest,
  spellings: readonly string[],
): Promise<Notes> {
  const { inputs, log } = request;
  const credential = findCredential(found.text, spellings);
  if (credential !== undefined) {
    throw notesError({
      what: `The notes hold what looks like ${credential}, so they are neither sent nor shown.`,
      remedy:
        'Remove it from the text that the notes come from, and revoke it: it is in the history.',
      at: found.at,
    });
  }
  const link = linkToFullNotes(found, source, request);
  const fitted = await withinLimit(found.text, link);
  const lengths = `The notes have ${fitted.length} characters, the release API takes ${notesLimit}`;
  if (fitted.truncated && inputs['notes-overflow'] === 'fail') {
    throw notesError({
      what: `${lengths}.`,
      remedy:
        'Shorten them, leave sub-sections out with exclude-sections, or set notes-overflow: truncate.',
      at: found.at,
    });
  }
  if (fitted.truncated)
    log.warning(`${lengths}; they were cut to ${fitted.text.length}.`, found.at);
  const { text, truncated, length } = fitted;
  return { text, source, at: found.at, heading: found.heading, truncated, length };
}

/** Most notes fit as they are; the code that cuts them is loaded for the others. */
async function withinLimit(
  text: string,
  link: string | undefined,
): Promise<Omit<FittedNotes, 'kept'>> {
  const { length } = text;
  if (length <= notesLimit) return { text, truncated: false, length };
  const { fitNotes } = await import('./fit.ts');
  return fitNotes(text, { limit: notesLimit, ...(link && { link }) });
}

/** Where a customer can read the whole notes; in a private repository nowhere by itself. */
function linkToFullNotes(
  found: FoundText,
  source: NotesSource,
  { inputs, event, chosen, values }: NotesRequest,
): string | undefined {
  const template = inputs['notes-link'];
  if (template === 'none') return undefined;
  if (template !== undefined) return checkLink(fillTemplate('notes-link', template, values));
  const { repository } = event;
  if (!repository || repository.private) return undefined;
  const ref = encodePath(chosen.ref ?? event.sha);
  const base = `${repository.serverUrl}/${repository.name}`;
  if (source === 'github-release') return `${base}/releases/tag/${ref}`;
  return found.at && `${base}/blob/${ref}/${encodePath(found.at.file)}`;
}

function checkLink(link: string): string {
  if (/^https?:\/\/[^\s<>()]+$/.test(link) && URL.canParse(link)) return link;
  throw new ActionError({
    code: 'E_CONFIG',
    what: 'notes-link is not an http or https URL without spaces, brackets and angle brackets.',
    remedy: 'Write a template such as https://example.com/changelog/{version}, or none.',
  });
}

function emptySource(source: NotesSource, { at, heading }: FoundText): Missing {
  const where = heading === undefined ? source : `the section of ${at?.file}`;
  return {
    kind: 'missing',
    why: `${where} holds no text for customers.`,
    remedy: `write the notes into ${where}`,
    ...(at && { at }),
  };
}

function noNotes(missing: readonly Missing[], version: string): ActionError {
  const remedy = listWords(missing.map((each) => each.remedy));
  return notesError({
    what: `There are no release notes for ${version}: ${missing.map(({ why }) => why).join('\n')}`,
    remedy: `${remedy.charAt(0).toUpperCase()}${remedy.slice(1)}. Other sources: notes-from; to leave the notes as they are: on-missing-notes: keep.`,
    at: missing.find(({ at }) => at)?.at,
  });
}

/** A source that failed is not a source without notes; why the earlier ones had none stays said. */
function withReasons(error: unknown, missing: readonly Missing[]): unknown {
  if (!(error instanceof ActionError) || missing.length === 0) return error;
  const what = [...missing.map(({ why }) => why), error.what].join('\n');
  const { code, remedy, at } = error;
  return new ActionError({ code, what, remedy, ...(at && { at }), cause: error });
}

function notesError(problem: {
  readonly what: string;
  readonly remedy: string;
  readonly at: FilePosition | undefined;
}): ActionError {
  const { what, remedy, at } = problem;
  return new ActionError({ code: 'E_NOTES', what, remedy, ...(at && { at }) });
}
