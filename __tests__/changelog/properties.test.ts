import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { findSection } from '../../src/changelog/index.ts';
import { explainMissing, newestVersion } from '../../src/changelog/nearest.ts';
import { pieces } from '../hostile.ts';

describe('whatever the text', () => {
  test('it never throws, and answers the same again', () => {
    const piece = fc.oneof(fc.constantFrom(...pieces), fc.string({ maxLength: 4 }));
    const name = fc.constantFrom(undefined, 'a', '__proto__', 'constructor', '@a/b');
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 40 }), name, (parts, wanted) => {
        const text = parts.join('');
        const found = findSection(text, '1.1', wanted);
        expect(findSection(text, '1.1', wanted)).toEqual(found);
        if (found) expect(text).toContain(found.body);
        expect(explainMissing(text, '1.1', wanted).length).toBeGreaterThanOrEqual(found ? 1 : 0);
        newestVersion(text);
      }),
      { numRuns: 2000 },
    );
  });

  test('lines are counted from 1, and point to what they say', () => {
    const text = '# A\n\n## 1.3.0\n\n\n- New.\n\n1.2.3\n=====\n\n- Old.\n';
    const lines = text.split('\n');
    for (const version of ['1.3.0', '1.2.3']) {
      const found = findSection(text, version);
      expect(lines[(found?.line ?? 0) - 1]).toContain(version);
      expect(lines[(found?.bodyLine ?? 0) - 1]).toBe(found?.body);
    }
  });
});
