import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { explainMissing, newestVersion } from '../../src/changelog/nearest.ts';
import { findSection } from '../../src/changelog/section.ts';

function body(text: string, version: string, wanted?: string): string | undefined {
  return findSection(text, version, wanted)?.body;
}

/** Two releases under the given headings; finds both. */
const twoReleases = (newer: string, older: string) =>
  `${newer}\n\n* New tea.\n\n${older}\n\n* First cup.\n`;

describe('headings that people and tools write', () => {
  test.each([
    ['ATX', '## 1.3.0', '## 1.2.3'],
    ['ATX with closing marks', '### 1.3.0 ###', '### 1.2.3 ###'],
    ['ATX of mixed levels', '# 1.3.0', '### 1.2.3'],
    ['ATX, indented', '   ## 1.3.0', '  ## 1.2.3'],
    ['ATX without a space', '##1.3.0', '##1.2.3'],
    ['ATX with a no-break space', '##\u00a01.3.0', '##\u00a01.2.3'],
    ['prefix v', '## v1.3.0', '## V1.2.3'],
    ['prefix v.', '## v.1.3.0', '## v. 1.2.3'],
    ['prefix r', '## r1.3.0', '## r1.2.3'],
    ['Version', '## Version 1.3.0', '## Version 1.2.3'],
    ['Release', '# Release v1.3.0', '# Release v1.2.3'],
    ['attached release-', '## release-1.3.0', '## release-1.2.3'],
    ['Release notes for', '## Release notes for 1.3.0', '## Release notes for 1.2.3'],
    ['… release notes', 'Kettle 1.3.0 release notes\n===', 'Kettle 1.2.3 release notes\n==='],
    ["What's new in", "## What's new in Kettle 1.3.0?", "## What's new in Kettle 1.2.3?"],
    ['New in', '### New in 1.3.0 (Released 2024/05/01)', '### New in 1.2.3 (Released 2024/04/01)'],
    ['brackets', '## [1.3.0] - 2024-05-01', '## [1.2.3] - 2024-04-01'],
    ['an unclosed bracket', '## [1.3.0', '## [1.2.3'],
    ['brackets around the number alone', '## v[1.3.0]', '## v[1.2.3]'],
    [
      'linked',
      '## [1.3.0](https://e.x/c/v1.2.3...v1.3.0) (2024-05-01)',
      '## [1.2.3](https://e.x/c) (2024-04-01)',
    ],
    [
      'linked as a whole',
      '## [Version 1.3.0 2024-05-01](https://e.x/a_(b))',
      '## [Version 1.2.3](u)',
    ],
    ['linked by reference', '## [1.3.0][r13]', '## [1.2.3][]'],
    [
      'link in front',
      '### [ [>](https://e.x/v1.3.0) ] 1.3.0 / 01.05.2024',
      '### [ [>](https://e.x) ] 1.2.3 / 01.04.2024',
    ],
    ['bold', '**1.3.0** (2024-05-01)', '**1.2.3** (2024-04-01)'],
    ['bold with underscores', '__Version 1.3.0__', '__Version 1.2.3__'],
    ['bold heading', '## **1.3.0**', '## **1.2.3**'],
    ['code', '## `1.3.0`', '## `1.2.3`'],
    ['struck out', '## ~~1.3.0~~', '## ~~1.2.3~~'],
    ['emoji', '## 🚀 1.3.0 🎉', '## :rocket: 1.2.3'],
    ['escaped', '## \\[1.3.0\\]', '## \\[1.2.3\\]'],
    ['setext', '1.3.0 / 2024-05-01\n==================', '1.2.3 / 2024-04-01\n=================='],
    ['setext with dashes', 'v1.3.0 - May 1, 2024\n---', '[1.2.3]\n---'],
    ['setext below a rule', '---\n\n1.3.0\n---', '1.2.3\n---'],
    ['plain', '1.3.0', '1.2.3'],
    ['plain with a date', '1.3.0, released 2024-05-01', 'Version 1.2.3 (April 1st, 2024)'],
    ['plain with a remark', '1.3.0 - WITHDRAWN', '1.2.3'],
    ['plain with a colon', 'Version 1.3.0:', 'Version 1.2.3:'],
    ['plain, the date first', '2024-05-01: Version 1.3.0', '2024-04-01: Version 1.2.3'],
    ['plain, a dotted date first', '2024.05 Version 1.3.0', '2024.04.01 Version 1.2.3'],
    ['plain, date and name first', '01 May 2024, Kettle 1.3.0', '01 Apr 2024, Kettle 1.2.3'],
    [
      'Changes with',
      'Changes with kettle 1.3.0     01 May 2024',
      'Changes with kettle 1.2.3     01 Apr 2024',
    ],
    [
      'Changes between',
      '### Changes between 1.2.3 and 1.3.0 [1 May 2024]',
      '### Changes from 1.2.2 to 1.2.3',
    ],
    ['Debian', 'kettle (1.3.0) unstable; urgency=medium', 'kettle (1.2.3) unstable; urgency=low'],
    [
      'Changes from, with names',
      'Overview of Changes from Kettle 1.2.3 to Kettle 1.3.0',
      'Overview of Changes from Kettle 1.2.2 to 1.2.3',
    ],
    [
      'Changes from a series',
      '### Changes from versions 1.2.x to version 1.3.0',
      '## Changes from 1.1.* to 1.2.3',
    ],
    [
      'Major changes between, with names',
      '### Major changes between Kettle 1.2.3 and Kettle 1.3.0 [1 May 2024]',
      '### Major changes between Kettle 1.2.2 and Kettle 1.2.3 [under development]',
    ],
    ['from one to the next', 'Version 1.2.3 to 1.3.0 (01-MAY-2024)', 'Version 1.2.2 to 1.2.3'],
    ['an arrow', 'kettle-1.2.3 --> kettle-1.3.0', 'kettle-1.2.2 -> kettle-1.2.3'],
    ['Revision', 'Revision 1.3.0, released 01-05-2024', 'Revision 1.2.3'],
    ['a day with dashes', 'version 1.3.0 (1-May-2024):', 'version 1.2.3 (20-November-2023):'],
    [
      'release date',
      'Release 1.3.0 (release-date: 2024-05-01)',
      'Release 1.2.3 (release date: 2024-04-01)',
    ],
    [
      'a title in front',
      '## Fix the lid - v1.3.0 (May 1 2024)',
      '## Bug fixes - v1.2.3 (Apr 1 2024)',
    ],
    ['a sentence with its date', '## We have 1.3.0! Better pots (May 1, 2024)', '## 1.2.3'],
    [
      'date first, and who',
      '## 2024-05-01, kettle.js Version 1.3.0 @mia',
      '## 2024-04-01, Version 1.2.3 @mia',
    ],
    ['plain with a code name', '1.3.0 "Earl Grey" (2024-05-01)', '1.2.3 "Rooibos" (2024-04-01)'],
    ['plain, indented', '  Release 1.3.0', '  Release 1.2.3'],
    ['RDoc without a space', '===1.3.0', '===1.2.3'],
    ['RDoc', '=== 1.3.0 / 2024-05-01', '=== 1.2.3 / 2024-04-01'],
    ['WordPress', '= 1.3.0 =', '= 1.2.3 ='],
    ['Textile', 'h2. 1.3.0', 'h2. 1.2.3'],
    ['HTML', '<h2 id="v13">Version 1.3.0</h2>', '<h2>1.2.3 <img src="a.png"></h2>'],
    ['summary', '<summary>1.3.0</summary>', '<summary>1.2.3</summary>'],
    ['inline anchor', '## <a name="1.3.0"/>[1.3.0] - 2024-05-01', '## <a name="1.2.3"></a>1.2.3'],
    ['trailing comment', '## 1.3.0 <!-- {#v13} -->', '## 1.2.3 <!-- 1.2.2 -->'],
    ['package name', '# kettle 1.3.0', '# kettle 1.2.3 (2024-04-01)'],
    ['package@', '## kettle@1.3.0', '## kettle@1.2.3'],
    ['scoped package', '## @tea/kettle@1.3.0', '## @tea/kettle@1.2.3'],
    ['package-v', '## [kettle-v1.3.0](u) (2024-05-01)', '## kettle-v1.2.3'],
    [
      'package and link',
      '## @tea/kettle [1.3.0](u) (2024-05-01)',
      '## @tea/kettle 1.2.3 (2024-04-01)',
    ],
    [
      'date first',
      '## 2024-05-01, Version 1.3.0 (Current), @mia',
      '## 2024-04-01, Version 1.2.3 (Current), @mia',
    ],
    ['date and name first', '## 1 May 2024: kettle 1.3.0', '## 1 April 2024: kettle 1.2.3'],
    [
      'day and time',
      '## v1.3.0 - Wed, 01 May 2024 21:21:22 GMT',
      '## v1.2.3 - Mon, 01 Apr 2024 10:00:00 GMT',
    ],
    ['unfinished date', '# 1.3.0 (2024-XX-XX)', '# 1.2.3 (TBD)'],
    ['code name', '## 1.3.0 "Earl Grey"', '## 1.2.3 Rooibos (2024)'],
    ['colon and title', '## 1.3.0: The Big One', '## 1.2.3: Beta Testing Ends'],
    ['a remark in brackets', '### 1.3.0 [not yet dated]', '### 1.2.3 [see below]'],
    ['yanked', '## [1.3.0] - 2024-05-01 [YANKED]', '## 1.2.3 [YANKED]'],
    ['date behind a slash', '## 1.3.0/2024-05-01', '## 1.2.3/2024-04-01'],
  ])('%s', (_, newer, older) => {
    const text = twoReleases(newer, older);
    expect(body(text, '1.3.0')).toBe('* New tea.');
    expect(body(text, '1.2.3')).toBe('* First cup.');
    expect(body(text, '1.2.2')).toBeUndefined();
  });

  test('list items, with what is nested in them', () => {
    const text = 'History\n\n- 1.3.0 (2024-05-01)\n  - New tea.\n- **1.2.3**\n  - First cup.\n';
    expect(body(text, '1.3.0')).toBe('  - New tea.');
    expect(body(text, '1.2.3')).toBe('  - First cup.');
  });

  test('GNU NEWS, whose releases are the first level of a list', () => {
    const title = '* Noteworthy changes in release';
    const text = `${title} 1.3.0 (2024-05-01) [stable]\n\n** New tea.\n\n${title} 1.2.3 (2024-04-01)\n\n** First cup.\n`;
    expect(body(text, '1.3.0')).toBe('** New tea.');
    expect(body(text, '1.2.3')).toBe('** First cup.');
  });

  test('list items whose changes are items too, and plain lines in an older part', () => {
    const text =
      '* Changes in Kettle 1.3.0\n\n* New tea.\n\n* Changes in Kettle 1.2.3\n\n** Kettle 1.2.3 was made anew\n\nFirst cup.\n\n* Changes in Kettle 1.2.2\n\n* Hot.\n\nKettle 1.1:\n\n- Warm.\n\nKettle 1.0:\n\n- Cold.';
    expect(body(text, '1.3.0')).toBe('* New tea.');
    expect(body(text, '1.2.3')).toBe('** Kettle 1.2.3 was made anew\n\nFirst cup.');
    expect(body(text, '1.2.2')).toBe('* Hot.');
    expect(body(text, '1.1')).toBe('- Warm.');
  });

  test('a part of a release, one star deeper', () => {
    const part = '** Version 1.3.0: the pots\n\n** pot 4.6\n\nNew.\n\n** pot 4.5\n\nOld.';
    const text = `* Version 1.3.0\n\n${part}\n\n* Version 1.2.3\n\nFirst.`;
    expect(body(text, '1.3.0')).toBe(part);
    expect(body(text, '4.5')).toBeUndefined();
  });

  test('GNU NEWS among remarks on other versions', () => {
    const text =
      '* Noteworthy changes in release 1.3.0\n\n** Bug fixes\n\n  The lid no longer falls.\n  [bug introduced in kettle-1.2.2]\n\n  Nor does the spout.\n  [bug introduced in kettle-1.2.0]\n\n* Version 1.2.3 (released 2024-04-01)\n\n** pot: Updated to pot 4.5.\n';
    expect(body(text, '1.3.0')).toMatch(/^\*\* Bug fixes\n/);
    expect(body(text, '1.3.0')).toMatch(/\n {2}\[bug introduced in kettle-1\.2\.0\]$/);
    expect(body(text, '1.2.3')).toBe('** pot: Updated to pot 4.5.');
    expect(body(text, '1.2.0')).toBeUndefined();
    expect(body(text, '4.5')).toBeUndefined();
  });

  test.each(['=', '-', '~', '^', '"', '*', '+'])(
    'reStructuredText with a line of %s below',
    (mark) => {
      const rule = mark.repeat(7);
      const text = `.. _changes:\n\n1.3.0\n${rule}\n\n* New tea.\n\n1.2.3\n${rule}\n\n* See \`it <u>\`_.\n`;
      expect(body(text, '1.3.0')).toBe('* New tea.');
      expect(findSection(text, '1.2.3')).toMatchObject({
        line: 8,
        bodyLine: 11,
        body: '* See `it <u>`_.',
      });
    },
  );

  test('reStructuredText with lines above and below, and labels', () => {
    const text =
      '=====\n1.3.0\n=====\n\nNew.\n\n.. _v123:\n\n=====\n1.2.3\n=====\n\nFirst.\n\nUsage\n-----\n\nPour.';
    expect(body(text, '1.3.0')).toBe('New.');
    expect(body(text, '1.2.3')).toBe('First.\n\nUsage\n-----\n\nPour.');
  });

  test('reStructuredText links in headings', () => {
    const text =
      'kettle `v1.3.0 <https://e.x/v1.2.3...v1.3.0>`__ (1 May 2024)\n-----\n\nNew.\n\nkettle v1.2.3\n-----\n\nFirst.';
    expect(body(text, '1.3.0')).toBe('New.');
  });

  test('plain text of two parts, its changes right below', () => {
    const text = '9.1 - 8 May 2024\nNew.\n\n9.0 - 1 May 2024\nOld.\n';
    expect(body(text, '9.1')).toBe('New.');
  });

  test('plain text with lines that go on with a version', () => {
    const own = '- Works with what there was\n  2.0.0, and well';
    const text = `3.0.0\n\n${own}\n\n1.2.3 (2024-04-01)\n\nFirst.`;
    expect(body(text, '3.0.0')).toBe(own);
    expect(body(text, '2.0.0')).toBeUndefined();
  });

  test('one release alone, its name and its date', () => {
    expect(body('Kettle 1.2.3 (2024-05-01)\n\nThis.', '1.2.3')).toBe('This.');
  });

  test('plain text in an older part of the file', () => {
    const text =
      '## 2.0.0\n\nNew.\n\n## 1.9.0\n\nLess new.\n\n1.8.0 (2001-02-03)\n\nOld.\n\n1.7.0\n\nOldest.';
    expect(body(text, '1.9.0')).toBe('Less new.');
    expect(body(text, '1.8.0')).toBe('Old.');
  });
});

