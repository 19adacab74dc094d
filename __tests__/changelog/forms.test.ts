import { describe, expect, test } from '@jest/globals';
import { findSection } from '../../src/changelog/index.ts';
import { explainMissing, newestVersion } from '../../src/changelog/nearest.ts';

function body(text: string, version: string, name?: string): string | undefined {
  return findSection(text, version, name)?.body;
}

const twoReleases = (newer: string, older: string) =>
  `${newer}\n\n* New tea.\n\n${older}\n\n* First cup.\n`;

describe('a file tells its own form', () => {
  test.each([
    ['a date in brackets of full width', '## v1.3.0（2024-05-01）', '## v1.2.3（2024-04-01）'],
    ['brackets of full width', '## 1.3.0（改善）', '## 1.2.3（修正）'],
    ['a colon of full width', '## v1.3.0：改善', '## v1.2.3：修正'],
    ['a word behind', '## v1.3.0更新内容', '## v1.2.3更新内容'],
    ['a word in front', '## 版本1.3.0', '## 版本1.2.3'],
    ['lenticular brackets', '## 【1.3.0】', '## 【v1.2.3】'],
    ['corner brackets', '## 「1.3.0」', '## 「1.2.3」'],
    ['Japanese', '## バージョン1.3.0', '## バージョン1.2.3'],
    ['Ver. and brackets', '## Ver.1.3.0（2024年5月1日）', '## Ver.1.2.3（2024年4月1日）'],
    ['Cyrillic, plain', 'Версия 1.3.0', 'Версия 1.2.3'],
    ['Chinese, plain', '版本 1.3.0', '版本 1.2.3'],
    ['an umlaut first, plain', 'Änderungen in 1.3.0', 'Änderungen in 1.2.3'],
    ['a square', '■ 1.3.0', '■ 1.2.3'],
    ['a square without a space', '■Ver 1.3.0', '■Ver 1.2.3'],
    ['a bullet', '● v1.3.0', '● v1.2.3'],
    ['a diamond', '◆ Version 1.3.0', '◆ Version 1.2.3'],
    ['dashes around', '--- 1.3.0 ---', '--- 1.2.3 ---'],
    ['two angles', '>> 1.3.0', '>> 1.2.3'],
    ['folds of an editor', '{{{ 1.3.0 2024-05-01', '}}}\n\n{{{ 1.2.3 2024-04-01'],
    [
      'a long product name',
      '## Acme Kettle Adapter for Blue Pots - Version 1.3.0 - May 1, 2024',
      '## Acme Kettle Adapter for Blue Pots - Version 1.2.3 - April 1, 2024',
    ],
    [
      'a name of many words',
      '## The Big Blue Kettle of Doom 1.3.0',
      '## The Big Blue Kettle of Doom 1.2.3',
    ],
    ['everyday words', '## Support Tool 1.3.0', '## Support Tool 1.2.3'],
    ['End User Client', '## End User Client 1.3.0', '## End User Client 1.2.3'],
    ['Move It', '## Move It 1.3.0', '## Move It 1.2.3'],
    ['Example App', '## Example App 1.3.0', '## Example App 1.2.3'],
    ['with', '## Kettle with Whistle 1.3.0', '## Kettle with Whistle 1.2.3'],
    ['Fixes', '## Fixes: 1.3.0', '## Fixes: 1.2.3'],
    ['a date of Europe first', '## 01.05.2024 Kettle 1.3.0', '## 01.04.2024 Kettle 1.2.3'],
    [
      'a date of Europe first, plain',
      '01.05.2024 Release Acme Kettle 1.3.0',
      '01.04.2024 Release Acme Kettle 1.2.3',
    ],
    ['a date and a colon first', '2026/06/03 : 1.3.0', '2026/05/03 : 1.2.3'],
    ['a date first, plain', '2024-05-01 Version 1.3.0', '2024-04-01 Version 1.2.3'],
    ['a date with dots first', '2024.05.01 (1.3.0)', '2024.04.01 (1.2.3)'],
    ['an @ and a date', '### v1.3.0 @2024-5-1', '### v1.2.3 @2024-4-1'],
    [
      'who released it',
      'Wed May 01 2024 - Mia <mia@example.com> - v1.3.0',
      '* Mon Apr 01 2024 - Tom Tea <tom@example.com> and Mia <mia@example.com> - v1.2.3',
    ],
    ['code in reStructuredText', 'Kettle ``1.3.0``\n=====', 'Kettle ``1.2.3``\n====='],
    ['attributes', '## 1.3.0 { id="1.3.0" }', '## 1.2.3 { id="1.2.3" }'],
    ['brackets around the version', '## v(1.3.0)', '## v(1.2.3)'],
    ['a slip', '**# 1.3.0(2024-05-01)', '# 1.2.3(2024-04-01)'],
    ['indented HTML', '      <h3>Version 1.3.0</h3>', '      <h3>Version 1.2.3</h3>'],
    ['HTML over lines', '<h2>\nVersion 1.3.0\n</h2>', '<h2>\nVersion 1.2.3\n</h2>'],
    ['a bold paragraph', '<p><b>Version 1.3.0</b></p>', '<p><b>Version 1.2.3</b></p>'],
    ['terms', '<dt>1.3.0</dt>', '<dt>1.2.3</dt>'],
    ['a class', '<div class="version">1.3.0</div>', '<div class="version">1.2.3</div>'],
    [
      'bold in an anchor',
      '<a name="v1.3.0"><b>May 1, 2024 - Version 1.3.0</b></a>',
      '<a name="v1.2.3"><b>Apr. 1, 2024 - Version 1.2.3</b></a> <span>(stable)</span>',
    ],
    ['a channel with a date', '2024-05-01 - 1.3.0_beta_2024-05-01\n=====', '1.2.3\n====='],
  ])('%s', (_, newer, older) => {
    const text = twoReleases(newer, older);
    expect(body(text, '1.3.0')).toBe('* New tea.');
    expect(body(text, '1.2.3')).toBe('* First cup.');
    expect(body(text, '1.2.2')).toBeUndefined();
  });

  test.each(['Adapter V3 Release Notes', 'Kettle 3 Release Notes'])(
    'a title such as "%s" is no release',
    (title) => {
      const text = `# ${title}\n\n## Kettle Adapter - Version 3.1.0 - May 1, 2024\n\nNew.\n\n## Kettle Adapter - Version 3.0.1 - April 1, 2024\n\nOld.\n`;
      expect(body(text, '3.0')).toBeUndefined();
      expect(newestVersion(text)).toBe('3.1.0');
      expect(body(text, '3.1.0')).toBe('New.');
    },
  );

  test('a build number in brackets counts, too', () => {
    const text = '## 2024.2 (build 24.2.0.1234)\n\nNew.\n\n## 2024.1 (build 24.1.0.999)\n\nOld.';
    expect(body(text, '24.2.0.1234')).toBe('New.');
    expect(body(text, '2024.2')).toBe('New.');
    expect(body(text, '24.1.0.999')).toBe('Old.');
  });

  test.each(['SP1', 'Hotfix 1', 'Service Pack 1'])('"1.2 %s" is not 1.2', (patch) => {
    const text = `## 1.2 ${patch}\n\nPatch.\n\n## 1.2\n\nOwn.\n`;
    expect(body(text, '1.2')).toBe('Own.');
    expect(body(`## 1.2 ${patch}\n\nPatch.\n`, '1.2')).toBeUndefined();
  });

  test('a style that changed over the years', () => {
    const text =
      'Wed 1 May 2024 - mia - v1.3.0\n    - New.\n\nMon 1 Apr 2024 - mia - v1.2.3\n    - Lid.\n\n* Fri 1 Mar 2024 - tom - v1.2.2\n    - Pot.\n\n* Thu 1 Feb 2024 - tom - v1.2.1\n    - Cup.\n\n* Mon 1 Jan 2024 - tom - v1.2.0\n    - Tea.\n';
    expect(body(text, '1.3.0')).toBe('    - New.');
    expect(body(text, '1.2.3')).toBe('    - Lid.');
    expect(body(text, '1.2.0')).toBe('    - Tea.');
  });

  test('other words later, where their versions go on', () => {
    const text =
      '## Kettle for Pots and Pans - Version 1.3.0\n\nNew.\n\n## Kettle for Pots and Pans - Version 1.2.4\n\nLid.\n\n## Kettle for Pots - Version 1.2.3\n\nOld.\n\n## Kettle for Pots - Version 1.2.2\n\nOldest.\n';
    expect(body(text, '1.3.0')).toBe('New.');
    expect(body(text, '1.2.4')).toBe('Lid.');
    expect(body(text, '1.2.3')).toBe('Old.');
  });

  test('what speaks of versions in every release is no release', () => {
    const text =
      '## 1.3.0\n\nNew.\n\n### Upgrading from 1.2.3\n\nPour.\n\n## 1.2.3\n\nOld.\n\n### Upgrading from 1.2.2\n\nStir.\n';
    expect(body(text, '1.3.0')).toBe('New.\n\n### Upgrading from 1.2.3\n\nPour.');
    expect(body(text, '1.2.2')).toBeUndefined();
  });

  test('patches inside a series', () => {
    const text =
      '<h2>Kettle 6.7</h2>\n<p><span class="head">6.7.1 (2024-05-01)</span></p>\n<ul><li>Lid.</li></ul>\n<p><span class="head">6.7.0 (2024-04-01)</span></p>\n<ul><li>New.</li></ul>\n<h2>Kettle 6.6</h2>\n<p><span class="head">6.6.1 (2024-03-01)</span></p>\n<ul><li>Pot.</li></ul>\n<p><span class="head">6.6.0 (2024-02-01)</span></p>\n<ul><li>Cup.</li></ul>\n';
    expect(body(text, '6.7.1')).toBe('<ul><li>Lid.</li></ul>');
    expect(body(text, '6.7.0')).toBe('<ul><li>New.</li></ul>');
    expect(body(text, '6.6.1')).toBe('<ul><li>Pot.</li></ul>');
  });
});

