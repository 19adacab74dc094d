import { ActionError } from '../errors.ts';
import { listWords } from '../text.ts';
import type { NotesSource } from './notes.ts';
import type { FoundText, Missing } from './sources.ts';

/** Why a source that was there gave no notes. */
export function emptySource(source: NotesSource, { at, heading }: FoundText): Missing {
  const where = heading === undefined ? source : `the section of ${at?.file}`;
  return {
    kind: 'missing',
    why: `${where} holds no text for customers.`,
    remedy: `write the notes into ${where}`,
    ...(at && { at }),
  };
}

/** The error for a run without notes: why each source had none, and what would give it some. */
export function noNotes(missing: readonly Missing[], version: string): ActionError {
  const remedy = listWords(missing.map((each) => each.remedy));
  const at = missing.find((each) => each.at)?.at;
  return new ActionError({
    code: 'E_NOTES',
    what: `There are no release notes for ${version}: ${missing.map(({ why }) => why).join('\n')}`,
    remedy: `${remedy.charAt(0).toUpperCase()}${remedy.slice(1)}. Other sources: notes-from; to leave the notes as they are: on-missing-notes: keep.`,
    ...(at && { at }),
  });
}

/** A source that failed is not a source without notes; why the earlier ones had none stays said. */
export function withReasons(error: unknown, missing: readonly Missing[]): unknown {
  if (!(error instanceof ActionError) || missing.length === 0) return error;
  const what = [...missing.map(({ why }) => why), error.what].join('\n');
  const { code, remedy, at } = error;
  return new ActionError({ code, what, remedy, ...(at && { at }), cause: error });
}