describe('two ways of writing headings in one file', () => {
  const recent = ['3.0.0', '2.9.0', '2.8.0', '2.7.0', '2.6.0', '2.5.0', '2.4.0', '2.3.0']
    .map((version) => `## [${version}] - 2024-05-01\n\nOf ${version}.\n\n`)
    .join('');

  test('the older way counts, though two releases have changed places', () => {
    const old = ['1.8.0', '1.7.0', '1.6.5', '1.7.1', '1.6.4', '1.6.3', '1.6.2'];
    const text = recent + old.map((version) => `v${version}\n\nOf ${version}.\n\n`).join('');
    for (const version of old) expect(body(text, version)).toBe(`Of ${version}.`);
  });

  test('lines that part each topic anew do not', () => {
    const topics = ['Added', 'Changed', 'Removed', 'Fixed'];
    const parts = topics.map(
      (topic) => `${topic}\n-----\n\n2.0.0 beta1\n\n* a\n\n2.0.0 beta2\n\n* b`,
    );
    const own = parts.join('\n\n');
    const text = `Release 2.0.0\n=====\n\n${own}\n\nRelease 1.9.0\n=====\n\nOld.`;
    expect(body(text, '2.0.0')).toBe(own);
    expect(body(text, '2.0.0-beta.1')).toBeUndefined();
  });
});

