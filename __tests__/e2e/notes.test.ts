import { describe, expect, test } from '@jest/globals';
import type { Step } from '../../sandbox/runner.ts';
import { changelogOf, errorOf, expectFailure, notesOf, useSandbox } from './scenario.ts';

const sandbox = useSandbox();

const notesWith = (step: Step) => sandbox.runForNotes(step);

describe('the changelog', () => {
  test.each([
    [
      'Keep a Changelog',
      '# Changelog\n\n## [Unreleased]\n\n## [1.2.3] - 2026-11-20\n\n### Fixed\n\n- A leak.\n\n## [1.2.2] - 2026-01-01\n\n- Old.\n\n[1.2.3]: https://example.com/compare/1.2.2...1.2.3\n',
      '### Fixed\n\n- A leak.',
    ],
    [
      'release-please',
      '# Changelog\n\n## [1.2.3](https://example.com/compare/v1.2.2...v1.2.3) (2026-11-20)\n\n\n### Bug Fixes\n\n* a leak ([#7](https://example.com/7))\n\n## [1.2.2](https://example.com/x) (2026-01-01)\n\n* old\n',
      '### Bug Fixes\n\n* a leak ([#7](https://example.com/7))',
    ],
    [
      'changesets',
      '# app\n\n## 1.2.3\n\n### Patch Changes\n\n- 1a2b3c4: A leak\n\n## 1.2.2\n\n### Patch Changes\n\n- Old\n',
      '### Patch Changes\n\n- 1a2b3c4: A leak',
    ],
    ['plain', '## 1.2.3\n\nA leak was mended.\n\n## 1.2.2\n\nOld.\n', 'A leak was mended.'],
  ])('%s', async (_, changelog, expected) => {
    const { notes, result } = await notesWith({ files: { 'CHANGELOG.md': changelog } });
    expect(notes).toBe(expected);
    expect(result.annotations).toEqual([]);
  });

  test.each(['CHANGES.md', 'History.markdown', 'changelog', 'RELEASES.txt', 'RELEASE-NOTES.md'])(
    'is found as %s',
    async (name) => {
      const { notes } = await notesWith({ files: { [name]: changelogOf('1.2.3') } });
      expect(notes).toBe(notesOf('1.2.3'));
    },
  );

  test('is found beside a folder of a like name', async () => {
    const others = { 'changes/118.feature': 'x', 'releases/1.zip': 'x' };
    const { notes } = await notesWith({ files: { ...others, 'HISTORY.md': changelogOf('1.2.3') } });
    expect(notes).toBe(notesOf('1.2.3'));
  });

  test('is taken from a path with the package and the version in it', async () => {
    const { notes, result } = await notesWith({
      tag: 'app@1.2.3',
      files: { 'packages/app/v1.2.3.md': changelogOf('1.2.3') },
      with: { 'changelog-file': 'packages/{package}/v{version}.md' },
    });
    expect(notes).toBe(notesOf('1.2.3'));
    expect(result.outputs['notes-source']).toBe('changelog');
  });

  test('names the nearest headings when it has no section for the version', async () => {
    const { result, notes } = await notesWith({
      files: { 'CHANGELOG.md': changelogOf('1.2.30', '1.2.3-rc.1') },
      with: { 'notes-from': 'changelog' },
    });
    expect(result.outputs).toMatchObject({ result: 'failed', 'error-code': 'E_NOTES' });
    expect(result.writes).toEqual([]);
    expect(result.annotations).toMatchObject([{ properties: { file: 'CHANGELOG.md' } }]);
    expect(errorOf(result)).toMatch(/line 3: .*1\.2\.30/);
    expect(errorOf(result)).toMatch(/line 9: .*1\.2\.3-rc\.1/);
    expect(notes).toBe('Before.');
  });

  test('leaves out the sub-sections that are not for customers', async () => {
    const { notes } = await notesWith({
      files: { 'CHANGELOG.md': '## 1.2.3\n\n### Added\n\n- New.\n\n### Internal\n\n- Secret.\n' },
      with: { 'exclude-sections': 'internal, Chores' },
    });
    expect(notes).toBe('### Added\n\n- New.');
  });

  test('warns of a title that may be misspelt, and says which are not there', async () => {
    const { notes, result } = await notesWith({
      files: { 'CHANGELOG.md': '## 1.2.3\n\n### Added\n\n- New.\n\n### Internal\n\n- Secret.\n' },
      with: { 'exclude-sections': 'Internals, Chores' },
    });
    expect(notes).toContain('Secret');
    expect(result.annotations).toMatchObject([
      {
        kind: 'warning',
        message: expect.stringMatching(/"Internals"\. They have "Internal", which is sent/),
      },
      { kind: 'notice', message: expect.stringMatching(/"Chores"/) },
    ]);
  });

  test.each([
    [
      'CHANGELOG.adoc',
      '= App\n:url: https://example.com\n\n== 1.2.3\n\n=== Added\n\n* A {url}[pot].\n// for us\n\n=== Internal\n\n* Secret.\n\n== 1.2.2\n',
      '### Added\n\n* A [pot](https://example.com).',
      [['notice', /AsciiDoc/]],
    ],
    [
      'CHANGELOG.html',
      '<html><body>\n<h2>1.2.3</h2>\n<h3>Added</h3>\n<ul><li>A <b>pot</b>.<!-- for us --></ul>\n<h3>Internal</h3><p>Secret.</p>\n<h2>1.2.2</h2>\n<p>Old.</p>\n</body></html>\n',
      '### Added\n\n- A **pot**.',
      [['notice', /HTML/]],
    ],
    [
      'CHANGES.rst',
      '1.2.3\n=====\n\nAdded\n~~~~~\n\n- A ``pot``.\n\n.. for us\n\nInternal\n~~~~~~~~\n\n- Secret.\n\n1.2.2\n=====\n\n- Old.\n',
      'Added\n~~~~~\n\n- A ``pot``.',
      [['warning', /reStructuredText/]],
    ],
    [
      'CHANGES.txt',
      '1.2.3\n=====\n\n    Added:\n    - A pot\n      of tea.\n\n    Internal:\n    - Secret.\n\n1.2.2\n=====\n\n    - Old.\n',
      'Added:\n- A pot\n  of tea.',
      [],
    ],
  ] as const)('of %s is readable as Markdown', async (name, text, expected, said) => {
    const { notes, result } = await notesWith({
      files: { [name]: text },
      with: { 'changelog-file': name, 'exclude-sections': 'Internal' },
    });
    expect(notes).toBe(expected);
    expect(result.annotations).toMatchObject(
      said.map(([kind, message]) => ({ kind, message: expect.stringMatching(message) })),
    );
  });

  test.each(['CHANGELOG.html', 'CHANGELOG.md'])('of %s holds no secret', async (name) => {
    const secret = `ghp${name.endsWith('.md') ? '\\' : ''}_${'a1B2c3'.repeat(6)}`;
    const { result, notes } = await notesWith({
      files: { [name]: `<h2>1.2.3</h2>\n<p>Set ${secret}.</p>\n<h2>1.2.2</h2>\n<p>Old.</p>\n` },
      with: { 'changelog-file': name },
    });
    expect(result.outputs['error-code']).toBe('E_NOTES');
    expect(notes).toBe('Before.');
  });

  test('has emoji, and quotes in place of boxes', async () => {
    const { notes } = await notesWith({
      files: { 'CHANGELOG.md': '## 1.2.3\n\n- :sparkles: Tea.\n\n> [!NOTE]\n> Hot.\n' },
    });
    expect(notes).toBe('- ✨ Tea.\n\n> **Note**\n>\n> Hot.');
  });

  test('with headings alone counts as empty', async () => {
    const { result } = await notesWith({
      files: { 'CHANGELOG.md': '## 1.2.3\n\n### Added\n\n## 1.2.2\n' },
      with: { 'notes-from': 'changelog' },
    });
    expect(result.outputs['error-code']).toBe('E_NOTES');
  });
});

