import {
  excludeSections,
  type Format,
  formatOf,
  makePortable,
  missingTitles,
  titlesOf,
  toMarkdown,
  unwrapNotes,
  withEmoji,
} from '../markdown/index.ts';
import { hasControl, listWords, quote } from '../text.ts';
import type { FoundText, NotesRequest, NotesSource } from './sources.ts';

/**
 * Makes notes readable for customers: without excluded sub-sections and comments, in Markdown, with
 * links that work outside the repository. Says in the log what a maintainer would not expect.
 */
export async function makeReadable(
  found: FoundText,
  source: NotesSource,
  request: NotesRequest,
): Promise<string> {
  const { text, whole, at } = found;
  const { event, chosen, log } = request;
  if (hasControl(text.replace(/[\t\n\r]/g, '')) || !text.isWellFormed()) {
    log.warning('Control characters or broken characters were removed from the notes.', at);
  }
  const format = at ? formatOf(at.file, whole) : 'Markdown';
  // The input is sent as it was written.
  const own = source === 'notes' ? text : unwrapNotes(text, format);
  const wanted = withoutExcluded({ ...found, text: own }, format, request);
  const converted = await toMarkdown(wanted, { format, source: whole });
  sayFormat(format, converted.isReadable, found, request);
  const portable = makePortable(converted.text, {
    source: whole,
    repository: event.repository,
    ref: chosen.ref ?? event.sha,
    path: at?.file ?? '',
  });
  return withEmoji(portable);
}

/** Leaves the unwanted sub-sections out; a title that may be misspelt would let them through. */
function withoutExcluded(
  { text, at }: FoundText,
  format: Format,
  { inputs, log }: NotesRequest,
): string {
  const titles = inputs['exclude-sections'];
  if (titles.length === 0) return text;
  const missing = missingTitles(titles, titlesOf(text, format));
  const quoted = (all: readonly string[]) => listWords(all.map((title) => quote(title, 80)));
  for (const { title, near } of missing) {
    if (near.length === 0) continue;
    log.warning(
      `exclude-sections: no sub-section of the notes is called ${quote(title, 80)}, but there is ${quoted(near)}, which is sent.`,
      at,
    );
  }
  const absent = missing.filter(({ near }) => near.length === 0).map(({ title }) => title);
  if (absent.length > 0) {
    log.notice(`exclude-sections: the notes have no sub-section ${quoted(absent)}.`, at);
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
        `The notes are sent as they are, in ${format}: they are too long, or too deeply nested, to make Markdown of them.`,
        at,
      );
    }
  } else if (!isReadable) {
    log.warning(`The notes are sent as they are, in ${format}: customers see its marks.`, at);
  }
}