describe('versions', () => {
  test.each([
    '1.2',
    '1.2.3',
    '1.2.3.4',
    '2024.01.05',
    '1.2.3-rc.1',
    '1.2.3-0',
    '1.2.0a1',
    '21.12b0',
    '1.2.0.dev1',
    '1.2.0.post1',
    '1.2.3.Final',
    '1.2.3+build.5',
    '1.2.3-rc.1+5',
    '1.0.2u',
    '20.2-0.10-v2',
    '1.2.3_01',
    '1.2.3op2',
    '2.0.0@RC-1',
    '1.2.99999999999999999999',
  ])('%s', (version) => {
    const text = `# Changes\n\n## 99.0.1\n\nNewest.\n\n## ${version} (2024-05-01)\n\nThis.\n\n## 0.0.1\n\nOldest.\n`;
    const heading = `## ${version} (2024-05-01)`;
    expect(findSection(text, version)).toMatchObject({ body: 'This.', match: 'exact', heading });
  });

  test.each([
    [
      '1.2.3',
      [
        '1.2.30',
        '11.2.3',
        '1.2.3.1',
        '1.2.3-rc.1',
        '1.2.3rc1',
        '1.2.3 RC 1',
        '1.2.3+5',
        '1.2.3-1',
        '4.1.2.3',
        '1.2.31',
      ],
    ],
    ['1.2.3-rc.1', ['1.2.3', '1.2.3-rc.10', '1.2.3-rc', '1.2.3-alpha.1', '1.2.3-rc.1.1']],
    ['1.20', ['1.2', '1.20.1', '1.200', '11.20', '0.1.20']],
    ['1.4', ['1.04', '1.40']],
    ['3.1', ['3.10', '3.1 Beta', '3.1 release candidate 2', '3.1.x']],
  ])('%s is none of its neighbours', (version, others) => {
    const text = others.map((other) => `## ${other}\n\nOf ${other}.\n`).join('\n');
    expect(body(text, version)).toBeUndefined();
    expect(body(`${text}\n## ${version}\n\nThis.`, version)).toBe('This.');
  });

  test.each([
    ['5.7.0', '5.7'],
    ['5.7', '5.7.0'],
    ['5.7', '5.7.0.0'],
    ['1.2.3-rc.1', '1.2.3rc1'],
    ['1.2.0-alpha.1', '1.2.0a1'],
    ['1.2.3', '1.2.3.Final'],
    ['2024.1.5', '2024.01.05'],
    ['2024.1', '2024.01'],
    ['1.0.0-RC1', '1.0.0-rc1'],
    ['2.0.0-rc.1', '2.0.0@RC-1'],
  ])('%s is answered by %s', (version, heading) => {
    expect(findSection(`## 9.0.1\n\n## ${heading}\n\nThis.`, version)).toMatchObject({
      body: 'This.',
      match: 'equivalent',
      heading: `## ${heading}`,
    });
  });

  test.each([
    ['1.2.3-rc.1', '1.2.3 RC 1'],
    ['1.2.3-rc.2', '1.2.3 Release Candidate 2'],
    ['1.2.3-beta', '1.2.3 Beta (2024-05-01)'],
    ['1.2.3', '1.2.3: Beta testing ends'],
    ['1.2.3', '1.2.3 (beta)'],
    ['1.2.3', '1.2.3 A new beginning'],
  ])('%s is what "%s" means', (version, heading) => {
    expect(body(`## 9.0.1\n\n## ${heading}\n\nThis.`, version)).toBe('This.');
  });

  test('the exact spelling wins, and two equal ones answer nothing', () => {
    const text = '## 5.7\n\nShort.\n\n## 5.7.0\n\nLong.\n';
    expect(findSection(text, '5.7.0')).toMatchObject({ body: 'Long.', match: 'exact' });
    expect(body(text, '5.7.0.0')).toBeUndefined();
  });

  test.each([
    '1.2.3, 1.2.4',
    '1.2.3,1.2.4',
    '1.2.3 & 1.2.4',
    '1.2.3 and 1.2.4',
    '1.2.3 / 1.2.4',
    '1.2.3/1.2.4 (2024-05-01)',
    'Version 1.2.3 / Version 1.2.4 (again)',
    '[1.2.3](u), [1.2.4](u)',
    '1.2.3 - 1.2.4',
    '1.2.3-1.2.4',
    '1.2.3–1.2.4 (2024-05-01)',
    '1.2.3 through 1.2.4',
  ])('%s answers to both', (title) => {
    const text = `## 2.0.0\n\nNew.\n\n## ${title}\n\nThis.`;
    expect(body(text, '1.2.3')).toBe('This.');
    expect(body(text, '1.2.4')).toBe('This.');
  });

  test.each([
    '1.2.4 (was 1.2.3)',
    '1.2.3 to 1.2.4',
    '1.2.2 - 1.2.4',
    '2.0.1 - 1.2.3',
    '1.2.3 series',
    '1.2.3 pre-releases',
    '< 1.2.3',
    'Kettle <= 1.2.3',
    'Node >= 1.2.3',
    'From 1.2.2 to 1.2.3 in small steps',
  ])('1.2.3 is not announced by "%s"', (title) => {
    expect(body(`## 2.0.0\n\nNew.\n\n## ${title}\n\nThis.`, '1.2.3')).toBeUndefined();
  });
});

