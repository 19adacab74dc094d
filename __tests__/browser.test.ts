import { runInNewContext } from 'node:vm';
import { expect, test } from '@jest/globals';
import { build } from 'esbuild';

/** What can be used without a runner. */
const core = `
  export { findSection } from './src/notes/changelog.ts';
  export { excludeSections } from './src/notes/exclude.ts';
  export { fitNotes } from './src/notes/fit.ts';
  export { makePortable } from './src/notes/portable.ts';
  export { planUpdate } from './src/plan.ts';
  export { parseTag, versionToSend } from './src/version.ts';
`;

/** Uses all of it for one release. */
const use = `
  const changelog = '# Changelog\\n\\n## 1.2.3\\n\\nSee [this](a.md).\\n\\n### Internal\\n\\nx\\n\\n## 1.2.2\\n';
  const version = core.versionToSend(core.parseTag('app-v1.2.3-rc.1'), 'strip');
  const repository = { serverUrl: 'https://github.com', name: 'o/r', private: false };
  const notes = core.makePortable(
    core.excludeSections(core.findSection(changelog, version).body, ['internal']),
    { source: changelog, repository, ref: 'v1.2.3', path: 'CHANGELOG.md' },
  );
  const fields = { version, notes: core.fitNotes(notes.trim(), { limit: 4096 }).text };
  const wanted = { productId: 'p', version, channel: undefined, platform: undefined };
  const inputs = { match: 'one', 'on-missing': 'fail', 'on-published': 'fail' };
  const listed = [{ id: 'a', version, notes: 'Old.', platforms: undefined }];
  JSON.stringify(core.planUpdate(inputs, fields, { wanted, listed, near: [] }));
`;

test('the core runs in a browser, without anything of Node', async () => {
  const { outputFiles } = await build({
    stdin: { contents: core, resolveDir: process.cwd(), loader: 'ts' },
    bundle: true,
    write: false,
    format: 'iife',
    globalName: 'core',
    // An import of a module of Node would make this fail.
    platform: 'browser',
  });
  const [bundle] = outputFiles;
  const plan = JSON.parse(String(runInNewContext(`${bundle?.text};${use}`, { URL })));
  expect(plan.steps[0]).toMatchObject({
    kind: 'change',
    changes: { notes: 'See [this](https://github.com/o/r/blob/v1.2.3/a.md).' },
  });
});
