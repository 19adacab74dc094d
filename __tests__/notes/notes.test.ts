import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from '@jest/globals';
import { startDeadline } from '../../src/deadline.ts';
import { connectGitHub } from '../../src/github/connect.ts';
import { parseInputs } from '../../src/inputs/read.ts';
import { collectNotes } from '../../src/notes/notes.ts';
import { chooseVersion, readEvent } from '../../src/tag/event.ts';
import { startClock } from '../clock.ts';
import { silentLog } from '../silent-log.ts';

const workspace = mkdtempSync(join(tmpdir(), 'notes-'));
mkdirSync(join(workspace, '.git'));
afterAll(() => rmSync(workspace, { recursive: true }));

/** Collects the notes of v1.2.3, of a changelog where nothing else is given, with so many seconds left. */
function collect(changelog: string, seconds = 60, { asked, ...inputsGiven }: Given = {}) {
  writeFileSync(join(workspace, 'CHANGELOG.md'), changelog);
  const given: Record<string, string> = { 'access-token': 't', 'product-id': 'p', ...inputsGiven };
  const inputs = parseInputs((name) => given[name] ?? '');
  const event = readEvent({
    GITHUB_EVENT_NAME: 'push',
    GITHUB_REF: 'refs/tags/v1.2.3',
    GITHUB_WORKSPACE: workspace,
  });
  const chosen = chooseVersion(event, inputs, silentLog);
  if (!chosen) throw new Error('no version');
  const deadline = startDeadline(seconds, startClock());
  const github = {
    ...connectGitHub({ event, token: undefined, ...deadline }),
    readTagMessage: async () => 'From the tag.',
  };
  const known = { inputs, event, chosen, version: '1.2.3', values: {}, secrets: [] };
  return collectNotes({ ...known, github, deadline, log: silentLog, asked });
}

interface Given {
  readonly asked?: Promise<void>;
  readonly 'notes-from'?: string;
}

test('a changelog is read when Cryptlex has been asked, a tag at once', async () => {
  let ask: (() => void) | undefined;
  const asked = new Promise<void>((resolve) => {
    ask = resolve;
  });
  const changelog = '## 1.2.3\n\n- A lid.\n';
  const section = collect(changelog, 60, { asked });
  const message = await collect(changelog, 60, { asked, 'notes-from': 'tag' });
  expect(message?.text).toBe('From the tag.');
  const late = new Promise((resolve) => setTimeout(() => resolve('not yet'), 50));
  expect(await Promise.race([section, late])).toBe('not yet');
  ask?.();
  expect((await section)?.text).toBe('- A lid.');
});

test('notes that took all of the time are red', async () => {
  await expect(collect('## 1.2.3\n\n- A lid.\n', 0)).rejects.toMatchObject({ code: 'E_TIMEOUT' });
});

test.each(['![](a)', '![![](a)](b) ', '<https://a.b> ', '~~~\n', '<!-- a --> ', '[a]: b\n'])(
  'of a section of 5 MB with %j no more is read than could be sent',
  async (piece) => {
    const text = `## 1.2.3\n\n- A lid.\n\n${piece.repeat(5e6 / piece.length)}`;
    const before = process.cpuUsage();
    expect((await collect(text))?.text).toMatch(/^- A lid\./);
    const { user, system } = process.cpuUsage(before);
    // Up to 10 s, if all of it were made readable.
    expect((user + system) / 1e6).toBeLessThan(6);
  },
);
