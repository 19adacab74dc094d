import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { makePortable, type PortableContext } from '../../src/markdown/portable.ts';

const source = `# Changelog

[guide]: docs/guide.md "The guide"
[Two  words]: https://example.com/two
[logo]: <art/the logo.svg>
[guide]: docs/another.md
[secret]: https://github.com/acme/widget/issues/7

<!--

[hidden]: https://example.com/hidden

-->

\`\`\`
[code]: https://example.com/code
\`\`\`
`;

const repository = { serverUrl: 'https://github.com', name: 'acme/widget', private: false };
const context: PortableContext = { source, repository, ref: 'v1.2.3', path: 'CHANGELOG.md' };
const closed: PortableContext = { ...context, repository: { ...repository, private: true } };
const unknown: PortableContext = { ...context, repository: undefined };

const blob = 'https://github.com/acme/widget/blob/v1.2.3';
const raw = 'https://github.com/acme/widget/raw/v1.2.3';

describe('references get the definitions they use', () => {
  const guide = `[guide]: ${blob}/docs/guide.md "The guide"`;
  test.each([
    ['[text][guide]', guide],
    ['[guide][]', guide],
    ['[guide]', guide],
    ['[GUIDE] and [text][Guide]', guide],
    ['[two words]', '[Two  words]: https://example.com/two'],
    ['[text][two\nwords]', '[Two  words]: https://example.com/two'],
    ['[[guide]]', guide],
    ['[guide][[x]', guide],
    ['[**bold** `code`][guide]', guide],
    ['![logo]', `[logo]: <${raw}/art/the%20logo.svg>`],
    ['[![][logo]][guide]', `${guide}\n[logo]: <${raw}/art/the%20logo.svg>`],
    ['> [guide]', guide],
  ])('%s', (notes, definitions) => {
    expect(makePortable(notes, context)).toBe(`${notes}\n\n${definitions}`);
    expect(makePortable(`${notes}\n\n`, context)).toBe(`${notes}\n\n${definitions}\n`);
  });

  test.each([
    'No reference.',
    '[unknown] [text][unknown] [unknown][]',
    '[guide][unknown]',
    '\\[guide]',
    '`[guide]`',
    '[guide](https://example.com)',
    '[hidden] and [code]',
    '- [x] done\n- [ ] to do',
    'A footnote.[^1]\n\n[^1]: Its text.',
    'A footnote.[^1]\n\n[^1]: Text.',
    '    [guide]',
    '```\n[guide]\n```',
  ])('none for %s', (notes) => {
    expect(makePortable(notes, context)).toBe(notes);
  });

  test('those within the notes count first, and stay', () => {
    const notes =
      '[guide] [logo] [own]\n\n[Guide]: https://example.com/mine\n[own]:\n  /own.md\n  (Own)';
    expect(makePortable(notes, context)).toBe(
      `[guide] [logo] [own]\n\n[Guide]: https://example.com/mine\n[own]:\n  ${blob}/own.md\n  (Own)\n[logo]: <${blob}/art/the%20logo.svg>`,
    );
  });

  test('unused ones stay', () => {
    const notes = 'Text.\n\n[unused]: https://example.com/unused';
    expect(makePortable(notes, context)).toBe(notes);
  });
});

