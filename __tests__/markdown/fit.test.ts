import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { fitNotes } from '../../src/markdown/fit.ts';

const link = 'https://example.com/notes';
const items = (count: number) =>
  Array.from({ length: count }, (_, index) => `- Item ${index} of the list.`).join('\n');

describe('within the limit', () => {
  test.each([
    ['', 0],
    ['four', 4],
    ['a\nb\n', 10],
  ])('%j is not touched', (notes, limit) => {
    expect(fitNotes(notes, { limit })).toEqual({ text: notes });
  });

  test('line breaks become \\n, and are counted so', () => {
    expect(fitNotes('a\r\nb\rc', { limit: 5 })).toEqual({ text: 'a\nb\nc' });
  });

  test('definitions that nothing refers to go first, and nobody misses them', () => {
    const notes = 'See [a].\n\n[a]: https://example.com/a\n[b]: https://example.com/b\n';
    expect(fitNotes(notes, { limit: 50 })).toEqual({
      text: 'See [a].\n\n[a]: https://example.com/a',
    });
  });
});

describe('the last line', () => {
  const notes = `Intro.\n\n${items(300)}\n`;

  test('shows that something is missing, and where it is', () => {
    const { text, lost } = fitNotes(notes, { limit: 200, link });
    expect(text).toBe(`Intro.\n\n${items(7)}\n\n[…](${link})`);
    expect(lost).toEqual({ firstLine: 'Item 7 of the list.', titles: [] });
  });

  test('says which headings are missing with all below them, code aside', () => {
    const rest =
      '\n## **Security**\n\n- Fix\n\n```sh\n# no heading\n```\n\n### [Docs](#d)\n\n- More\n';
    const { lost } = fitNotes(`## Added\n\n${'- Item\n'.repeat(40)}${rest}`, { limit: 100 });
    expect(lost?.titles).toEqual(['**Security**', '[Docs](#d)']);
  });

  test('goes without a link', () => {
    expect(fitNotes(notes, { limit: 100 }).text).toMatch(/\S\n\n…$/);
  });

  test('loses the link, and then goes itself, where the limit is very small', () => {
    expect(fitNotes(notes, { limit: 30, link }).text).toBe('Intro.\n\n- Item 0 of the\n\n…');
    expect(fitNotes(notes, { limit: 12, link }).text).toBe('Intro.\n\n…');
    expect(fitNotes(notes, { limit: 1, link }).text).toBe('I');
    expect(fitNotes(notes, { limit: 0, link }).text).toBe('');
  });

  test('keeps a link with spaces and parentheses whole', () => {
    const { text } = fitNotes(notes, { limit: 200, link: 'https://example.com/a (b)' });
    expect(text).toMatch(/\(https:\/\/example\.com\/a%20%28b%29\)$/);
  });
});

/** What is kept of the notes, without the last line. */
function kept(notes: string, limit: number): string {
  const { text, lost } = fitNotes(notes, { limit });
  expect(text.length).toBeLessThanOrEqual(limit);
  expect(lost).toBeDefined();
  return text.replace(/\n\n…$/, '');
}

const words = (count: number) => 'word '.repeat(count).trim();

