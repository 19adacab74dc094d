import type { IncomingHttpHeaders } from 'node:http';
import type { Socket } from 'node:net';
import type { HttpBindings } from '@hono/node-server';
import type { MiddlewareHandler } from 'hono';

/** A request as the sandbox received it. */
export interface RecordedRequest {
  readonly method: string;
  /** As sent, with the prefix and without the query. */
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly headers: IncomingHttpHeaders;
  /** The body as it came in, read as UTF-8; empty for an upload, which may be of any size. */
  readonly body: string;
  /** Which connection it came on, counted from 1. */
  readonly connection: number;
  /** Milliseconds since the epoch. */
  readonly receivedAt: number;
  /** The status that was sent; undefined as long as no answer began. */
  readonly status: number | undefined;
}

/** Keeps every request and numbers the connections. */
export class Recording {
  readonly requests: RecordedRequest[] = [];
  readonly #connections = new WeakMap<Socket, number>();
  #connectionCount = 0;

  get connectionCount(): number {
    return this.#connectionCount;
  }

  /** Takes note of a connection that a client opened. */
  addConnection(socket: Socket): void {
    this.#connectionCount += 1;
    this.#connections.set(socket, this.#connectionCount);
  }

  middleware(): MiddlewareHandler<{ Bindings: HttpBindings }> {
    return async (context, next) => {
      const { incoming, outgoing } = context.env;
      const receivedAt = Date.now();
      const isUpload = context.req.method === 'PUT';
      const [path = '', query] = (incoming.url ?? '').split('?');
      this.requests.push({
        method: context.req.method,
        path,
        query: Object.fromEntries(new URLSearchParams(query)),
        headers: incoming.headers,
        body: isUpload ? '' : Buffer.from(await context.req.arrayBuffer()).toString(),
        connection: this.#connections.get(incoming.socket) ?? 0,
        receivedAt,
        // Asked of the connection itself, since a fault may send something else than the API said.
        get status() {
          return outgoing.headersSent ? outgoing.statusCode : undefined;
        },
      });
      await next();
    };
  }
}
