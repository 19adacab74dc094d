import { execFileSync } from 'node:child_process';
import { mkdirSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from '@jest/globals';
import { describe, scenario, scenarios, type World } from './isolated.ts';
import { changelogOf, expectFailure, notesOf, warningsOf } from './scenario.ts';

describe('a file is refused', () => {
  const file = 'notes.md';
  const link = (target: string) => (path: string) => symlinkSync(target, path);
  const write = (content: Buffer) => (path: string) => writeFileSync(path, content);
  const large = (path: string) => {
    writeFileSync(path, 'x');
    truncateSync(path, 100_000_000);
  };
  const linkIntoGit = (folder: string) => (path: string) => {
    const config = join(folder, '.git', 'config');
    mkdirSync(join(path, '..', folder, '.git'), { recursive: true });
    writeFileSync(join(path, '..', config), 'secret');
    symlinkSync(config, path);
  };
  const pipe = (path: string) => execFileSync('mkfifo', [path]);
  const made: readonly (readonly [name: string, make: (path: string) => void, says: RegExp])[] = [
    ['that is missing', () => undefined, /does not exist/],
    ['that is a link out of the workspace', link('/etc/hostname'), /leads outside the workspace/],
    ['that is a link to itself', link(file), /loop of links/],
    ['that is a device', link('/dev/zero'), /outside the workspace/],
    ["that is the process's environment", link('/proc/self/environ'), /outside the workspace/],
    ["that is a link into git's folder", linkIntoGit('.'), /git's own folder/],
    ["that is a link into a submodule's", linkIntoGit('lib'), /git's own folder/],
    ['that is a folder', mkdirSync, /not a regular file/],
    ['that is a named pipe', pipe, /not a regular file/],
    ['of 100 MB', large, /larger than 5 MiB/],
    [
      'in Latin-1',
      write(Buffer.from('## 1.2.3\n\nCaf\u00e9', 'latin1')),
      /not UTF-8 text\. Save the file as UTF-8\./,
    ],
    ['that is a picture', write(Buffer.from('89504e470d0a1a0a', 'hex')), /not UTF-8/],
  ];
  const outside = /is outside|is not a path|git's own folder|does not exist/;
  const named: readonly (readonly [input: string, path: string, says: RegExp])[] = [
    ['changelog-file', '../../etc/hostname', outside],
    ['changelog-file', '/etc/hostname', outside],
    ['changelog-file', '//host/share', outside],
    ['changelog-file', '\\\\host\\share', outside],
    ['changelog-file', '.git/config', outside],
    ['changelog-file', '.GIT/config', outside],
    ['changelog-file', '..', outside],
    ['changelog-file', '.', outside],
    ['changelog-file', '##[add-mask]::error::forged', /does not exist/],
    ['notes-file', 'none.md', /notes-file "none\.md" does not exist/],
  ];
  scenarios(
    '$name',
    [
      ...made.map(([name, make, says]) => ({
        name,
        given: { 'changelog-file': file },
        step: { files: {}, prepare: (workspace: string) => make(join(workspace, file)) },
        says,
      })),
      ...named.map(([input, path, says]) => ({
        name: `${input} ${path}`,
        given: { [input]: path },
        step: {},
        says,
      })),
    ],
    async ({ run }, { given, step, says }) => {
      const result = await run(given, step);
      expectFailure(result, 'E_FILE', says);
      expect(result.writes).toEqual([]);
      // A pipe that nobody writes to would be waited for until the time is over.
      expect(result.ms).toBeLessThan(20_000);
    },
  );
});

/** Runs with a changelog of this content and gives what the server got. */
async function sentNotes({ api, id, run }: World, content: string | Buffer) {
  const result = await run({}, { files: { 'CHANGELOG.md': content } });
  return { result, notes: api.release(id)?.notes };
}

describe('a changelog is read', () => {
  const text = changelogOf('1.2.3');
  scenarios(
    '$name',
    [
      { name: 'with a byte order mark', content: `\ufeff${text}` },
      { name: 'with CRLF', content: text.replaceAll('\n', '\r\n') },
      { name: 'with CR alone', content: text.replaceAll('\n', '\r') },
      { name: 'in UTF-16', content: Buffer.from(`\ufeff${text}`, 'utf16le') },
    ],
    async (world, { content }) => {
      const { result, notes } = await sentNotes(world, content);
      expect([result.outputs['result'], notes]).toEqual(['updated', notesOf('1.2.3')]);
    },
  );

  scenario('through a link inside the workspace', async ({ api, id, run }) => {
    const prepare = (workspace: string) =>
      symlinkSync('docs/all.md', join(workspace, 'CHANGES.md'));
    const result = await run({}, { files: { 'docs/all.md': text }, prepare });
    expect(result.outputs['result']).toBe('updated');
    expect(api.release(id)?.notes).toBe(notesOf('1.2.3'));
  });

  scenario('of exactly 5 MiB', async (world) => {
    const { result, notes } = await sentNotes(world, `${text}\n## 1.2.2\n`.padEnd(5_242_880, 'x'));
    expect([result.outputs['result'], notes]).toEqual(['updated', notesOf('1.2.3')]);
  });

  const half = text.replace('What', 'W\ud800');
  scenarios(
    'without its $name, with a warning',
    [
      {
        name: 'control characters',
        content: text.replace('What', 'W\u0000h\u001bat'),
        expected: /What 1\.2\.3/,
      },
      {
        name: 'half of a surrogate pair',
        content: Buffer.from(`\ufeff${half}`, 'utf16le'),
        expected: /W\ufffd/,
      },
    ],
    async (world, { content, expected }) => {
      const { result, notes } = await sentNotes(world, content);
      expect(notes).toMatch(expected);
      expect(warningsOf(result)).toEqual([expect.stringMatching(/removed from the notes/)]);
    },
  );

  scenario('with commands for the runner as nothing but text', async (world) => {
    const hostile =
      '- ::add-mask::forged\n\n::error::forged\n\n##[stop-commands]x\n\n``````````\ncode\n``````````\n\n- __proto__';
    const changelog = `## 1.2.3\n\n${hostile}\n\n## 1.2.2\n\n- Old.\n`;
    const { result, notes } = await sentNotes(world, changelog);
    expect(notes).toBe(hostile);
    expect(result.annotations).toEqual([]);
    expect(result.stdout).not.toContain('forged');
  });

  scenarios(
    'fast in spite of $name',
    [
      { name: 'a line of 5 MiB', hostile: 'x'.repeat(5_000_000) },
      { name: '200 000 headings', hostile: '## 0.0.1\n'.repeat(200_000) },
      { name: '50 000 openings of comments', hostile: '<!-- '.repeat(50_000) },
      { name: '50 000 square brackets', hostile: '['.repeat(50_000) },
      { name: '50 000 spaces', hostile: `${' '.repeat(50_000)}x` },
    ],
    async (world, { hostile }) => {
      const inside = hostile.replaceAll('## 0', '### 0');
      for (const changelog of [
        `## 1.2.3\n\n- New.\n\n## 1.2.2\n\n${hostile}\n`,
        `## 1.2.3\n\n- Newer.\n\n${inside}\n`,
      ]) {
        const { result } = await sentNotes(world, changelog);
        expect(result.outputs['result']).toBe('updated');
        // Quadratic time would be minutes.
        expect(result.ms).toBeLessThan(20_000);
      }
    },
  );

  scenarios(
    'in vain $name',
    [
      { name: 'when the version is missing', content: changelogOf('1.2.2') },
      {
        name: 'when the version is in a code block only',
        content: '## 1.2.2\n\n```\n## 1.2.3\n\n- x\n```\n',
      },
      { name: 'when the section is empty', content: '## 1.2.3\n\n## 1.2.2\n\n- x\n' },
    ],
    async ({ run }, { content }) => {
      const files = { 'CHANGELOG.md': content };
      const result = await run({ 'notes-from': 'changelog' }, { files });
      expect([result.outputs['error-code'], ...result.writes]).toEqual(['E_NOTES']);
    },
  );
});
