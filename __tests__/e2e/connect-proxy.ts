import { createServer, type IncomingMessage } from 'node:http';
import { connect, type Socket } from 'node:net';

/** A proxy on loopback that opens tunnels (RFC 9110, section 9.3.6). */
export interface ConnectProxy {
  /** `http://127.0.0.1:port`. */
  readonly url: string;
  /** The requests for tunnels, with all their headers. */
  readonly asked: readonly {
    readonly target: string;
    readonly headers: IncomingMessage['headers'];
  }[];
  readonly close: () => Promise<void>;
}

/**
 * Starts a proxy that leads every host to one port of this machine.
 * @param options.credentials `user:password` that it wants to have
 * @param options.answer what it does instead of opening a tunnel
 */
export async function startConnectProxy(options: {
  readonly port: number;
  readonly credentials?: string;
  readonly answer?: (socket: Socket) => void;
}): Promise<ConnectProxy> {
  const asked: { target: string; headers: IncomingMessage['headers'] }[] = [];
  const sockets = new Set<Socket>();
  const expected =
    options.credentials && `Basic ${Buffer.from(options.credentials).toString('base64')}`;
  const server = createServer((_, response) => response.writeHead(405).end());
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket)).on('error', () => undefined);
  });
  server.on('connect', (request: IncomingMessage, socket: Socket) => {
    asked.push({ target: request.url ?? '', headers: request.headers });
    if (options.answer) return options.answer(socket);
    if (expected && request.headers['proxy-authorization'] !== expected) {
      socket.end('HTTP/1.1 407 Proxy Authentication Required\r\nproxy-authenticate: Basic\r\n\r\n');
      return;
    }
    const tunnel = connect(options.port, '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
      tunnel.pipe(socket).pipe(tunnel);
    });
    sockets.add(tunnel);
    tunnel.on('error', () => socket.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    url: `http://127.0.0.1:${port}`,
    asked,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}
