import { quote } from '../text.ts';
import type { Found, NotesRequest } from './sources.ts';

/** The message of the annotated tag. */
export async function readFromTag({ chosen, event, github }: NotesRequest): Promise<Found> {
  const tag = chosen.ref;
  const message = tag && (await (await github()).readTagMessage(tag, event.pushedObject));
  if (message) return { kind: 'found', text: message, whole: message };
  return {
    kind: 'missing',
    why: `the tag ${quote(tag ?? '')} is not annotated with a message of its own.`,
    remedy: 'write the notes into the message of an annotated tag',
  };
}

/** The body of the GitHub release of the tag. */
export async function readFromGitHubRelease({ chosen, github }: NotesRequest): Promise<Found> {
  const tag = chosen.ref;
  const body = tag && (await (await github()).readReleaseBody(tag));
  if (body) return { kind: 'found', text: body, whole: body };
  return {
    kind: 'missing',
    why: `the tag ${quote(tag ?? '')} has no GitHub release with a text.`,
    remedy: 'write the notes into the GitHub release of the tag',
  };
}
