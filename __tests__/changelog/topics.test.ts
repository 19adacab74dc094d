import { describe, expect, test } from '@jest/globals';
import { newestVersion } from '../../src/changelog/nearest.ts';
import { findSection } from '../../src/changelog/section.ts';

const body = (text: string, version: string) => findSection(text, version)?.body;

describe('deeper headings with a version', () => {
  const rest = '- More.\n\n### Security\n\n- The lid.';
  test.each([
    ['news of its series', "### What's new in 1.2"],
    ['highlights of its series', '### Highlights of 1.2'],
    ['an update', '### Update to 2.0'],
    ['a preview', '### 2.0 preview'],
    ['a preview of as many parts', '### 2.0.0 preview'],
    ['a part with a version of its own', '### Bundled pot\n\n#### 4.5.6'],
  ])('are topics of a release: %s', (_, heading) => {
    const own = `- Tea.\n\n${heading}\n\n${rest}`;
    const older = '## 1.2.2\n\n- Cup.\n\n## 1.1.4\n\n- Old.\n';
    expect(body(`# Changelog\n\n## 1.2.3\n\n${own}\n\n${older}`, '1.2.3')).toBe(own);
    expect(body(`# Changelog\n\n## 1.2.3\n\n${own}\n`, '1.2.3')).toBe(own);
    expect(body(`# Changelog\n\n## 1.2.2\n\n- Cup.\n\n## 1.2.3\n\n${own}\n`, '1.2.3')).toBe(own);
    expect(newestVersion(`## 1.2.3\n\n${own}\n\n${older}`)).toBe('1.2.3');
  });

  test('so are several parts with versions of their own', () => {
    const own = '### pot\n\n#### 4.5.6\n\n- Pot.\n\n### lid\n\n#### 1.6.0\n\n- Lid.';
    expect(body(`## 1.2.3\n\n${own}\n\n## 1.2.2\n\n- Cup.\n`, '1.2.3')).toBe(own);
  });

  test('a version of a part is no release', () => {
    const text = '## 2.0.0\n\n### pot\n\n#### 1.2.3\n\nOf pot.\n\n## 1.9.0\n\nOld.\n';
    expect(body(text, '1.2.3')).toBeUndefined();
  });

  test.each([
    ['patches', '## 1.3.0', '### 1.2.4', '## 1.2.0'],
    ['hotfixes', '## Release 1.3.0', '### Hotfix 1.2.4', '## Release 1.2.0'],
    ['patches of a series', '## Kettle 1.3.0', '### Version 1.3.0.1', '## Kettle 1.2.0'],
    ['a patch with its date, out of order', '# 1.3.0', '## 2.0.1 (2024-05-01)', '# 2.0.0'],
  ])('are releases: %s', (_, newer, patch, older) => {
    const text = `# Changes\n\n${newer}\n\n- New.\n\n### Fixes\n\n- a\n\n${patch}\n\n- Patch.\n\n${older}\n\n- Old.\n`;
    const version = /\d[\d.]+/.exec(patch)?.[0] ?? '';
    expect(body(text, version)).toBe('- Patch.');
  });

  test('the newest release has patches below it', () => {
    const text = '## 1.3\n\n- New.\n\n### 1.3.1\n\n- Patch.\n\n## 1.2\n\n- Old.\n';
    expect(body(text, '1.3')).toBe('- New.');
    expect(body(text, '1.3.1')).toBe('- Patch.');
  });

  test('a title with a version is above releases, and not one', () => {
    const text = '# Changes in API 1.0\n\n## 4.2.1\n\n- New.\n\n## 4.2.0\n\n- Old.\n';
    expect(body(text, '4.2.1')).toBe('- New.');
  });
});
