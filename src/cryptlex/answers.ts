import { ActionError } from '../errors.ts';
import { quote } from '../text.ts';
import type { HttpAnswer } from './http.ts';
import type { Answers } from './schema.ts';

/** What was tried, for the words of an error. */
export interface Attempt {
  /** `update the release abc`. */
  readonly action: string;
  readonly scope: 'release:read' | 'release:write';
  /** What a 404 means here. */
  readonly missing: { readonly what: string; readonly remedy: string };
  readonly api: URL;
  /** What the token's claims say against it. */
  readonly doubts: readonly string[];
  /** Takes secrets out of a text, since a server may echo the token. */
  readonly redact: (text: string) => string;
}

/**
 * Parses the body of a 2xx answer.
 * @throws ActionError E_RESPONSE that names what is wrong with it
 */
export async function parseAnswer<Kind extends keyof Answers>(
  answer: HttpAnswer,
  kind: Kind,
  attempt: Attempt,
): Promise<Answers[Kind]> {
  const type = answer.headers['content-type'] ?? 'application/json';
  const unusable = (reason: string) =>
    new ActionError({
      code: 'E_RESPONSE',
      what: `The answer to the attempt to ${attempt.action} is not what the release API promises: ${reason}.`,
      remedy: `Check that api-url (${attempt.api.href}) is the address of the release API itself.`,
    });
  if (!/\bjson\b/i.test(type)) {
    throw unusable(`${quote(type, 60)} instead of JSON, ${answer.body.length} characters`);
  }
  let json: unknown;
  try {
    json = readJson(answer.body, attempt);
  } catch {
    throw unusable(`invalid JSON, ${answer.body.length} characters`);
  }
  const { schemas } = await import('./schema.ts');
  const parsed = schemas[kind].safeParse(json);
  if (parsed.success) return parsed.data;
  const paths = parsed.error.issues.map(({ path }) => path.join('.') || 'the whole');
  throw unusable(
    `${[...new Set(paths)].slice(0, 5).join(', ')} ${paths.length > 1 ? 'are' : 'is'} missing or of another type`,
  );
}

/**
 * JSON without secrets: taken out of every text after its escapes are resolved.
 * @throws SyntaxError
 */
export function readJson(body: string, { redact }: Attempt): unknown {
  return JSON.parse(body.replace(/^\ufeff/, ''), (_, value: unknown) =>
    typeof value === 'string' ? redact(value) : value,
  );
}
