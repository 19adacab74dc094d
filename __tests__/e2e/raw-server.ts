import { spawn } from 'node:child_process';
import { connect, createServer, type Server, type Socket } from 'node:net';

/** A server on loopback that speaks no protocol of its own. */
export interface RawServer {
  readonly port: number;
  /** What came in on each connection. */
  readonly received: readonly string[];
  readonly close: () => Promise<void>;
}

/** A request as it came in: enough to tell what is asked. */
export interface RawRequest {
  readonly method: string;
  readonly path: string;
}

/** Accepts connections and does with each request what `answer` does; does nothing by default. */
export async function startRawServer(
  answer: (socket: Socket, request: RawRequest) => void = () => undefined,
): Promise<RawServer> {
  const received: string[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    const index = received.push('') - 1;
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => undefined);
    socket.on('data', (chunk) => {
      received[index] += chunk.toString('latin1');
      const request = /^([A-Z]+) (\S+) HTTP\/1\.1\r\n/.exec(chunk.toString('latin1'));
      if (request) answer(socket, { method: request[1] ?? '', path: request[2] ?? '' });
    });
  });
  const port = await listen(server);
  const close = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      for (const socket of sockets) socket.destroy();
    });
  return { port, received, close };
}

/** An HTTP answer with a JSON body, to write to a socket. */
export function jsonAnswer(body: unknown): string {
  const text = JSON.stringify(body);
  return `HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: ${Buffer.byteLength(text)}\r\n\r\n${text}`;
}

/** A port that nothing listens on. */
export async function unusedPort(): Promise<number> {
  const server = createServer();
  const port = await listen(server);
  await new Promise((resolve) => server.close(resolve));
  return port;
}

// Listens with the shortest queue, then never accepts: the loop of events stands still.
const deafServer = `
  const server = require('node:net').createServer().listen({ port: 0, host: '127.0.0.1', backlog: 1 }, () => {
    require('node:fs').writeSync(1, String(server.address().port));
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 60_000);
  });`;

/** A port whose queue of connections is full, so that connecting to it goes on for ever. */
export async function startBlackHole(): Promise<Pick<RawServer, 'port' | 'close'>> {
  const child = spawn(process.execPath, ['-e', deafServer], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const port = await new Promise<number>((resolve) =>
    child.stdout.once('data', (chunk: Buffer) => resolve(Number(chunk))),
  );
  const fillers = Array.from({ length: 4 }, () => connect(port, '127.0.0.1'));
  for (const socket of fillers) socket.on('error', () => undefined);
  await new Promise((resolve) => setTimeout(resolve, 100));
  return {
    port,
    close: async () => {
      for (const socket of fillers) socket.destroy();
      child.kill('SIGKILL');
    },
  };
}

function listen(server: Server): Promise<number> {
  return new Promise((resolve) =>
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : 0);
    }),
  );
}
