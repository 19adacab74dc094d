import { describe, expect, test } from '@jest/globals';
import { excludeSections } from '../../src/markdown/exclude.ts';
import { makePortable } from '../../src/markdown/portable.ts';

const notes = `Intro.

### Added

- A thing.

### Internal

- A secret.

#### Details

- More of it.

### Fixed

- A bug.
`;

const withoutInternal = `Intro.

### Added

- A thing.

### Fixed

- A bug.
`;

test('drops a section with what is nested in it', () => {
  expect(excludeSections(notes, ['Internal'])).toBe(withoutInternal);
});

test('drops several sections, also neighbours and the last one', () => {
  expect(excludeSections(notes, ['internal', 'Fixed'])).toBe(
    'Intro.\n\n### Added\n\n- A thing.\n\n',
  );
});

test.each([[[]], [['']], [['  ']], [['Unknown']], [['Intern']]])(
  'leaves notes alone for %j',
  (titles) => {
    expect(excludeSections(notes, titles)).toBe(notes);
  },
);

describe('titles are the same whatever is around the words', () => {
  test.each([
    '### internal',
    '### INTERNAL ###',
    '###   Internal   #',
    '### **Internal**',
    '### _Internal_:',
    '### 🔒 Internal',
    '### Internal 🔒',
    '### :lock: Internal',
    '### `Internal`',
    '### [Internal](#internal)',
    '### <a id="x"></a>Internal',
    '### Internal <!-- not for customers -->',
    '   ### Internal',
    'Internal\n--------',
    '**Internal**',
    '**Internal:**',
    '**Internal** <!-- not for customers -->',
    '__Internal__:',
    '**🔒 Internal**',
  ])('%s', (heading) => {
    const text = `Intro.\n\n${heading}\n\n- A secret.\n\n## Fixed\n\n- A bug.\n`;
    expect(excludeSections(text, [' Internal: '])).toBe('Intro.\n\n## Fixed\n\n- A bug.\n');
  });

  test('words have to be all there', () => {
    const text = '### Internal changes\n\n- One.\n\n### Not internal\n\n- Two.\n';
    expect(excludeSections(text, ['Internal'])).toBe(text);
    expect(excludeSections(text, ['internal  changes'])).toBe('### Not internal\n\n- Two.\n');
  });

  test('emoji can be a title', () => {
    expect(excludeSections('### 🔒\n\n- A secret.\n\n### 🐛\n\n- A bug.', ['🔒'])).toBe(
      '### 🐛\n\n- A bug.',
    );
  });
});

describe('where a section ends', () => {
  test.each([
    ['a higher level', '### Internal\n\nx\n\n## Fixed\n\ny', '## Fixed\n\ny'],
    ['an underlined title', '### Internal\n\nx\n\nFixed\n=====\n\ny', 'Fixed\n=====\n\ny'],
    ['bold line after bold line', '**Internal**\n\nx\n\n**Fixed**\n\ny', '**Fixed**\n\ny'],
    [
      'any heading after a bold line',
      '**Internal**\n\nx\n\n###### Fixed\n\ny',
      '###### Fixed\n\ny',
    ],
    ['not a bold line after a heading', '# Internal\n\n**x**\n\ny', ''],
    ['not a rule', '### Internal\n\n- x\n---\n\ny\n\n# Fixed', '# Fixed'],
    ['not bold words in a line', '# Internal\n\n**x** and y\n\n# Fixed', '# Fixed'],
  ])('%s', (_, text, expected) => {
    expect(excludeSections(text, ['Internal'])).toBe(expected);
  });

  test('headings in fences and comments neither open nor close sections', () => {
    const fenced = '# Fixed\n\n```md\n# Internal\n```\n\n<!--\n# Internal\n-->\n\nx\n';
    expect(excludeSections(fenced, ['Internal'])).toBe(fenced);
    const commented = '# Fixed\n\n<!--\n--># Internal\n\nx\n';
    expect(excludeSections(commented, ['Internal'])).toBe(commented);
    const text = '# Internal\n\n```sh\n# comment\n```\n\n<!--\n# hidden\n-->\n\nx\n\n# Fixed\n';
    expect(excludeSections(text, ['Internal'])).toBe('# Fixed\n');
  });

  test.each([
    ['used', '# Fixed\n\n[a]\n\n# Internal\n\nx\n\n[a]: https://e.example/a', /\n\[a\]: http/],
    ['unused', '# Fixed\n\na\n\n# Internal\n\n[b]\n\n[b]: https://jira.example', /a\n*$/],
    ['no definition', '# Fixed\n\n[a]\n\n# Internal\n\nx\n\n[a]: a secret text', /\[a\]\n*$/],
    [
      'a used footnote',
      '# Fixed\n\na[^1]\n\n# Internal\n\n[^1]: b\n\nc',
      /a\[\^1\]\n\n\[\^1\]: b\n$/,
    ],
    ['an unused footnote', '# Fixed\n\na\n\n# Internal\n\nb[^1]\n\n[^1]: c', /a\n*$/],
    ['a footnote in code', '# Fixed\n\na[^1]\n\n# Internal\n\n```\n[^1]: b\n```', /a\[\^1\]\n*$/],
  ])('of definitions in it the used ones stay: %s', (_, text, expected) => {
    const context = { source: text, repository: undefined, ref: 'v1', path: '' };
    const kept = makePortable(excludeSections(text, ['Internal']), context);
    expect(kept).toMatch(expected);
    expect(kept).not.toMatch(/secret|Internal|jira/);
  });
});