describe('of a private repository', () => {
  const lines = '- [A](a.md) and [b](b.md).\n- ![](c.png)\n- D.\n';
  const section = `## 1.2.3\n\n${lines}\n## 1.2.2\n`;
  test.each([
    [
      { private: true },
      '- A and b.\n- D.',
      /^Replaced by their text.* private: 2 links and 1 image\.$/,
    ],
    [{ private: false }, expect.stringContaining('blob/v1.2.3/a.md'), undefined],
  ])('%j: what is taken out is told', async (repository, expected, said) => {
    const files = { 'CHANGELOG.md': section };
    const { notes, result } = await notesWith({ files, payload: { repository } });
    expect(notes).toEqual(expected);
    const notice = { kind: 'notice', message: expect.stringMatching(said ?? '') };
    const at = expect.objectContaining({ file: 'CHANGELOG.md' });
    expect(result.annotations).toMatchObject(said ? [{ ...notice, properties: at }] : []);
  });

  test('one thing is told as one', async () => {
    const given = { notes: 'See [a](a.md).' };
    const { result } = await notesWith({ with: given, payload: { repository: { private: true } } });
    const message = expect.stringContaining('counts as private: 1 link.');
    expect(result.annotations).toMatchObject([{ kind: 'notice', message }]);
  });
});