describe('where notes are cut', () => {
  test.each([
    [
      'at the end of a paragraph',
      `${words(20)}\n\n${words(20)}\n\n${words(20)}`,
      217,
      `${words(20)}\n\n${words(20)}`,
    ],
    [
      'at the end of a line, when the block ends too early',
      `A\n\n${`${words(4)}\n`.repeat(20)}`,
      117,
      `A\n\n${`${words(4)}\n`.repeat(5).trim()}`,
    ],
    ['at the end of a sentence', `${words(16)}. ${words(80)}`, 107, `${words(16)}.`],
    ['at the end of a word', words(100), 110, words(21)],
    ['between letters', 'x'.repeat(300), 107, 'x'.repeat(104)],
    [
      'before a heading that would be left alone',
      `${words(14)}\n\n## Title\n\n${words(50)}`,
      87,
      words(14),
    ],
    ['before an underlined title', `${words(14)}\n\nTitle\n-----\n\n${words(50)}`, 89, words(14)],
    [
      'not between a title and its underline',
      `${words(14)}\n\nTitle\n-----\n\n${words(50)}`,
      81,
      words(14),
    ],
    [
      'before a link',
      `${words(14)} [${words(6)}](https://example.com)${' x'.repeat(50)}`,
      87,
      words(14),
    ],
    [
      'before a link over two lines',
      `${words(14)} [a\nb](https://example.com)${' x'.repeat(90)}`,
      79,
      words(14),
    ],
    [
      'before the line that a link begins in',
      `${words(14)}\ntwo [a\nb](https://example.com)${' x'.repeat(50)}`,
      81,
      words(14),
    ],
    [
      'before a table without a row',
      `A\n\n${'a'.repeat(60)} | b\n--|--\n${'1 | 2\n'.repeat(40)}`,
      79,
      'A',
    ],
    ['before an image', `${words(14)} ![${words(6)}](a.png)${' x'.repeat(50)}`, 87, words(14)],
    ['before a bare URL', `${words(4)} https://example.com/${'x'.repeat(290)}`, 107, words(4)],
    [
      'before a code span',
      `${words(14)} \`\` ${words(6)} \` \`\`${' x'.repeat(50)}`,
      87,
      words(14),
    ],
    ['before an HTML tag', `${words(14)} <img alt="${words(6)}">${' x'.repeat(50)}`, 87, words(14)],
    [
      'before an HTML link',
      `${words(14)} <a href="x">${words(6)}</a>${' x'.repeat(50)}`,
      97,
      words(14),
    ],
    ['before a comment', `${words(14)} <!--\n${words(6)}\n-->${' x'.repeat(50)}`, 87, words(14)],
  ])('%s', (_, notes, limit, expected) => {
    expect(kept(notes, limit)).toBe(expected);
  });

  test('an open fence is closed with its own delimiter', () => {
    const code = Array.from({ length: 30 }, (_, line) => `let a${line};`).join('\n');
    expect(kept(`Intro.\n\n~~~~js\n${code}\n~~~~\n\nEnd.`, 67)).toBe(
      'Intro.\n\n~~~~js\nlet a0;\nlet a1;\nlet a2;\nlet a3;\nlet a4;\n~~~~',
    );
    expect(kept(`- Item.\n  \`\`\`\n${code.replace(/^/gm, '  ')}\n  \`\`\`\n`, 67)).toBe(
      '- Item.\n  ```\n  let a0;\n  let a1;\n  let a2;\n  let a3;\n  ```',
    );
  });

  test('a fence without a line of code is not kept', () => {
    expect(kept(`${words(14)}\n\n\`\`\`js\n${'x'.repeat(200)}\n\`\`\``, 81)).toBe(words(14));
  });

  test('a fence that the author never closed does not hide the last line', () => {
    expect(kept(`${words(5)}\n\n\`\`\`\n${'code\n'.repeat(30)}`, 67)).toMatch(
      /^[^`]*\n```\n(code\n)+```$/,
    );
  });

  test('open details are closed, and kept only with content', () => {
    const details = `<details>\n<summary>More</summary>\n\n${items(20)}\n\n</details>\n`;
    expect(kept(`Intro.\n\n${details}`, 117)).toBe(
      `Intro.\n\n<details>\n<summary>More</summary>\n\n${items(2)}\n</details>`,
    );
    expect(kept(`${words(16)}\n\n${details}`, 127)).toBe(words(16));
    expect(kept(`<details>\n\n${items(20)}`, 87)).toMatch(/^<details>\n\n(- .*\n)+<\/details>$/);
  });

  test('only the definitions stay that the kept text needs', () => {
    const notes = `${words(10)} [a] [text][B]\n\n${words(80)} [c]\n\n[a]: /a\n[b]: /b "B"\n[c]: /c\n`;
    expect(kept(notes, 97)).toBe(`${words(10)} [a] [text][B]\n\n[a]: /a\n[b]: /b "B"`);
    const within = `[a]\n\n[a]: /a\n\n${words(10)}\n\n${words(80)}`;
    expect(kept(within, 97)).toBe(`[a]\n\n[a]: /a\n\n${words(10)}`);
  });
});

describe('characters as people see them stay whole', () => {
  test.each(['👩‍👩‍👧‍👦', '🇩🇪', 'é', '👍🏽', 'क्षि', '한'])('%s', (character) => {
    const near = Array.from({ length: 30 }, (_, index) => 80 + index);
    const far = near.map((limit) => limit + 600);
    for (const limit of [...near, ...far]) {
      const text = kept(character.repeat(1000), limit);
      expect(text).not.toBe('');
      expect(text.replaceAll(character, '')).toBe('');
    }
  });

  test('even one that is longer than the window in which they are looked for', () => {
    const zalgo = `e${'\u0301'.repeat(1000)}`;
    expect(kept(`${words(20)} ${zalgo.repeat(3)}`, 1500)).toBe(`${words(20)} ${zalgo}`);
  });
});

describe('whatever the notes are', () => {
  const lines = fc.array(
    fc.oneof(
      fc.constantFrom('', '', '```', '````js', '~~~', '## Title', 'Title', '-----', '<details>'),
      fc.constantFrom('<summary>More</summary>', '</details>', '[a]: https://example.com/a "t"'),
      fc.constantFrom(
        '- item',
        '  - [link](https://example.com)',
        '> quote',
        '`code` [a] ![b](c.png)',
      ),
      fc.string({ unit: 'grapheme', maxLength: 80 }),
      fc.lorem({ maxCount: 30 }),
    ),
    { maxLength: 60 },
  );
  const notes = lines.map((all) => all.join('\n'));
  const options = {
    limit: fc.integer({ min: 0, max: 600 }),
    link: fc.constantFrom(undefined, link),
  };
  const fit = (text: string, limit: number, to: string | undefined) =>
    fitNotes(text, { limit, ...(to !== undefined && { link: to }) });

  test('the limit is kept, and what fits is not touched', () => {
    fc.assert(
      fc.property(notes, options.limit, options.link, (text, limit, to) => {
        const fitted = fit(text, limit, to);
        expect(fitted.text.length).toBeLessThanOrEqual(limit);
        if (text.length <= limit) expect(fitted.text).toBe(text);
        if (fitted.lost) expect(fitted.text).not.toBe(text);
      }),
    );
  });

  test('no fence is left open', () => {
    fc.assert(
      fc.property(notes, options.limit, (text, limit) => {
        const fitted = fitNotes(text, { limit });
        if (fitted.lost) expect(openFence(fitted.text)).toBeUndefined();
      }),
    );
  });

  test('no character is cut in two', () => {
    const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });
    const text = fc.array(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 40 }), {
      minLength: 5,
    });
    fc.assert(
      fc.property(text, fc.integer({ min: 1, max: 100 }), (parts, limit) => {
        const full = parts.join(' ').replace(/[`<>[\]\\#*_~\r\n-]|https?:/g, '.');
        const body = fitNotes(full, { limit }).text.replace(/(?:^|\n\n)…$/, '');
        expect(body.isWellFormed()).toBe(true);
        const starts = new Set([...graphemes.segment(full)].map(({ index }) => index));
        expect(body.length === full.length || starts.has(body.length)).toBe(true);
      }),
    );
  });
});

/** A fence checker that knows only fences outside containers. */
function openFence(text: string): string | undefined {
  let open: string | undefined;
  for (const line of text.split('\n')) {
    const [, run = '', rest = ''] = /^ {0,3}(`{3,}|~{3,})(.*)$/.exec(line) ?? [];
    if (open === undefined) open = run && !(run[0] === '`' && rest.includes('`')) ? run : undefined;
    else if (run.startsWith(open) && rest.trim() === '') open = undefined;
  }
  return open;
}

test.each(['&#128512;', '&hellip;', '\\*'])('%s is not cut in two', (whole) => {
  const notes = `a ${whole.repeat(400)}`;
  for (let limit = 300; limit < 320; limit++) {
    const [body = ''] = fitNotes(notes, { limit }).text.split('\n');
    expect(body.slice(2).replaceAll(whole, '')).toBe('');
  }
});
