// Takes pictures of the job summary of real runs against the sandbox, in GitHub's look:
//   npm run screenshot             docs/summary-light.png and -dark.png, the picture in the README
//   npm run screenshot -- DIR      every state, light and dark, into DIR
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { marked } from 'marked';
import { runStep } from '../build/sandbox/runner.js';
import { startSandbox } from '../build/sandbox/server.js';

const browser = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(
  existsSync,
);
if (!browser) {
  console.log(
    'Skipped: no Chromium is installed here (Debian: apt-get install chromium fonts-noto-color-emoji).',
  );
  process.exit(0);
}

const changelog = `# Changelog

## [2.5.0] - 2026-11-24

### Added

- Floating licences can be borrowed for a flight, see the [guide](docs/borrowing.md).
- Dark mode follows the system.

### Fixed

- The trial no longer ends a day early ([#118]).

## [2.4.1] - 2026-10-02

${'- A very long list of small things, each of which is worth a line of its own.\n'.repeat(80)}
[#118]: https://github.com/octo/app/issues/118
`;

const release = {
  productId: 'octo',
  name: 'Octo 2.5 beta',
  version: '2.5.0',
  channel: 'beta',
  platforms: ['windows', 'macos'],
  notes: 'To be written.',
};
const fields = { name: 'Octo {version}', channel: 'stable' };
const forged =
  '</td></table><h1>Forged</h1> **bold** | `x` ![](https://example.com/x.png) @octocat';

/** One state each: what is in the sandbox, and what the step is started with. */
const states = {
  updated: { releases: [release], with: fields },
  unchanged: { releases: [release], twice: true },
  created: { releases: [], with: { 'on-missing': 'create', platforms: 'windows, macos' } },
  planned: { releases: [release], with: { ...fields, 'dry-run': 'true' } },
  'planned-without-token': { releases: [], with: { 'access-token': '', 'dry-run': 'true' } },
  truncated: { releases: [{ ...release, version: '2.4.1' }], tag: 'v2.4.1' },
  all: {
    releases: ['windows', 'macos', 'linux'].map((platform) => ({
      ...release,
      platforms: [platform],
    })),
    with: { match: 'all' },
    failSecond: true,
  },
  'not-found': {
    releases: [
      { ...release, version: '2.4.0' },
      { ...release, version: '2.5.1' },
    ],
  },
  ambiguous: { releases: [release, { ...release, channel: 'stable' }] },
  published: { releases: [{ ...release, published: true }] },
  'published-skipped': {
    releases: [{ ...release, published: true }],
    with: { 'on-published': 'skip' },
  },
  skipped: { releases: [], with: { 'on-missing': 'skip' } },
  'no-notes': { releases: [release], tag: 'v2.5.1', with: { 'notes-from': 'changelog' } },
  unknown: { releases: [release], unknown: true, with: { 'timeout-seconds': '2' } },
  forged: {
    releases: [{ ...release, name: forged }],
    with: { notes: `${forged}\n\n# Heading\n\n</blockquote></details>\n\n\`\`\`\nopen fence` },
  },
};

const target = process.argv[2];
const folder = mkdtempSync(join(tmpdir(), 'screenshot-'));
try {
  if (target === undefined) {
    const docs = fileURLToPath(new URL('../docs', import.meta.url));
    await photographState(states.updated, join(docs, 'summary'));
    console.log(`The state updated, light and dark, in ${docs}`);
  } else {
    mkdirSync(target, { recursive: true });
    for (const [name, state] of Object.entries(states)) {
      await photographState(state, join(target, name));
    }
    console.log(`${Object.keys(states).length} states, light and dark, in ${target}`);
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/** Takes both pictures of a state, `PATH-light.png` and `PATH-dark.png`. */
async function photographState(state, path) {
  const summary = await summaryOf(state);
  for (const theme of ['light', 'dark']) photograph(summary, theme, `${path}-${theme}.png`);
}

async function summaryOf(state) {
  // Ids of their own, so that the same run gives the same picture.
  const releases = state.releases.map((each, index) => ({ id: idOf(index + 1), ...each }));
  const sandbox = await startSandbox({ rateLimit: false, releases });
  const [, second] = sandbox.releases();
  if (state.failSecond) {
    const answer = { status: 400, body: { message: 'This release is locked.' } };
    sandbox.fail({ method: 'PATCH', path: `/v3/releases/${second.id}`, answer });
  }
  if (state.unknown) {
    sandbox.fail({ method: 'PATCH', apply: true, wire: { kind: 'drop' } });
    sandbox.fail({
      method: 'GET',
      path: /releases\/./,
      times: Infinity,
      wire: { kind: 'silence' },
    });
  }
  const step = {
    tag: state.tag ?? 'v2.5.0',
    files: { 'CHANGELOG.md': changelog },
    with: {
      'api-url': sandbox.url,
      'access-token': sandbox.issueToken({ expiresInSeconds: 90 * 86_400 }),
      'product-id': 'octo',
      ...state.with,
    },
  };
  if (state.twice) await runStep(step);
  const { summary } = await runStep(step);
  await sandbox.close();
  return summary;
}

function idOf(number) {
  return `6f1c2a4e-8b0d-4c53-9a57-1f3f0c7e5d0${number}`;
}

function photograph(summary, theme, picture) {
  const css = fileURLToPath(
    import.meta.resolve(`github-markdown-css/github-markdown-${theme}.css`),
  );
  const background = theme === 'dark' ? '#0d1117' : '#ffffff';
  const body = withAlerts(marked.parse(summary, { gfm: true }));
  const page = join(folder, 'page.html');
  writeFileSync(
    page,
    `<!doctype html><meta charset="utf-8"><style>${readFileSync(css, 'utf8')}
    body { margin: 0; padding: 24px; background: ${background} }</style>
    <article class="markdown-body">${body}</article>
    <script>document.title = 'height=' + document.documentElement.offsetHeight</script>`,
  );
  const [, height] = /height=(\d+)/.exec(
    browse('--window-size=900,600', '--dump-dom', `file://${page}`),
  );
  browse(`--window-size=900,${height}`, `--screenshot=${picture}`, `file://${page}`);
}

/** `> [!WARNING]` as GitHub shows it, without its icon. */
function withAlerts(html) {
  return html.replace(
    /<blockquote>\s*<p>\[!(WARNING|CAUTION)\]\s*(.*?)<\/blockquote>/gs,
    (_, kind, text) => {
      const name = kind.toLowerCase();
      const title = kind.charAt(0) + name.slice(1);
      return `<div class="markdown-alert markdown-alert-${name}"><p class="markdown-alert-title">${title}</p><p>${text}</div>`;
    },
  );
}

function browse(...options) {
  const quiet = [
    '--headless',
    '--no-sandbox',
    '--disable-gpu',
    '--hide-scrollbars',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
    '--no-first-run',
    '--force-device-scale-factor=1.5',
    `--user-data-dir=${join(folder, 'profile')}`,
  ];
  return execFileSync(browser, [...quiet, ...options], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
}
