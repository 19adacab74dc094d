import { ActionError } from '../errors.ts';
import {
  type FitOptions,
  type FittedNotes,
  fileUrl,
  loadFit,
  loadTextFormat,
} from '../markdown/index.ts';
import { fillTemplate } from '../tag/template.ts';
import { count, encodePath, listWords, quote } from '../text.ts';
import type { FoundText, NotesRequest, NotesSource } from './sources.ts';

/**
 * At most so many UTF-16 code units are sent, or bytes with `notes-format: text`. The contract accepts
 * 4096; a program with the SDK for C or C++ reads notes into a buffer of 4096 bytes, of which one is the
 * terminator.
 */
export const notesLimit = 4095;

/** Notes that are not yet known to keep to the limit. */
interface LongNotes {
  readonly text: string;
  readonly at: FoundText['at'];
  readonly source: NotesSource;
}

/** Notes that keep to the limit, and how long they are. */
export interface LimitedNotes {
  readonly text: string;
  /** Whether a reader misses anything. */
  readonly truncated: boolean;
  /** What the limit counts: UTF-16 code units, or bytes with `notes-format: text`. */
  readonly unit: 'character' | 'byte';
  readonly size: number;
  /** Size of the whole notes. */
  readonly fullSize: number;
  /** What a reader misses, in sentences; '' if nothing is missing. */
  readonly leftOut: string;
}

/** Lost headings that are named. */
const mostTitles = 5;

/**
 * Keeps notes to {@link notesLimit}, as `notes-overflow` and `notes-link` say; those that are within it
 * stay as they are.
 * @returns the notes to send, their sizes, and what was left out of them
 * @throws ActionError E_NOTES when they are too long and may not be cut; E_CONFIG for a bad link
 */
export async function fitToLimit(notes: LongNotes, request: NotesRequest): Promise<LimitedNotes> {
  const { at } = notes;
  const { inputs, log } = request;
  const link = linkToFullNotes(notes, request);
  const isText = inputs['notes-format'] === 'text';
  const { text, lost } = await fit(notes.text, { limit: notesLimit, link }, isText);
  const sizeOf = (some: string) => (isText ? Buffer.byteLength(some) : some.length);
  const limited = {
    text,
    truncated: lost !== undefined,
    unit: isText ? 'byte' : 'character',
    size: sizeOf(text),
    fullSize: sizeOf(notes.text),
    leftOut: lost ? describeLost(lost) : '',
  } as const;
  if (limited.truncated) {
    const lengths = `The notes have ${count(limited.fullSize, limited.unit)}, but only ${notesLimit} can be sent`;
    if (inputs['notes-overflow'] === 'fail') {
      throw new ActionError({
        code: 'E_NOTES',
        what: `${lengths}.`,
        remedy:
          'Shorten them, leave subsections out with exclude-sections, or set notes-overflow: truncate.',
        at,
      });
    }
    log.warning(`${lengths}; they were cut to ${limited.size}. ${limited.leftOut}`, at);
  } else if (inputs['notes-link'] !== undefined && link) {
    log.info('notes-link is not used, because the notes are not cut.');
  }
  const bytes = Buffer.byteLength(text);
  if (bytes > notesLimit) {
    log.notice(
      `The notes have ${bytes} bytes. Programs in C or C++ on Linux and macOS show only the first ${notesLimit}.`,
      at,
    );
  }
  return limited;
}

async function fit(text: string, options: FitOptions, isText: boolean): Promise<FittedNotes> {
  if (isText) return (await loadTextFormat()).fitPlainText(text, options);
  return text.length > options.limit ? (await loadFit()).fitNotes(text, options) : { text };
}

function describeLost({ firstLine, titles }: NonNullable<FittedNotes['lost']>): string {
  const first = `The first line that was left out: ${quote(firstLine, 80)}`;
  if (titles.length === 0) return first;
  const shown = titles.slice(0, mostTitles).map((title) => quote(title, 80));
  const more = titles.length - shown.length;
  const all = more > 0 ? [...shown, `${more} more`] : shown;
  return `${first}. Sections that were left out: ${listWords(all, 'and')}`;
}

/** Where a customer can read the whole notes; in a private repository nowhere by itself. */
function linkToFullNotes(
  { at, source }: LongNotes,
  { inputs, event, chosen, values }: NotesRequest,
): string | undefined {
  const template = inputs['notes-link'];
  if (template === 'none') return undefined;
  if (template !== undefined) return checkLink(fillTemplate('notes-link', template, values));
  const { repository } = event;
  if (!repository || repository.private) return undefined;
  const ref = chosen.ref ?? event.sha;
  if (source === 'github-release')
    return `${repository.serverUrl}/${repository.name}/releases/tag/${encodePath(ref)}`;
  return at && fileUrl(repository, ref, encodePath(at.file));
}

function checkLink(link: string): string {
  if (/^https?:\/\/[^\s<>()]+$/.test(link) && URL.canParse(link)) return link;
  throw new ActionError({
    code: 'E_CONFIG',
    what: 'notes-link must be an http or https URL without spaces, parentheses or angle brackets.',
    remedy: 'Set it to a template such as https://example.com/changelog/{version}, or to none.',
  });
}
