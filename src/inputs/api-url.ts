import { ActionError } from '../errors.ts';
import { hasControl, quote, safe, trimSlashes } from '../text.ts';

/**
 * The base URL of Cryptlex's API or of its host for files: https (http on loopback only), without anything
 * that could send the token elsewhere. A trailing `/`, `/v3` or `/v3/` is forgiven; a path prefix is kept.
 * @param input the name of the input, for the error
 * @returns the URL, its path without a trailing slash and without `/v3`
 * @throws ActionError E_URL
 */
export function checkApiUrl(given: string, input: 'api-url' | 'releases-url' = 'api-url'): URL {
  const refused = (reason: string, suggestion?: string) => {
    const [host] = input.split('-');
    return new ActionError({
      code: 'E_URL',
      what: `${input} ${quote(given)} is not accepted: ${reason}.`,
      remedy:
        suggestion === undefined
          ? `Set an https address such as https://${host}.cryptlex.com, https://${host}.eu.cryptlex.com or the one of your own server.`
          : `Write ${suggestion}.`,
    });
  };
  // Looked at first: no other message may show a password.
  if (/^[^?#]*@/.test(given)) {
    throw new ActionError({
      code: 'E_URL',
      what: `${input} contains a user name or password before an "@".`,
      remedy: 'Remove them, and put the token into access-token.',
    });
  }
  // `new URL` silently repairs or drops these, so the raw text is looked at.
  if (hasControl(given) || /[\s\\]/.test(given)) {
    throw refused('it contains a backslash, white space or a control character');
  }
  if (!/^[a-z][a-z\d+.-]*:\/\//i.test(given)) {
    throw refused('it has no scheme', `https://${safe(given)}`);
  }
  const afterScheme = given.slice(given.indexOf('://') + 3);
  if (/^\/|\/\/./.test(afterScheme)) throw refused('it contains an empty part between slashes');
  const url = URL.canParse(given) ? new URL(given) : undefined;
  if (!url) throw refused('it is not a URL');
  const authority = afterScheme.split(/[/?#]/, 1)[0] ?? '';
  if (authority.includes('%')) throw refused('its host is percent-encoded');
  if (given.includes('?') || given.includes('#')) {
    throw refused('it has a query or a fragment');
  }
  // Some other full stops become a dot in the host.
  if (/(?:^|\/)(?:\.|%2e){1,2}(?:\/|$)/i.test(afterScheme) || /^\.|\.\./.test(url.hostname)) {
    throw refused('it contains dot segments (. or ..)');
  }
  const loopback = isLoopback(url.hostname);
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && loopback)) {
    throw refused(`${quote(url.protocol.slice(0, -1))} is not https`);
  }
  if (!loopback && isLinkLocal(url.hostname)) {
    throw refused('its host is a link-local or unspecified address');
  }
  let path = trimSlashes(url.pathname);
  while (/\/v3$/i.test(path)) path = path.slice(0, -3);
  url.pathname = path;
  return url;
}

/** The address of a call. Resolved against the base, its path, which is encoded, could name another host. */
export function endpoint(base: URL, path = ''): URL {
  const url = new URL(base);
  url.pathname = `${trimSlashes(base.pathname)}/v3${path}`;
  return url;
}

/** Whether a host is one of the vendor's own, of any region. */
export function isCloud(host: string): boolean {
  return /(?:^|\.)cryptlex\.com$/.test(host);
}

/** Whether a host is this machine itself, the only place where plain http is accepted. */
export function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127(?:\.\d+){3}$/.test(hostname);
}

/** 169.254.0.0/16 (where clouds keep their metadata), 0.0.0.0/8, fe80::/10 and ::. */
function isLinkLocal(hostname: string): boolean {
  return (
    /^(?:169\.254|0)\./.test(hostname) || /^\[(?:fe[89ab][\da-f]:|::\]|::ffff:a9fe:)/.test(hostname)
  );
}