describe('relative links become absolute', () => {
  test.each([
    ['[a](b.md)', `[a](${blob}/docs/b.md)`],
    ['[a](./b.md#c)', `[a](${blob}/docs/b.md#c)`],
    ['[a](b.md?plain=1#L3)', `[a](${blob}/docs/b.md?plain=1#L3)`],
    ['[a](/b.md)', `[a](${blob}/b.md)`],
    ['[a](../b.md)', `[a](${blob}/b.md)`],
    ['[a](../../../b.md)', `[a](${blob}/b.md)`],
    ['[a](x/.././y//b/)', `[a](${blob}/docs/y/b/)`],
    ['[a](../)', '[a](https://github.com/acme/widget/tree/v1.2.3)'],
    ['[a](#c)', `[a](${blob}/docs/CHANGES.md#c)`],
    ['[a](../../../issues/7)', '[a](https://github.com/acme/widget/issues/7)'],
    ['[a](b.md "title")', `[a](${blob}/docs/b.md "title")`],
    ["[a]( b.md 'title' )", `[a]( ${blob}/docs/b.md 'title' )`],
    ['[a](<b c.md>)', `[a](<${blob}/docs/b%20c.md>)`],
    ['[a](b%20c.md)', `[a](${blob}/docs/b%20c.md)`],
    ['[a](b_(c).md)', `[a](${blob}/docs/b_(c).md)`],
    ['[a](b\\(c\\_d.md)', `[a](${blob}/docs/b%28c_d.md)`],
    ['[a *b* `]` c](b.md)', `[a *b* \`]\` c](${blob}/docs/b.md)`],
    ['[a\nb](b.md)', `[a\nb](${blob}/docs/b.md)`],
    ['![a](b.png)', `![a](${raw}/docs/b.png)`],
    ['[![a](b.png)](c.md)', `[![a](${raw}/docs/b.png)](${blob}/docs/c.md)`],
    ['[a [b](c.md) d](e.md)', `[a [b](${blob}/docs/c.md) d](e.md)`],
    ['a [b] (c) [d](e.md)', `a [b] (c) [d](${blob}/docs/e.md)`],
    ['<a class="x" href="b.md">b</a>', `<a class="x" href="${blob}/docs/b.md">b</a>`],
    ["<img alt='' src='b.png'/>", `<img alt='' src='${raw}/docs/b.png'/>`],
    ['<IMG SRC=b.png>', `<IMG SRC=${raw}/docs/b.png>`],
    ['- item\n\n    [a](b.md)', `- item\n\n    [a](${blob}/docs/b.md)`],
    [
      '| `x | [a](b.md) |\n| y` [c](d.md) |',
      `| \`x | [a](${blob}/docs/b.md) |\n| y\` [c](${blob}/docs/d.md) |`,
    ],
    ['[a]: b.md\n\n![a]', `[a]: ${raw}/docs/b.md\n\n![a]`],
    ['[a]: b.md\n\n![a] [a]', `[a]: ${raw}/docs/b.md\n\n![a] [a]`],
  ])('%s', (notes, expected) => {
    expect(makePortable(notes, { ...context, path: 'docs/CHANGES.md' })).toBe(expected);
  });

  test.each([
    'https://example.com/a.md',
    'mailto:me@example.com',
    'custom+scheme:x',
    '//example.com/a.md',
    'www.example.com/a',
    'C:\\a.md',
    'C:/a.md',
    'docs\\a.md',
    '..\\a.md',
    '',
  ])('but not %s', (destination) => {
    const notes = `[a](${destination}) ![a](${destination}) <a href="${destination}">a</a>`;
    expect(makePortable(notes, context)).toBe(notes);
  });

  test.each([
    '`[a](b.md)`',
    '``[a](b.md) ` [a](b.md)``',
    '`[a](b.md)\n[a](b.md)`',
    '~~~\n[a](b.md)\n~~~',
    '- item\n  ```\n  [a](b.md)\n  ```',
    'Text.\n\n    [a](b.md)\n\n    <!-- a -->',
    '\t[a](b.md)',
    '\\[a](b.md)',
    '[a] (b.md)',
    '[a](b c.md)',
    '[a](b.md "title)',
    '<b.md>',
    '<a name="b">',
    '<a title="b\n\nc" href="d.md">',
    '#12 @user 0123abc acme/widget#3',
  ])('nor in %s', (notes) => {
    expect(makePortable(notes, context)).toBe(notes);
  });

  test.each([
    ['@scope/app@1.2.3', '%40scope/app%401.2.3'],
    ['release/1.2.3', 'release/1.2.3'],
    ['v1#2 (3)', 'v1%232%20%283%29'],
  ])('at the tag %s', (ref, encoded) => {
    expect(makePortable('[a](b.md)', { ...context, ref })).toBe(
      `[a](https://github.com/acme/widget/blob/${encoded}/b.md)`,
    );
  });

  test('from a folder with spaces, on another server', () => {
    const server = { ...repository, serverUrl: 'https://git.example.com/' };
    expect(
      makePortable('[a](b.md) [c](#d)', {
        ...context,
        path: 'my docs/NEWS #1.md',
        repository: server,
      }),
    ).toBe(
      '[a](https://git.example.com/acme/widget/blob/v1.2.3/my%20docs/b.md) ' +
        '[c](https://git.example.com/acme/widget/blob/v1.2.3/my%20docs/NEWS%20%231.md#d)',
    );
  });

  test('without a source file, from the root', () => {
    expect(makePortable('[a](b.md) [c](#d)', { ...context, path: '' })).toBe(
      `[a](${blob}/b.md) [c](https://github.com/acme/widget/tree/v1.2.3#d)`,
    );
  });
});

