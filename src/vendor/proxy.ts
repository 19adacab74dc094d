import type { Agent } from 'node:http';
import { HttpClient } from '@actions/http-client';
import { checkBypass, getProxyUrl } from '@actions/http-client/lib/proxy';
import { ActionError } from '../errors.ts';

/**
 * The way to an https origin through the proxy that the environment names.
 * @returns undefined where NO_PROXY or a loopback address lets the request pass it by
 * @throws ActionError E_CONFIG for an address that is none, which would silently be passed over
 */
export function findTunnel(origin: URL): Agent | undefined {
  if (checkBypass(origin)) return undefined;
  const proxy = process.env['https_proxy'] || process.env['HTTPS_PROXY'] || '';
  if (!/^https?:\/\/[^/]/i.test(proxy) || !getProxyUrl(origin)?.hostname) {
    throw new ActionError({
      code: 'E_CONFIG',
      what: 'The proxy address in HTTPS_PROXY is not an http or https URL, so it would be passed over.',
      remedy:
        'Write it as http://proxy.example:8080, with special characters of a password percent-encoded.',
    });
  }
  // Its tunnel uses the old Buffer(), of which Node warns on stderr; no user could do a thing about it.
  process.noDeprecation = true;
  return new HttpClient(undefined, [], { keepAlive: true }).getAgent(origin.href);
}
