import { describe, expect, test } from '@jest/globals';
import { toMarkdown } from '../../src/markdown/convert.ts';
import { withEmoji } from '../../src/markdown/edits.ts';
import { type Format, formatOf, unwrapNotes } from '../../src/markdown/format.ts';

describe('the format is told', () => {
  test.each([
    ['CHANGELOG.md', '== 1.2.3', 'Markdown'],
    ['docs/CHANGES.rst', '# 1.2.3', 'reStructuredText'],
    ['CHANGELOG.adoc', '', 'AsciiDoc'],
    ['whatsnew.HTM', '', 'HTML'],
    ['CHANGES.textile', '', 'Textile'],
    ['CHANGELOG', '## 1.2.3\n\n- x', 'Markdown'],
    ['HISTORY.txt', 'See [a](b).', 'Markdown'],
    ['CHANGES', '1.2.3\n=====\n\nSee :func:`a`.', 'reStructuredText'],
    ['NEWS', '1.2.3\n-----\n\nAdded\n~~~~~\n\n* x', 'reStructuredText'],
    ['CHANGES', 'h2. 1.2.3\n\n* x', 'Textile'],
    ['changes', '= App\n:url: https://example.com\n\n== 1.2.3', 'AsciiDoc'],
    ['history', '<!DOCTYPE html>\n<html>', 'HTML'],
    ['debian/changelog', 'app (1.2.3-1) unstable; urgency=medium\n\n  * x', 'a Debian changelog'],
    ['CHANGES', '1.2.3\n\n  * x\n', 'plain text'],
    ['CHANGES', '* 1.2.3\r\n** x\r\n', 'plain text'],
    ['CHANGES', '[1.2.3]: https://e.example "T"', 'Markdown'],
    ['CHANGES', '1.2.3\n\n[ui]: new look.\n[pot]: faster', 'plain text'],
  ])('%s: %j is %s', (path, text, format) => {
    expect(formatOf(path, text)).toBe(format);
  });
});

describe('what is around notes goes', () => {
  test.each<readonly [string, string, Format?]>([
    ['    - a\n\n      b\n    - c', '- a\n\n  b\n- c'],
    ['\t- a\n\t\tb', '- a\n\tb'],
    ['- a\n    b', '- a\n    b'],
    ['  a\r\n\r\n  b', '  a\r\n\r\n  b'],
    ['  a\r\n\r\n  b', 'a\r\n\r\nb', 'plain text'],
    ['\ta\n    b', 'a\nb'],
    ['\t- a\n          b\n\t\tc', '- a\n      b\n\tc', 'plain text'],
    ['  * a\n\t- b\n\t- c', '* a\n  - b\n  - c', 'plain text'],
    [' \ta\n\t b', 'a\n b', 'plain text'],
    ['  * a\n\n -- Mia <mia@example.com>  Mon, 1 Jan 2026', '* a\n', 'a Debian changelog'],
    [' -- Mia <mia@example.com>', '-- Mia <mia@example.com>', 'plain text'],
    ['```\n    code\n```', '```\n    code\n```'],
  ])('%j', (notes, expected, format = 'Markdown') => {
    expect(unwrapNotes(notes, format)).toBe(expected);
  });
});

