import { ActionError } from '../errors.ts';
import { listWords, parseJson } from '../text.ts';
import { isCloud } from './api-url.ts';

/** Larger than any token in use, and than most servers take as a header. */
const longestToken = 16_384;

/** Days before its end from which a token's expiry is announced. */
const expiryNoticeDays = 14;

const dayInMs = 86_400_000;

/** The token without white space around it and without `Bearer` in front of it. */
export function bareToken(given: string): string {
  return given.trim().replace(/^bearer(?:\s+|$)/i, '');
}

/**
 * The {@link bareToken}, checked for what can not be in an HTTP header.
 * @throws ActionError E_TOKEN; its text never shows any part of the token
 */
export function checkToken(given: string): string {
  const token = bareToken(given);
  if (token === '') {
    throw tokenError(
      'access-token is empty.',
      'Pass it from a secret: access-token: ${{ secrets.CRYPTLEX_ACCESS_TOKEN }}. A secret is empty when no secret has that name, when the job does not name the environment of the secret, and in workflows that a fork or Dependabot starts. In pull requests set dry-run: true, which needs no token.',
    );
  }
  if (token.length > longestToken) {
    throw tokenError(
      `access-token has ${token.length} characters; at most ${longestToken} are accepted.`,
      'Check what the secret contains.',
    );
  }
  if (/^(["'`]).*\1$/s.test(token)) {
    throw tokenError('access-token is in quotes.', 'Remove the quotes from the secret.');
  }
  const bad = /[^\u0021-\u007e]/u.exec(token);
  if (bad) {
    throw tokenError(
      `access-token (${token.length} characters) contains ${/\s/u.test(bad[0]) ? 'white space' : 'a character that is not plain ASCII'} at position ${bad.index + 1}.`,
      'Copy the token again and store it as the only content of the secret.',
    );
  }
  return token;
}

/** What a token's claims say against it, in a sentence. */
export interface TokenDoubt {
  readonly about: 'expiry' | 'scope' | 'issuer';
  readonly sentence: string;
}

/**
 * What the claims of a token that is a JWT say against it, without any claim but the expiry, the names of
 * missing scopes and the fact of another region. They are never verified: they explain, and the server
 * decides. Never throws.
 * @param context.now milliseconds since 1970
 */
export function doubtsAboutToken(
  token: string,
  context: { readonly now: number; readonly api: URL; readonly needs: readonly string[] },
): readonly TokenDoubt[] {
  const doubts: TokenDoubt[] = [];
  const doubt = (about: TokenDoubt['about'], sentence: string) => doubts.push({ about, sentence });
  const { exp, scope: scopes, iss: issuer } = decodeClaims(token);
  const expiresAt = typeof exp === 'number' ? exp * 1000 : Number.NaN;
  if (Math.abs(expiresAt) < 8.64e15) {
    const days = (expiresAt - context.now) / dayInMs;
    if (days <= 0) doubt('expiry', `The access token expired on ${showDate(expiresAt)}.`);
    else if (days < expiryNoticeDays)
      doubt(
        'expiry',
        `The access token expires on ${showDate(expiresAt)}: create a new one and store it in the secret.`,
      );
  }
  const isList = Array.isArray(scopes) && scopes.every((each) => typeof each === 'string');
  const missing = isList ? context.needs.filter((each) => !scopes.includes(each)) : [];
  if (missing.length > 0) {
    const scope = missing.length > 1 ? 'scopes' : 'scope';
    doubt('scope', `The access token lacks the ${scope} ${listWords(missing, 'and')}.`);
  }
  const host = typeof issuer === 'string' && URL.canParse(issuer) ? new URL(issuer).host : '';
  // On-premise it is an internal address, which says nothing.
  if (isCloud(host) && host !== context.api.host) {
    doubt(
      'issuer',
      `The access token was issued for another region or server than ${context.api.host}.`,
    );
  }
  return doubts;
}

function showDate(time: number): string {
  return new Date(time)
    .toISOString()
    .replace(/\.\d+Z$/, ' UTC')
    .replace('T', ' ');
}

function tokenError(what: string, remedy: string): ActionError {
  return new ActionError({ code: 'E_TOKEN', what, remedy });
}

function decodeClaims(token: string): Readonly<Record<string, unknown>> {
  const [, payload, signature] = token.split('.');
  if (payload === undefined || signature === undefined) return {};
  // An opaque token is possible (api: "Authentication"); it has no claims to explain anything.
  const claims = parseJson(Buffer.from(payload, 'base64url').toString('utf8'));
  return typeof claims === 'object' && claims !== null ? { ...claims } : {};
}