describe('the end of a section', () => {
  const section = (rest: string) => body(`# Changelog\n\n## 1.2.3\n\nThis.\n${rest}`, '1.2.3');

  test.each([
    ['the next version at a deeper level', '\n#### 1.2.2\n\nOld.'],
    ['the next version at a higher level', '\n# 1.2.2\n\nOld.'],
    ['the next version in another style', '\n1.2.2\n-----\n\nOld.'],
    ['a prerelease', '\n## 1.2.3-rc.1\n\nOld.'],
    ['a single number', '\n## v1\n\nOld.'],
    ['a group', '\n## 1.x releases\n\n- a'],
    ['a series', '\n# 0.9.x\n\n- a'],
    ['older versions', '\n## Older versions\n\n[here](u)'],
    ['a legacy changelog', '\n# @tea/kettle - legacy changelog\n\n- a'],
    ['a named series', '\n## Kettle 0.x\n\n- a'],
    ['a heading for the releases below it', '\n## 1.1\n\n### 1.1.9\n\nOld.'],
    ['a named heading for the releases below it', '\n# Kettle 1.1\n\n## 1.1.9\n\nOld.'],
    ['what came before', '\n## Before 1.0\n\n- a'],
    ['what came before, in short', '\n## Pre-1.0\n\n- a'],
    ['a year', '\n## 2019\n\n- a'],
    ['a series with a version', '\n## 1.1 series\n\n- a'],
    ['what is below a version', '\n## < 1.1.0 / 2019-05-01\n\n- a'],
    ['an archive', '\n# History/News Archive\n\n- a'],
    ['older entries', '\n## Older Changelog Entries\n\n- a'],
    [
      'a sentence with another version and its date',
      '\n## Meet 1.1.0, at last (May 1, 2019)\n\n- a',
    ],
    ['Unreleased', '\n## [Unreleased]\n\n- a'],
    ['a newer release of another package', '\n## teapot 4.5.6 (2020-01-01)\n\n- a'],
    ['another package', '\n## 2020-01-01: teapot 0.9.2\n\n- a'],
    ['an anchor of the next heading', '\n<a name="1.2.2"></a>\n## 1.2.2\n'],
    ['an anchor and a blank line', '\n<a id="1.2.2" />\n\n## 1.2.2\n'],
    [
      'link definitions at the end of the file',
      '\n[1.2.3]: https://e.x/1.2.3\n[#1]: <https://e.x/1>\n',
    ],
    [
      'link definitions among comments',
      '\n<!-- links -->\n[1.2.3]: https://e.x/1.2.3\n<!-- end -->\n',
    ],
    ['the end of the file', ''],
  ])('%s', (_, rest) => {
    expect(section(rest)).toBe('This.');
  });

  test.each([
    ['headings without a version, of any level', "# Thanks\n\n## What's Changed\n\n### Fixes"],
    ['a topic with a version', '### Node 18.0 and later'],
    ['a topic with a version at the same level', '## Upgrading from 1.1.0'],
    ['a topic that names its own version', '### 1.2.3 in detail'],
    ['a part that names its own version', '### 1.2.3: the details'],
    ['notes on its own version', '## Known issues in 1.2.3'],
    ['a higher part that names its own version', "# What's new in 1.2.3.0"],
    ['compatibility with what is older', '## Compatibility with older versions'],
    ['a remark in brackets', '(Release 1.2.3b1 (2024-04-01))'],
    ['examples', 'Example for Kettle 1.1:\n\n- a\n\nExample for Kettle 1.2:'],
    ['a line that goes on with an indented one', '* Works since\n  1.1.0, and well'],
    ['the steps of an upgrade', '## From 1.1 to 1.2 in small steps'],
    ['upgrade notes', '## Upgrade notes for 1.2.3'],
    ['a numbered topic', '#### 1.1 First steps'],
    ['an older group at a deeper level', '### Legacy changes\n\n- a'],
    ['a rule in the middle', '---\n\nMore.'],
    ['a lone list marker', '-\n\n- a'],
    ['a table', '| 1.1.0 | 1.0.0 |\n| --- | --- |\n| a | b |'],
    ['link definitions in the middle', '[a]: https://e.x/a\n\nSee [a].'],
    ['footnotes', 'a[^1]\n\n[^1]: b'],
    ['a comment at the end', '<!-- made by hand -->'],
    ['a heading in a fence', '```sh\n## 1.1.0\n```'],
    ['a heading in a longer fence', '````\n```\n## 1.1.0\n```\n````'],
    ['a heading in a comment', '<!--\n## 1.1.0\n-->'],
    ['a heading in code', '    ## 1.1.0'],
    ['a heading in a quote', '> ## 1.1.0'],
    ['a heading in a list', '- ## 1.1.0'],
    ['a version on a line of its own', 'Needs at least\n1.34.0.'],
    ['a version out of order', '1.34.0'],
    ['a series that is spoken of', '## Dropping Kettle 0.x'],
    ['a factor', '## 1.1x faster'],
    ['a version in bold', '**Works with Kettle 1.1**'],
    ['seven marks', '####### 1.1.0'],
    ['an unfinished fence', '```sh'],
  ])('is not %s', (_, rest) => {
    expect(section(`\n${rest}\n\n## 1.2.2\n\nOld.`)).toBe(`This.\n\n${rest}`);
  });

  test('a list of contents is no heading', () => {
    const text =
      '# Changelog\n\n- [1.3.0](#130)\n- [1.2.3](#123)\n\n## 1.3.0\n\nNew.\n\n## 1.2.3\n\nFirst.';
    expect(findSection(text, '1.2.3')).toMatchObject({ line: 10, body: 'First.', duplicates: [] });
  });

  test('a title with the series is no release', () => {
    const text =
      '# Changelog for Kettle 1.2\n\nAll about tea.\n\n## 1.2.1\n\nNew.\n\n## 1.2.0\n\nFirst.';
    expect(newestVersion(text)).toBe('1.2.1');
    expect(body(text, '1.2')).toBe('First.');
  });

  test('a title of the same level is none either', () => {
    const text =
      'Kettle 1.2 release notes\n=====\n\nKettle 1.2.1\n=====\n\nNew.\n\nKettle 1.2.0\n=====\n\nFirst.';
    expect(newestVersion(text)).toBe('1.2.1');
  });

  test('a release in details', () => {
    const text =
      '<details open>\n<summary>1.3.0</summary>\n\nNew.\n\n</details>\n\n<details><summary><b>1.2.3</b></summary>\n\nFirst.\n</details>\n';
    expect(body(text, '1.3.0')).toBe('New.');
    expect(body(text, '1.2.3')).toBe('First.');
  });

  test('a release whose patches follow one level deeper stays one', () => {
    const text = '# 1.2\n\nFirst.\n\n## 1.2.1\n\nPatch.\n\n# 1.3\n\nNew.\n\n## 1.3.1\n\nPatch.';
    expect(body(text, '1.2')).toBe('First.');
    expect(body(text, '1.3')).toBe('New.');
  });

  test('nor is one without list marks', () => {
    const contents = ['1.3.0', '1.2.3', '1.2.2'].map((text) => `[${text}](#${text})\n`).join('\n');
    const text = `# Changes\n\n${contents}\n## 1.3.0\n\nNew.\n\n## 1.2.3\n\nFirst.`;
    expect(findSection(text, '1.2.3')).toMatchObject({ body: 'First.', duplicates: [] });
    expect(body(text, '1.2.2')).toBeUndefined();
  });

  test('front matter is no heading', () => {
    const text = '---\ntitle: Changes\nversion: 1.2.3\n---\n\n## 1.2.3\n\nThis.';
    expect(findSection(text, '1.2.3')).toMatchObject({ line: 6, duplicates: [] });
  });

  test('where headings name the package, deeper ones on others are topics', () => {
    const text = '## kettle 1.3.0\n\nNew.\n\n### Node 18.0\n\nNeeded.\n\n## kettle 1.2.3\n';
    expect(body(text, '1.3.0')).toBe('New.\n\n### Node 18.0\n\nNeeded.');
    expect(body(text, '18.0')).toBeUndefined();
  });

  test('footnotes at the end of the file stay', () => {
    expect(section('\nMore[^1].\n\n[^1]: Much more.\n')).toBe(
      'This.\n\nMore[^1].\n\n[^1]: Much more.',
    );
  });

  test('an unfinished fence in an old release hides nothing', () => {
    expect(body('## 1.3.0\n\n```\nx\n\n## 1.2.3\n\nFirst.', '1.2.3')).toBe('First.');
  });
});