describe.each(['Gitea', 'Forgejo'] as const)('on %s links lead to', (forge) => {
  const sha = '0123456789abcdef0123456789abcdef01234567';
  const server = { ...repository, serverUrl: 'https://git.example.com', forge };
  const home = 'https://git.example.com/acme/widget';
  test.each([
    ['[a](b.md#c)', 'v1.2.3', `[a](${home}/src/tag/v1.2.3/b.md#c)`],
    ['![a](b.png)', 'app/v1', `![a](${home}/raw/tag/app/v1/b.png)`],
    ['[a](b.md)', sha, `[a](${home}/src/commit/${sha}/b.md)`],
    [
      '<img src="b.png">',
      sha + '0'.repeat(24),
      `<img src="${home}/raw/commit/${sha + '0'.repeat(24)}/b.png">`,
    ],
    ['[a](b.md)', sha.slice(0, 7), `[a](${home}/src/tag/${sha.slice(0, 7)}/b.md)`],
    ['[a](/) [b](../../issues/1)', 'v1', `[a](${home}/src/tag/v1) [b](${home}/issues/1)`],
  ])('%s at %s', (notes, ref, expected) => {
    expect(makePortable(notes, { ...context, repository: server, ref })).toBe(expected);
  });
});

describe('in a private repository', () => {
  const url = 'https://github.com/acme/widget';
  test.each([
    ['[a *b*](c.md) ![d](e.png) [f](#g)', 'a *b* d f'],
    [
      '[![build](b.svg)](ci.md) [![x](https://example.com/x.svg)](ci.md)',
      'build ![x](https://example.com/x.svg)',
    ],
    [
      '[a](https://example.com) [b](mailto:me@example.com)',
      '[a](https://example.com) [b](mailto:me@example.com)',
    ],
    [
      '[guide] [text][guide] ![logo] [secret][] [two words]',
      'guide text logo secret [two words]\n\n[Two  words]: https://example.com/two',
    ],
    ['A [b].\n\n[b]: c.md\n[d]: https://example.com\n', 'A b.\n\n[d]: https://example.com\n'],
    ['A.\n\n[b]: c.md\n\nD.', 'A.\n\nD.'],
    ['[~~~](a.md)\n~~~\n[b](c.md)\n~~~', '~~~\n~~~\nb\n~~~'],
    [`[a](${url}) [b](${url}/pull/1 "t") [c](HTTPS://GitHub.com/Acme/Widget)`, 'a b c'],
    [`See ${url}/pull/12.`, 'See #12.'],
    [`(${url}/issues/12#issuecomment-1)`, '(#12)'],
    [`<${url}/commit/0123456789abcdef0123456789abcdef01234567>`, '0123456'],
    [`**${url}/compare/v1...v2**`, '**v1...v2**'],
    [`${url}/blob/main/docs/a.md?plain=1#L2`, 'a.md'],
    [`${url}/releases/tag/v1.2.3`, 'v1.2.3'],
    [`${url}, ${url}/ and ${url}.git`, 'widget, widget and widget'],
    ['git@github.com:acme/widget.git', 'widget'],
    ['www.github.com/acme/widget/wiki', 'wiki'],
    ['https://api.github.com/repos/acme/widget/pulls/3', '#3'],
    ['https://raw.githubusercontent.com/acme/widget/main/a.png', 'a.png'],
    ['https://token@github.com/acme/widget', 'widget'],
    ['https://github.com/acme/widget\\_', 'widget\\_'],
    ['https://github.com/acme%2Fwidget/pull/4', '#4'],
    ['https://github\\.com/acme/widget/pull/4', '#4'],
    ['https://github.com/%61cme/widget/pull/4', '#4'],
    ['[a](https://github.com/acme/&#119;idget)', 'a'],
    [
      'https://mygithub.com/acme/widget https://github.com/acme/widget',
      'https://mygithub.com/acme/widget widget',
    ],
    ['https://github&#46;com&#x2F;acme/widget/pull/4', '#4'],
    [
      'https://example.com/?of=https%3A%2F%2Fgithub.com%2Facme%2Fwidget',
      'https://example.com/?of=widget',
    ],
    ['[a](https://example.com/?of=https%3A%2F%2Fgithub.com%2Facme%2Fwidget)', 'a'],
    [`\`git clone ${url}\``, '`git clone widget`'],
    [`\`\`\`\nimport '${url}/x.js';\n\`\`\``, "```\nimport 'x.js';\n```"],
    [`[a](https://example.com "${url}")`, '[a](https://example.com "widget")'],
    [`<a href="${url}">a</a> <a href="b.md"><b>c</b></a>`, 'a <b>c</b>'],
    ['<a href="https://example.com">a</a>', '<a href="https://example.com">a</a>'],
    [`<img src="${url}/raw/main/a.png" alt="A"> <img src="b.png">`, 'A '],
    [`<video src="${url}/a.mp4">`, ''],
  ])('%s', (notes, expected) => {
    expect(makePortable(notes, closed)).toBe(expected);
  });

  test.each([
    'https://github.com/acme/widget-two/pull/1',
    'https://github.com/acme/widget.js',
    'https://github.com/acme',
    'https://mygithub.com/acme/widget',
    'https://gitlab.com/acme/widget',
    'acme/widget#12',
  ])('%s is not of it', (notes) => {
    expect(makePortable(notes, closed)).toBe(notes);
  });

  test('an unknown repository is taken for private', () => {
    expect(makePortable('[a](b.md) ![c](d.png) [guide]', unknown)).toBe('a c guide');
    expect(makePortable(`[a](${url})`, unknown)).toBe(`[a](${url})`);
  });

  test('a server of its own', () => {
    const own = { serverUrl: 'https://git.example.com:8443', name: 'acme/widget', private: true };
    const notes =
      'https://git.example.com:8443/acme/widget/pull/1 https://git.example.com:8443/api/v3/repos/acme/widget/issues/2';
    expect(makePortable(notes, { ...context, repository: own })).toBe('#1 #2');
  });
});

