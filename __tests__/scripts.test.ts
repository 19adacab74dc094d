import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { pathOf } from './workflow-files.ts';

test('what scripts load of the compiled action has a source', () => {
  const loaded = ['scripts', 'bench'].flatMap((name) => {
    const folder = pathOf(name);
    const scripts = readdirSync(folder).filter((file) => file.endsWith('.mjs'));
    return scripts.flatMap((file) => {
      const text = readFileSync(join(folder, file), 'utf8');
      const found = text.matchAll(/\.\.\/build\/([\w/-]+)\.js/g);
      return Array.from(found, ([, path]) => `${path}.ts`);
    });
  });
  expect(loaded.length).toBeGreaterThan(5);
  expect(loaded.filter((path) => !existsSync(pathOf(path)))).toEqual([]);
});