test('line breaks stay as they are', () => {
  expect(excludeSections(notes.replaceAll('\n', '\r\n'), ['Internal'])).toBe(
    withoutInternal.replaceAll('\n', '\r\n'),
  );
});

test('the <details> around a dropped sub-section is still closed', () => {
  const inner = '<details>\n\nMore.\n\n</details>\n\n';
  const notes = (dropped: string) => `<details>\n\n${dropped}</details>\n\n### Fixed\n\nTea.`;
  expect(excludeSections(notes(`### Internal\n\nOld.\n\n${inner}`), ['internal'])).toBe(notes(''));
});

describe('only headings at the top level part sections', () => {
  test.each([
    ['one in a list item', '### Internal\n\n- one\n  ### Deep\n\n  two\n### Fixed'],
    [
      'one in a list item that goes on lazily',
      '### Internal\n\n- one\nmore\n  ### Deep\n\n### Fixed',
    ],
    ['one in an HTML block', '### Internal\n\n<div>\n### one\n</div>\n\ntwo\n\n### Fixed'],
    ['one below a tag of its own', '### Internal\n\n<kbd>\n### one\n</kbd>\n\ntwo\n\n### Fixed'],
  ])('not %s', (_, text) => {
    expect(excludeSections(text, ['Internal'])).toBe('### Fixed');
  });

  test('a list item ends before one that is not indented', () => {
    expect(excludeSections('### Internal\n\n- one\n\n  two\n### Fixed\n\n- y', ['Internal'])).toBe(
      '### Fixed\n\n- y',
    );
  });
});

test.each([
  ['a list mark', '- <details><summary>More</summary>\n\n  x\n\n  </details>'],
  ['a tag', '<p><details>\n\nx\n\n</details></p>'],
  ['text', 'More: <details>\n\nx\n\n</details>'],
])('<details> counts behind %s, too', (_, inner) => {
  const text = `### Internal\n\n${inner}\n- two\n\n### Fixed`;
  expect(excludeSections(text, ['Internal'])).toBe('### Fixed');
});

describe('what follows the gap is not glued to the line above it', () => {
  test.each([
    ['a bold title', '- x\n**Internal**\n- y\n\n**Fixed**', '- x\n\n**Fixed**'],
    ['an underlined title', 'x\n### Internal\ny\n\nFixed\n=====', 'x\n\nFixed\n====='],
    ['with its line breaks', 'x\r\n**Internal**\r\ny\r\n\r\n**Fixed**', 'x\r\n\r\n**Fixed**'],
    ['a heading needs no help', '- x\n### Internal\n- y\n### Fixed', '- x\n### Fixed'],
  ])('%s', (_, text, expected) => {
    expect(excludeSections(text, ['Internal'])).toBe(expected);
  });
});

describe('titles as they are shown', () => {
  test.each([
    ['### Fixes &amp; chores', 'Fixes & chores'],
    ['### Fixes \\& chores', 'Fixes & chores'],
    ['### `api`/`cli`', 'api/cli'],
    ['### ![badge](https://example.com/a.svg) Internal', 'Internal'],
    ['### [![badge](https://example.com/a.svg)](#x) Internal', 'Internal'],
    ['**Internal *and* chores**', 'Internal and chores'],
    ['**[Internal](#internal)**', 'Internal'],
    ['Internal\nand chores\n---', 'Internal and chores'],
    ['***\nInternal\n---', 'Internal'],
    ['&#73;nternal\n---', 'Internal'],
  ])('%j', (heading, title) => {
    const text = `${heading}\n\n- A secret.\n\n# Fixed`;
    expect(excludeSections(text, [title]).replace('***\n', '').trim()).toBe('# Fixed');
  });
});

test('a </details> of nothing ends no section', () => {
  const text = '### Internal\n\nOld.\n\n</details>\n\nSecret.\n\n### Fixed\n';
  expect(excludeSections(text, ['internal'])).toBe('### Fixed\n');
});
