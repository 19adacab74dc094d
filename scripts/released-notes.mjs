// Runs the whole action on real changelogs, and compares what the sandbox holds afterwards:
//   npm run released-notes -- DIR [FILES]
// DIR is a folder as for `npm run accuracy`; one version of each of FILES (10) changelogs in the
// four usual families is released. Links are compared by their text alone, since they are made
// portable; sections that have to be cut are left out.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { runStep } from '../build/sandbox/runner.js';
import { startSandbox } from '../build/sandbox/server.js';

const [folder, wanted = '10'] = process.argv.slice(2);
if (!folder || !existsSync(join(folder, 'cases.json'))) {
  console.error('Usage: npm run released-notes -- DIR [FILES]');
  process.exit(2);
}

/** Keep a Changelog, release-please, and changesets or plain headings. */
const families = ['atx-bracket', 'atx-linked', 'atx-bare'];
const cases = JSON.parse(readFileSync(join(folder, 'cases.json'), 'utf8')).filter(
  ({ style, expected, version }) =>
    families.includes(style) && expected && expected.length < 3500 && /^[\d.]+$/.test(version),
);
const chosen = [...new Map(cases.map((each) => [each.file, each])).values()]
  .sort((one, other) => families.indexOf(one.style) - families.indexOf(other.style))
  .filter((_, index, all) => index % Math.max(1, Math.floor(all.length / Number(wanted))) === 0)
  .slice(0, Number(wanted));

const sandbox = await startSandbox({ rateLimit: false });
const token = sandbox.issueToken({ expiresInSeconds: 90 * 86_400 });
let equal = 0;
for (const [index, { file, version, style, expected }] of chosen.entries()) {
  const productId = `product-${index}`;
  const release = sandbox.addRelease({ productId, version });
  const step = await runStep({
    tag: `v${version}`,
    files: { 'CHANGELOG.md': readFileSync(join(folder, 'files', file)) },
    with: { 'api-url': sandbox.url, 'access-token': token, 'product-id': productId },
  });
  const same = comparable(sandbox.release(release.id)?.notes ?? '') === comparable(expected);
  if (same) equal += 1;
  console.log(`${same ? 'equal' : 'OTHER'}  ${step.outputs.result}  ${version}  ${style}  ${file}`);
}
await sandbox.close();
console.log(`${equal} of ${chosen.length} released notes equal the expected section.`);
process.exitCode = equal === chosen.length && chosen.length > 0 ? 0 : 1;

/** A text without link targets, definitions, comments and spaces at the ends of lines. */
function comparable(text) {
  return text
    .replaceAll('\r\n', '\n')
    .replace(/<!--[\s\S]*?-->/g, '')
    .replace(/^ {0,3}\[[^\]\n]+\]: .*$/gm, '')
    .replace(/\]\([^()\s]*(?:\([^()\s]*\)[^()\s]*)*\)/g, ']')
    .replace(/[ \t]+$/gm, '')
    .replace(/\n{2,}/g, '\n')
    .trim();
}