describe('what comes back', () => {
  test('is the source as it is, with its place', () => {
    const text =
      '\uFEFF# Changes\r\n\r\n## [1.2.3] - 2024-05-01\r\n\r\n\r\n  * a  \r\n\r\n* b\r\n\r\n## 1.2.2\r\n';
    expect(findSection(text, '1.2.3')).toEqual({
      body: '  * a  \r\n\r\n* b',
      heading: '## [1.2.3] - 2024-05-01',
      line: 3,
      bodyLine: 6,
      match: 'exact',
      duplicates: [],
    });
  });

  test.each([
    '\uFEFF## 1.2.3\nThis.',
    '\uFEFF1.2.3\n=====\nThis.',
    '## 1.2.3\rThis.\r## 1.2.2\rOld.',
    '## 1.2.3\nThis.',
  ])('%j', (text) => {
    expect(body(text, '1.2.3')).toBe('This.');
  });

  test.each(['## 1.2.3', '## 1.2.3\n', '## 1.2.3\n\n\n## 1.2.2\n\nOld.', '## 1.2.3\n\n[1.2.3]: u'])(
    'is empty, not missing: %j',
    (text) => {
      expect(body(text, '1.2.3')).toBe('');
    },
  );

  test.each([
    '',
    '\n',
    'Nothing yet.',
    '# Changelog',
    '1.2.3 is out now.',
    'See 1.2.3',
    'Meet Kettle 1.2.3',
    '[1.2.3]: https://e.x',
    '- [1.2.3](#123)',
    '<!-- ## 1.2.3 -->',
    '```\n## 1.2.3\n```',
    '## Since 1.2.3',
    '## Upgrading to 1.2.3',
  ])('is undefined for %j', (text) => {
    expect(body(text, '1.2.3')).toBeUndefined();
  });

  test('a part that names the same version is not a repeated heading', () => {
    const text = '## 1.2.3\n\n### 1.2.3: the details\n\nThis.\n\n## 1.2.2';
    expect(findSection(text, '1.2.3')).toMatchObject({ line: 1, duplicates: [] });
  });

  test('the first of repeated headings counts, the others are told', () => {
    const text = '## 1.2.3\n\nThis.\n\n## 1.2.2\n\n## 1.2.3\n\nThat.\n\n## 1.2.3';
    expect(findSection(text, '1.2.3')).toMatchObject({ body: 'This.', duplicates: [7, 11] });
  });
});

