import { ActionError } from '../errors.ts';
import type { Log } from '../log.ts';
import {
  type Format,
  formatOf,
  loadConverters,
  loadExclude,
  makePortable,
  type TakenOut,
  unwrapNotes,
  withEmoji,
} from '../markdown/index.ts';
import { scanLines } from '../markdown/lines.ts';
import { count, hasControl, listWords, quote } from '../text.ts';
import type { FoundText, NotesRequest, NotesSource } from './sources.ts';

/**
 * At most so much of a section is looked at, in UTF-16 code units: what follows could never be in the
 * notes, and hostile text may take long.
 */
const longestSection = 1_000_000;

/** At most so much of what is left without excluded sub-sections is made readable. */
const longestNotes = 200_000;

/**
 * Makes notes readable for customers: without excluded sub-sections, comments and control characters,
 * with emoji for their names and links that work outside the repository; AsciiDoc and HTML become Markdown,
 * other markup stays. Of very long notes the first part. Says in the log what a maintainer would not expect.
 * @throws ActionError E_NOTES for a text that a merge left unfinished
 */
export async function makeReadable(
  found: FoundText,
  source: NotesSource,
  request: NotesRequest,
): Promise<string> {
  const { whole, at } = found;
  const { event, chosen, log } = request;
  refuseConflict(found);
  const text = keepFirst(found.text, longestSection, found, log);
  if (hasControl(text.replace(/[\t\n\r]/g, '')) || !text.isWellFormed()) {
    log.warning(
      'Control characters were removed from the notes, and invalid characters were replaced.',
      at,
    );
  }
  const format = at ? formatOf(at.file, whole) : 'Markdown';
  // The input notes is not indented by a file around it.
  const own = source === 'notes' ? text : unwrapNotes(text, format);
  const included = await withoutExcluded({ ...found, text: own }, format, request);
  const kept = keepFirst(included, longestNotes, found, log);
  const converted =
    format === 'Markdown'
      ? { text: kept, isReadable: true, hasConditions: false }
      : await (await loadConverters()).toMarkdown(kept, { format, whole });
  sayFormat(format, converted.isReadable, found, request);
  if (converted.hasConditions) {
    log.warning(
      'The notes have parts that depend on a condition (ifdef, ifndef or ifeval). Only those are sent that GitHub shows.',
      at,
    );
  }
  const ref = chosen.ref ?? event.sha;
  const origin = { source: whole, repository: event.repository, ref, path: at?.file ?? '' };
  const takenOut = { links: 0, images: 0 };
  const portable = makePortable(converted.text, origin, takenOut);
  sayTakenOut(takenOut, found, request);
  return withEmoji(portable);
}

/** Leaves the unwanted sub-sections out; a title that may be misspelt would let them through. */
async function withoutExcluded(
  { text, at }: FoundText,
  format: Format,
  { inputs, log }: NotesRequest,
): Promise<string> {
  const titles = inputs['exclude-sections'];
  if (titles.length === 0) return text;
  const { excludeSections, missingTitles, titlesOf } = await loadExclude();
  const missing = missingTitles(titles, titlesOf(text, format));
  const quoted = (all: readonly string[]) => listWords(all.map((title) => quote(title, 80)));
  for (const { title, near } of missing) {
    if (near.length === 0) continue;
    log.warning(
      `exclude-sections: the notes have no subsection ${quote(title, 80)}. They have ${quoted(near)}, which is sent.`,
      at,
    );
  }
  const absent = missing.filter(({ near }) => near.length === 0).map(({ title }) => title);
  if (absent.length > 0) {
    log.notice(`exclude-sections: the notes have no subsection ${quoted(absent)}.`, at);
  }
  return excludeSections(text, titles, format);
}

function sayFormat(
  format: Format,
  isReadable: boolean,
  { at }: FoundText,
  { log }: NotesRequest,
): void {
  if (format === 'AsciiDoc' || format === 'HTML') {
    if (isReadable) log.notice(`The notes were written in ${format} and are sent as Markdown.`, at);
    else {
      log.warning(
        `The notes are sent as they are, in ${format}, because they are too long or nested too deeply to be converted to Markdown.`,
        at,
      );
    }
  } else if (!isReadable) {
    log.warning(`The notes are sent as they are, in ${format}. Customers will see its markup.`, at);
  }
}

/** Customers would miss it, and the maintainer should know why. */
function sayTakenOut({ links, images }: TakenOut, { at }: FoundText, { log }: NotesRequest): void {
  if (links + images === 0) return;
  const counts = [count(links, 'link'), count(images, 'image')].filter((all) => !/^0/.test(all));
  log.notice(
    `Replaced by their text, because they point into a repository that counts as private: ${counts.join(' and ')}.`,
    at,
  );
}

/** Finds the markers outside code, where they may be an example. */
function refuseConflict({ text, at, firstLine = 1 }: FoundText): void {
  const marker = /^(?:<{7}|>{7})(?: |$)/m;
  if (!marker.test(text)) return;
  const line = scanLines(text).findIndex((each) => !each.fence && marker.test(each.text));
  if (line < 0) return;
  throw new ActionError({
    code: 'E_NOTES',
    what: 'The notes contain the markers of a merge conflict.',
    remedy: 'Resolve the conflict, commit, and move the tag to the new commit.',
    ...(at && { at: { file: at.file, line: firstLine + line } }),
  });
}

/**
 * The first so many characters of notes, to the end of a line where there is one, and a warning that these
 * are not all; the notes as they are where they are shorter.
 */
export function keepFirst(notes: string, limit: number, { at }: FoundText, log: Log): string {
  if (notes.length <= limit) return notes;
  log.warning(`Only the first ${limit} characters of the notes are read.`, at);
  const end = notes.lastIndexOf('\n', limit);
  return notes.slice(0, end < 0 ? limit : end);
}
