import type { ServerResponse } from 'node:http';
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response';
import { z } from 'zod';

/**
 * - `drop`: the connection is cut before the first byte.
 * - `silence`: nothing is sent, and the connection stays open.
 * - `truncate`: the connection is cut after `bytes` of the body; `content-length` promises more.
 * - `stall`: nothing follows after `bytes`, and the connection stays open.
 * - `drip`: the body comes one byte per `intervalMs`.
 */
export const wireFaultSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('drop') }),
  z.strictObject({ kind: z.literal('silence') }),
  z.strictObject({ kind: z.literal('truncate'), bytes: z.number() }),
  z.strictObject({ kind: z.literal('stall'), bytes: z.number() }),
  z.strictObject({ kind: z.literal('drip'), intervalMs: z.number() }),
]);

export type WireFault = Readonly<z.output<typeof wireFaultSchema>>;

export interface BrokenSending {
  readonly answer: Response;
  readonly fault: WireFault;
  readonly outgoing: ServerResponse;
}

/** Sends an answer past Hono, with the fault, and gives Hono the word that it is sent. */
export async function sendBroken({ answer, fault, outgoing }: BrokenSending): Promise<Response> {
  const body = Buffer.from(await answer.arrayBuffer());
  switch (fault.kind) {
    case 'drop':
      outgoing.destroy();
      break;
    case 'silence':
      break;
    case 'truncate':
      writeHead(outgoing, answer, Math.max(body.length, fault.bytes + 1));
      outgoing.write(body.subarray(0, fault.bytes), () => outgoing.destroy());
      break;
    case 'stall':
      writeHead(outgoing, answer, Math.max(body.length, fault.bytes + 1));
      outgoing.write(body.subarray(0, fault.bytes));
      break;
    case 'drip':
      writeHead(outgoing, answer, body.length);
      drip(outgoing, body, fault.intervalMs);
      break;
  }
  return RESPONSE_ALREADY_SENT;
}

function writeHead(outgoing: ServerResponse, answer: Response, length: number): void {
  const headers = Object.fromEntries(answer.headers);
  outgoing.writeHead(answer.status, { ...headers, 'content-length': length });
  outgoing.flushHeaders();
}

function drip(outgoing: ServerResponse, body: Buffer, intervalMs: number): void {
  let sent = 0;
  const timer = setInterval(() => {
    outgoing.write(body.subarray(sent, sent + 1));
    sent += 1;
    if (sent < body.length) return;
    clearInterval(timer);
    outgoing.end();
  }, intervalMs);
  outgoing.once('close', () => clearInterval(timer));
}
