// Shows the action at work, with nothing but Node and git: `npm run demo` in a fresh clone.
// A throw-away repository gets a changelog and a tag; the step runs for it as on a runner, against
// the sandbox. The exit code is 0 only if the release really was updated.
import { execFileSync } from 'node:child_process';
import { createHmac } from 'node:crypto';
import {
  accessSync,
  constants,
  existsSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const webhookToken = 'webhook-token-of-the-demo';

const changelog = `# Changelog

## [2.5.0] - 2026-11-24

### Added

- Floating licences can be borrowed for a flight, see the [guide](docs/borrowing.md).

### Fixed

- The trial no longer ends a day early ([#118]).

\`\`\`text
## not a heading, just text in a code block
\`\`\`

## [2.4.1] - 2026-10-02

- Smaller installer.

[#118]: https://github.com/octo/app/issues/118
`;

prepare();
useWritableFolder();
const { startSandbox } = await import('../build/sandbox/server.js');
const { runStep } = await import('../build/sandbox/runner.js');
const { runGit } = await import('../build/sandbox/git.js');

const webhooks = await receiveWebhooks();
const sandbox = await startSandbox({ webhook: { url: webhooks.url, token: webhookToken } });
const release = sandbox.addRelease({
  productId: 'product-1',
  name: 'Octo 2.5',
  version: '2.5.0',
  channel: 'stable',
  platforms: ['windows', 'macos'],
  notes: 'To be written.',
});
const workspace = makeRepository();

const push = (tag, given = {}) =>
  runStep({
    workspace,
    tag,
    env: { GITHUB_SHA: runGit(workspace, 'rev-parse', 'HEAD').trim() },
    with: {
      'api-url': sandbox.url,
      'access-token': sandbox.issueToken({ expiresInSeconds: 90 * 86_400 }),
      'product-id': 'product-1',
      ...given,
    },
  });
const step = await push('v2.5.0');
await webhooks.first;
const after = sandbox.release(release.id);
const again = await push('v2.5.0');
const wrong = await push('v2.4.1');
const [webhook, ...moreWebhooks] = webhooks.received;
await push('v2.5.0', { 'notes-format': 'text' });
const asText = sandbox.release(release.id).notes;
mkdirSync(join(workspace, 'dist'));
writeFileSync(join(workspace, 'dist', 'octo-2.5.0.zip'), 'The application.');
const whole = await push('v2.5.0', {
  'releases-url': sandbox.releasesUrl,
  'upload-files': 'dist/octo-*',
  publish: 'true',
});
const published = sandbox.release(release.id);
await sandbox.close();
webhooks.close();
rmSync(workspace, { recursive: true, force: true });

show('The log of the step', logOf(step));
show(
  'Its outputs',
  Object.entries(step.outputs)
    .map(([name, value]) => `${name} = ${value}`)
    .join('\n'),
);
show('The release before', describe(release));
show('The release after', describe(after));
show(
  'The webhook that the vendor sent',
  webhook ? `${webhook.body}\nsignature valid: ${webhook.valid}` : 'none',
);
show('The notes of a run with notes-format: text', asText);
show('The job summary (Markdown)', step.summary);
show('The log of a run with upload-files and publish', logOf(whole));
show('The log of a second run for the same tag', logOf(again));
show('The log of a run for a tag without a release', logOf(wrong));

const updated =
  step.exitCode === 0 &&
  step.outputs.result === 'updated' &&
  after.notes.startsWith('### Added') &&
  after.notes.includes('https://github.com/octo/app/blob/v2.5.0/docs/borrowing.md') &&
  JSON.parse(webhook?.body ?? '{}').event === 'release.updated' &&
  webhook.valid &&
  again.outputs.result === 'unchanged' &&
  moreWebhooks.length === 0 &&
  wrong.exitCode === 1 &&
  asText.startsWith('Added\n\n- Floating') &&
  published.published &&
  published.files.map(({ name }) => name).join() === 'octo-2.5.0.zip';
console.log(
  updated
    ? '\nAll as it should be: the first run updated the release, the second had nothing to change, a file was uploaded and the release published, and the tag without a release failed. No Cryptlex account was touched.'
    : '\nThe demo did NOT do what it should.',
);
process.exitCode = updated ? 0 : 1;

function logOf({ stdout, stderr }) {
  return stdout.replaceAll(/^::(?:add-mask|debug)::.*\n/gm, '').replaceAll('%0A', '\n  ') + stderr;
}

function describe({ id, name, version, channel, platforms, notes, updatedAt }) {
  const fields = { id, name, version, channel, platforms, updatedAt };
  return `${JSON.stringify(fields, null, 2)}\n${notes}`;
}

/** Installs the packages when they are missing, and compiles the sandbox. */
function prepare() {
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
  const compiler = join(root, 'node_modules', 'typescript', 'bin', 'tsc');
  if (!existsSync(compiler)) {
    console.log('Installing packages, which takes about half a minute …');
    execFileSync(npm, ['ci', '--include=dev', '--no-audit', '--no-fund', '--loglevel=error'], {
      cwd: root,
      stdio: ['ignore', 'ignore', 'inherit'],
      shell: process.platform === 'win32',
    });
  }
  execFileSync(process.execPath, [compiler], { cwd: root, stdio: 'inherit' });
}

function makeRepository() {
  const folder = mkdtempSync(join(tmpdir(), 'demo-'));
  writeFileSync(join(folder, 'CHANGELOG.md'), changelog);
  runGit(folder, 'init', '--quiet');
  runGit(folder, 'add', '.');
  runGit(folder, 'commit', '--quiet', '-m', 'docs: describe 2.5.0');
  runGit(folder, 'tag', '--annotate', 'v2.5.0', '-m', 'Octo 2.5.0');
  return folder;
}

/** Where the folder for temporary files can not be written, one below build/ takes its place. */
function useWritableFolder() {
  try {
    accessSync(tmpdir(), constants.W_OK);
  } catch {
    const folder = join(root, 'build', 'tmp');
    console.log(`${tmpdir()} cannot be written; using ${folder}.`);
    mkdirSync(folder, { recursive: true });
    for (const name of ['TMPDIR', 'TEMP', 'TMP']) process.env[name] = folder;
  }
}

/** A receiver of webhooks, as a vendor's customer would run it. */
async function receiveWebhooks() {
  const received = [];
  let announce;
  const first = new Promise((resolve) => {
    announce = resolve;
    setTimeout(resolve, 5_000).unref();
  });
  const server = createServer(async (request, response) => {
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    const body = Buffer.concat(chunks);
    const signature = createHmac('sha256', webhookToken).update(body).digest('base64');
    received.push({
      body: body.toString('utf8'),
      valid: request.headers['webhook-signature'] === signature,
    });
    response.end();
    announce();
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${server.address().port}/`,
    received,
    first,
    close: () => server.close(),
  };
}

function show(title, text) {
  console.log(`\n━━ ${title} ${'━'.repeat(Math.max(0, 70 - title.length))}\n${text.trimEnd()}`);
}
