import { describe, expect, test } from '@jest/globals';
import { explainMissing } from '../../src/changelog/nearest.ts';
import { findSection } from '../../src/changelog/section.ts';

const file = (titles: readonly string[]) =>
  titles.map((title) => `## ${title}\n\n- Of ${title}.\n`).join('\n');
const heading = (text: string, version: string, name?: string) =>
  findSection(text, version, name)?.heading;

describe('without a package, a heading of another one', () => {
  test.each([
    ['names by turns', ['kettle 2.0.0', 'pot 1.2.3', 'kettle 1.1.0', 'pot 1.0.0'], 'pot'],
    ['names with @', ['kettle@2.0.0', 'pot@1.2.3', 'kettle@1.1.0'], 'pot'],
    ['above the usual one', ['pot 1.2.3', 'kettle 2.0.0', 'kettle 1.1.0'], 'pot'],
    ['behind the usual one', ['kettle 1.1.0', 'kettle 1.0.0', 'pot 1.2.3'], 'pot'],
    ['rising versions', ['kettle 1.1.0', 'kettle 2.0.0', 'pot 1.2.3'], 'pot'],
    ['out of order among bare ones', ['3.0.0', '2.9.0', 'pot 1.2.3', '2.8.0'], undefined],
    [
      'a second name',
      ['kettle 1.1.0 / pot 1.2.3', 'kettle 1.0.0 / pot 1.2.2', 'kettle 0.9.0'],
      'pot',
    ],
  ])('does not answer: %s', (_, titles, owner) => {
    const text = file(titles);
    expect(heading(text, '1.2.3')).toBeUndefined();
    if (owner === undefined) return;
    expect(explainMissing(text, '1.2.3')[0]?.why).toBe(`1.2.3: of another package (${owner})`);
    expect(heading(text, '1.2.3', owner)).toMatch('pot');
  });

  test.each([
    ['a name now and then', ['2.0.0', 'Kettle 1.2.3', '1.1.0', 'Kettle 1.0.0', '0.9.0']],
    ['the name of earlier times', ['Boiler 2.1', 'Boiler 2.0', 'Kettle 1.2.3', 'Kettle 1.1']],
    ['the name of a new time', ['Boiler 1.2.3', 'Kettle 1.1', 'Kettle 1.0']],
    ['a name for each series', ['Assam 1.3.0', 'Assam 1.2.4', 'Rooibos 1.2.3', 'Rooibos 1.2.2']],
    ['a name for each release', ['Assam 1.3.0', 'Rooibos 1.2.3', 'Sencha 1.1.0']],
    ['more words beside the name', ['Kettle 1.3.0', 'Kettle LTS 1.2.3', 'Kettle 1.1.0']],
    ['rising names', ['Kettle 1.0', 'Kettle 1.1', 'Boiler 1.2.3']],
  ])('answers if its version is in order: %s', (_, titles) => {
    expect(heading(file(titles), '1.2.3')).toMatch('1.2.3');
  });
});

describe('a package that no group is called after', () => {
  const grouped = (one: string, other: string) =>
    `# ${one}\n\n## 1.2.3\n\n- New.\n\n## 1.2.2\n\n- Old.\n\n# ${other}\n\n## 0.9.0\n\n- First.\n`;

  test('gets nothing of theirs', () => {
    const text = grouped('kettle', 'pot');
    expect(heading(text, '1.2.3', 'lid')).toBeUndefined();
    expect(explainMissing(text, '1.2.3', 'lid')[0]).toEqual({
      heading: '## 1.2.3',
      line: 3,
      why: '1.2.3: of another package (kettle)',
    });
    expect(heading(text, '1.2.3', 'kettle')).toBe('## 1.2.3');
    expect(heading(text, '1.2.3')).toBe('## 1.2.3');
  });

  test('is an earlier name where the oldest releases have it', () => {
    const text = file(['kettle 1.1.0', 'kettle 1.0.1', 'kettle 1.0.0', 'pot 3.2.0', 'pot 3.1.0']);
    expect(heading(text, '3.2.0')).toBe('## pot 3.2.0');
    expect(heading(file(['kettle 1.1.0', 'kettle 1.0.0', 'pot 3.2.0']), '3.2.0')).toBeUndefined();
  });

  test('is the one of platforms, of channels, and of a single title', () => {
    expect(heading(grouped('Windows', 'macOS'), '1.2.3', 'kettle')).toBe('## 1.2.3');
    expect(heading(grouped('Stable', 'Beta'), '1.2.3', 'kettle')).toBe('## 1.2.3');
    expect(heading('# Kettle\n\n## 1.2.3\n\n- New.\n', '1.2.3', 'lid')).toBe('## 1.2.3');
  });
});
