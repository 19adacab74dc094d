import { describe, expect, test } from '@jest/globals';
import { findSection, newestVersion } from '../../src/changelog/index.ts';

const body = (text: string, version: string) => findSection(text, version)?.body;

describe('lines that speak of other versions end no section', () => {
  test.each([
    [
      'an item, with "<"',
      '* Builds with pot < 1.1.0',
      '* 1.3.0 - 2024-05-01',
      '* 1.2.3 - 2024-04-01',
    ],
    ['a plain line, with "<"', 'Builds with pot < 1.1.0', '1.3.0:', '1.2.3:'],
    ['a plain line, with "<" at the digits', 'Builds with pot <1.1.0', '1.3.0:', '1.2.3:'],
  ])('%s', (_, line, newer, older) => {
    const text = `${newer}\n\n${line}\n\nMore.\n\n${older}\n\nOld.\n`;
    expect(body(text, '1.3.0')).toBe(`${line}\n\nMore.`);
    expect(body(text, '1.2.3')).toBe('Old.');
    expect(newestVersion(text)).toBe('1.3.0');
  });

  test.each([
    ['a definition over two lines', '[1.1.0]:\n  https://example.org', '[1.3.0]', '[1.2.3]'],
    ['a definition', '[1.1.0]: https://example.org', '1.3.0', '1.2.3'],
    ['days', '02.05.2024\n- Lid.\n\n30.04.2024\n- Pot.\n\n29.04.2024', '## 1.3.0', '## 1.2.3'],
    ['a question', 'Does your pot need 1.1.0?', 'Kettle 1.3.0', 'Kettle 1.2.3'],
    [
      'a summary of itself',
      '## Summary of major changes between 1.2.x and 1.3.0',
      '# Kettle 1.3.0 (2024-05-01)',
      '# Kettle 1.2.3 (2024-04-01)',
    ],
    ['an address', '=== https://example.org/notes/1.2 ===', 'Kettle 1.3.0', 'Kettle 1.2.3'],
    [
      'an anchor of AsciiDoc',
      '[[v1.3.0_a]]\n=== Lid\n\n[[v1.3.0_b]]\n=== Pot',
      '[[v1.3.0]]\n== 1.3.0',
      '== 1.2.3',
    ],
  ])('%s', (_, topic, newer, older) => {
    const text = `${newer}\n\n${topic}\n\nMore.\n\n${older}\n\nOld.\n`;
    expect(body(text, '1.3.0')).toBe(`${topic}\n\nMore.`);
    expect(body(text, '1.2')).toBeUndefined();
    expect(body(text, '1.2.3')).toBe('Old.');
  });

  test.each(['## < 1.2.3', '## Kettle < 1.2.3', 'Versions < 1.2.3'])(
    '"%s" stands for older releases',
    (line) => {
      const mark = line.startsWith('#') ? '## ' : '';
      const text = `${mark}1.3.1\n\nNewest.\n\n${mark}1.3.0\n\nNew.\n\n${line}\n\nOld.\n`;
      expect(body(text, '1.3.0')).toBe('New.');
    },
  );
});

test('an item that announces a release has its entries right below', () => {
  const item = (version: string, date: string) =>
    `* Version ${version} (${date})\n* Lid.\n- Pot.\n`;
  const text = [item('1.3.0', '2024-05-01'), item('1.2.3', '2024-04-01')].join('\n');
  expect(body(text, '1.3.0')).toBe('* Lid.\n- Pot.');
  expect(body(text, '1.2.3')).toBe('* Lid.\n- Pot.');
});

test('a list of contents announces nothing', () => {
  const text =
    '# Kettle\n\n* Version 1.3.0 (2024-05-01)\n* Version 1.2.3 (2024-04-01)\n\n## 1.3.0\n\nNew.\n\n## 1.2.3\n\nOld.\n';
  expect(body(text, '1.3.0')).toBe('New.');
  expect(body(text, '1.2.3')).toBe('Old.');
});

test('a summary below another spelling of the name is a part of that release', () => {
  const older = ['1.2.3', '1.2.2', '1.2.1'].map((version) => `# Kett-le ${version}\n\nOld.\n`);
  const part = 'Start.\n\n## Summary of changes from 1.2.x to 1.3.0\n\nNew.';
  const text = `# Kettle 1.3.1\n\nLid.\n\n# Kettle 1.3.0\n\n${part}\n\n${older.join('\n')}`;
  expect(body(text, '1.3.0')).toBe(part);
});

test('a title with the newest version is not its release', () => {
  const text = '# Kettle 1.3.0\n\nAbout.\n\n## Version 1.3.0\n\nNew.\n\n## Version 1.2.3\n\nOld.\n';
  expect(body(text, '1.3.0')).toBe('New.');
});

