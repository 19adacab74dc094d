import { ActionError, type FilePosition } from '../errors.ts';
import type { Inputs } from '../inputs/inputs.ts';
import { findCredential } from '../inputs/secrets.ts';
import type { Log } from '../log.ts';
import { loadTextFormat } from '../markdown/index.ts';
import { count, listWords, quote, trimLines } from '../text.ts';
import { fitToLimit, type LimitedNotes } from './limit.ts';
import { keepFirst, makeReadable } from './readable.ts';
import {
  type Found,
  type FoundText,
  type Missing,
  type NotesRequest,
  type NotesSource,
  readFromChangelog,
  readFromFile,
  readFromGitHubRelease,
  readFromTag,
} from './sources.ts';

/** More Markdown is not made plain text, which may take long; in UTF-16 code units. */
const longestMarkdown = 50_000;

/** The sources in words. */
export const sourceNames: Readonly<Record<NotesSource, string>> = {
  notes: 'the input notes',
  'notes-file': 'the notes file',
  changelog: 'the changelog',
  tag: 'the tag message',
  'github-release': 'the GitHub release',
  none: 'no source',
};

/** The notes of a run, ready to be sent. */
export interface Notes extends LimitedNotes {
  /** As their author wrote them. */
  readonly original: string;
  readonly source: NotesSource;
  readonly at: FilePosition | undefined;
  readonly heading: string | undefined;
}

/**
 * Takes the first source that has notes and makes them fit to send: without excluded sub-sections,
 * readable outside the repository, within the contract's limit.
 * @returns undefined when the release's notes are to stay as they are
 * @throws ActionError E_NOTES, E_FILE, E_GITHUB, E_CONFIG, E_TIMEOUT
 */
export async function collectNotes(request: NotesRequest): Promise<Notes | undefined> {
  const { inputs, log } = request;
  const missing: Missing[] = [];
  for (const source of sourcesOf(inputs)) {
    if (source === 'none') return undefined;
    const found = await readSource(source, request).catch((error: unknown) => {
      throw withReasons(error, missing);
    });
    if (found.kind === 'missing') {
      missing.push(found);
      continue;
    }
    const readable = await makeReadable(found, source, request);
    if (request.deadline.remaining() === 0) throw tooSlow(source);
    const text = source === 'notes' ? readable : trimLines(readable);
    if (!hasContent(text)) {
      missing.push(emptySource(source, found, inputs['exclude-sections']));
      continue;
    }
    for (const { why, at } of missing)
      log.warning(`The notes are from ${sourceNames[source]}, because ${why}`, at);
    const { at, heading } = found;
    const sent = inputs['notes-format'] === 'text' ? await asPlainText(text, found, log) : text;
    refuseCredentials(sent, request, at);
    const fitted = await fitToLimit({ text: sent, at, source }, request);
    const notes = { ...fitted, source, at, heading, original: found.text };
    log.info(describeNotes(notes));
    return notes;
  }
  if (inputs['on-missing-notes'] === 'fail') {
    throw noNotes(missing, request.version);
  }
  log.warning(
    `The notes of the release stay unchanged: ${missing.map(({ why }) => why).join('\n')}`,
    missing.find(({ at }) => at)?.at,
  );
  return undefined;
}

/** The sources in their order; without inputs the changelog, then the tag message. */
function sourcesOf(inputs: Inputs): readonly NotesSource[] {
  if (inputs.notes !== undefined) return ['notes'];
  if (inputs['notes-file'] !== undefined) return ['notes-file'];
  return inputs['notes-from'];
}

async function readSource(
  source: Exclude<NotesSource, 'none'>,
  request: NotesRequest,
): Promise<Found> {
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
  }
}

/** Headings alone tell a customer nothing. */
function hasContent(text: string): boolean {
  return text.split('\n').some((line) => line.trim() !== '' && !/^ {0,3}#{1,6}(?:\s|$)/.test(line));
}

async function asPlainText(markdown: string, found: FoundText, log: Log): Promise<string> {
  const { toPlainText } = await loadTextFormat();
  try {
    return toPlainText(keepFirst(markdown, longestMarkdown, found, log));
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    log.warning(
      'The notes are sent as Markdown, because they are nested too deeply to be converted to plain text.',
      found.at,
    );
    return markdown;
  }
}

/** @throws ActionError E_NOTES */
function refuseCredentials(
  notes: string,
  { secrets }: NotesRequest,
  at: FilePosition | undefined,
): void {
  // Converters put backslashes before underscores, which no reader sees.
  const shown = notes.replace(/\\(?=[!-/:-@[-`{-~])/g, '');
  const credential = findCredential(notes, secrets) ?? findCredential(shown, secrets);
  if (credential === undefined) return;
  throw new ActionError({
    code: 'E_NOTES',
    what: `The notes contain what looks like ${credential}, so they are neither sent nor shown.`,
    remedy: 'Remove it from the text of the notes, and revoke it, because others may have read it.',
    at,
  });
}

function tooSlow(source: NotesSource): ActionError {
  return new ActionError({
    code: 'E_TIMEOUT',
    what: `Reading the notes from ${sourceNames[source]} took longer than timeout-seconds.`,
    remedy: 'Check that the text is the right one, or raise timeout-seconds.',
  });
}

function describeNotes({ source, at, heading, truncated, size, fullSize, unit }: Notes): string {
  const line = at?.line === undefined ? '' : ` line ${at.line}`;
  const section = heading === undefined ? '' : `, section ${quote(titleOf(heading), 80)}`;
  const place = at ? ` (${at.file}${line}${section})` : '';
  const cut = truncated ? `, cut from ${fullSize}` : '';
  return `Notes from ${sourceNames[source]}${place}: ${count(size, unit)}${cut}`;
}

/** A heading without its marks. */
export function titleOf(heading: string): string {
  return heading.replace(/^[#=\s]+/, '');
}

/** Why a source that was there gave no notes. */
function emptySource(
  source: NotesSource,
  { at, heading }: FoundText,
  excluded: readonly string[],
): Missing {
  const where = heading === undefined ? sourceNames[source] : `the section of ${at?.file}`;
  const without = excluded.length > 0 ? ' without the subsections in exclude-sections' : '';
  return {
    kind: 'missing',
    why: `${where} has no text for customers${without}.`,
    remedy: `write the notes into ${where}`,
    at,
  };
}

/** The error for a run without notes: why each source had none, and what would give it some. */
function noNotes(missing: readonly Missing[], version: string): ActionError {
  const remedy = capitalized(listWords(missing.map((each) => each.remedy)));
  const at = missing.find((each) => each.at)?.at;
  return new ActionError({
    code: 'E_NOTES',
    what: `There are no release notes for ${version}: ${missing.map(({ why }) => why).join('\n')}`,
    remedy: `${remedy}. For other sources, set notes-from; to leave the notes of the release unchanged, set on-missing-notes: keep.`,
    at,
  });
}

/** A source that failed is not a source without notes; the reasons of earlier sources are kept. */
function withReasons(error: unknown, missing: readonly Missing[]): unknown {
  if (!(error instanceof ActionError) || missing.length === 0) return error;
  return error.saying([...missing.map(({ why }) => capitalized(why)), error.what].join('\n'));
}

function capitalized(sentence: string): string {
  return `${sentence.charAt(0).toUpperCase()}${sentence.slice(1)}`;
}