describe('one line per version', () => {
  test.each([
    ['items', '* 1.2.3 - Lid no longer falls\n* 1.2.2 - Spout is new\n* 1.2.1 - First\n'],
    ['plain', '1.2.3 - Lid no longer falls\n1.2.2 - Spout is new\n1.2.1 - First\n'],
    ['with dates', '- v1.2.3 (2024-05-01): Lid no longer falls\n- v1.2.2: Spout is new\n'],
    [
      'below a heading',
      '# Version History\n\n* 1.2.3 - Lid no longer falls\n* 1.2.2 - Spout is new\n',
    ],
    ['apart', '1.2.3: Lid no longer falls\n\n1.2.2: Spout is new\n\n1.2.1: First\n'],
    ['over two lines', '* 1.2.3 - Lid no\n  longer falls\n* 1.2.2 - Spout is new\n'],
  ])('%s', (_, text) => {
    const found = findSection(text, '1.2.3');
    expect(found?.body.replace(/\s+/g, ' ')).toBe('Lid no longer falls');
    expect(found?.bodyLine).toBe(found?.line);
    expect(body(text, '1.2.2')).toBe('Spout is new');
  });
});

describe('what is no part of the notes', () => {
  const last = (rest: string) => `# Kettle\n\n## 1.3.0\n\nNew.\n\n## 1.2.3\n\nOld.\n\n${rest}\n`;
  test.each([
    ['a part of the page above', '# Internal checklist\n\n- Send mails.'],
    ['a licence', '## License\n\nMIT'],
    ['the end of a page', '</body></html>'],
    ['scripts', '<script src="a.js"></script>\n</body>\n</html>'],
    ['a footer', '<div class="footer">\nx\n</div>\n</body>\n</html>'],
    ['links', '  <div class="related" role="navigation">\n<p>x</p></div></body></html>'],
    ['a rule', '---'],
    ['rules of stars', '* * *\n\n***'],
    ['a way to the top', '[⬆ Back to top](#kettle)'],
    ['a way to the top in HTML', '<p align="right">(<a href="#top">back to top</a>)</p>'],
    ['tags of what is around', '</section>\n</div>'],
  ])('%s behind the last release', (_, rest) => {
    expect(body(last(rest), '1.2.3')).toBe('Old.');
  });

  test.each([
    ['a rule', '---'],
    ['a long rule', '------------------------'],
    ['a way to the top', '**[Back to top](#kettle)**\n\n---'],
    ['a section of HTML', '</section>\n<section id="v1.2.3">'],
    ['an anchor', '<h1 id="old"></h1>'],
    ['a mark of AsciiDoc', '// end::compact[]'],
  ])('%s between releases', (_, rest) => {
    const text = `## 1.3.0\n\n- New.\n\n${rest}\n\n## 1.2.3\n\n- Old.\n\n## 1.2.2\n\n- Oldest.\n`;
    expect(body(text, '1.3.0')).toBe('- New.');
  });

  test('a README around releases', () => {
    const text =
      '# Kettle\n\n## Usage\n\nPour.\n\n## Release notes\n\n### 1.2.3\n\nNew.\n\n### 1.2.2\n\nOld.\n\n## License\n\nMIT\n\n## Contact\n\nMia\n';
    expect(body(text, '1.2.3')).toBe('New.');
    expect(body(text, '1.2.2')).toBe('Old.');
  });

  test('a README with plain releases', () => {
    const text =
      '# Kettle\n\n### Release notes\n\n20 Mar 2024 - version 1.2.3\n- New.\n\n2 Mar 2024 - version 1.2.2\n- Old.\n\n### Thanks to\n\nMia\n';
    expect(body(text, '1.2.2')).toBe('- Old.');
  });

  test('the signature of Debian', () => {
    const text =
      'kettle (1.2.3-1) unstable; urgency=medium\n\n  * New.\n\n -- Mia <mia@example.com>  Wed, 01 May 2024 10:00:00 +0000\n\nkettle (1.2.2) unstable; urgency=low\n\n  * Old.\n\n -- Mia <mia@example.com>  Mon, 01 Apr 2024 10:00:00 +0000\n';
    expect(body(text, '1.2.3-1')).toBe('  * New.');
    expect(body(text, '1.2.3')).toBe('  * New.');
    expect(body(text, '1.2.2')).toBe('  * Old.');
  });

  test('what is opened in a section is closed in it', () => {
    const own = '<ul>\n<li>New.</li>\n</ul>';
    const text = `<div>\n<h2>1.3.0</h2>\n${own}\n</div>\n<div>\n<h2>1.2.3</h2>\n${own}\n</div>\n`;
    expect(body(text, '1.3.0')).toBe(own);
    expect(body(text, '1.2.3')).toBe(own);
  });

  test('a topic above the level of releases, in the middle', () => {
    const text = '## 1.3.0\n\nNew.\n\n# Thanks\n\nTo Mia.\n\n## 1.2.3\n\nOld.\n';
    expect(body(text, '1.3.0')).toBe('New.\n\n# Thanks\n\nTo Mia.');
  });

  test('topics that other releases have, too', () => {
    const text = '## 1.3.0\n\nNew.\n\n# Thanks\n\nMia.\n\n## 1.2.3\n\nOld.\n\n# Thanks\n\nTom.\n';
    expect(body(text, '1.2.3')).toBe('Old.\n\n# Thanks\n\nTom.');
  });
});