describe('packages', () => {
  const text =
    '## kettle@1.2.3\n\nOf kettle.\n\n## @tea/pot@1.2.3\n\nOf pot.\n\n## 1.2.2\n\nOf both.\n\n## Tea Cup 1.2.1\n\nOf cup.';

  test.each([
    ['kettle', '1.2.3', 'Of kettle.'],
    ['@tea/pot', '1.2.3', 'Of pot.'],
    ['pot', '1.2.3', 'Of pot.'],
    ['libs/kettle', '1.2.3', 'Of kettle.'],
    ['kettle', '1.2.2', 'Of both.'],
    ['tea-cup', '1.2.1', 'Of cup.'],
    ['saucer', '1.2.3', undefined],
  ])('%s %s', (name, version, expected) => {
    expect(body(text, version, name)).toBe(expected);
  });

  test('a heading names several, each with its version', () => {
    const both =
      '## kettle 1.3.0 / teapot 0.4.0 (2024-05-01)\n\n### Kettle 1.3.0\n\nNew.\n\n### Teapot 0.4.0\n\nNew too.\n\n## kettle 1.2.3, teapot 0.3.0\n\nOld.\n\n## kettle 0.3.0\n\nOldest.';
    const newer = '### Kettle 1.3.0\n\nNew.\n\n### Teapot 0.4.0\n\nNew too.';
    expect(body(both, '1.3.0')).toBe(newer);
    expect(body(both, '0.4.0', 'teapot')).toBe(newer);
    expect(body(both, '1.3.0', 'teapot')).toBeUndefined();
    expect(body(both, '0.3.0')).toBe('Oldest.');
    expect(body(both, '0.3.0', 'teapot')).toBe('Old.');
  });

  test('without one, the package that the file is about comes first', () => {
    const mixed =
      '## pot 1.2.3 (2024-05-01)\n\nOf pot.\n\n## kettle 1.2.3 (2024-04-01)\n\nOf kettle.\n\n## kettle 1.2.2\n\n## kettle 1.2.1';
    expect(body(mixed, '1.2.3')).toBe('Of kettle.');
    expect(body(mixed, '1.2.3', 'pot')).toBe('Of pot.');
  });
});

