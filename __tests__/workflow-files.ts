import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import { z } from 'zod';

const root = new URL('../', import.meta.url);

/** How workflows for users name this action. */
export const thisAction = 'OWNER/update-release-action@v1';

/** A workflow of this repository: a file, or a block of a page for people. */
export interface WorkflowText {
  readonly name: string;
  readonly text: string;
}

const scalar = z.union([z.string(), z.number(), z.boolean()]).transform(String);
const values = z.record(z.string(), scalar).default({});

const stepSchema = z.object({
  id: z.string().optional(),
  uses: z.string().optional(),
  run: z.string().optional(),
  if: scalar.optional(),
  with: values,
  env: values,
});

const jobSchema = z.object({
  'timeout-minutes': z.number().optional(),
  permissions: z.record(z.string(), z.string()).optional(),
  strategy: z
    .object({ matrix: z.object({ include: z.array(z.record(z.string(), scalar)).optional() }) })
    .optional(),
  steps: z.array(stepSchema),
});

const workflowSchema = z.object({
  on: z.unknown(),
  permissions: z.record(z.string(), z.string()).optional(),
  concurrency: z.unknown().optional(),
  jobs: z.record(z.string(), jobSchema),
});

export type WorkflowStep = Readonly<z.output<typeof stepSchema>>;
export type WorkflowJob = Readonly<z.output<typeof jobSchema>>;
export type Workflow = Readonly<z.output<typeof workflowSchema>>;

/** Reads what the tests look at; values of `with:` and `env:` become text, as for the runner. */
export function readWorkflow({ name, text }: WorkflowText): Workflow {
  const parsed = workflowSchema.safeParse(parse(text));
  if (parsed.success) return parsed.data;
  throw new Error(`${name} is no workflow: ${z.prettifyError(parsed.error)}`);
}

/** The patterns of the tags whose push starts a workflow. */
export function tagPatterns({ on }: Workflow): readonly string[] {
  const parsed = z.object({ push: z.object({ tags: z.array(z.string()) }) }).safeParse(on);
  return parsed.success ? parsed.data.push.tags : [];
}

export const examples = workflowsIn('examples');
export const ownWorkflows = workflowsIn('.github/workflows');

/** The YAML blocks of the pages for people, fragments made whole. */
export const pageBlocks: readonly WorkflowText[] = pages().flatMap((page) => {
  const text = readRepositoryFile(page);
  return [...text.matchAll(/^```ya?ml\n(.*?)^```$/gms)].map(({ index, 1: block = '' }) => ({
    name: `${page}, line ${text.slice(0, index).split('\n').length + 1}`,
    text: wrapFragment(block),
  }));
});

/** A whole workflow from a block that shows a trigger, steps, or no more than inputs. */
export function wrapFragment(block: string): string {
  if (/^jobs:/m.test(block)) return block;
  if (/^on:/m.test(block)) return `${block}\n${jobWith(`      - uses: ${thisAction}\n`)}`;
  const steps = /^- /m.test(block) ? block : `- uses: ${thisAction}\n${indent(block, 2)}`;
  return `on: push\n${jobWith(indent(steps, 6))}`;
}

/** The text of a file, by its path from the root of the repository. */
export function readRepositoryFile(path: string): string {
  return readFileSync(new URL(path, root), 'utf8').replaceAll('\r\n', '\n');
}

/** The full path of a file, by its path from the root of the repository. */
export function pathOf(path: string): string {
  return fileURLToPath(new URL(path, root));
}

function workflowsIn(folder: string): readonly WorkflowText[] {
  return namesIn(folder, /\.ya?ml$/).map((name) => ({
    name,
    text: readRepositoryFile(`${folder}/${name}`),
  }));
}

function pages(): readonly string[] {
  const inFolder = (folder: string) =>
    namesIn(folder || '.', /\.md$/).map((name) => `${folder}${name}`);
  return [...inFolder(''), ...inFolder('examples/')];
}

function namesIn(folder: string, pattern: RegExp): readonly string[] {
  return readdirSync(new URL(folder, root))
    .filter((name) => pattern.test(name))
    .sort();
}

function jobWith(steps: string): string {
  return `jobs:\n  job:\n    runs-on: ubuntu-latest\n    steps:\n${steps}`;
}

function indent(text: string, spaces: number): string {
  return text.replaceAll(/^(?=.)/gm, ' '.repeat(spaces));
}
