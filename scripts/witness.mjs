// Holds the Markdown of real changelogs to micromark, as __tests__/markdown/witness.test.ts does with the
// examples of CommonMark:
//   npm run witness -- DIR [COUNT]
// DIR holds changelogs, directly or in `files/`; COUNT (2000) of their sections are taken, spread evenly.
// It prints a line for each kind of check, and where a section deviates.
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

const [folder, count = '2000'] = process.argv.slice(2);
const compiled = new URL('../build/__tests__/markdown/reference.js', import.meta.url);
if (!folder || !existsSync(folder)) {
  stop('Usage: npm run witness -- DIR [COUNT]   (a folder with changelogs)');
}
if (!existsSync(compiled)) stop('The action is not compiled yet: run `npx tsc` first.');
const { dropsSection, keepsPrefix, portableDeviations, titlesIn } = await import(compiled.href);
const { findSection } = await import('../build/src/changelog/section.js');
const { withLineFeeds } = await import('../build/src/changelog/markup.js');
const { readOutline } = await import('../build/src/changelog/outline.js');

/** Notes are cut to 4096; half of the sections that are cut there are cut here, too. */
const limits = [1000, 4096];

const checks = { portable: 0, fit: 0, exclude: 0 };
const deviations = [];
for (const { file, version, notes, source } of spread(sectionsOf(folder), Number(count))) {
  // GitHub's boxes, which micromark does not know, become a quote with a bold title.
  if (/^> *\[!\w+\]/m.test(notes)) continue;
  const report = (kind) => deviations.push({ kind, place: `${version}  ${file}` });
  checks.portable++;
  for (const kind of portableDeviations(notes, source)) report(kind);
  for (const limit of limits.filter((each) => each < notes.length)) {
    checks.fit++;
    if (!keepsPrefix(notes, limit)) report('fit');
  }
  for (const title of new Set(titlesIn(notes))) {
    checks.exclude++;
    if (!dropsSection(notes, title)) report('exclude');
  }
}

for (const [name, number] of Object.entries(checks)) console.log(`${name}: ${number} checks`);
for (const [kind, list] of groups()) {
  console.log(`\n${kind}: ${list.length}`);
  for (const place of list) console.log(`  ${place}`);
}

function groups() {
  const places = new Map();
  for (const { kind, place } of deviations) places.set(kind, [...(places.get(kind) ?? []), place]);
  return places;
}

function sectionsOf(path) {
  const files = existsSync(join(path, 'files')) ? join(path, 'files') : path;
  const names = readdirSync(files).filter((name) => statSync(join(files, name)).isFile());
  return names.flatMap((file) => {
    const source = readFileSync(join(files, file), 'utf8')
      .replace(/^\uFEFF/, '')
      .replace(/\r\n?/g, '\n');
    const headings = readOutline(withLineFeeds(source));
    const versions = headings.flatMap((each) => each.versions.map(({ text }) => text));
    return [...new Set(versions)].map((version) => ({ file, version, source }));
  });
}

/** Sections that hold text, evenly from all that there are. */
function* spread(all, wanted) {
  const step = Math.max(1, all.length / wanted);
  for (let at = 0; at < all.length; at += step) {
    const section = all[Math.floor(at)];
    const notes = findSection(section.source, section.version)?.body;
    if (notes) yield { ...section, notes };
  }
}

function stop(message) {
  console.error(message);
  process.exit(2);
}
