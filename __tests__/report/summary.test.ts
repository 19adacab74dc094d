import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { marked, type Token, type Tokens } from 'marked';
import { ActionError } from '../../src/errors.ts';
import type { RunFacts } from '../../src/report/outputs.ts';
import { renderSummary } from '../../src/report/summary.ts';
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
      truncated: false,
      length: text.length,
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
    if (token.type === 'html') types.push(`html ${token.raw.trim()}`);
    else if (!['text', 'escape', 'space'].includes(token.type)) types.push(token.type);
  });
  expect(walked).toEqual([]);
  return types.filter((type) => type !== 'html <br>');
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

  test('says what happened and what to do', () => {
    const error = new ActionError({ code: 'E_AUTH', what: 'It was refused.', remedy: 'Renew it.' });
    const summary = renderSummary({ error });
    expect(summary).toContain('❌ Release not updated');
    expect(summary).toContain('**What happened:** It was refused.');
    expect(summary).toContain('**What to do:** Renew it.');
    expect(summary).toContain('E_AUTH');
  });

  test('stays far under 1 MiB with 10,000 releases', () => {
    const [one] = factsWith('x'.repeat(5000), false).applied ?? [];
    const applied = Array.from({ length: 10_000 }, () => one).flatMap((each) => each ?? []);
    expect(Buffer.byteLength(renderSummary({ applied }))).toBeLessThan(512 * 1024);
  });
});
