import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { marked, type Token, type Tokens } from 'marked';
import type { Release } from '../../src/cryptlex/release.ts';
import { ActionError } from '../../src/errors.ts';
import type { Notes } from '../../src/notes/notes.ts';
import type { AppliedRelease, ReleaseResult } from '../../src/release/apply.ts';
import { renderSummary } from '../../src/report/job-summary.ts';
import type { RunFacts } from '../../src/report/outputs.ts';
import { parseTag } from '../../src/tag/version.ts';

/** A run in which `text` is wherever foreign text can be. */
function factsWith(text: string, error: boolean): RunFacts {
  const release = { id: 'a', version: text, name: text, channel: text, platforms: [text, text] };
  return {
    chosen: { ...parseTag('v1.2.3'), prefix: text, ref: text, source: 'event' },
    version: '1.2.3',
    notes: {
      text,
      original: text,
      source: 'changelog',
      at: { file: text, line: 3 },
      heading: text,
      truncated: true,
      unit: 'character',
      size: text.length,
      fullSize: text.length,
      leftOut: text,
    },
    applied: [
      {
        result: 'updated',
        id: 'a',
        release,
        changedFields: ['name'],
        previous: { name: text, notes: text },
        fields: { name: 'After', notes: text },
      },
    ],
    ...(error && { error: new ActionError({ code: 'E_REQUEST', what: text, remedy: text }) }),
  };
}

/** What the Markdown consists of outside the notes: its blocks, their cells and their markup. */
function structureOf(markdown: string): string[] {
  const blocks = marked.lexer(markdown);
  const notes = blocks.findLastIndex(({ type }) => type === 'blockquote');
  return blocks.flatMap((block, index) => [
    ...(block.type === 'space' ? [] : [block.type]),
    ...(index === notes ? [] : markupIn([block])),
  ]);
}

/** HTML in the notes: it could end the box that they are in. */
function htmlInNotes(markdown: string): string[] {
  const notes = marked.lexer(markdown).findLast(({ type }) => type === 'blockquote');
  return notes ? markupIn([notes]).filter((type) => type.startsWith('html')) : ['no notes'];
}

function markupIn(tokens: Token[]): string[] {
  const types: string[] = [];
  const walked = marked.walkTokens(tokens, (token) => {
    // A bar that is taken for the end of a cell would move the last one out.
    if (token.type === 'table')
      types.push(...token.rows.map((row: Tokens.TableCell[]) => `row to ${row.at(-1)?.text}`));
    if (token.type === 'html')
      types.push(`html ${token.raw.trim().replace(/\d+ characters?/, 'so many')}`);
    else if (!['text', 'escape', 'space'].includes(token.type)) types.push(token.type);
  });
  expect(walked).toEqual([]);
  return types.filter((type) => type !== 'html <br>');
}

/** A run for one release, `1.2.3` of the id `r1`, that is to get the notes `New.`. */
function runOf(result: ReleaseResult, now: Partial<Release>, old = 'Old.') {
  const release: Release = { id: 'r1', version: '1.2.3', platforms: undefined, ...now };
  const notes: Notes = {
    text: 'New.',
    original: 'New.',
    source: 'notes',
    at: undefined,
    heading: undefined,
    truncated: false,
    unit: 'character',
    size: 4,
    fullSize: 4,
    leftOut: '',
  };
  const isLeft = result === 'skipped';
  const applied: AppliedRelease = {
    result,
    id: 'r1',
    release,
    changedFields: isLeft ? [] : ['notes'],
    previous: isLeft ? {} : { notes: old },
    fields: { notes: notes.text },
  };
  const error = new ActionError({ code: 'E_REQUEST', what: 'No.', remedy: 'Ask.' });
  const isRed = result === 'failed' || result === 'unknown';
  return { notes, applied: [applied], ...(isRed && { error }) };
}

