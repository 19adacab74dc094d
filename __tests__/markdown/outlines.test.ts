import { describe, expect, test } from '@jest/globals';
import { excludeSections, missingTitles, titlesOf } from '../../src/markdown/exclude.ts';
import type { Format } from '../../src/markdown/format.ts';

describe('a section is excluded in every markup', () => {
  const below = (mark: string) => (title: string) => `${title}\n${mark.repeat(title.length)}`;
  const markups: readonly (readonly [string, Format, (title: string) => string])[] = [
    ['~~~', 'reStructuredText', below('~')],
    ['^^^', 'reStructuredText', below('^')],
    ['"""', 'reStructuredText', below('"')],
    ['===', 'AsciiDoc', (title) => `=== ${title}`],
    ['=== ===', 'plain text', (title) => `=== ${title} ===`],
    ['::', 'AsciiDoc', (title) => `${title}::`],
    ['h3.', 'Textile', (title) => `h3. ${title}`],
    ['h3(class).', 'Textile', (title) => `h3(x). ${title}`],
    ['<h3>', 'HTML', (title) => `<h3 id="x">${title}</h3>`],
    ['<p><b>', 'HTML', (title) => `<p><b>${title}:</b></p>`],
    ['<h3> in Markdown', 'Markdown', (title) => `<h3>${title}</h3>`],
    ['Title:', 'plain text', (title) => `${title}:`],
    ['Title: in Markdown', 'Markdown', (title) => `${title}:`],
    ['=== in Markdown', 'Markdown', (title) => `=== ${title}`],
    ['above a list', 'plain text', (title) => title],
    ['**', 'plain text', (title) => `** ${title}`],
    ['---', 'plain text', below('-')],
    ['bold', 'reStructuredText', (title) => `**${title}**`],
    ['[ ]', 'a Debian changelog', (title) => `[ ${title} ]`],
  ];
  test.each(markups)('%s (%s)', (_, format, titled) => {
    const section = (title: string) => `${titled(title)}\n\n- About ${title} things.\n`;
    const [added, internal, fixed] = ['Added', 'Internal', 'Fixed'].map(section);
    const notes = `${added}\n${internal}\n${fixed}`;
    expect(excludeSections(notes, ['internal'], format)).toBe(`${added}\n${fixed}`);
    expect(excludeSections(notes, ['fixed'], format)).toBe(`${added}\n${internal}\n`);
    expect(titlesOf(notes, format)).toEqual(['Added', 'Internal', 'Fixed']);
  });
});

describe('what is deeper goes, too', () => {
  test.each<readonly [Format, string, string]>([
    ['AsciiDoc', '== Internal\n\n=== Deep\n\nx\n\nMore::\n\n* y\n\n== Fixed\n\nz', '== Fixed\n\nz'],
    [
      'reStructuredText',
      'A\n~\n\nAa\n~~\n\nInternal\n~~~~~~~~\n\nDeep\n""""\n\nx\n\nFixed\n~~~~~',
      'A\n~\n\nAa\n~~\n\nFixed\n~~~~~',
    ],
    [
      'HTML',
      '<h3>Internal</h3>\n<h4>Deep</h4>x\n<!-- <h3>no</h3> -->\n<h3>Fixed</h3>',
      '<h3>Fixed</h3>',
    ],
    ['plain text', '** Internal\n*** deep\n   x\n** Fixed', '** Fixed'],
    ['plain text', 'Internal:\n - x that\n   goes on:\n - y\n\nFixed:\n - z', 'Fixed:\n - z'],
    ['Markdown', 'Internal:\n\n- x\n\n**Fixed**\n', '**Fixed**\n'],
    [
      'AsciiDoc',
      'Internal\n--------\n\n----\nFour\n----\n\ntext\n----\n\nFixed\n-----',
      'text\n----\n\nFixed\n-----',
    ],
    ['Textile', 'h3. Internal\n\nx\n---\ny\n\nh3. Fixed', 'h3. Fixed'],
    ['plain text', 'Internal:\n\nseems one\n- x\n\nFixed:', 'Fixed:'],
  ])('%s: %j', (format, notes, expected) => {
    expect(excludeSections(notes, ['Internal'], format)).toBe(expected);
  });
});

describe('no title is', () => {
  test.each<readonly [Format, string]>([
    ['AsciiDoc', '----\n=== Internal\n----'],
    ['AsciiDoc', '////\n=== Internal\n////'],
    ['reStructuredText', 'Text::\n\n    Internal\n    ~~~~~~~~'],
    ['Markdown', '```\nInternal:\n```'],
    ['Markdown', 'A text that goes on\nInternal:\n'],
    ['plain text', 'A text that goes on\nInternal:\n'],
    ['Markdown', 'Internal: it is.'],
  ])('%s: %j', (format, notes) => {
    expect(excludeSections(notes, ['Internal'], format)).toBe(notes);
  });
});

describe('titles that are nowhere', () => {
  const there = ['Added', 'Internal changes', 'Fixes & Chores', '🔒 Security'];
  test.each<readonly [string, readonly string[]]>([
    ['Internal change', ['Internal changes']],
    ['changes, internal', ['Internal changes']],
    ['Intrenal changes', ['Internal changes']],
    ['Chores and fixes', ['Fixes & Chores']],
    ['Secrity', ['Security']],
    ['Internal', []],
    ['Removed', []],
    ['Dad', []],
  ])('%s', (title, near) => {
    const titles = there.map((each) => each.replace('🔒 ', ''));
    expect(missingTitles([title], titles)).toEqual([{ title, near }]);
  });

  test('are not near to one that is wanted itself, and emoji not to each other', () => {
    expect(missingTitles(['Fix', 'Fixes', '🔒'], ['Fixes', '🐛'])).toEqual([
      { title: 'Fix', near: [] },
      { title: '🔒', near: [] },
    ]);
  });

  test('are none that are there', () => {
    expect(missingTitles(['security', 'ADDED:', '**Added**'], there)).toEqual([]);
  });
});