describe('products and platforms', () => {
  const text =
    '# Windows\n\n## 1.2.3\n\nFor Windows.\n\n## 1.2.2\n\nOld.\n\n# macOS\n\n## 1.2.3\n\nFor macOS.\n\n## 1.2.1\n\nOnly here.\n';

  test('the group that is asked for', () => {
    expect(body(text, '1.2.3', 'macos')).toBe('For macOS.');
    expect(body(text, '1.2.3', 'windows')).toBe('For Windows.');
    expect(body(text, '1.2.2', 'macos')).toBeUndefined();
    expect(body(text, '1.2.2')).toBe('Old.');
    expect(body(text, '1.2.1')).toBe('Only here.');
  });

  test('without one, all are told', () => {
    expect(body(text, '1.2.3')).toBeUndefined();
    expect(explainMissing(text, '1.2.3').slice(0, 2)).toEqual([
      { heading: '## 1.2.3', line: 3, why: 'also 1.2.3: below the heading "Windows"' },
      { heading: '## 1.2.3', line: 13, why: 'also 1.2.3: below the heading "macOS"' },
    ]);
  });

  test('a changelog in two languages is one', () => {
    const both =
      '# Changelog\n\n## 1.3.0\n\nNew.\n\n## 1.2.3\n\nOld.\n\n# 更新日志\n\n## 1.3.0\n\n新。\n\n## 1.2.3\n\n旧。\n';
    expect(findSection(both, '1.3.0')).toMatchObject({ body: 'New.', duplicates: [13] });
    expect(body(both, '1.2.3')).toBe('Old.');
  });
});