describe('AsciiDoc becomes Markdown', () => {
  const source =
    '= App\n:url: https://example.com\n:url-repo: {url}/app\n\n== 1.2.3\n\n:late: no\n';
  test.each([
    ['=== Added\n\n* A _new_ `x`\n** deep', '### Added\n\n* A _new_ `x`\n  * deep'],
    ['See {url-repo}[the code].', 'See [the code](https://example.com/app).'],
    ['link:docs/a.adoc[a] {late}', '[a](docs/a.adoc) {late}'],
    ['a\n// only for us\nb', 'a\nb'],
    ['a\n\n////\nonly\n\nfor us\n////\n\nb', 'a\n\nb'],
    ['a\n\n[comment]\nonly\nfor us\n\nb', 'a\n\nb'],
    ['a\n\n[comment]\n--\nonly\n\nfor us\n--\n\nb', 'a\n\nb'],
    ['----\n// code\n----', '```\n// code\n```'],
    ['----\n////\n----', '```\n////\n```'],
    ['[NOTE]\n====\nCareful.\n====', '**📌 NOTE**\n\nCareful.'],
    ['{url-repo}/compare/v1\\...v2[all]', '[all](https://example.com/app/compare/v1...v2)'],
    ['Fixed::\n* x', '* **Fixed**\n  * x'],
    ['{constructor} {__proto__}', '{constructor} {__proto__}'],
    ['* a\n\ninclude::b/c.adoc[]\n\n* d', '* a\n\n[b/c.adoc](b/c.adoc)\n\n* d'],
    ['ifdef::env-github[]\n* a\nendif::[]\n* b', '* a\n* b'],
    ['|===\n|a \\| `b \\| c` |d\n|===', '|     |     |\n| --- | --- |\n| a \\| `b \\| c` | d |'],
    ['[WARNING]\nBack up first.\nNow.', '**⚠️ WARNING**\\\nBack up first.\nNow.'],
    ['[TIP]\n*Back up* first.', '**💡 TIP**\\\n**Back up** first.'],
    ['[NOTE]\n====\na\n====\n\n----\n[TIP]\nb\n----', '**📌 NOTE**\n\na\n\n\n```\n[TIP]\nb\n```'],
  ])('%j', async (notes, expected) => {
    const converted = await toMarkdown(notes, { format: 'AsciiDoc', whole: source });
    const { text, isReadable, hasConditions } = converted;
    expect(text.trim()).toBe(expected);
    expect(isReadable).toBe(true);
    expect(hasConditions).toBe(notes.includes('ifdef'));
  });
});

test.each([
  ['<ul><li>A <b>new</b> pot<li>b</ul>', '- A **new** pot\n- b'],
  [
    '<h3>Added</h3><p>See <a href="a.html">a</a><!-- for us -->.</p>',
    '### Added\n\nSee [a](a.html).',
  ],
  ['<constructor>a</constructor>', 'a'],
  [
    'a &lt;!-- b --&gt; &lt;script&gt; List&lt;T&gt; 1 &lt; 2',
    'a \\<!-- b --> \\<script> List\\<T> 1 < 2',
  ],
  ['&lt;<span>details</span>&gt; &amp;lt; R&amp;D', '\\<details\\> \\&lt; R&D'],
  ['<code>&lt;b&gt;</code>', '`<b>`'],
  ['<pre><span>a</span> &lt;b&gt;</pre>', '```\na <b>\n```'],
  ['<pre><code>a &lt;b&gt;</code></pre>', '```\na <b>\n```'],
  ['<pre>a\n```\nb</pre>', '````\na\n```\nb\n````'],
  ['<details><summary>a</summary>b</details>', 'a\n\nb'],
  ['<a href="c.md"><p>a</p><p>b</p></a>', '[ a b ](c.md)'],
  [
    '<table><tr><td><ul><li>a<li>b</ul><td>c<br>d|e|f</table>',
    '| a b | c d\\|e\\|f |\n| --- | --------- |',
  ],
])('HTML becomes Markdown: %s', async (notes, expected) => {
  const converted = await toMarkdown(notes, { format: 'HTML', whole: notes });
  expect(converted).toEqual({ text: expected, isReadable: true });
});

test('AsciiDoc whose attributes double with each line stays as it is', async () => {
  const double = (count: number) =>
    Array.from({ length: count }, (_, at) => `:a${at + 1}: {a${at}}{a${at}}`).join('\n');
  const notes = `:a0: x\n${double(40)}\n\n{a40}`;
  const whole = `= App\n:a0: x\n${double(40)}\n\n== 1.2.3\n\n{a40}`;
  expect(await toMarkdown(notes, { format: 'AsciiDoc', whole })).toMatchObject({
    isReadable: false,
  });
  const { text } = await toMarkdown('{a3} {a40}', { format: 'AsciiDoc', whole });
  expect(text.length).toBeLessThan(10_000);
});

test('an example of a condition in AsciiDoc is none', async () => {
  const notes = '* a\n\n----\nifdef::x[]\n----\n// ifdef::y[]';
  const { hasConditions } = await toMarkdown(notes, { format: 'AsciiDoc', whole: notes });
  expect(hasConditions).toBe(false);
});

