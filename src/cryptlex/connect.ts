import { type Inputs, isDelivering } from '../inputs/inputs.ts';
import { doubtsAboutToken, readClaims } from '../inputs/token.ts';
import type { Log } from '../log.ts';
import { openExchange } from './http.ts';
import { connectReleases, type Releases } from './releases.ts';
import { type Deadline, withRetries } from './retry.ts';

/**
 * Opens Cryptlex's release API as the inputs name it, and warns of what the token's claims say against
 * it. Sends nothing.
 * @returns undefined in a dry run without a token, which asks nobody
 * @throws ActionError E_CONFIG when the environment names a proxy that is none
 */
export async function connectCryptlex(
  inputs: Inputs,
  { deadline, log }: { readonly deadline: Deadline; readonly log: Log },
): Promise<Releases | undefined> {
  const { 'access-token': token, 'api-url': api } = inputs;
  if (token === undefined) return undefined;
  const isRead = inputs['product-id'] !== undefined || isDelivering(inputs);
  const reads = isRead ? ['release:read'] : [];
  const writes = inputs['dry-run'] ? [] : ['release:write'];
  const needs = [...reads, ...writes];
  const doubts = doubtsAboutToken(readClaims(token), { now: Date.now(), api, needs });
  for (const { about, sentence } of doubts) if (about !== 'issuer') log.warning(sentence);
  if (api.hostname.includes('xn--')) log.notice(`The host in api-url is ${api.host}.`);
  return connectReleases({
    api,
    token,
    doubts,
    send: withRetries({ exchange: await openExchange(api), deadline, log }),
  });
}
