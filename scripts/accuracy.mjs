// Measures the section finder on a folder of changelogs whose sections are known:
//   npm run accuracy -- DIR
// DIR holds `files/` and `cases.json`, a list of { file, version, kind, style, expected, alt? };
// `expected` is the section, "" for an empty one and null where the version has none.
//
// exact: equal but for line breaks, spaces at the ends of lines and outer blank space.
// boundary: the same first and last words and about the same length, or an `alt` reading.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const [folder] = process.argv.slice(2);
const compiled = new URL('../build/src/changelog/section.js', import.meta.url);
if (!folder || !existsSync(join(folder, 'cases.json'))) {
  stop('Usage: npm run accuracy -- DIR   (a folder with cases.json and files/)');
}
if (!existsSync(compiled)) stop('The action is not compiled yet: run `npx tsc` first.');
const { findSection } = await import(compiled.href);
const { makePortable } = await import('../build/src/markdown/portable.js');

const cases = JSON.parse(readFileSync(join(folder, 'cases.json'), 'utf8'));
const texts = new Map();
const results = cases.map((example) => ({ example, ...judge(example) }));

printTable('kind', (example) => example.kind.split(':')[0]);
printTable('style', (example) => (example.expected === null ? undefined : example.style));
const failures = results.filter((result) => !result.exact);
console.log(failures.length === 0 ? 'Every case is exact.' : `Not exact (${failures.length}):`);
for (const { example, boundary, got } of failures) {
  const verdict =
    got === undefined ? 'not found' : example.expected === null ? 'invented' : 'other text';
  const place = `${example.file}:${example.line ?? '-'}`;
  console.log(
    `  ${boundary ? 'boundary' : verdict}  ${example.version}  ${example.kind}  ${place}`,
  );
}

const leaks = results.flatMap(({ example, got }) => findLeak(example, got));
console.log(`\nMade portable for a private repository, ${leaks.length} sections hold a URL of it.`);
for (const leak of leaks) console.log(`  ${leak}`);
process.exitCode = leaks.length === 0 ? 0 : 1;

/** The repository that a changelog links to most often stands for its own, and for a private one. */
function findLeak({ file, version }, got) {
  const name = mostLinked(texts.get(file));
  if (got === undefined || name === undefined) return [];
  const repository = { serverUrl: 'https://github.com', name, private: true };
  const notes = makePortable(got, {
    source: texts.get(file),
    repository,
    ref: `v${version}`,
    path: file,
  });
  const url = new RegExp(`github\\.com/${name.replaceAll('.', '\\.')}(?![\\w-]|\\.\\w)`, 'i');
  return url.test(notes) ? [`${version} ${file}`] : [];
}

function mostLinked(text) {
  const counts = new Map();
  for (const [, name] of text.matchAll(/github\.com\/([\w-]+\/[\w.-]*[\w-])/gi)) {
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return [...counts].toSorted(([, one], [, other]) => other - one)[0]?.[0];
}

function judge({ file, version, expected, alt = [] }) {
  if (!texts.has(file)) texts.set(file, readFileSync(join(folder, 'files', file), 'utf8'));
  const got = findSection(texts.get(file), version)?.body;
  if (expected === null || got === undefined) {
    const isRight = expected === null && (got === undefined || normalize(got) === '');
    return { got, exact: isRight, boundary: isRight };
  }
  const exact = normalize(got) === normalize(expected);
  const boundary = exact || [expected, ...alt].some((reading) => haveSameEnds(got, reading));
  return { got, exact, boundary };
}

function normalize(text) {
  const lines = text.replace(/^\uFEFF/, '').split(/\r\n|\r|\n/);
  return lines
    .map((line) => line.replace(/[ \t\u00a0]+$/, ''))
    .join('\n')
    .trim();
}

function haveSameEnds(got, expected) {
  const one = letters(got);
  const other = letters(expected);
  const length = Math.min(48, other.length);
  if (length === 0) return one === '';
  const closeness = Math.max(12, other.length / 10);
  return (
    one.slice(0, length) === other.slice(0, length) &&
    one.slice(-length) === other.slice(-length) &&
    Math.abs(one.length - other.length) <= closeness
  );
}

/** Only letters and digits count, without comments and link definitions. */
function letters(text) {
  const prose = text
    .replace(/<!--[\s\S]*?-->/g, '')
    .replace(/^ {0,3}\[[^\]\n]+\]:[ \t]*\S+.*$/gm, '');
  return (prose.match(/[\p{L}\p{N}]+/gu) ?? []).join('');
}

function printTable(title, group) {
  const rows = new Map();
  for (const { example, exact, boundary } of results) {
    for (const key of [group(example), group(example) && 'all']) {
      if (key === undefined) continue;
      const row = rows.get(key) ?? { count: 0, exact: 0, boundary: 0 };
      rows.set(key, row);
      row.count++;
      row.exact += Number(exact);
      row.boundary += Number(boundary);
    }
  }
  console.log(`${title.padEnd(20)} cases   exact            boundary`);
  const sorted = [...rows].sort(
    ([one], [other]) => Number(one === 'all') - Number(other === 'all'),
  );
  for (const [key, { count, exact, boundary }] of sorted) {
    console.log(
      `${key.padEnd(20)} ${String(count).padStart(5)}   ${share(exact, count)}   ${share(boundary, count)}`,
    );
  }
  console.log('');
}

function share(part, whole) {
  return `${String(part).padStart(5)}  ${((100 * part) / whole).toFixed(1).padStart(5)} %`;
}

function stop(message) {
  console.error(message);
  process.exit(2);
}
