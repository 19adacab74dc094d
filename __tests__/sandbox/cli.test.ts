import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, test } from '@jest/globals';
import { z } from 'zod';
import { until } from '../until.ts';

describe('a process of its own', () => {
  const folder = mkdtempSync(join(tmpdir(), 'sandbox-'));
  const program = fileURLToPath(new URL('../../build/sandbox/cli.js', import.meta.url));
  const children: ChildProcess[] = [];

  afterAll(() => {
    for (const child of children) child.kill('SIGKILL');
    rmSync(folder, { recursive: true });
  });

  test('tells where it is and with which token, until a signal ends it', async () => {
    const releases = join(folder, 'releases.json');
    writeFileSync(releases, JSON.stringify([{ id: 'r1', version: '3.0' }]));
    const child = spawn(process.execPath, [program, '--releases', releases, '--no-rate-limit'], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    children.push(child);
    const [line] = await once(createInterface(child.stdout), 'line');
    const told = z
      .strictObject({ url: z.string(), releasesUrl: z.string(), token: z.string() })
      .parse(JSON.parse(line));
    const response = await fetch(`${told.url}/v3/releases/r1`, {
      headers: { authorization: `Bearer ${told.token}` },
    });
    expect(response.headers.has('x-rate-limit-limit')).toBe(false);
    expect(await response.json()).toMatchObject({ id: 'r1', version: '3.0' });

    const cut: Promise<string>[] = [];
    for (const rule of [{ delayMs: 60_000 }, { wire: { kind: 'drip', intervalMs: 60_000 } }]) {
      const body = JSON.stringify(rule);
      await fetch(`${told.url}/sandbox/failures`, { method: 'POST', body });
      const sent = fetch(`${told.url}/v3/releases`).then((answer) => answer.text());
      cut.push(sent.catch(() => 'cut'));
    }
    const requests = async () => (await fetch(`${told.url}/sandbox/requests`)).text();
    await until(async () => (await requests()).match(/"path"/g)?.length === 3);
    child.kill('SIGTERM');
    expect(await Promise.all(cut)).toEqual(['cut', 'cut']);
    expect(await once(child, 'exit')).toEqual([0, null]);
  });

  test('ends at once when it is told nonsense', async () => {
    const child = spawn(process.execPath, [program, '--nonsense'], { stdio: 'ignore' });
    children.push(child);
    expect(await once(child, 'exit')).toEqual([1, null]);
  });
});
