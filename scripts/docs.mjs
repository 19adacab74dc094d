// Writes the tables of README.md that are made from action.yml and from the list of error codes.
// With --check nothing is written: it fails when a table is not in step.
import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import { errorCodes } from '../build/src/errors.js';

const readmePath = fileURLToPath(new URL('../README.md', import.meta.url));
const manifest = parse(await readFile(new URL('../action.yml', import.meta.url), 'utf8'));

const tables = {
  inputs: [
    ['Input', 'Default', 'Meaning'],
    Object.entries(manifest.inputs).map(([name, { default: value, description }]) => [
      `\`${name}\``,
      value === undefined ? '' : `\`${value}\``,
      description,
    ]),
  ],
  outputs: [
    ['Output', 'Meaning'],
    Object.entries(manifest.outputs).map(([name, { description }]) => [`\`${name}\``, description]),
  ],
  errors: [
    ['Code', 'What it means', 'What to do'],
    Object.entries(errorCodes).map(([code, { meaning, remedy }]) => [
      `\`${code}\``,
      meaning,
      remedy,
    ]),
  ],
};

const readme = await readFile(readmePath, 'utf8');
let fresh = readme;
for (const [name, [head, rows]] of Object.entries(tables)) {
  const [begin, end] = [`<!-- ${name}: made by npm run docs -->`, `<!-- end of ${name} -->`];
  const from = fresh.indexOf(begin);
  const to = fresh.indexOf(end);
  if (from === -1 || to < from) throw new Error(`README.md has no place for the table of ${name}`);
  fresh = `${fresh.slice(0, from + begin.length)}\n${table(head, rows)}\n${fresh.slice(to)}`;
}

if (process.argv.includes('--check')) {
  if (fresh !== readme) {
    console.error('The tables of README.md are not in step. Run: npm run docs');
    process.exitCode = 1;
  }
} else {
  await writeFile(readmePath, fresh);
}

function table(head, rows) {
  const line = (cells) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}
