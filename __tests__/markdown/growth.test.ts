import { expect, test } from '@jest/globals';
import * as markdown from '../../src/markdown/index.ts';

// Ten times the text may take fifteen times as long: hostile notes can't hold a step up.

const formats = ['Markdown', 'AsciiDoc', 'HTML', 'reStructuredText', 'plain text'] as const;
const address = `${'a'.repeat(180)}~github.com/acme/widget `;
const hostile = [
  address,
  '[',
  '![](a)',
  '<!--',
  ':a',
  '> [!',
  '~~~',
  '<p>',
  ' :a:',
  'a:\n',
  '<a b>\n',
  '|',
];

const repository = { serverUrl: 'https://github.com', name: 'acme/widget', private: true };
const context = { repository, ref: 'v1.2.3', path: 'CHANGELOG.md' };

type Run = (text: string) => unknown;
const functions: readonly (readonly [name: string, run: Run])[] = [
  ['makePortable', (text) => markdown.makePortable(text, { ...context, source: text })],
  ['fitNotes', (text) => markdown.fitNotes(text, { limit: 4096 })],
  ['withEmoji', (text) => markdown.withEmoji(text)],
  ['formatOf', (text) => markdown.formatOf('CHANGES', text)],
  ['unwrapNotes', (text) => markdown.unwrapNotes(text, 'plain text')],
  ['missingTitles', (text) => markdown.missingTitles(['a'], text.split(' '))],
  ...formats.flatMap((format): (readonly [string, Run])[] => [
    [`excludeSections, ${format}`, (text) => markdown.excludeSections(text, ['a'], format)],
    [`titlesOf, ${format}`, (text) => markdown.titlesOf(text, format)],
    [`toMarkdown, ${format}`, (text) => markdown.toMarkdown(text, { format, source: text })],
  ]),
];

/** Milliseconds of processor time; short ones say little. */
async function timeOf(run: Run, text: string): Promise<number> {
  const before = process.cpuUsage();
  await run(text);
  const { user, system } = process.cpuUsage(before);
  return Math.max(40, (user + system) / 1000);
}

test.each(functions)('%s takes linear time', async (_, run) => {
  for (const piece of hostile) {
    const [small, large] = [100_000, 1_000_000].map((size) => piece.repeat(size / piece.length));
    const once = await timeOf(run, small ?? '');
    const often = await timeOf(run, large ?? '');
    // A busy machine can slow one of them down.
    const isLinear = often <= 15 * once || (await timeOf(run, large ?? '')) <= 15 * once;
    expect({ piece, isLinear }).toEqual({ piece, isLinear: true });
  }
});