describe('plain text becomes Markdown', () => {
  test.each([
    ['*) Tea\n   leaks', '* Tea\n   leaks'],
    ['o Tea\no Pot', '* Tea\n* Pot'],
    ['・Tea', '* Tea'],
    ['Fix tea\nFix pot\n\nx', 'Fix tea  \nFix pot\n\nx'],
    ['Tea is\nhot', 'Tea is\nhot'],
    ['tea: fix\npot: fix the lid\nx: y\nlid: z', 'tea: fix  \npot: fix the lid  \nx: y  \nlid: z'],
    ['the tea is\nas hot as\nthe pot', 'the tea is\nas hot as\nthe pot'],
    ['#1: Fix\n  tea\n#2: Fix\n (by Mia)\n#3: x', '#1: Fix\n  tea  \n#2: Fix\n (by Mia)  \n#3: x'],
    ['Fix tea\n  and pot\n  and lid', 'Fix tea\n  and pot\n  and lid'],
    ['- Tea:\n  . Fixed\n  . Mended', '- Tea:\n  * Fixed\n  * Mended'],
    ['...and\n.NET', '...and\n.NET'],
    ['The class \\w and\n. no longer match it.', 'The class \\w and\n. no longer match it.'],
    [
      'Fix a very long line that sets the width of the paragraph\nand one\nthat is short\nof it',
      'Fix a very long line that sets the width of the paragraph\nand one\nthat is short\nof it',
    ],
    ['Fix tea\nFix pot\nlid() fixed\nFix cup', 'Fix tea  \nFix pot  \nlid() fixed  \nFix cup'],
    ['- Tea is\n  Hot', '- Tea is\n  Hot'],
    ['Give <name> or <b>.', 'Give \\<name> or <b>.'],
    [
      '`<name>` <https://example.com> <mia@example.com>',
      '`<name>` <https://example.com> <mia@example.com>',
    ],
    ['a <!-- b -->', 'a <!-- b -->'],
  ])('%j', async (notes, expected) => {
    const options = { format: 'plain text', whole: notes } as const;
    const converted = { text: expected, isReadable: true };
    expect(await toMarkdown(notes, options)).toEqual(converted);
    expect(await toMarkdown(expected, options)).toEqual(converted);
  });
});

describe('comments of reStructuredText go, the rest stays', () => {
  test.each([
    ['a\n\n.. only for us\n   and us\n\n   too\n\nb', 'a\n\n\nb'],
    ['a\n\n..\n   only for us\n\nb', 'a\n\n\nb'],
    ['.. note:: b\n\n   c', '.. note:: b\n\n   c'],
    [
      '.. _a: https://example.com\n.. |b| image:: c.png\n.. [1] d',
      '.. _a: https://example.com\n.. |b| image:: c.png\n.. [1] d',
    ],
    ['- a\n\n  .. b\n\n- c', '- a\n\n\n- c'],
    ['...and more', '...and more'],
  ])('%j', async (notes, expected) => {
    const converted = await toMarkdown(notes, { format: 'reStructuredText', whole: notes });
    expect(converted).toEqual({ text: expected, isReadable: false });
  });
});

test.each<Format>(['AsciiDoc', 'HTML'])('%s that would take long stays', async (format) => {
  const long = ['x\n'.repeat(50_000), '<div>'.repeat(1_000), `a ${'*'.repeat(6_000)}`];
  for (const notes of long.slice(format === 'HTML' ? 0 : 1)) {
    const { isReadable } = await toMarkdown(notes.replaceAll('x', '<div>'), { format, whole: '' });
    expect(isReadable).toBe(format === 'AsciiDoc' && notes.startsWith('<'));
  }
});

describe('codes of emoji become emoji', () => {
  test.each([
    ['- :sparkles: New', '- ✨ New'],
    [':bug: :tada:', '🐛 🎉'],
    ['### Fixed :bug:', '### Fixed 🐛'],
    ['[a :tada: b](c.md)', '[a 🎉 b](c.md)'],
  ])('%s', async (text, expected) => {
    expect(await withEmoji(text)).toBe(expected);
  });

  test.each([
    '`a :tada: b`',
    '```\n:tada:\n```',
    '[a](b.md " :tada: c")',
    '<a title=" :tada: ">',
    'a:tada:b :nothing: :constructor: :__proto__:',
    '10 :30: 20',
  ])('but not in %j', async (text) => {
    expect(await withEmoji(text)).toBe(text);
  });
});