describe('renderSummary', () => {
  const html = '</td> </table> </blockquote> </details> <h1> <!-- --> <script> &lt;';
  const markdown = '| ` ``` ~~~ ** [x](y) ![](z) --- === \\ @user x';
  const pieces = [...`${html} ${markdown}`.split(' '), '# ', '> ', '- ', '1. ', '\n', '\n\n', ' '];
  const hostile = fc.oneof(
    fc.string({ maxLength: 40 }),
    fc.array(fc.constantFrom(...pieces, '    '), { maxLength: 12 }).map((parts) => parts.join('')),
  );

  test.each([false, true])('keeps foreign text in its cell and box (error: %s)', (error) => {
    const plain = structureOf(renderSummary(factsWith('x', error)));
    fc.assert(
      fc.property(hostile, (text) => {
        fc.pre(text.split('\n').length < 18);
        const summary = renderSummary(factsWith(`x${text}x`, error));
        expect(structureOf(summary)).toEqual(plain);
        expect(htmlInNotes(summary)).toEqual([]);
      }),
      { numRuns: 1000 },
    );
  });

  test.each(['\r', '\r\n', '\n'])(
    'keeps the line behind %j in the box of the notes',
    (lineBreak) => {
      const summary = renderSummary(factsWith(`x${lineBreak}# y`, false));
      expect(summary).toContain('\n> x\n> # y');
    },
  );

  test('says what happened and what to do', () => {
    const remedy = 'Renew it. Set on-published: skip.';
    const error = new ActionError({ code: 'E_AUTH', what: 'It was refused.', remedy });
    const summary = renderSummary({ error });
    expect(summary).toContain('### ❌ Release not updated in Cryptlex\n\n> [!CAUTION]\n');
    expect(summary).toContain('**What happened:** It was refused.');
    expect(summary).toContain('**What to do:** Renew it. Set <code>on-published: skip</code>.');
    expect(summary).toContain('E_AUTH');
  });

  test('names the release by its name and version, and its id below the tables', () => {
    const summary = renderSummary(runOf('updated', { name: 'Octo' }));
    expect(summary).toMatch(/^### ✅ Release updated in Cryptlex: Octo \(1\.2\.3\)\n/);
    expect(summary).toMatch(/<sub>Release id r1 · .*<\/sub>$/);
    expect(summary).not.toMatch(/\|.*r1/);
    const named = renderSummary(runOf('updated', { name: 'Octo 1.2.3' }));
    expect(named).toMatch(/^### .*: Octo 1\.2\.3\n/);
  });

  test.each([
    ['updated', 'Before | After', 'Notes'],
    ['planned', 'Now | Planned', 'Notes that would be sent'],
    ['failed', 'Now | Wanted', 'Notes that were not sent'],
    ['unknown', 'Before | Wanted', 'Notes that may have been sent'],
  ] as const)('%s: shows %s and %s', (result, head, notes) => {
    const now = result === 'updated' ? 'New.' : 'Old.';
    const summary = renderSummary(runOf(result, { notes: now }));
    expect(summary).toContain(`| Field | ${head} |`);
    expect(summary).toContain(`<b>${notes}</b> (4 of 4095 characters)`);
  });

  test('shows a release that is skipped as left as it is, with notes that were not sent', () => {
    const facts = runOf('skipped', { notes: 'Old.' });
    const summary = renderSummary(facts);
    expect(summary).toContain('Release left as it is in Cryptlex: 1.2.3');
    expect(summary).toContain('Notes that were not sent');
  });

  test.each(['skipped', 'failed'] as const)(
    'shows what a release that is left as it is has now: %s',
    (result) => {
      const { applied, ...facts } = runOf(result, { notes: 'Old notes.' });
      const left = applied.map((each) => ({ ...each, changedFields: [], previous: {} }));
      const summary = renderSummary({ ...facts, applied: left });
      expect(summary).toContain('| Field | Now | Wanted |');
      expect(summary).toContain('| notes | 10 characters | 4 characters |');
      expect(summary).toContain('<summary>Notes now (10 characters)</summary>');
    },
  );

  test('folds the notes before the run in, as they were written', () => {
    const old = '````js\n</details>\n````\n# Old';
    const summary = renderSummary(runOf('updated', { notes: 'New.' }, old));
    expect(summary).toContain(
      `<summary>Notes before this run (${old.length} characters)</summary>`,
    );
    const codes = marked.lexer(summary).filter(({ type }) => type === 'code');
    expect(codes).toMatchObject([{ text: old }]);
  });

  test('says in a line of its own what the limit cut off', () => {
    const { notes, ...facts } = factsWith('x', false);
    const cut = { ...notes, size: 4, fullSize: 5000, truncated: true, leftOut: 'All but this.' };
    const summary = renderSummary({ ...facts, notes: { ...runOf('updated', {}).notes, ...cut } });
    expect(summary).toContain(
      '> [!WARNING]\n> The notes were cut from 5000 to 4 characters. All but this.\n',
    );
  });

  test('stays far under 1 MiB with 10,000 releases', () => {
    const [one] = factsWith('x'.repeat(5000), false).applied ?? [];
    const applied = Array.from({ length: 10_000 }, () => one).flatMap((each) => each ?? []);
    expect(Buffer.byteLength(renderSummary({ applied }))).toBeLessThan(512 * 1024);
  });
});