describe('attachments of a private repository', () => {
  const asset = 'https://github.com/user-attachments/assets/0a1b2c3d-0a1b-0a1b-0a1b-0a1b2c3d4e5f';
  const file = 'https://github.com/user-attachments/files/123456/tea.pdf';
  const image = 'https://user-images.githubusercontent.com/1234/5678-0a1b2c3d.png';
  const signed = 'https://private-user-images.githubusercontent.com/1234/5678-0a1b.png?jwt=a.b-c_d';
  test.each([
    [`![A pot](${asset}) [Guide](${file})`, 'A pot Guide'],
    [`![A pot](${image} "Tea") ![](${signed})Text`, 'A pot Text'],
    [`<img src="${image}" alt="A pot"> <a href="${file}">Guide</a>`, 'A pot Guide'],
    [`<img width="80" src="${asset}">\nText.`, 'Text.'],
    [`[![A pot](${signed})](${asset}).`, 'A pot.'],
    [`![A pot][pot].\n\n[pot]: ${asset}`, 'A pot.\n'],
    [`See ${file}, ${asset} and <${image}>.`, 'See tea.pdf, attachment and attachment.'],
    ['See HTTPS://GitHub.com/User-Attachments/assets/1.', 'See attachment.'],
  ])('%s', (notes, expected) => {
    expect(makePortable(notes, closed)).toBe(expected);
    expect(makePortable(expected, closed)).toBe(expected);
    expect(makePortable(notes, context)).toBe(notes);
  });

  test.each([
    'https://github.com/user-attachments',
    'https://github.com/user-attachments-two/assets/1',
    'https://my-user-images.githubusercontent.com/1.png',
    'https://avatars.githubusercontent.com/u/1',
  ])('%s is none', (notes) => {
    expect(makePortable(notes, closed)).toBe(notes);
  });

  test('on servers of their own', () => {
    const own = { serverUrl: 'https://git.example.com', name: 'acme/widget', private: true };
    const from = (forge: 'GitHub' | 'Gitea') => ({ ...context, repository: { ...own, forge } });
    const uploads = '![A](https://git.example.com/user-attachments/assets/1)';
    expect(makePortable(uploads, from('GitHub'))).toBe('A');
    const ofGitea = '![A](https://git.example.com/attachments/0a1b)';
    expect(makePortable(ofGitea, from('Gitea'))).toBe('A');
    const api = '[a](https://git.example.com/api/v1/repos/acme/widget/issues/1)';
    expect(makePortable(api, from('Gitea'))).toBe('a');
  });
});

