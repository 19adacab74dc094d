import { expect, test } from '@jest/globals';
import { makeCertificate } from '../../sandbox/certificate.ts';
import type { ReleaseSeed } from '../../sandbox/release.ts';
import { startGitHubStub } from '../github/github-stub.ts';
import {
  examples,
  pageBlocks,
  readRepositoryFile,
  readWorkflow,
  tagPatterns,
  type WorkflowText,
} from '../workflow-files.ts';
import { fillIn, startsWorkflow } from './expressions.ts';
import { type JobResult, jobOfThisAction, type Occasion, runJob } from './job.ts';
import { startReceiver } from './receiver.ts';
import { changelogOf, newProduct, notesOf, useSandbox } from './scenario.ts';
import { canRunScripts } from './shell.ts';

const certificate = makeCertificate();
const sandbox = useSandbox();
/** As old servers on premises are: a path, a certificate of their own, one platform for a release. */
const onPremise = useSandbox({
  tls: certificate,
  pathPrefix: '/licensing',
  platformForm: 'platform',
});
const files = { 'CHANGELOG.md': changelogOf('1.2.3', '1.2.2') };

/** A situation that an example is for; it expects what the example promises. */
type Situation = (example: WorkflowText) => Promise<unknown>;

const situations: Readonly<Record<string, Situation>> = {
  'tag-push.yml': updatesPushedTag,
  'README.md': updatesPushedTag,

  'prerelease-channels.yml': async (example) => {
    const product = newProduct();
    const changelog = changelogOf('1.2.3', '1.2.3-rc.1', '1.2.3-beta.2');
    const releases = ['stable', 'release-candidate', 'beta'].map((channel) =>
      add({ productId: product, version: '1.2.3', channel }),
    );
    const pushes = ['v1.2.3', 'v1.2.3-rc.1', 'v1.2.3-beta.2'];
    for (const [index, tag] of pushes.entries()) {
      const { update } = await run(example, {
        tag,
        files: { 'CHANGELOG.md': changelog },
        vars: { CRYPTLEX_PRODUCT_ID: product },
      });
      expect(update.outputs).toMatchObject({ result: 'updated', version: '1.2.3' });
      expect(releases[index]?.notes()).toBe(notesOf(tag.slice(1)));
    }
  },

  'monorepo.yml': async (example) => {
    const vars = { DESKTOP_PRODUCT_ID: newProduct(), SERVER_PRODUCT_ID: newProduct() };
    const packages = { desktop: vars.DESKTOP_PRODUCT_ID, server: vars.SERVER_PRODUCT_ID };
    for (const [name, productId] of Object.entries(packages)) {
      const release = add({ productId, version: '1.2.3' });
      const { update } = await run(example, {
        tag: `${name}@1.2.3`,
        files: {
          'packages/desktop/CHANGELOG.md': '## 1.2.3\n\nOf the desktop.\n',
          'packages/server/CHANGELOG.md': '## 1.2.3\n\nOf the server.\n',
        },
        vars,
      });
      expect(update.outputs).toMatchObject({ result: 'updated', name: `${name} 1.2.3` });
      expect(release.notes()).toBe(`Of the ${name}.`);
    }
  },

  'one-release-per-platform.yml': async (example) => {
    const product = newProduct();
    const releases = ['windows', 'macos', 'linux'].map((platform) =>
      add({ productId: product, version: '1.2.3', platforms: [platform] }),
    );
    const { update } = await run(example, pushOf(product));
    expect(update.writes).toHaveLength(3);
    expect(releases.map(({ notes }) => notes())).toEqual(releases.map(() => notesOf('1.2.3')));
    expect(JSON.parse(update.outputs['releases'] ?? '')).toHaveLength(3);
  },

  'create-when-missing.yml': async (example) => {
    const push = pushOf(newProduct());
    const first = await run(example, push);
    expect(first.update.outputs).toMatchObject({
      result: 'created',
      name: 'App 1.2.3',
      channel: 'stable',
      platforms: '["windows","macos","linux"]',
      private: 'false',
      notes: notesOf('1.2.3'),
    });
    const second = await run(example, push);
    expect(second.update.outputs['result']).toBe('unchanged');
  },

  'manual-run.yml': async (example) => {
    const { vars, release } = given();
    const byHand = (dryRun: boolean) => {
      const inputs = { tag: 'v1.2.3', 'dry-run': dryRun };
      return { eventName: 'workflow_dispatch', inputs, files, vars };
    };
    const shown = await run(example, byHand(true));
    expect(shown.update.outputs['result']).toBe('planned');
    expect(release.notes()).toBeNull();
    const written = await run(example, byHand(false));
    expect(written.update.outputs).toMatchObject({ result: 'updated', tag: 'v1.2.3' });
    expect(release.notes()).toBe(notesOf('1.2.3'));
  },

  'pull-request-dry-run.yml': async (example) => {
    const rehearse = (changelog: string) =>
      run(example, { eventName: 'pull_request', files: { 'CHANGELOG.md': changelog } });
    const { update, given: inputs } = await rehearse(changelogOf('1.3.0', '1.2.3'));
    expect(inputs['access-token']).toBeUndefined();
    expect(update.requests).toEqual([]);
    expect(update.outputs).toMatchObject({ result: 'planned', version: '1.3.0' });
    expect(update.summary).toContain('What 1.3.0 brings.');
    const long = `## 1.3.0\n\n${'- A long list.\n'.repeat(300)}`;
    await expect(rehearse(long)).rejects.toThrow('E_NOTES');
  },

  'eu-region.yml': async (example) => {
    const { given: inputs } = await updatesPushedTag(example);
    expect(inputs['api-url']).toBe('https://api.eu.cryptlex.com');
  },

  'on-premise.yml': async (example) => {
    const { api } = onPremise;
    const product = newProduct();
    const seed = { productId: product, version: '1.2.3', platforms: ['windows'] };
    const { id } = api.addRelease(seed);
    const runTrusting = ({ cert }: { cert: string }) => {
      const trusted = { ...files, '.github/certificates/authority.pem': cert };
      return runJob(example, { ...pushOf(product), files: trusted }, onPremise);
    };
    const { update, given: inputs } = await runTrusting(certificate);
    expect(inputs['api-url']).toMatch(/^https:\/\/.+\/licensing$/);
    expect(update.outputs).toMatchObject({ result: 'updated', platforms: '["windows"]' });
    expect(api.release(id)?.notes).toBe(notesOf('1.2.3'));
    const untrusted = await runTrusting(makeCertificate());
    expect(untrusted.update.outputs['error-code']).toBe('E_TLS');
  },

  'notes-per-platform.yml': async (example) => {
    const push = pushOf(newProduct());
    const productId = push.vars.CRYPTLEX_PRODUCT_ID;
    const changelog = '## 1.2.3\n\n- For all.\n\n### Windows\n\n- W.\n\n### macOS\n\n- M.\n';
    const expected: Readonly<Record<string, string>> = {
      windows: '- For all.\n\n### Windows\n\n- W.',
      macos: '- For all.\n\n### macOS\n\n- M.',
    };
    const platforms = jobOfThisAction(example).strategy?.matrix.include ?? [];
    expect(platforms.map(({ platform }) => platform)).toEqual(Object.keys(expected));
    for (const matrix of platforms) {
      const { platform = '' } = matrix;
      const release = add({ productId, version: '1.2.3', platforms: [platform] });
      const { update } = await run(example, {
        ...push,
        files: { 'CHANGELOG.md': changelog },
        matrix,
      });
      expect(update.outputs['release-id']).toBe(release.id);
      expect(release.notes()).toBe(expected[platform]);
    }
  },

  'many-products.yml': async (example) => {
    const editions = jobOfThisAction(example).strategy?.matrix.include ?? [];
    expect(editions.length).toBeGreaterThan(1);
    for (const matrix of editions) {
      const release = add({ productId: matrix['product-id'] ?? '', version: '1.2.3' });
      const { update } = await run(example, { tag: 'v1.2.3', files, matrix });
      expect(update.outputs).toMatchObject({
        'release-id': release.id,
        name: `${matrix['edition']} 1.2.3`,
        notes: notesOf('1.2.3'),
      });
    }
  },

  'use-outputs.yml': async (example) => {
    const { push } = given({ name: '$(id) App', notes: 'Before.' });
    const long = `## 1.2.3\n\n$(touch owned)\n${'\n- An item of the list.'.repeat(300)}\n`;
    const result = await run(example, { ...push, files: { 'CHANGELOG.md': long } });
    expect(result.update.outputs).toMatchObject({ result: 'updated', 'notes-truncated': 'true' });
    const again = await run(example, { ...push, files: { 'CHANGELOG.md': long } });
    expect(again.update.outputs['result']).toBe('unchanged');
    if (!canRunScripts) return;
    expect(result.summary).toContain('## $(id) App (stable)\n\n$(touch owned)');
    expect(result.scripts[1]?.output).toContain('::warning::');
    expect(result.files['previous-notes.md']).toBe('Before.\n');
    expect(Object.keys(result.files)).not.toContain('owned');
    expect(again.summary).toBe('');
    expect(Object.keys(again.files)).not.toContain('previous-notes.md');
  },

  'github-release.yml': async (example) => {
    const { push } = given();
    // Stands for the GitHub CLI: `view` succeeds when the release is there.
    const gh = (status: number) =>
      `#!/usr/bin/env bash\nprintf '%s ' "$@" >> commands.txt\necho >> commands.txt\n[[ $2 == view ]] && exit ${status}\ncp "\${@: -1}" github-notes.md\n`;
    const first = await run(example, { ...push, programs: { gh: gh(1) } });
    const second = await run(example, { ...push, programs: { gh: gh(0) } });
    expect(first.update.outputs['result']).toBe('updated');
    expect(second.update.outputs['result']).toBe('unchanged');
    if (!canRunScripts) return;
    expect(first.files['commands.txt']).toMatch(/^release create v1\.2\.3 --verify-tag /m);
    expect(second.files['commands.txt']).toMatch(/^release edit v1\.2\.3 /m);
    expect([first, second].map((job) => job.files['github-notes.md']?.trimEnd())).toEqual([
      notesOf('1.2.3'),
      notesOf('1.2.3'),
    ]);
  },

  'from-github-release.yml': async (example) => {
    const { vars, release } = given();
    const github = await startGitHubStub({
      token: 'github-token-of-the-run',
      releases: { 'v1.2.3': 'Written on GitHub.' },
    });
    try {
      const { update } = await run(example, {
        eventName: 'release',
        tag: 'v1.2.3',
        payload: { release: { tag_name: 'v1.2.3' } },
        vars,
        env: { GITHUB_API_URL: github.url },
      });
      expect(update.outputs['notes-source']).toBe('github-release');
      expect(release.notes()).toBe('Written on GitHub.');
    } finally {
      await github.close();
    }
  },

  'release-please.yml': async (example) => {
    const { vars, release } = given();
    const { update } = await run(example, {
      files,
      vars,
      needs: { 'release-please': { outputs: { 'release-created': 'true', tag: 'v1.2.3' } } },
    });
    expect(update.outputs).toMatchObject({ result: 'updated', tag: 'v1.2.3' });
    expect(release.notes()).toBe(notesOf('1.2.3'));
  },

  'concurrency.yml': async (example) => {
    const group = /^ {2}group: (.+)$/m.exec(example.text)?.[1] ?? '';
    const groupOf = (ref: string, inputs: object) =>
      fillIn(group, { github: { ref_name: ref }, inputs });
    expect(groupOf('v1.2.3', {})).toBe(groupOf('main', { tag: 'v1.2.3' }));
    expect(groupOf('v1.2.3', {})).not.toBe(groupOf('v1.2.4', {}));
    await updatesPushedTag(example);
    const { vars } = given();
    const byHand = { eventName: 'workflow_dispatch', inputs: { tag: 'v1.2.3' }, files, vars };
    const { update } = await run(example, byHand);
    expect(update.outputs).toMatchObject({ result: 'updated', tag: 'v1.2.3' });
  },

  'alert-on-failure.yml': async (example) => {
    const chat = await startReceiver();
    try {
      const secrets = { CHAT_WEBHOOK_URL: `${chat.url}/hook` };
      const product = newProduct();
      const failed = await runJob(example, { ...pushOf(product), secrets }, sandbox);
      expect(failed.update.outputs['error-code']).toBe('E_NOT_FOUND');
      add({ productId: product, version: '1.2.3' });
      const updated = await run(example, { ...pushOf(product), secrets });
      expect(updated.update.outputs['result']).toBe('updated');
      if (!canRunScripts) return;
      expect(failed.scripts.map(({ exitCode }) => exitCode)).toEqual([0]);
      expect(chat.received.map(({ path, body }) => [path, JSON.parse(body)])).toEqual([
        [
          '/hook',
          {
            text: 'Release v1.2.3 in Cryptlex: failed (E_NOT_FOUND). https://github.com/octo/app/actions/runs/42',
          },
        ],
      ]);
    } finally {
      await chat.close();
    }
  },

  'upload-and-publish.yml': async (example) => {
    const product = newProduct();
    const built = { 'dist/app-v1.2.3.tar.gz': 'app', 'dist/app-v1.2.3.tar.gz.sha256': 'sum' };
    const occasion = { ...pushOf(product), files: { ...files, ...built } };
    const { update } = await run(example, occasion);
    expect(update.outputs).toMatchObject({ result: 'created', published: 'true' });
    const { id, ...release } = sandbox.api.release(update.outputs['release-id'] ?? '') ?? {};
    expect(release).toMatchObject({ published: true, notes: notesOf('1.2.3') });
    expect(sandbox.api.storedFiles().filter((file) => file.startsWith(`${id}/`))).toEqual([
      `${id}/app-v1.2.3.tar.gz`,
      `${id}/app-v1.2.3.tar.gz.sha256`,
    ]);
    const again = await run(example, occasion);
    expect(again.update.outputs['result']).toBe('unchanged');
    expect(again.update.writes).toEqual([]);
  },
};

