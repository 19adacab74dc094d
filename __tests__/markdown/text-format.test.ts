import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { fitPlainText, toPlainText } from '../../src/markdown/text-format.ts';

describe('plain text', () => {
  test.each([
    ['headings', '### Added\n\nTea.', 'Added\n\nTea.'],
    ['emphasis and code', '**A** _b_ ~~c~~ `d_e` &amp; 1 &lt; 2 \\*', 'A b c d_e & 1 < 2 *'],
    ['lists', '- One\n  - Two\n- [x] Three', '- One\n  - Two\n- [x] Three'],
    ['numbers', '3. One\n4. Two', ' 3. One\n 4. Two'],
    ['a link', '[Guide](https://e.example/a)', 'Guide (https://e.example/a)'],
    ['an address', '<https://e.example>', 'https://e.example'],
    ['a reference', '[Guide]\n\n[guide]: https://e.example/a "T"', 'Guide (https://e.example/a)'],
    ['an image', '![A pot](https://e.example/a.png)', 'A pot'],
    ['an image in HTML', '<img alt="A pot" src="https://e.example/a.png">', 'A pot'],
    ['code', 'Run:\n\n```sh\nnpm  i\n  # x\n```', 'Run:\n\nnpm  i\n  # x'],
    ['a quote', '> One\n> two', '> One two'],
    ['a table', '| A | B |\n|---|---|\n| one | two |', 'A     B\none   two'],
    ['HTML', '<details><summary>S</summary>\n\nText<br>more\n\n</details>', 'S\n\nText\nmore'],
  ])('of %s', (_, markdown, expected) => {
    expect(toPlainText(markdown)).toBe(expected);
  });

  test.each(
    [
      ['script', 'title', 'textarea', 'style', 'xmp', 'iframe', 'noembed', 'noframes', 'plaintext'],
      ['html', 'head', 'body', 'object', 'video', 'select', 'option', 'template', 'svg', 'my-tag'],
    ].flat(),
  )('shows <%s>, and what follows it', (name) => {
    const [inline, block] = [`- a <${name}> b`, `<${name} x="1">\nc`];
    expect(toPlainText(`${inline}\n- d\n\ne`)).toBe(`${inline}\n- d\n\ne`);
    expect(toPlainText(`- a\n\n${block}\n\ne`).split(/\s+/)).toEqual(`- a ${block} e`.split(/\s+/));
  });

  test.each(
    'a b blockquote br caption center code dd details div dl dt h3 hr i img li ol p picture pre ruby source span summary table tbody td th thead tr ul wbr'.split(
      ' ',
    ),
  )('loses no words behind <%s>', (name) => {
    for (const tag of [`<${name}>`, `<${name} a="`, `<${name}`, `</${name}>`, `<${name} a='b>`])
      for (const text of [`- a ${tag} b\n- c\n\nd`, `a\n\n${tag} b\n\nc\n\nd`])
        expect(
          toPlainText(text)
            .match(/\b[abcd]\b/g)
            ?.join(''),
        ).toMatch(/a.*b.*c.*d/);
  });

  test.each([
    ['<table><caption>C</caption><tr><td>a</td><td>b</td></tr></table>', 'C\na b'],
    ['<table><tr><td>a</td><td>b</td></tr></table>', 'a   b'],
    ['<table><td>a</td></table>', 'a'],
    ['<pre>a <!-- b --> c <!-- d</pre>', 'a  c <!-- d'],
    ['<div><?php a ?> <!doctype b></div>', '<?php a ?> <!doctype b>'],
  ])('of %s', (html, expected) => {
    expect(toPlainText(html)).toBe(expected);
  });

  test('has no control characters, written as entities or not', () => {
    const text = toPlainText('a&#27;[31m&#7;b <pre>c&#13;d&#11;&#12;&#x85;&#0;\u001be</pre>');
    expect(text).toBe('a[31mb\n\nc\nd…\uFFFDe');
  });

  test('has each address once', () => {
    const text = toPlainText('[A](https://e.example) and [B](https://e.example)');
    expect(text).toBe('A (https://e.example) and B');
  });

  test('is refused for blocks that are nested too deeply', () => {
    expect(() => toPlainText('> '.repeat(20_000))).toThrow(RangeError);
  });
});

describe('a limit in bytes', () => {
  test.each([
    ['a paragraph', 'One two three.\n\nFour five.', 'One two three.\n\n…', 24],
    ['a word', 'one two three four five', 'one two\n\n…', 16],
    ['a character of four bytes', '😀'.repeat(9), '😀😀\n\n…', 16],
  ])('cuts at the end of %s', (_, text, expected, limit) => {
    expect(fitPlainText(text, { limit }).text).toBe(expected);
  });

  test('is kept by every text, of which the start stays', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme' }),
        fc.nat(60),
        fc.boolean(),
        (text, limit, linked) => {
          const link = 'https://e.example/notes';
          const fitted = fitPlainText(text, { limit, ...(linked && { link }) });
          expect(Buffer.byteLength(fitted.text)).toBeLessThanOrEqual(limit);
          const kept = fitted.lost ? fitted.text.replace(/(?:\n\n… ?.*)?$/, '') : fitted.text;
          expect(text.startsWith(kept)).toBe(true);
          expect(fitted.text).toBe(fitted.text.toWellFormed());
        },
      ),
    );
  });
});