describe('what is empty in a private repository goes', () => {
  const url = 'https://github.com/acme/widget';
  const asset = 'https://github.com/user-attachments/assets/1';
  const changes = `${url}/compare/v1.2.2...v1.2.3`;
  test.each([
    ['- A.\n- ![](b.png)\n- C.', '- A.\n- C.'],
    ['- A.\n  * [![](b.png)](b.md)\n\nC.', '- A.\n\nC.'],
    ['1. <img src="b.png">\n2. C.', '2. C.'],
    ['- ![](b.png)\n  ![](c.png)\n- C.', '- C.'],
    ['- ![](b.png)\n  - ![](c.png)\n- C.', '- C.'],
    ['> A.\n> ![](b.png)\n> C.', '> A.\n> C.'],
    ['> - ![](b.png)\n> - C.', '> - C.'],
    [`A.\n\n**Full Changelog**: ${changes}`, 'A.\n'],
    [`- A.\n- **Full changelog:** ${changes}\n`, '- A.\n'],
    [`[Full Changelog](${changes})\n\nA.`, '\nA.'],
    [`**Full Changelog**: [v1.2.2...v1.2.3](${changes})\nA.`, 'A.'],
    [`**Full Changelog**: ${url}/commits/v1.2.3`, ''],
    [`A.\n${asset}\nB.`, 'A.\nB.'],
    [`- <${asset}>\n- B.`, '- B.'],
  ])('%j', (notes, expected) => {
    expect(makePortable(notes, closed)).toBe(expected);
    expect(makePortable(expected, closed)).toBe(expected);
  });

  test.each([
    ['- ![](b.png)\n  Text.', '- \n  Text.'],
    ['- ![](b.png)\n\n  Text.', '- \n\n  Text.'],
    ['- ![](b.png)\n  - C.', '- \n  - C.'],
    ['- ![](b.png)\nText.', '- \nText.'],
    ['- A.\n-\n- ![C](d.png)', '- A.\n-\n- C'],
    ['Screenshot: ![](b.png)', 'Screenshot: '],
    [
      `\`\`\`\n**Full Changelog**: ${changes}\n\`\`\``,
      '```\n**Full Changelog**: v1.2.2...v1.2.3\n```',
    ],
    [`The full changelog is ${changes}`, 'The full changelog is v1.2.2...v1.2.3'],
    [`Full Changelog of ${changes} and more`, 'Full Changelog of v1.2.2...v1.2.3 and more'],
    ['**Full Changelog**: https://example.com', '**Full Changelog**: https://example.com'],
  ])('but not %j', (notes, expected) => {
    expect(makePortable(notes, closed)).toBe(expected);
  });

  const lines = fc.array(
    fc
      .tuple(
        fc.constantFrom('', '', '- ', '  - ', '1. ', '> ', '  ', '> - ', '    '),
        fc.constantFrom(
          ...['', 'Text.', '![](b.png)', '![](b.png)![](c.png)', '[![](b.png)](c.md)', '---'],
          ...['<img src="b.png">', asset, `**Full Changelog**: ${changes}`, '```', '# A'],
        ),
      )
      .map(([marker, content]) => marker + content),
    { maxLength: 10 },
  );

  test('twice is the same as once', () => {
    fc.assert(
      fc.property(lines, (all) => {
        const once = makePortable(all.join('\n'), closed);
        const takenOut = { links: 0, images: 0 };
        expect(makePortable(once, closed, takenOut)).toBe(once);
        expect(takenOut).toEqual({ links: 0, images: 0 });
      }),
      { numRuns: 1000 },
    );
  });

  test('no text goes', () => {
    const countTexts = (text: string) => text.split('Text.').length;
    fc.assert(
      fc.property(lines, (all) => {
        const notes = all.join('\n');
        expect(countTexts(makePortable(notes, closed))).toBe(countTexts(notes));
      }),
    );
  });

  test('in a public one nothing goes, and what was empty stays', () => {
    fc.assert(
      fc.property(lines, (all) => {
        const notes = all.join('\n');
        const kept = makePortable(notes, context).split('\n').length;
        expect(kept).toBe(notes.split('\n').length);
        const empty = notes.replaceAll(/[!<*[h].*/g, '');
        expect(makePortable(empty, closed)).toBe(empty);
      }),
    );
  });
});

test.each([
  ['[a](b.md) <a href="c.md">d</a> <https://github.com/acme/widget>', 3, 0],
  ['![a](b.png) <img src="c.png"> [![](d.png)](e.md)', 1, 3],
  ['<picture><source srcset="a.png"><img src="b.png"></picture>', 0, 2],
  ['- [Full Changelog](https://github.com/acme/widget/compare/v1...v2)', 1, 0],
  ['`https://github.com/acme/widget` [guide]', 2, 0],
  ['[a](https://example.com) ![](https://example.com/a.png)', 0, 0],
])('%s: what is taken out is counted', (notes, links, images) => {
  const closedTo = { links: 0, images: 0 };
  makePortable(notes, closed, closedTo);
  expect(closedTo).toEqual({ links, images });
  const openTo = { links: 0, images: 0 };
  makePortable(notes, context, openTo);
  expect(openTo).toEqual({ links: 0, images: 0 });
});

describe('comments outside code go', () => {
  test.each([
    ['a <!-- b --> c', 'a c'],
    ['a <!-- b -->', 'a'],
    ['<!-- a --> b', 'b'],
    ['a <!-- b --> c <!-- d --> e', 'a c e'],
    ['a\n\n<!-- b -->\n\nc', 'a\n\nc'],
    ['a\n<!-- b -->\nc', 'a\n\nc'],
    ['- a\n<!-- b -->\n- c', '- a\n- c'],
    ['<!-- a -->\n\n- b', '- b'],
    ['a\n\n<!-- b -->\n<!--\n\n# c\n\n-->\n\nd\n', 'a\n\nd\n'],
    ['a <!-- b\nc --> d', 'a\nd'],
    ['a\n\n\n\nb <!-- c -->', 'a\n\n\n\nb'],
    ['a\n<!-- b\nc', 'a'],
    ['a <!-- b\nc', 'a \\<!-- b\nc'],
    ['a `<!--` <!-- b', 'a `<!--` \\<!-- b'],
    ['<!<!-- a -->-- b -->', '<! -- b -->'],
    ['[a]<!-- b -->(c.md)', `[a](${blob}/c.md)`],
  ])('%j', (notes, expected) => {
    expect(makePortable(notes, context)).toBe(expected);
  });

  test.each(['`<!-- a -->`', '```\n<!-- a -->\n```', 'a\n\n    <!-- b -->', '\\<!-- a -->'])(
    'but not %j',
    (notes) => {
      expect(makePortable(notes, context)).toBe(notes);
    },
  );
});

test.each([
  ['a\r\nb\rc', 'a\nb\nc'],
  ['\uFEFFa\0b\u0007c\td\u009be\x7f', 'abc\tde'],
  ['\0\uFEFF\uFEFF[a]', '[a]'],
  ['a\uD800b', 'a\uFFFDb'],
  ['👍 é  b  \n\n\n\n  c ', '👍 é  b  \n\n\n\n  c '],
])('%j becomes plain text', (notes, expected) => {
  expect(makePortable(notes, context)).toBe(expected);
});

describe('whatever the notes are', () => {
  const url = 'https://github.com/acme/widget';
  const pieces = fc.array(
    fc.oneof(
      {
        weight: 5,
        arbitrary: fc.constantFrom('[', ']', '(', ')', '!', '<', '>', '`', '```', '~~~', '\\', '"'),
      },
      {
        weight: 4,
        arbitrary: fc.constantFrom('\n', '\n\n', ' ', '    ', '- ', '> ', '# ', '|', ': ', '\t'),
      },
      {
        weight: 3,
        arbitrary: fc.constantFrom(
          '<!--',
          '-->',
          '<a href="',
          '">',
          '</a>',
          '<img src=',
          '&#47;',
          '%2F',
        ),
      },
      {
        weight: 3,
        arbitrary: fc.constantFrom(
          'guide',
          'logo',
          'secret',
          '[guide]',
          '[a]: ',
          'b.md',
          '../c.md',
          '#d',
        ),
      },
      {
        weight: 4,
        arbitrary: fc.constantFrom(
          url,
          `${url}/pull/1`,
          'https://github.com/user-attachments/assets/1',
          'github.com',
          '/acme/widget',
          'git@github.com:acme/widget',
        ),
      },
      { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 5 }) },
    ),
    { maxLength: 40 },
  );
  const notes = pieces.map((all) => all.join(''));

  test('twice is the same as once', () => {
    fc.assert(
      fc.property(notes, fc.constantFrom(context, closed, unknown), (text, from) => {
        const once = makePortable(text, from);
        expect(makePortable(once, from)).toBe(once);
      }),
    );
  });

  test('a private repository has no URL in them', () => {
    fc.assert(
      fc.property(notes, (text) => {
        expect(makePortable(text, closed)).not.toMatch(
          /(?<![\w-])github\.com(?:\/repos)?[/:]acme\/widget(?![\w.-]*[a-z0-9])/i,
        );
      }),
    );
  });

  test.each([
    ['acme/widget', 'https://github.com/acme/widg%65t/issues/1'],
    ['acme/widget', 'https://github.com/acme/widg&#101;t/issues/1'],
    ['acme/widget', 'https://github.com/acme/WIDGET/issues/1'],
    ['acme/Widget', 'https://github.com/acme/widget/issues/1'],
    ['acme/my.widget', 'https://github.com/acme/my\\.widget/issues/1'],
  ])('%s: knows its URL in %s', (name, text) => {
    const repository = { serverUrl: 'https://github.com', name, private: true };
    expect(makePortable(text, { ...context, repository })).toBe('#1');
  });

  test('fences stay byte for byte', () => {
    const line = fc.string().map((text) => `[a](b.md) ${text.replace(/[`~]/g, '')} <!-- -->`);
    fc.assert(
      fc.property(fc.array(line), (lines) => {
        const text = `Text.\n\n\`\`\`\n${lines.join('\n')}\n\`\`\`\n`;
        expect(makePortable(text, context)).toBe(text);
      }),
    );
  });
});

