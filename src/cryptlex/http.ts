import * as http from 'node:http';
import * as https from 'node:https';
import type { Socket } from 'node:net';
import { ActionError } from '../errors.ts';

/** Longest time until a connection stands, proxy and TLS included, in milliseconds. */
const connectLimit = 10_000;

/** Largest body of a 2xx answer, in bytes: a page of releases, or one of some thousand files. */
const largestAnswer = 16 * 1024 * 1024;

/** How much of an error's body is looked at, in bytes. */
const errorBodyLimit = 65_536;

export interface HttpRequest {
  readonly method: 'GET' | 'PATCH' | 'POST';
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | undefined;
  /** Called when the request has been handed to the network, or could not be. */
  readonly onSent?: (() => void) | undefined;
}

/** Whatever the server answered, redirects and errors included. */
export interface HttpAnswer {
  readonly status: number;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: string;
}

type FaultKind = 'network' | 'proxy' | 'tls' | 'timeout' | 'protocol' | 'cut' | 'refused-body';

/** No usable answer came back. */
export class HttpFault extends Error {
  override readonly name = 'HttpFault';
  readonly kind: FaultKind;
  /** Node's or OpenSSL's error code, or what the step was that took too long. */
  readonly code: string;
  /** Whether the server may have seen the request. */
  readonly sent: boolean;

  constructor(fault: { kind: FaultKind; code: string; sent: boolean; cause?: unknown }) {
    super(`${fault.kind}: ${fault.code}`, { cause: fault.cause });
    this.kind = fault.kind;
    this.code = fault.code;
    this.sent = fault.sent;
  }
}

/** Sends one request, once. Redirects are not followed. */
export type Exchange = (request: HttpRequest, limitMs: number) => Promise<HttpAnswer>;

/** Sends a request, perhaps again: gives the last answer, whatever its status, or throws HttpFault. */
export type Send = (request: HttpRequest) => Promise<HttpAnswer>;

/**
 * Prepares requests to one origin over kept-alive connections.
 * @returns a function that gives the answer or throws HttpFault within its limit (milliseconds),
 *   whatever the network, a proxy or the server do
 * @throws ActionError E_CONFIG when the environment names a proxy that is none
 */
export async function openExchange(origin: URL): Promise<Exchange> {
  const [send, agent] = await chooseTransport(origin);

  return (request, limitMs) =>
    new Promise((resolve, reject) => {
      const { method, url, headers, body, onSent = () => {} } = request;
      const outgoing = send(url, { method, agent, headers });
      const watch = watchRequest(outgoing, limitMs, (error) => {
        onSent();
        reject(error);
      });
      outgoing.on('finish', onSent);
      outgoing.on('error', watch.fail);
      outgoing.on('response', (incoming) => {
        readBody(incoming).then((text) => {
          watch.stop();
          resolve({ status: incoming.statusCode ?? 0, headers: incoming.headers, body: text });
        }, watch.fail);
      });
      outgoing.end(body);
    });
}

/**
 * Watches a request: it fails without a connection that stands in time, without an answer within its limit
 * (milliseconds), and for an answer that changes the protocol.
 * @param onFail called with an HttpFault or ActionError, before the request is destroyed
 * @returns what ends it with an error, what lets its time begin anew, and what stops the watch
 */
export function watchRequest(
  outgoing: http.ClientRequest,
  limitMs: number,
  onFail: (error: Error) => void,
) {
  let sent = false;
  const stop = () => {
    clearTimeout(timer);
    clearTimeout(connectTimer);
  };
  const fail = (error: Error) => {
    stop();
    const isKnown = error instanceof ActionError || error instanceof HttpFault;
    onFail(isKnown ? error : faultFrom(error, sent));
    outgoing.destroy();
  };
  const timeOut = (code: string) => fail(new HttpFault({ kind: 'timeout', code, sent }));
  const timer = setTimeout(() => timeOut(sent ? 'answer' : 'connect'), limitMs);
  const connectTimer = setTimeout(() => timeOut('connect'), Math.min(connectLimit, limitMs));
  whenConnected(outgoing, () => {
    sent = true;
    clearTimeout(connectTimer);
  });
  outgoing.on('upgrade', () => fail(new HttpFault({ kind: 'protocol', code: 'HTTP 101', sent })));
  return { fail, refresh: () => timer.refresh(), stop };
}

/** What every request to Cryptlex says of itself. */
export function commonHeaders(token: string) {
  return {
    accept: 'application/json',
    'accept-encoding': 'identity',
    authorization: `Bearer ${token}`,
    'user-agent': 'update-release-action',
  };
}