describe('lines that announce a release', () => {
  test.each([
    [
      'below a rule of bars',
      'KETTLE NEWS\n||||||||||||\n1 May 2024, Kettle 1.3.0',
      '1 Apr 2024, Kettle 1.2.3',
    ],
    ['as a question', "What's new in Kettle 1.3.0?", "What's new in Kettle 1.2.3?"],
    ['as a question, later', "What's new in Kettle 1.3.0", "What's new in Kettle 1.2.3?"],
    ['in brackets with a colon', '[1.3.0, 2024-05-01]:', '[1.2.3, 2024-04-01]:'],
    ['in brackets, the name', '[Kettle 1.3.0]:', '[Kettle 1.2.3]:'],
    [
      'between a beta and it',
      'Changes between version 1.3.0 Beta and 1.3.0:',
      'Changes in version 1.2.3:',
    ],
    [
      'with a slip for "released"',
      '* Version 1.3.0 (releases 2024-05-01)',
      '* Version 1.2.3 (released 2024-04-01)',
    ],
    ['below a rule of dots', 'Kettle\n......\n1.3.0', '1.2.3'],
  ])('%s', (_, newer, older) => {
    const text = `${newer}\n\n- New.\n\n${older}\n\n- Old.\n`;
    expect(body(text, '1.3.0')).toBe('- New.');
    expect(body(text, '1.2.3')).toBe('- Old.');
    expect(newestVersion(text)).toBe('1.3.0');
  });
});

test('where days are all that a file announces, they are its releases', () => {
  const text = '## 02.05.2024\n\nNew.\n\n## 30.04.2024\n\nOld.\n';
  expect(body(text, '02.05.2024')).toBe('New.');
});

describe('words behind a version make it another', () => {
  test.each([
    ['1.2.3 cr2', '1.2.3-cr2'],
    ['1.2.3 CR 2', '1.2.3.CR2'],
    ['1.2.3 m2', '1.2.3-m2'],
    ['1.2.3 EA', '1.2.3-ea'],
    ['1.2.3ea2', '1.2.3-ea.2'],
    ['1.2.3.EA2', '1.2.3-ea2'],
    ['1.2.3 ctp 1', '1.2.3-ctp1'],
    ['1.2.3ctp', '1.2.3-ctp'],
    ['1.2.3 Prerelease', '1.2.3-prerelease'],
    ['1.2.3.STABLE26', '1.2.3.STABLE26'],
    ['1.2.3 STABLE26', '1.2.3.STABLE26'],
  ])('%s', (heading, version) => {
    const text = `## ${heading}\n\nOwn.\n\n## 1.2.2\n\nOld.\n`;
    expect(body(text, version)).toBe('Own.');
    expect(body(text, '1.2.3')).toBeUndefined();
    expect(body(text, '1.2.2')).toBe('Old.');
  });

  test.each(['1.2.3 a 5 minute tea', '1.2.3 a-5', '1.2.3 Stable', '1.2.3-stable', '1.2.3 GA'])(
    'not in "%s"',
    (heading) => {
      expect(body(`## ${heading}\n\nOwn.\n`, '1.2.3')).toBe('Own.');
    },
  );
});

describe('a number alone, in the form of other releases', () => {
  const form = (line: (version: string) => string) =>
    `${line('9.2.0')}\n\nNew.\n\n${line('9')}\n\nNine.\n\n${line('8.3.0')}\n\nOld.\n`;
  test.each([
    ['##', (version: string) => `## ${version}`],
    ['## and a date', (version: string) => `## ${version} (2024-05-01)`],
    ['a name', (version: string) => `## Kettle ${version}`],
    ['stars', (version: string) => `*** Changes in Kettle ${version}`],
    ['an underline', (version: string) => `Kettle ${version}\n======`],
  ])('%s', (_, line) => {
    expect(body(form(line), '9.2.0')).toBe('New.');
    expect(body(form(line), '9')).toBe('Nine.');
    expect(body(form(line), '9.0.0')).toBe('Nine.');
    expect(newestVersion(form(line))).toBe('9.2.0');
  });

  test.each([
    '### 9',
    '## Step 9',
    '## 9 May 2024',
    '## May 9',
    '## 9 lids',
    '## 9 - lids',
    '*** Lid 9',
  ])('not in "%s"', (topic) => {
    const text = `## 9.2.0\n\nNew.\n\n${topic}\n\nMore.\n\n## 8.3.0\n\nOld.\n`;
    expect(body(text, '9')).toBeUndefined();
  });

  test('numbered topics are no releases', () => {
    const text = '# Kettle 1.2.3\n\n## Step 1\n\nPour.\n\n## Step 2\n\nStir.\n';
    expect(body(text, '1.2.3')).toBe('## Step 1\n\nPour.\n\n## Step 2\n\nStir.');
    expect(body(text, '2')).toBeUndefined();
  });
});

test('a summary of changes names no package', () => {
  const text =
    'kettle 1.3.0 (2024-05-01)\n\nSummary of major changes between 1.2.x and 1.3.0\n-----\n\n- New.\n\nK-Kettle 1.2.3 (29 July 2009)\n\n- Old.\n';
  expect(body(text, '1.3.0')).toBe('- New.');
});