describe('what an independent renderer takes for code stays', () => {
  test.each([
    '<pre>\n[a](b.md) [guide] <b.md>\n</pre>',
    '- item\n\n  <pre>[a](b.md)</pre>',
    'Write:\n\n    <!-- begin\n\nText.\n\n    end -->\n\nMore.',
    'Write:\n\n    <!-- begin\n    [a](b.md) -->\n\nMore.',
    '- item\n\n```\ncode\n```\n\n    [a](b.md)',
    '- item\n\n<pre>\ncode\n</pre>\n\n    [a](b.md)',
  ])('%j', (notes) => {
    expect(makePortable(notes, context)).toBe(notes);
  });
});

describe('a code span ends with its block', () => {
  const link = `[a](${blob}/b.md)`;
  test.each([
    [`it\`s\n> [a](b.md) it\`s`, `it\`s\n> ${link} it\`s`],
    [`it\`s\n***\n[a](b.md) it\`s`, `it\`s\n***\n${link} it\`s`],
    [`it\`s\n- - -\n[a](b.md) it\`s`, `it\`s\n- - -\n${link} it\`s`],
    [`| a |\n|---|\n| it\`s | [a](b.md) it\`s |`, `| a |\n|---|\n| it\`s | ${link} it\`s |`],
  ])('%j', (notes, expected) => {
    expect(makePortable(notes, context)).toBe(expected);
  });
});

