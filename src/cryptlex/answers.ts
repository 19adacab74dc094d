import { ActionError } from '../errors.ts';
import type { TokenDoubt } from '../inputs/token.ts';
import { count, parseJson, quote } from '../text.ts';
import type { HttpAnswer } from './http.ts';
import { type Answers, readAnswer } from './schema.ts';

/** What was tried, for the words of an error. */
export interface Attempt {
  /** `update the release abc`. */
  readonly action: string;
  readonly scope: 'release:read' | 'release:write';
  /** What a 404 means here. */
  readonly missing: { readonly what: string; readonly remedy: string };
  readonly api: URL;
  /** What the token's claims say against it. */
  readonly doubts: readonly TokenDoubt[];
  /** What else a refusal can mean here: a sentence. */
  readonly hint?: string;
}

/**
 * Parses the body of a 2xx answer.
 * @throws ActionError E_RESPONSE that names what is wrong with it
 */
export function parseAnswer<Kind extends keyof Answers>(
  answer: HttpAnswer,
  kind: Kind,
  attempt: Attempt,
): Answers[Kind] {
  const type = answer.headers['content-type'] ?? 'application/json';
  const unusable = (reason: string) =>
    new ActionError({
      code: 'E_RESPONSE',
      what: `Could not ${attempt.action}: the answer is not one of the Cryptlex API: ${reason}.`,
      remedy: checkAddress(attempt.api),
    });
  if (!/\bjson\b/i.test(type)) {
    throw unusable(`${quote(type, 60)} instead of JSON, ${count(answer.body.length, 'character')}`);
  }
  const json = parseJson(answer.body);
  if (json === undefined) {
    throw unusable(`invalid JSON, ${count(answer.body.length, 'character')}`);
  }
  const read = readAnswer(kind, json);
  if ('answer' in read) return read.answer;
  const paths = [...new Set(read.wrong)].map((path) => path || 'the whole answer');
  throw unusable(
    `${paths.slice(0, 5).join(', ')} ${paths.length > 1 ? 'are' : 'is'} missing or of another type`,
  );
}

export function checkAddress(api: URL): string {
  return `Check that api-url (${api.href}) is the address of the Cryptlex API.`;
}