describe('other questions', () => {
  test.each([
    ['descending', '## Unreleased\n\n## 1.10.0\n\n## 1.9.0\n\n## 1.2.0', '1.10.0'],
    ['ascending', '## 1.2.0\n\n## 1.9.0\n\n## 1.10.0\n\n## Unreleased', '1.10.0'],
    ['a back-port on top', '## 1.9.5\n\n## 2.0.0\n\n## 1.9.4\n\n## 1.9.3', '1.9.5'],
    ['two in a heading', '## 1.2.3, 1.2.4\n\n## 1.2.2', '1.2.4'],
    ['a release behind its candidate', '## 1.0.0-rc.1\n\n## 1.0.0', '1.0.0'],
    ['two prereleases in a heading', '## 1.0.0-alpha.1, 1.0.0-beta.1', '1.0.0-beta.1'],
    ['a prerelease', '## 2.0.0-rc.1\n\n## 1.0.0', '2.0.0-rc.1'],
    ['none', '# Changes', undefined],
  ])('the newest version: %s', (_, text, expected) => {
    expect(newestVersion(text)).toBe(expected);
  });

  test('why a version is missing, nearest first', () => {
    const text = [
      '## 2.0.0',
      '## 1.2.30',
      '## 1.2.3-rc.1',
      '## pot@1.2.3',
      '## 1.2.3+5',
      '## 1.2.2',
      '## 0.1.0',
    ].join('\n\n');
    expect(explainMissing(text, '1.2.3', 'kettle')).toEqual([
      { heading: '## pot@1.2.3', line: 7, why: '1.2.3: of another package (pot)' },
      { heading: '## 1.2.3-rc.1', line: 5, why: '1.2.3-rc.1: a prerelease' },
      { heading: '## 1.2.3+5', line: 9, why: '1.2.3+5: another build' },
      { heading: '## 1.2.30', line: 3, why: '1.2.30: another version' },
      { heading: '## 1.2.2', line: 11, why: '1.2.2: another version' },
    ]);
  });

  test('why two headings answer nothing', () => {
    expect(explainMissing('## 1.2\n\n## 1.2.0.0\n\n## 1.1', '1.2.0').slice(0, 2)).toEqual([
      { heading: '## 1.2', line: 1, why: '1.2: not the same as 1.2.0 (2 headings would match)' },
      {
        heading: '## 1.2.0.0',
        line: 3,
        why: '1.2.0.0: not the same as 1.2.0 (2 headings would match)',
      },
    ]);
  });

  test('a changelog without headings explains nothing', () => {
    expect(explainMissing('Nothing yet.', '1.2.3')).toEqual([]);
  });
});

describe('any changelog', () => {
  const number = fc.nat({ max: 30 });
  const version = fc
    .tuple(
      number,
      number,
      fc.option(number, { nil: undefined }),
      fc.constantFrom('', '', '', '-rc.1', '-beta.2', '+7'),
    )
    .map(
      ([major, minor, patch, tag]) =>
        `${major}.${minor}${patch === undefined ? '' : `.${patch}`}${tag}`,
    );
  const neighbours = (text: string) => [`${text}0`, `1${text}`, `${text}-rc.9`, `${text}.9`];

  // Bodies hold what must not end them, with every version of the file in it.
  const paragraph = (versions: readonly string[]) =>
    fc
      .tuple(fc.constantFrom(...versions), fc.constantFrom('*', '-'))
      .chain(([other, mark]) =>
        fc.constantFrom(
          `${mark} Fixed what ${other} broke.`,
          `Works with ${other} and later.`,
          '### Fixes',
          `### Upgrading from ${other}`,
          `\`\`\`md\n## ${other}\n\`\`\``,
          `~~~~\n~~~\n## ${other}\n\n${other}\n=====\n~~~~`,
          `${mark} Steps:\n\n  \`\`\`\n  ## ${other}\n  \`\`\``,
          `<!--\n## ${other}\n\n-->`,
          `    ## ${other}`,
          `> ## ${other}`,
          `[a]: https://example.com/${other}\n\nSee [a].`,
          '---\n\nBelow a rule.',
        ),
      );

  const headings: readonly ((version: string) => string)[] = [
    (text) => `## ${text}`,
    (text) => `# [${text}](https://example.com/compare/v0.0.1...v${text}) (2024-05-01)`,
    (text) => `### [v${text}] - 2024-05-01`,
    (text) => `## Version ${text}, May 1st, 2024`,
    (text) => `## kettle@${text}`,
    (text) => `## kettle ${text} "Assam"`,
    (text) => `${text} / 2024-05-01\n==================`,
    (text) => `v${text} (2024-05-01)\n---`,
    (text) => `<h2>${text}</h2>`,
    (text) => `**${text}** (2024-05-01)`,
    (text) => `<a name="${text}"></a>\n## ${text}`,
  ];

  const changelog = fc
    .record({
      versions: fc.uniqueArray(version, {
        minLength: 1,
        maxLength: 6,
        selector: (text) => text.replace(/(?:\.0)+(?=$|[-+])/, ''),
      }),
      heading: fc.constantFrom(...headings),
      title: fc.constantFrom(
        '',
        '# Changelog\n\n',
        '# Changelog\n\n## [Unreleased]\n\n- Soon.\n\n',
      ),
      lineEnd: fc.constantFrom('\n', '\r\n', '\r'),
      mark: fc.constantFrom('', '\uFEFF'),
      definitions: fc.constantFrom(
        '',
        '\n[1]: https://example.com/1\n[2]: https://example.com/2\n',
      ),
    })
    .chain((file) =>
      fc
        .array(fc.array(paragraph(file.versions), { maxLength: 4 }), {
          minLength: file.versions.length,
          maxLength: file.versions.length,
        })
        .map((bodies) => {
          const withLineEnd = (text: string) => text.replaceAll('\n', file.lineEnd);
          const sources = file.versions.map((text, index) => ({
            version: text,
            body: (bodies[index] ?? []).join('\n\n'),
          }));
          const parts = sources.map(
            (source) => `${file.heading(source.version)}\n\n${source.body}\n`,
          );
          const text = file.mark + withLineEnd(file.title + parts.join('\n') + file.definitions);
          const sections = sources.map((source) => ({ ...source, body: withLineEnd(source.body) }));
          return { text, sections };
        }),
    );

  test('gives every section as it is, and nothing for a version that has none', () => {
    fc.assert(
      fc.property(changelog, ({ text, sections }) => {
        const versions = sections.map((section) => section.version);
        for (const section of sections) {
          expect(findSection(text, section.version)).toMatchObject({
            body: section.body,
            match: 'exact',
            duplicates: [],
          });
          for (const other of neighbours(section.version)) {
            const isEqual = versions.some((known) => findSection(`## ${known}`, other));
            if (!isEqual) expect(body(text, other)).toBeUndefined();
          }
        }
      }),
      { numRuns: 300 },
    );
  });

  test('never fails, and cuts only what is there', () => {
    const piece = fc.constantFrom(
      '#',
      '## ',
      '1.2.3',
      '\n',
      '\r\n',
      '===',
      '---',
      '~~~',
      '**',
      '* ',
      ' ',
      '[',
      '](',
      ')',
      '<!--',
      '-->',
      '`',
      '```',
      'v',
      '<h1>',
      '\uFEFF',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 60 }), (pieces) => {
        const text = pieces.join('');
        const section = findSection(text, '1.2.3');
        if (section) expect(text).toContain(section.body);
        expect(newestVersion(text) === undefined).toBe(explainMissing(text, '999.0').length === 0);
      }),
    );
  });
});