/** The connections that stand already. */
const established = new WeakSet<Socket>();

/** Calls back when a request has a connection that stands, its proxy and TLS included. */
export function whenConnected(outgoing: http.ClientRequest, act: () => void): void {
  outgoing.on('socket', (socket: Socket) => {
    if (established.has(socket)) return act();
    socket.once(outgoing.protocol === 'https:' ? 'secureConnect' : 'connect', () => {
      established.add(socket);
      act();
    });
  });
}

/**
 * How a request goes out: node's own function, and an agent that keeps connections.
 * @throws ActionError E_CONFIG when the environment names a proxy that is none
 */
export async function chooseTransport(
  origin: URL,
): Promise<
  readonly [send: (url: URL, options: https.RequestOptions) => http.ClientRequest, http.Agent]
> {
  // On loopback only, where no proxy applies.
  if (origin.protocol === 'http:') return [http.request, new http.Agent({ keepAlive: true })];
  const proxy = process.env['https_proxy'] || process.env['HTTPS_PROXY'];
  const tunnel = proxy ? await findTunnel(origin, proxy) : undefined;
  return [https.request, tunnel ?? new https.Agent({ keepAlive: true })];
}

/**
 * The way to an https origin through the proxy that the environment names; undefined where NO_PROXY
 * or a loopback address lets the request pass it by.
 */
async function findTunnel(origin: URL, proxy: string): Promise<http.Agent | undefined> {
  const { checkBypass, getProxyUrl } = await import('@actions/http-client/lib/proxy');
  if (checkBypass(origin)) return undefined;
  if (!/^https?:\/\/[^/]/i.test(proxy) || !getProxyUrl(origin)?.hostname) {
    throw new ActionError({
      code: 'E_CONFIG',
      what: 'The proxy address in HTTPS_PROXY is not an http or https URL, so it would be ignored.',
      remedy:
        'Use the form http://proxy.example:8080, and percent-encode the special characters of a password.',
    });
  }
  // Its tunnel uses the old Buffer(), of which Node warns on stderr; no user could do a thing about it.
  process.noDeprecation = true;
  const { HttpClient } = await import('@actions/http-client');
  return new HttpClient(undefined, [], { keepAlive: true }).getAgent(origin.href);
}

/** @throws HttpFault `cut` or `refused-body` */
export function readBody(incoming: http.IncomingMessage): Promise<string> {
  return new Promise((resolve, reject) => {
    const successful = incoming.statusCode !== undefined && incoming.statusCode < 300;
    const encoding = incoming.headers['content-encoding']?.toLowerCase() || 'identity';
    const chunks: Buffer[] = [];
    let length = 0;
    const refuse = (code: string) =>
      reject(new HttpFault({ kind: 'refused-body', code, sent: true }));
    if (encoding !== 'identity' && successful) return refuse(`content-encoding ${encoding}`);

    incoming.on('data', (chunk: Buffer) => {
      chunks.push(chunk);
      length += chunk.length;
      if (successful && length > largestAnswer) refuse(`more than ${largestAnswer} bytes`);
      if (!successful && length > errorBodyLimit) {
        finish();
        incoming.destroy();
      }
    });
    // Of an error that came encoded, the status says enough.
    const finish = () =>
      resolve(encoding === 'identity' ? Buffer.concat(chunks).toString('utf8') : '');
    incoming.on('end', finish);
    incoming.on('error', (cause) =>
      reject(new HttpFault({ kind: 'cut', code: `after ${length} bytes`, sent: true, cause })),
    );
  });
}

/** What an error of Node means for a request. */
export function faultFrom(error: NodeJS.ErrnoException, sent: boolean): HttpFault {
  const code = error.code ?? error.message;
  // The tunnel of @actions/http-client tells these apart by their words alone.
  const tunnel = /^tunneling socket could not be established, (statusCode|cause)=(.*)/s.exec(
    error.message,
  );
  if (tunnel) {
    const [, what, value = ''] = tunnel;
    const reason = what === 'statusCode' ? `HTTP ${value}` : value;
    return new HttpFault({ kind: 'proxy', code: reason, sent, cause: error });
  }
  return new HttpFault({ kind: kindOf(code, error.message), code, sent, cause: error });
}

function kindOf(code: string, message: string): FaultKind {
  if (/CERT|ALTNAME|UNABLE_TO_(?:GET|VERIFY)|CRL/.test(code)) return 'tls';
  if (/^(?:EPROTO|HPE_|ERR_SSL|ERR_TLS)/.test(code) || /\bSSL routines\b/.test(message))
    return 'protocol';
  return 'network';
}
