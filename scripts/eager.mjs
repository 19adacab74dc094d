// Marks the functions that a usual run calls, so that V8 compiles them together with their file. It
// would otherwise skim each of them first and read it again at its first call.
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'acorn';
import MagicString from 'magic-string';
import { runStep } from '../build/sandbox/runner.js';
import { startSandbox } from '../build/sandbox/server.js';

const changelog = `# Changelog

## [1.2.3] - 2026-11-20

### Added

- A part ([#42](https://example.com/issues/42)).

## [1.2.2] - 2026-11-13

### Fixed

- A fault.
`;

/**
 * Puts the functions that a usual run calls into parentheses, which V8 takes for a sign that they are
 * called soon.
 * @param files the texts of `dist/` by name
 * @returns the new text of `index.js`
 */
export async function compileAtOnce(files) {
  const called = await startsOfCalled(files);
  const code = files.get('index.js');
  const marked = new MagicString(code);
  for (const { node, statements } of functionsIn(parse(code, syntax))) {
    if (!called.has(node.start)) continue;
    if (node.type === 'FunctionDeclaration') {
      const head = code.slice(node.start, node.id.start).trimEnd();
      marked.overwrite(node.start, node.id.end, `var ${node.id.name}=(${head}`);
      marked.appendLeft(node.end, ');');
      // A declaration counts from the start of its scope on.
      const top = statements.find(
        ({ type, directive }) => type !== 'ImportDeclaration' && !directive,
      );
      if (top !== node) marked.move(node.start, node.end, top.start);
    } else {
      marked.appendRight(node.start, '(').appendLeft(node.end, ')');
    }
  }
  parse(marked.toString(), syntax);
  return marked.toString();
}

const syntax = { ecmaVersion: 'latest', sourceType: 'module' };

/** All functions with the statements around them; declarations within other statements are left out. */
function* functionsIn(node, statements = []) {
  if (Array.isArray(node)) {
    for (const each of node) yield* functionsIn(each, statements);
  } else if (typeof node?.type === 'string') {
    const isFunction = node.type.includes('Function');
    if (isFunction && (node.type !== 'FunctionDeclaration' || statements.includes(node))) {
      yield { node, statements };
    }
    const body = node.type === 'Program' ? node.body : isFunction && node.body.body;
    const inner = Array.isArray(body) ? body : statements;
    for (const child of Object.values(node)) yield* functionsIn(child, inner);
  }
}

/** Where the functions start that a usual run calls: a pushed tag, a look-up and an update. */
async function startsOfCalled(files) {
  const folder = await mkdtemp(join(tmpdir(), 'usual-run-'));
  const [dist, coverage] = ['dist', 'coverage'].map((name) => join(folder, name));
  await mkdir(dist);
  for (const [name, text] of files) await writeFile(join(dist, name), text);
  const sandbox = await startSandbox();
  try {
    sandbox.addRelease({ productId: 'usual', version: '1.2.3' });
    const token = sandbox.issueToken({ expiresInSeconds: 90 * 86_400 });
    const { outputs, stdout } = await runStep({
      start: [process.execPath, join(dist, 'index.js')],
      tag: 'v1.2.3',
      files: { 'CHANGELOG.md': changelog },
      with: { 'api-url': sandbox.url, 'access-token': token, 'product-id': 'usual' },
      env: { NODE_V8_COVERAGE: coverage },
    });
    if (outputs.result !== 'updated') throw new Error(`The usual run failed:\n${stdout}`);
    const [report] = await readdir(coverage);
    const { result } = JSON.parse(await readFile(join(coverage, report), 'utf8'));
    const { functions } = result.find(({ url }) => url.endsWith('/dist/index.js'));
    const called = functions.map(({ ranges }) => ranges[0]).filter(({ count }) => count > 0);
    return new Set(called.map(({ startOffset }) => startOffset));
  } finally {
    await sandbox.close();
    await rm(folder, { recursive: true });
  }
}