describe('what only looks like a heading or an end', () => {
  const file = (inside: string) =>
    `# Changelog\n\n## 1.3.0\n\n${inside}\n\n## 1.2.3\n\n- Leaves --> tea.\n\n## 1.2.2\n\n- Cup.\n`;

  test.each([
    ['a heading in <pre>', '<pre>\n## 1.2.3\n\nFalse.\n</pre>\n\n- New.'],
    ['a heading in <pre><code>', '<pre><code class="md">\n```\n## 1.2.3\n</code></pre>\n\n- New.'],
    ['a comment that indented code opens', 'Write:\n\n    <!-- begin\n\n- New.'],
    ['a comment that an item opens', '- New: <!--\n- <!-- begin'],
    ['a comment that a quote opens', '> <!-- begin\n\n- New.'],
    ['an escaped backslash before a comment', 'C:\\\\<!-- a\n## 1.2.3\n-->\n\n- New.'],
    [
      'a topic that is called like what comes',
      '### Upcoming changes\n\n- New.\n\n### Main\n\n- Old.',
    ],
  ])('%s', (_, inside) => {
    expect(body(file(inside), '1.3.0')).toBe(inside);
    expect(body(file(inside), '1.2.3')).toBe('- Leaves --> tea.');
  });

  test('<pre> without an end hides nothing', () => {
    const inside = '<pre>\nOpen.\n\n## 1.2.9\n\n<pre>\nClosed.\n</pre>';
    expect(body(file(inside), '1.3.0')).toBe('<pre>\nOpen.');
  });

  test('a deeper "Unreleased" still ends a section', () => {
    expect(body(file('- New.\n\n### Unreleased\n\n- Later.'), '1.3.0')).toBe('- New.');
  });
});

describe('a prerelease that is set off by punctuation', () => {
  const final = '\n\nTry it.\n\n## 1.2.3\n\nDone.\n\n## 1.2.2\n\nOld.\n';
  test.each(['(RC1)', '- RC 1', '(beta 2)', ', rc 1', '/ rc1', '[rc1] - 2024-05-01'])(
    '1.2.3 %s never stands for 1.2.3',
    (tag) => {
      expect(body(`## 1.2.3 ${tag}${final}`, '1.2.3')).toBe('Done.');
      expect(body(`## 1.2.3 ${tag}\n\nTry it.\n`, '1.2.3')).toBeUndefined();
    },
  );

  test.each(['(beta)', '– Release Candidate', '[alpha]', 'Nightly', '(pre-release)'])(
    '1.2.3 %s gives way to 1.2.3',
    (tag) => {
      expect(body(`## 1.2.3 ${tag}${final}`, '1.2.3')).toBe('Done.');
      expect(body(`## 1.2.3 ${tag}\n\nTry it.\n`, '1.2.3')).toBe('Try it.');
    },
  );

  test('said twice, it is one', () => {
    expect(body(`## 1.2.3-rc.1 (RC 1)${final}`, '1.2.3-rc.1')).toBe('Try it.');
  });

  test('a remark that goes on is a remark', () => {
    expect(body(`## 1.2.3: Beta 2 is over${final}`, '1.2.3')).toBe('Try it.');
  });
});

test('link definitions over two lines at the end are left out, too', () => {
  const text = '## [1.2.3]\n\n- Tea [x].\n\n[1.2.3]:\n  https://example.com\n[x]: y\n';
  expect(body(text, '1.2.3')).toBe('- Tea [x].');
});

describe('<details> around releases', () => {
  const older = (open: string) =>
    `## 1.3.0\n\n- New.\n\n${open}\n\n## 1.2.3\n\n- Tea.\n\n## 1.2.2\n\n- Cup.\n\n</details>\n`;
  test.each([
    '<details>\n<summary>Older releases</summary>',
    '<details open><summary>Older</summary>',
    '<details>\n\n<summary>\nOlder\n</summary>',
  ])('%j opens after the section above, and is closed after the last', (open) => {
    expect(body(older(open), '1.3.0')).toBe('- New.');
    expect(body(older(open), '1.2.3')).toBe('- Tea.');
    expect(body(older(open), '1.2.2')).toBe('- Cup.');
  });

  test('those of the section itself stay', () => {
    const own = '<details>\n<summary>More</summary>\n\n- Tea.\n\n</details>';
    expect(body(`## 1.3.0\n\n${own}\n\n## 1.2.3\n\n${own}\n`, '1.3.0')).toBe(own);
    expect(body(`## 1.3.0\n\n${own}\n\n## 1.2.3\n\n${own}\n`, '1.2.3')).toBe(own);
  });
});