describe('media in HTML', () => {
  test.each([
    [
      '<picture><source srcset="a.png, b.png 2x"><img src="c.png"></picture>',
      `<picture><source srcset="${raw}/a.png, ${raw}/b.png 2x"><img src="${raw}/c.png"></picture>`,
    ],
    ['<video src="a.mp4" poster="b.png">', `<video src="${raw}/a.mp4" poster="${raw}/b.png">`],
    ['<img srcset="data:image/png;base64,AA 2x">', '<img srcset="data:image/png;base64,AA 2x">'],
  ])('%s', (notes, expected) => {
    expect(makePortable(notes, context)).toBe(expected);
  });

  test('goes where nobody can open it', () => {
    const notes =
      '<picture><source srcset="a.png"><img src="c.png" alt="Tea"></picture> <video src="a.mp4">Pot</video>';
    expect(makePortable(notes, closed)).toBe('<picture>Tea</picture> Pot');
  });
});

describe('in a private repository, too', () => {
  test.each([
    ['https://github.com/acme/widget.wiki.git', 'widget'],
    ['https://github.com/acme/widget.wikipedia', 'https://github.com/acme/widget.wikipedia'],
    ['https://media.githubusercontent.com/media/acme/widget/v1/a.png', 'a.png'],
    ['https://github.com//acme//widget/pull/1', '#1'],
    ['https://github.dev/acme/widget/blob/v1/a.ts', 'a.ts'],
    ['[a](https://github&period;com&sol;acme/widget)', 'a'],
  ])('%s', (notes, expected) => {
    expect(makePortable(notes, closed)).toBe(expected);
  });

  test('links within links go, however deep', () => {
    const notes = `${'['.repeat(200)}a${'](b.md)'.repeat(200)}`;
    expect(makePortable(notes, closed)).toBe('a');
  });
});

test('a row of very many cells is read', () => {
  const row = '|'.repeat(300_000);
  expect(makePortable(row, context)).toBe(row);
});

test('a comment after an escaped backslash goes', () => {
  expect(makePortable('a \\\\<!-- b --> c', context)).toBe('a \\\\ c');
});

describe('added definitions are where they define', () => {
  const outer = { ...context, source: '[outer]: https://example.com/o' };
  const definition = '[outer]: https://example.com/o';
  test.each([
    ['behind a fence that only seems closed', '[outer]\n\n```\naaa\n    ```'],
    ['behind a fence whose closing line is in a quote', '[outer]\n\n```\naaa\n> ```'],
    ['behind an open fence', '[outer]\n\n```\naaa'],
    ['behind an open HTML block', '[outer]\n\n<pre>\naaa'],
  ])('%s', (_, notes) => {
    const once = makePortable(notes, outer);
    expect(once).toBe(`${definition}\n\n${notes}`);
    expect(makePortable(once, outer)).toBe(once);
  });
});

