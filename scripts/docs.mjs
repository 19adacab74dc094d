// Writes the tables of README.md that are made from action.yml and the rules of the inputs, and
// docs/errors.md, which is made from the list of error codes.
// With --check nothing is written: it fails when one of the two is not in step.
import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import { errorCodes } from '../build/src/errors.js';
import { inputRules } from '../build/src/inputs/inputs.js';

const manifestText = await readFile(new URL('../action.yml', import.meta.url), 'utf8');
const manifest = parse(manifestText);

const inputTable = tableOf('inputs', ['Input', 'Type', 'Default', 'Meaning'], (name, input) => [
  `\`${name}\``,
  typeOf(inputRules[name]),
  input.default === undefined ? '' : `\`${input.default}\``,
  input.description,
]);
const outputTable = tableOf('outputs', ['Output', 'Meaning'], (name, output) => [
  `\`${name}\``,
  output.description,
]);
const errorTable = table(
  ['Code', 'What it means', 'What to do'],
  Object.entries(errorCodes).map(([code, { meaning, remedy }]) => [`\`${code}\``, meaning, remedy]),
);

const readme = await readFile(pathOf('README.md'), 'utf8');
const pages = {
  'README.md': fillIn(fillIn(readme, 'inputs', inputTable), 'outputs', outputTable),
  'docs/errors.md': `# Error codes

<!-- Made by npm run docs from src/errors.ts. -->

A step that fails has one error annotation, which says what happened and what to do, and sets the output \`error-code\`. This is what each code means in general; the annotation itself says it exactly.

${errorTable}
`,
};

for (const [page, text] of Object.entries(pages)) {
  if (!process.argv.includes('--check')) {
    await writeFile(pathOf(page), text);
  } else if ((await readFile(pathOf(page), 'utf8').catch(() => '')) !== text) {
    console.error(`${page} is not in step. Run: npm run docs`);
    process.exitCode = 1;
  }
}

/**
 * The table of a section of action.yml. A comment above a member begins a group; members of a group
 * that mean the same share a row.
 */
function tableOf(section, head, row) {
  const [, lines = ''] = new RegExp(`^${section}:\n((?: .*\n)+)`, 'm').exec(manifestText) ?? [];
  const rows = [];
  const seen = [];
  let group = new Map();
  for (const [, title, name] of lines.matchAll(/^ {2}(?:# (.+)|([\w-]+):)$/gm)) {
    if (title !== undefined) {
      group = new Map();
      rows.push([`**${title}**`, ...head.slice(1).map(() => '')]);
      continue;
    }
    const [first, ...cells] = row(name, manifest[section][name]);
    const same = group.get(cells.join('|'));
    if (same) same[0] += `, ${first}`;
    else {
      const fresh = [first, ...cells];
      group.set(cells.join('|'), fresh);
      rows.push(fresh);
    }
    seen.push(name);
  }
  const lost = Object.keys(manifest[section]).filter((name) => !seen.includes(name));
  if (lost.length > 0) throw new Error(`${lost} of action.yml would be missing`);
  return table(head, rows);
}

/** What an input holds, by what its rule makes of some texts. */
function typeOf({ read, choices = [] }) {
  const values = [...choices, 'a=b', 'true', '1'].map((text) => read(text));
  if (values.some(Array.isArray)) return 'list';
  if (choices.length > 0) return 'choice';
  if (values.includes(true)) return 'boolean';
  return values.includes(1) ? 'number' : 'text';
}

function fillIn(page, name, text) {
  const [begin, end] = [`<!-- ${name}: made by npm run docs -->`, `<!-- end of ${name} -->`];
  const from = page.indexOf(begin);
  const to = page.indexOf(end);
  if (from === -1 || to < from) throw new Error(`README.md has no place for the ${name}`);
  return `${page.slice(0, from + begin.length)}\n${text}\n${page.slice(to)}`;
}

function table(head, rows) {
  const line = (cells) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

function pathOf(page) {
  return fileURLToPath(new URL(`../${page}`, import.meta.url));
}
