import { describe, expect, test } from '@jest/globals';
import { findSection } from '../../src/changelog/section.ts';

const body = (text: string, version: string) => findSection(text, version)?.body;

describe('the last lines of a section', () => {
  const kept = [
    ['a label in brackets', '[Security]: upgrade now, the lid could fall'],
    ['labels in brackets', '[Breaking]: the old pot is gone\n[Note]: "new" and "old" differ'],
    ['a destination and more', '[1.2.3]: https://example.com and more'],
    ['a label alone', '[Security]:'],
    ['two slashes', '// 2.0 needs a new licence, see https://example.com'],
    ['two dashes and an address', ' -- Thanks to Mia <mia@example.com> and all the others'],
  ] as const;

  test.each(kept)('text stays at the end of the file: %s', (_, line) => {
    expect(body(`# Changelog\n\n## 1.2.3\n\n- Tea.\n\n${line}\n`, '1.2.3')).toBe(
      `- Tea.\n\n${line}`,
    );
    expect(body(`# Changelog\n\n## 1.2.3\n\n${line}\n`, '1.2.3')).toBe(line);
  });

  test.each(kept)('text stays above the next release: %s', (_, line) => {
    const text = `1.2.3 (2024-05-01)\n---\n\n- Tea.\n\n${line}\n\n1.2.2 (2024-04-01)\n---\n\n- Cup.\n`;
    expect(body(text, '1.2.3')).toBe(`- Tea.\n\n${line}`);
  });

  test.each([
    ['a destination', '[1.2.3]: https://example.com'],
    ['angles', '[1.2.3]: <https://example.com/a b>'],
    ['titles', '[a]: https://e.x "A title"\n[b]: https://e.x \'B\'\n[c]: https://e.x (C)'],
    ['no space', '[a]:https://e.x'],
    ['a destination below', '[1.2.3]:\n  https://example.com'],
  ])('definitions go at the end of the file: %s', (_, lines) => {
    expect(body(`## 1.2.3\n\n- Tea.\n\n${lines}\n`, '1.2.3')).toBe('- Tea.');
  });

  test('comments of AsciiDoc go', () => {
    const adoc = '= Changes\n\n== 1.2.3\n\n* Tea.\n\n// old ones\n\n== 1.2.2\n\n* Cup.\n';
    expect(body(adoc, '1.2.3')).toBe('* Tea.');
  });
});

test('indented items that begin with = are no headings', () => {
  const own = '- Tea:\n  = green,\n  = black.\n- Pots.';
  const text = `1.2.3 - 2024-05-01\n---\n- Lid.\n\n1.2.2 - 2024-04-01\n---\n${own}\n`;
  expect(body(text, '1.2.2')).toBe(own);
});
