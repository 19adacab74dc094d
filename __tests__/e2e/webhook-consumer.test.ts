import { type ChildProcess, spawn } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { runStep } from '../../sandbox/runner.ts';
import { type Sandbox, startSandbox } from '../../sandbox/server.ts';
import { pathOf } from '../workflow-files.ts';

describe('webhook-consumer.mjs', () => {
  const token = 'token-of-the-webhook';
  let consumer: Consumer;
  beforeAll(async () => {
    consumer = await startConsumer(token);
  });
  beforeEach(() => consumer.forget());
  afterAll(() => consumer.stop());

  const sign = (body: string) => createHmac('sha256', token).update(body).digest('base64');
  const post = async (body: string, signature: string | undefined = sign(body)) => {
    const headers: Record<string, string> =
      signature === '' ? {} : { 'Webhook-Signature': signature };
    const { status } = await fetch(consumer.url, { method: 'POST', body, headers });
    return status;
  };
  const delivery = (data: object, event = 'release.updated') =>
    JSON.stringify({ event, data, triggeredAt: '2026-11-24T10:00:00.1234567Z' });

  test('hears of an update by the action, and of no second one that changes nothing', async () => {
    const sandbox = await startSandbox({ webhook: { url: consumer.url, token } });
    try {
      const release = sandbox.addRelease({ productId: 'product-1', version: '1.2.3' });
      const first = await updateNotes(sandbox, 'First.');
      const second = await updateNotes(sandbox, 'First.');
      const third = await updateNotes(sandbox, 'Second.');
      expect([first, second, third]).toEqual(['updated', 'unchanged', 'updated']);
      await consumer.until(2);
      expect(consumer.updates()).toEqual([
        { updated: release.id, version: '1.2.3' },
        { updated: release.id, version: '1.2.3' },
      ]);
    } finally {
      await sandbox.close();
    }
  });

  test('acts once on a delivery that comes again, at the same time too', async () => {
    const body = delivery({ id: 'again', updatedAt: '2026-11-24T10:00:00Z', version: '1.2.3' });
    expect(await Promise.all([post(body), post(body), post(body)])).toEqual([204, 204, 204]);
    expect(await post(body)).toBe(204);
    const next = delivery({ id: 'again', updatedAt: '2026-11-24T10:00:01Z', version: '1.2.4' });
    expect(await post(next)).toBe(204);
    await consumer.until(2);
    expect(consumer.updates().map(({ version }) => version)).toEqual(['1.2.3', '1.2.4']);
  });

  test('takes the signature of the bytes as they came', async () => {
    const spaced = delivery({ id: 'spaced', updatedAt: '1', notes: 'ü' })
      .replaceAll(':', ' :  ')
      .replace('ü', '\\u00fc');
    expect(await post(spaced)).toBe(204);
  });

  test.each([
    ['of another token', (body: string) => createHmac('sha256', 'x').update(body).digest('base64')],
    ['of another body', () => sign('{}')],
    ['in hexadecimal', (body: string) => Buffer.from(sign(body), 'base64').toString('hex')],
    ['cut short', (body: string) => sign(body).slice(0, 8)],
    ['that is missing', () => ''],
  ])('refuses a signature %s', async (_, signatureOf) => {
    const body = delivery({ id: 'forged', updatedAt: '1', version: '6.6.6' });
    expect(await post(body, signatureOf(body))).toBe(401);
    expect(consumer.updates()).toEqual([]);
  });

  test('passes other events over, and refuses what is no webhook', async () => {
    expect(await post(delivery({ id: 'new', updatedAt: '1' }, 'release.created'))).toBe(204);
    expect(await post('x'.repeat(1_048_577))).toBe(413);
    expect((await fetch(consumer.url)).status).toBe(405);
    expect(await post('no JSON')).toBe(500);
    expect(consumer.updates()).toEqual([]);
  });

  async function updateNotes(sandbox: Sandbox, notes: string): Promise<string | undefined> {
    const { outputs } = await runStep({
      tag: 'v1.2.3',
      with: {
        'api-url': sandbox.url,
        'access-token': sandbox.issueToken(),
        'product-id': 'product-1',
        notes,
      },
    });
    return outputs['result'];
  }
});

interface Consumer {
  readonly url: string;
  /** What it acted on since the last {@link Consumer.forget}. */
  readonly updates: () => readonly { readonly updated: string; readonly version?: string }[];
  /** Waits until it has acted so many times, for at most five seconds. */
  readonly until: (count: number) => Promise<void>;
  readonly forget: () => void;
  readonly stop: () => Promise<void>;
}

async function startConsumer(token: string): Promise<Consumer> {
  const child = spawn(process.execPath, [pathOf('examples/webhook-consumer.mjs')], {
    env: { ...process.env, WEBHOOK_TOKEN: token, PORT: '0' },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  let output = '';
  let seen = 0;
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text;
  });
  const lines = () => output.split('\n').filter((line) => line.startsWith('{'));
  const updates = () => lines().slice(seen).map(readUpdate);
  await waitFor(() => output.includes('Listening'));
  const port = /port (\d+)/.exec(output)?.[1];
  return {
    url: `http://127.0.0.1:${port}/`,
    updates,
    until: (count) => waitFor(() => updates().length >= count),
    forget: () => {
      seen = lines().length;
    },
    stop: () => stop(child),
  };
}

function readUpdate(line: string): { updated: string; version?: string } {
  return JSON.parse(line);
}

async function waitFor(condition: () => boolean): Promise<void> {
  for (let tries = 0; tries < 250; tries += 1) {
    if (condition()) return;
    await sleep(20);
  }
  throw new Error('It did not happen within five seconds.');
}

function stop(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    child.once('close', () => resolve());
    child.kill();
  });
}
