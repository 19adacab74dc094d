import { ActionError } from '../errors.ts';
import { type FittedNotes, fileUrl, fitNotes, loadTextFormat } from '../markdown/index.ts';
import { fillTemplate } from '../tag/template.ts';
import { encodePath, quote } from '../text.ts';
import type { FoundText, NotesRequest, NotesSource } from './sources.ts';

/** Notes that may be too long. */
interface LongNotes {
  readonly text: string;
  readonly at: FoundText['at'];
  readonly source: NotesSource;
  /** In UTF-16 code units; in bytes with `notes-format: text`. */
  readonly limit: number;
}

/**
 * Keeps notes to the limit, as `notes-overflow` and `notes-link` say.
 * @throws ActionError E_NOTES when they are too long and may not be cut; E_CONFIG for a bad link
 */
export async function fitToLimit(notes: LongNotes, request: NotesRequest): Promise<FittedNotes> {
  const { text, at, limit } = notes;
  const link = linkToFullNotes(notes, request);
  const options = { limit, ...(link && { link }) };
  const isText = request.inputs['notes-format'] === 'text';
  const fit = isText ? (await loadTextFormat()).fitPlainText : fitNotes;
  const fitted = fit(text, options);
  if (!fitted.truncated) return fitted;
  const size = isText ? `${Buffer.byteLength(text)} bytes of text` : `${fitted.length} characters`;
  const lengths = `The notes have ${size}, but only ${limit} can be sent`;
  if (request.inputs['notes-overflow'] === 'fail') {
    throw new ActionError({
      code: 'E_NOTES',
      what: `${lengths}.`,
      remedy:
        'Shorten them, leave subsections out with exclude-sections, or set notes-overflow: truncate.',
      ...(at && { at }),
    });
  }
  request.log.warning(
    `${lengths}; they were cut to ${fitted.text.length}. The first line that was left out: ${quote(fitted.leftOut, 80)}`,
    at,
  );
  return fitted;
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