describe('names of packages', () => {
  test('the exact name wins over one that ends alike', () => {
    const text = '## @a/app 1.2.3\n\nOf a.\n\n## @b/app 1.2.3\n\nOf b.\n';
    expect(body(text, '1.2.3', '@b/app')).toBe('Of b.');
    expect(body(text, '1.2.3', '@a/app')).toBe('Of a.');
    expect(body(text, '1.2.3', 'app')).toBeUndefined();
    expect(explainMissing(text, '1.2.3', 'app')).toEqual([
      {
        heading: '## @a/app 1.2.3',
        line: 1,
        why: 'also 1.2.3: name the package in the tag (@a/app)',
      },
      {
        heading: '## @b/app 1.2.3',
        line: 5,
        why: 'also 1.2.3: name the package in the tag (@b/app)',
      },
    ]);
  });

  test('the longest common path wins', () => {
    const text = '## libs/pot/app 1.2.3\n\nOf pot.\n\n## libs/cup/app 1.2.3\n\nOf cup.\n';
    expect(body(text, '1.2.3', 'cup/app')).toBe('Of cup.');
    expect(body(text, '1.2.3', 'src/pot/app')).toBe('Of pot.');
  });

  test('two names, and none asked for', () => {
    const text = '## lib 1.2.3\n\nOf lib.\n\n## app 1.2.3\n\nOf app.\n';
    expect(body(text, '1.2.3')).toBeUndefined();
    expect(explainMissing(text, '1.2.3').map(({ why }) => why)).toEqual([
      'also 1.2.3: name the package in the tag (lib)',
      'also 1.2.3: name the package in the tag (app)',
    ]);
    expect(body(text, '1.2.3', 'app')).toBe('Of app.');
  });

  test('the only name in a file is that of the file', () => {
    const text = '## Kettle 1.2.3\n\nNew.\n\n## Kettle 1.2.2\n\nOld.\n';
    expect(body(text, '1.2.3', 'desktop')).toBe('New.');
    expect(body(text, '1.2.3', 'releases')).toBe('New.');
    expect(body('## Versión 1.2.3\n\nNuevo.\n', '1.2.3', 'app')).toBe('Nuevo.');
    expect(body(text.replaceAll('Kettle ', 'kettle@'), '1.2.3', 'desktop')).toBeUndefined();
  });
});

describe('what is not read', () => {
  test.each([
    '<?xml version="1.0"?>\n<component>\n<releases>\n<release version="1.2.3"/>\n</releases>\n</component>',
    '<component type="desktop">\n<release version="1.2.3"/>\n</component>',
  ])('XML', (text) => {
    expect(findSection(text, '1.2.3')).toBeUndefined();
    expect(newestVersion(text)).toBeUndefined();
    expect(explainMissing(text, '1.2.3')).toMatchObject([
      { line: 1, why: 'XML, which is not supported' },
    ]);
  });

  test.each(['<constructor>', '__proto__', 'toString', '[constructor]', 'hasOwnProperty'])(
    'names such as %s mean nothing',
    (name) => {
      const text = `${name}\n\n## ${name} 1.2.3\n\nNew.\n\n</${name}>\n\n## 1.2.2\n\n${name}\n`;
      expect(() => findSection(text, '1.2.2', name)).not.toThrow();
      expect(body(text, '1.2.2')).toBe(name);
    },
  );
});
