import { ActionError } from '../errors.ts';
import type { TokenDoubt } from '../inputs/token.ts';

const createToken =
  'Create a personal access token with the scopes release:read and release:write in the Cryptlex dashboard, and store it in the secret that access-token names.';

/**
 * The error for a 401.
 * @param said the vendor's own words, with a colon before them
 * @param attempt.doubts what the token's claims say against it
 */
export function unauthorized(
  said: string,
  { api, doubts }: { readonly api: URL; readonly doubts: readonly TokenDoubt[] },
): ActionError {
  const isElsewhere = doubts.some(({ about }) => about === 'issuer');
  const known = doubts.filter(({ about }) => about !== 'scope').map(({ sentence }) => sentence);
  return new ActionError({
    code: 'E_AUTH',
    what: joinSentences(`Cryptlex did not accept the access token (HTTP 401)${said}.`, ...known),
    remedy: isElsewhere
      ? 'Set api-url to the address of the region or server that issued the token.'
      : `Check that access-token names the right secret, and that its token is complete, not expired and not revoked. If in doubt, create a new one. If your account is in the EU region or on-premise, set api-url (now ${api.origin}).`,
  });
}

/** What to do about a 403, without the scope where the vendor's words name it already. */
export function remedyForbidden(
  said: string,
  attempt: {
    readonly scope: string;
    readonly doubts: readonly TokenDoubt[];
    readonly hint?: string;
  },
): string {
  const { scope, doubts, hint } = attempt;
  const lacks = doubts.find(({ about, sentence }) => about === 'scope' && sentence.includes(scope));
  if (!lacks) {
    const check = `Check that the access token has the scope ${scope}, and that its user has the permission for this product.`;
    return joinSentences(check, hint);
  }
  return said.includes(scope) ? createToken : joinSentences(lacks.sentence, createToken);
}

/** The sentences that there are, one after the other. */
export function joinSentences(...sentences: readonly (string | undefined)[]): string {
  return sentences.filter((sentence) => sentence !== undefined).join(' ');
}
