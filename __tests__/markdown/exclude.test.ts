import { describe, expect, test } from '@jest/globals';
import { excludeSections } from '../../src/markdown/exclude.ts';

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

  test('link definitions at the very end stay', () => {
    const text = '# Fixed\n\n[a]\n\n# Internal\n\nx\n\n[a]: https://example.com/a\n';
    expect(excludeSections(text, ['Internal'])).toBe(
      '# Fixed\n\n[a]\n\n[a]: https://example.com/a\n',
    );
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