describe('other sources', () => {
  test('one character is counted as one', async () => {
    const { result } = await notesWith({ with: { notes: 'x' } });
    expect(result.stdout).toMatch(/^Notes from the input notes: 1 character$/m);
  });

  test('without a tag there is no tag message, and no empty name of one', async () => {
    const { result } = await notesWith({
      with: { version: '1.2.3', 'notes-from': 'tag' },
      env: { GITHUB_EVENT_NAME: 'workflow_dispatch', GITHUB_REF: 'refs/heads/main' },
    });
    expect(result.outputs['error-code']).toBe('E_NOTES');
    expect(result.annotations[0]?.message).toContain('there is no tag, and so no tag message.');
  });

  test('the notes input wins and is not trimmed', async () => {
    const { notes, result } = await notesWith({
      files: { 'CHANGELOG.md': changelogOf('1.2.3') },
      with: { notes: '\n  Indented.\n' },
    });
    expect(notes).toBe('\n  Indented.\n');
    expect(result.outputs['notes-source']).toBe('notes');
  });

  test('notes-file', async () => {
    const { notes, result } = await notesWith({
      files: { 'docs/NOTES.md': 'See [this](guide.md).\r\n' },
      with: { 'notes-file': 'docs/NOTES.md' },
    });
    expect(notes).toBe('See [this](https://github.com/octo/app/blob/v1.2.3/docs/guide.md).');
    expect(result.outputs['notes-source']).toBe('notes-file');
  });

  test('none leaves the notes as they are', async () => {
    const { notes, result } = await notesWith({ with: { 'notes-from': 'none' } });
    expect(notes).toBe('Before.');
    expect(result.outputs).toMatchObject({ result: 'unchanged', 'notes-source': 'none' });
  });

  test('on-missing-notes: keep leaves them with a warning', async () => {
    const { notes, result } = await notesWith({
      files: { 'CHANGELOG.md': changelogOf('1.0.0') },
      with: { 'notes-from': 'changelog', 'on-missing-notes': 'keep' },
    });
    expect(notes).toBe('Before.');
    expect(result.exitCode).toBe(0);
    expect(result.annotations.map(({ kind }) => kind)).toEqual(['warning']);
  });
});

