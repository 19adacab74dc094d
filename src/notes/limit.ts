import { ActionError } from '../errors.ts';
import { type FittedNotes, fileUrl, fitNotes } from '../markdown/index.ts';
import { fillTemplate } from '../tag/template.ts';
import { encodePath } from '../text.ts';
import type { FoundText, NotesRequest, NotesSource } from './sources.ts';

/** Notes that may be too long. */
interface LongNotes {
  readonly found: FoundText;
  readonly source: NotesSource;
  /** UTF-16 code units. */
  readonly limit: number;
}

/**
 * Keeps notes to the limit, as `notes-overflow` and `notes-link` say.
 * @throws ActionError E_NOTES when they are too long and may not be cut; E_CONFIG for a bad link
 */
export function fitToLimit(notes: LongNotes, request: NotesRequest): FittedNotes {
  const { found, limit } = notes;
  const link = linkToFullNotes(notes, request);
  const fitted = fitNotes(found.text, { limit, ...(link && { link }) });
  if (!fitted.truncated) return fitted;
  const lengths = `The notes have ${fitted.length} characters, the release API takes ${limit}`;
  if (request.inputs['notes-overflow'] === 'fail') {
    throw new ActionError({
      code: 'E_NOTES',
      what: `${lengths}.`,
      remedy:
        'Shorten them, leave sub-sections out with exclude-sections, or set notes-overflow: truncate.',
      ...(found.at && { at: found.at }),
    });
  }
  request.log.warning(`${lengths}; they were cut to ${fitted.text.length}.`, found.at);
  return fitted;
}

/** Where a customer can read the whole notes; in a private repository nowhere by itself. */
function linkToFullNotes(
  { found, source }: LongNotes,
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
  return found.at && fileUrl(repository, ref, encodePath(found.at.file));
}

function checkLink(link: string): string {
  if (/^https?:\/\/[^\s<>()]+$/.test(link) && URL.canParse(link)) return link;
  throw new ActionError({
    code: 'E_CONFIG',
    what: 'notes-link is not an http or https URL without spaces, brackets and angle brackets.',
    remedy: 'Write a template such as https://example.com/changelog/{version}, or none.',
  });
}