const pages = pageBlocks
  .filter(({ name }) => name.startsWith('README.md'))
  .filter(({ text }) => text.includes('product-id:') && text.includes('secrets.'))
  .map((block) => ({ ...block, name: 'README.md' }));

test.each([...examples, ...pages])('$name', async (example) => {
  const situation = situations[example.name];
  if (!situation) throw new Error(`${example.name} has no situation that it is run in`);
  await situation(example);
});

test('scripts can be run where every change is checked', () => {
  expect(canRunScripts || process.platform === 'win32' || !process.env['CI']).toBe(true);
});

test('every situation has its example', () => {
  const names = new Set([...examples, ...pages].map(({ name }) => name));
  expect(Object.keys(situations).filter((name) => !names.has(name))).toEqual([]);
});

test('both lists of examples are complete', () => {
  const list = readRepositoryFile('examples/README.md');
  const readme = readRepositoryFile('README.md');
  const isListed = (name: string) =>
    list.includes(`| [${name}](${name}) |`) && readme.includes(`](examples/${name}) |`);
  expect(examples.filter(({ name }) => !isListed(name))).toEqual([]);
});

test('tags that move start no example', () => {
  const starting = examples.filter((example) =>
    ['v1', 'v1.2', 'latest'].some((tag) => startsWorkflow(tag, tagPatterns(readWorkflow(example)))),
  );
  expect(starting.map(({ name }) => name)).toEqual([]);
});