describe('notes-format: text', () => {
  const given = { 'notes-format': 'text' };
  const link = 'https://github.com/octo/app/blob/v1.2.3/guide.md';

  test('sends plain text', async () => {
    const files = {
      'CHANGELOG.md': '## 1.2.3\n\n### Added\n\n- A **pot**, see the [guide](guide.md).\n',
    };
    const { notes } = await notesWith({ files, with: given });
    expect(notes).toBe(`Added\n\n- A pot, see the guide (${link}).`);
  });

  test('keeps to 4095 bytes, with the address of the rest', async () => {
    const files = { 'CHANGELOG.md': `## 1.2.3\n\n${'- Käse für Österreich.\n'.repeat(300)}` };
    const { notes, result } = await notesWith({ files, with: given });
    expect(Buffer.byteLength(notes ?? '')).toBeLessThanOrEqual(4095);
    expect(notes).toMatch(
      /Österreich\.\n\n… https:\/\/github\.com\/octo\/app\/blob\/v1\.2\.3\/CHANGELOG\.md$/,
    );
    expect(result.annotations).toMatchObject([
      {
        kind: 'warning',
        message: expect.stringMatching(
          / bytes, but only 4095 can be sent; they were cut to \d+\. The first line/,
        ),
      },
    ]);
  });

  test('is sent in Markdown, with a warning, where it is too deeply nested', async () => {
    const files = { 'CHANGELOG.md': `## 1.2.3\n\n${'> '.repeat(15_000)}Tea\n` };
    const { result } = await notesWith({ files, with: given });
    expect(result.annotations[0]).toMatchObject({
      kind: 'warning',
      message: expect.stringMatching(/nested too deeply/),
    });
  });

  test('says so where much Markdown becomes little text and not all of it was read', async () => {
    const link = `[a](https://example.com/${'x'.repeat(1000)})`;
    const files = { 'CHANGELOG.md': `## 1.2.3\n\n${`- ${link}\n`.repeat(60)}- The end\n` };
    const { notes, result } = await notesWith({ files, with: given });
    expect(notes).not.toContain('The end');
    expect(result.annotations[0]).toMatchObject({
      kind: 'warning',
      message: expect.stringMatching(/first 50000 characters/),
    });
  });
});

describe('long notes', () => {
  test('are told where what was not read could have been sent', async () => {
    const hidden = `<!-- ${'x'.repeat(200_000)} -->\n`;
    const files = { 'CHANGELOG.md': `## 1.2.3\n\n- Tea\n${hidden}- The end\n` };
    const { notes, result } = await notesWith({ files });
    expect(notes).not.toContain('The end');
    expect(result.annotations[0]).toMatchObject({
      kind: 'warning',
      message: expect.stringMatching(/first 200000 characters/),
    });
  });

  const long = `## 1.2.3\n\n${'- An item of the list.\n'.repeat(300)}`;
  test('are cut with a warning and a link to the whole', async () => {
    const { notes, result } = await notesWith({ files: { 'CHANGELOG.md': long } });
    expect(notes?.length).toBeLessThanOrEqual(4095);
    expect(notes).toContain('https://github.com/octo/app/blob/v1.2.3/CHANGELOG.md');
    expect(result.outputs['notes-truncated']).toBe('true');
    expect(result.annotations.map(({ kind }) => kind)).toEqual(['warning']);
  });

  test('from the input are cut, too, without words of a language', async () => {
    const { notes } = await notesWith({ with: { notes: 'x'.repeat(4096) } });
    expect(notes).toBe(`${'x'.repeat(4092)}\n\n…`);
  });

  test('of few characters in many bytes are told', async () => {
    const notes = 'ä'.repeat(2100);
    const { result, ...sent } = await notesWith({ with: { notes } });
    expect(sent.notes).toBe(notes);
    expect(result.annotations).toMatchObject([
      { kind: 'notice', message: expect.stringContaining('4200 bytes') },
    ]);
  });

  test.each(['GITEA_ACTIONS', 'FORGEJO_ACTIONS'])('have links that work with %s', async (name) => {
    const { notes, result } = await notesWith({
      files: { 'CHANGELOG.md': `## 1.2.3\n\nSee [b](b.md).\n${long.slice(8)}` },
      env: { [name]: 'true', GITHUB_SERVER_URL: 'https://git.example.com' },
    });
    const source = 'https://git.example.com/octo/app/src/tag/v1.2.3';
    expect(notes).toContain(`[b](${source}/b.md)`);
    expect(notes).toContain(`(${source}/CHANGELOG.md)`);
    expect(result.summary).toContain(`(${source}/CHANGELOG.md?display=source#L1)`);
  });

  test('of a private repository are cut without a link', async () => {
    const { notes } = await notesWith({
      files: { 'CHANGELOG.md': long },
      payload: { repository: { private: true } },
    });
    expect(notes?.length).toBeLessThanOrEqual(4095);
    expect(notes).not.toContain('github.com');
  });

  test('fail when asked to, with both lengths', async () => {
    const { result } = await notesWith({
      files: { 'CHANGELOG.md': long },
      with: { 'notes-overflow': 'fail' },
    });
    expectFailure(result, 'E_NOTES', /6899 characters.*4095/);
    expect(result.writes).toEqual([]);
  });
});