describe('what begins a line like a definition, and has none, stays text', () => {
  const older = {
    ...context,
    source: '[ui]: redesigned\n[pot]: v2.0\n[#12]: https://e.example/12',
  };
  test.each(['[ui]: new look', '- [ui]: new look', '> [ui]: new look', '[pot]: a lid'])(
    '%j',
    (text) => {
      expect(makePortable(`a\n\n${text}`, older)).toBe(`a\n\n${text}`);
      expect(makePortable(text, { ...older, repository: undefined })).toBe(text);
    },
  );
  test.each(['[ui] is new', 'a [ui]: b', '[a][ui]: b', '- [#12]: a lid'])('but not %j', (text) => {
    expect(makePortable(text, older)).toMatch(/\n\n\[[^\]]+\]: https:/);
  });
});

describe('HTML blocks stay whole', () => {
  test.each([
    ['<p>\n    <img src="a.png">\n    <br>\n</p>', '<p>\n    <br>\n</p>'],
    ['<p>\n<a href="a.md">\n<b>x</b>\n</a>\n</p>', '<p>\n<b>x</b>\n</p>'],
  ])('where a tag alone on its line goes: %j', (notes, expected) => {
    expect(makePortable(notes, closed)).toBe(expected);
  });

  test.each([
    ['<td>\n<!-- c -->\n  <b>x</b>', '<td>\n  <b>x</b>'],
    ['<td>\n<!-- c\nd -->\ntext\n</td>', '<td>\ntext\n</td>'],
  ])('where a comment goes: %j', (notes, expected) => {
    expect(makePortable(notes, context)).toBe(expected);
  });
});

describe('a comment leaves the blocks around it as they are', () => {
  test.each([
    ['foo <!-- a\nb -->\nbar', 'foo\nbar'],
    ['foo <!-- a\n\nb -->\nbar', 'foo \\<!-- a\n\nb -->\nbar'],
    ['Foo\n<!-- c -->\n---', 'Foo\n\n---'],
    ['Foo\n<!-- c -->\n===', 'Foo\n\n==='],
    ['Foo\n<!-- c -->\n*bar* x', 'Foo\n\n*bar* x'],
    ['foo <!-- c -->   \nbar', 'foo  \nbar'],
    ['<pre>\n<!-- c -->\nx\n</pre>\ny', '<pre>\n<!-- c -->\nx\n</pre>\ny'],
    ['Foo\n<!-- c -->\n    bar', 'Foo\n\n    bar'],
  ])('%j', (notes, expected) => {
    expect(makePortable(notes, context)).toBe(expected);
  });
});

test.each(['constructor', '__proto__', 'toString'])('a tag may be called <%s>', (name) => {
  expect(makePortable(`a <${name}> b`, closed)).toBe(`a <${name}> b`);
});

test.each([
  ['-     [a](b.md)', '-     [a](b.md)'],
  ['1.      [a](b.md)\n\n   [a](b.md)', `1.      [a](b.md)\n\n   [a](${blob}/b.md)`],
  ['| [x]: y.md | [x] |\n| --- | --- |', '| [x]: y.md | [x] |\n| --- | --- |'],
  ['</a href="b.md">', '</a href="b.md">'],
])('what only looks like a link stays: %j', (notes, expected) => {
  expect(makePortable(notes, context)).toBe(expected);
});

describe("GitHub's boxes become common quotes", () => {
  test.each([
    ['> [!NOTE]\n> Text.', '> **Note**\n>\n> Text.'],
    ['> [!caution]  \n> Text.', '> **Caution**\n>\n> Text.'],
    ['a\n\n>[!IMPORTANT]\n>Text.', 'a\n\n>**Important**\n>\n>Text.'],
    ['> [!TIP] x', '> [!TIP] x'],
    ['> [!OTHER]\n> x', '> [!OTHER]\n> x'],
    ['```\n> [!NOTE]\n```', '```\n> [!NOTE]\n```'],
    ['    > [!NOTE]', '    > [!NOTE]'],
  ])('%j', (notes, expected) => {
    const once = makePortable(notes, context);
    expect(once).toBe(expected);
    expect(makePortable(once, context)).toBe(once);
  });
});
