import { ActionError, type FilePosition } from '../errors.ts';
import type { Inputs } from '../inputs.ts';
import { hasControl } from '../text.ts';
import { findCredential } from '../token.ts';
import { isPortable, plainText } from './plain.ts';
import {
  type Found,
  type FoundText,
  type Missing,
  type NotesRequest,
  readFromChangelog,
  readFromFile,
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
    const found = await readSource(source, request).catch(async (error: unknown) => {
      throw (await import('./missing.ts')).withReasons(error, missing);
    });
    const readable = found.kind === 'found' ? await makeReadable(found, request) : '';
    const text = source === 'notes' ? readable : trimLines(readable);
    if (found.kind === 'found' && hasContent(text)) {
      for (const { why, at } of missing) log.warning(`Notes come from ${source}, since ${why}`, at);
      return fit({ ...found, text }, source, request, spellings);
    }
    missing.push(
      found.kind === 'missing' ? found : (await import('./missing.ts')).emptySource(source, found),
    );
  }
  if (inputs['on-missing-notes'] === 'fail') {
    throw (await import('./missing.ts')).noNotes(missing, request.version);
  }
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
      return (await import('./from-github.ts')).readFromTag(request);
    case 'github-release':
      return (await import('./from-github.ts')).readFromGitHubRelease(request);
    case 'none':
      return { kind: 'missing', why: 'No notes are wanted.', remedy: 'choose another source' };
  }
}

async function makeReadable(
  found: FoundText,
  { inputs, event, chosen, log }: NotesRequest,
): Promise<string> {
  if (hasControl(found.text.replace(/[\t\n\r]/g, '')) || !found.text.isWellFormed()) {
    log.warning('Control characters or broken characters were removed from the notes.', found.at);
  }
  const text = plainText(await withoutSections(found.text, inputs['exclude-sections']));
  if (isPortable(text, event.repository)) return text;
  const { makePortable } = await import('./portable.ts');
  return makePortable(text, {
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
  const credential = findCredential(found.text, spellings);
  if (credential !== undefined) {
    throw new ActionError({
      code: 'E_NOTES',
      what: `The notes hold what looks like ${credential}, so they are neither sent nor shown.`,
      remedy:
        'Remove it from the text that the notes come from, and revoke it: it is in the history.',
      ...(found.at && { at: found.at }),
    });
  }
  // Most notes fit as they are; a template for the link is checked all the same.
  const { length } = found.text;
  const fits = length <= notesLimit && request.inputs['notes-link'] === undefined;
  const fitted = fits
    ? { text: found.text, truncated: false, length }
    : (await import('./overflow.ts')).fitToLimit({ found, source, limit: notesLimit }, request);
  const { text, truncated } = fitted;
  return { text, source, at: found.at, heading: found.heading, truncated, length };
}