/** Runs an example whose scripts and update must succeed. */
async function run(example: WorkflowText, occasion: Occasion): Promise<JobResult> {
  const result = await runJob(example, occasion, sandbox);
  const { exitCode, outputs, stdout } = result.update;
  if (exitCode !== 0) throw new Error(`${outputs['error-code']}\n${stdout}`);
  for (const { exitCode: code, output } of result.scripts) if (code !== 0) throw new Error(output);
  return result;
}

async function updatesPushedTag(example: WorkflowText): Promise<JobResult> {
  const { push, release } = given();
  const result = await run(example, push);
  expect(result.update.outputs).toMatchObject({ result: 'updated', 'release-id': release.id });
  expect(result.update.annotations).toEqual([]);
  expect(release.notes()).toBe(notesOf('1.2.3'));
  return result;
}

/** The push of v1.2.3 in a repository with a changelog and a product. */
function pushOf(product: string) {
  return { tag: 'v1.2.3', files, vars: { CRYPTLEX_PRODUCT_ID: product } };
}

/** A product with a release 1.2.3, and the push of its tag. */
function given(seed: ReleaseSeed = {}) {
  const product = newProduct();
  const push = pushOf(product);
  return { push, vars: push.vars, release: add({ productId: product, version: '1.2.3', ...seed }) };
}

function add(seed: ReleaseSeed) {
  const { id } = sandbox.api.addRelease(seed);
  return { id, notes: () => sandbox.api.release(id)?.notes };
}
