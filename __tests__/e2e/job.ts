import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import {
  readWorkflow,
  tagPatterns,
  thisAction,
  type WorkflowJob,
  type WorkflowStep,
  type WorkflowText,
} from '../workflow-files.ts';
import { type Contexts, fillInAll, isRun, startsWorkflow } from './expressions.ts';
import type { Scenario, useSandbox } from './scenario.ts';
import { canRunScripts, runBash, type ScriptResult } from './shell.ts';

/** What happens around a workflow: what started it, and what GitHub knows. */
export interface Occasion {
  readonly tag?: string;
  readonly eventName?: string;
  readonly payload?: Readonly<Record<string, unknown>>;
  readonly files?: Readonly<Record<string, string>>;
  readonly vars?: Readonly<Record<string, string>>;
  readonly secrets?: Readonly<Record<string, string>>;
  readonly inputs?: Readonly<Record<string, unknown>>;
  readonly matrix?: Readonly<Record<string, string>>;
  readonly needs?: Readonly<Record<string, unknown>>;
  /** Added to the environment of the runner. */
  readonly env?: Readonly<Record<string, string>>;
  /** Executables by name, before all others. */
  readonly programs?: Readonly<Record<string, string>>;
}

/** What a job left behind. */
export interface JobResult {
  readonly update: Scenario;
  /** The `with:` of the step of this action, as the runner resolved it. */
  readonly given: Readonly<Record<string, string>>;
  /** The scripts that were run, in order. */
  readonly scripts: readonly ScriptResult[];
  /** What the scripts wrote to the job summary. */
  readonly summary: string;
  /** The files at the top of the workspace, by name. */
  readonly files: Readonly<Record<string, string>>;
}

/**
 * Runs the job of a workflow that uses this action: scripts in bash, this action as the runner does,
 * other actions not at all. Only the two addresses are not the workflow's own: they lead to the sandbox.
 * @throws Error when the occasion would not start the workflow
 */
export async function runJob(
  file: WorkflowText,
  occasion: Occasion,
  sandbox: ReturnType<typeof useSandbox>,
): Promise<JobResult> {
  const workflow = readWorkflow(file);
  const { tag, eventName = 'push' } = occasion;
  if (tag !== undefined && eventName === 'push' && !startsWorkflow(tag, tagPatterns(workflow))) {
    throw new Error(`${tag} does not start ${file.name}`);
  }
  const folder = mkdtempSync(join(tmpdir(), 'job-'));
  try {
    return await runSteps(folder, jobOfThisAction(file), occasion, sandbox);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The job of a workflow with the step that uses this action. */
export function jobOfThisAction(file: WorkflowText): WorkflowJob {
  const jobs = Object.values(readWorkflow(file).jobs).filter(({ steps }) => steps.some(isUpdate));
  const [job] = jobs;
  if (jobs.length === 1 && job?.steps.filter(isUpdate).length === 1) return job;
  throw new Error(`${file.name} does not use this action exactly once`);
}

async function runSteps(
  folder: string,
  job: WorkflowJob,
  occasion: Occasion,
  sandbox: ReturnType<typeof useSandbox>,
): Promise<JobResult> {
  const path = (name: string) => join(folder, name);
  const places = { workspace: path('workspace'), temp: path('temp'), programs: path('programs') };
  for (const place of Object.values(places)) mkdirSync(place);
  for (const [name, text] of Object.entries(occasion.programs ?? {})) {
    writeFileSync(join(places.programs, name), text, { mode: 0o755 });
  }
  for (const [name, text] of Object.entries(occasion.files ?? {})) {
    mkdirSync(dirname(join(places.workspace, name)), { recursive: true });
    writeFileSync(join(places.workspace, name), text);
  }
  writeFileSync(path('summary'), '');
  const runnerEnv = {
    RUNNER_TEMP: places.temp,
    PATH: `${places.programs}${delimiter}${process.env['PATH']}`,
    ...occasion.env,
  };
  const scriptEnv = {
    ...runnerEnv,
    GITHUB_STEP_SUMMARY: path('summary'),
    GITHUB_REF_NAME: occasion.tag ?? 'main',
  };

  const scripts: ScriptResult[] = [];
  const steps: Record<string, unknown> = {};
  let contexts = contextsOf(occasion, places.workspace, sandbox.token);
  let update: Scenario | undefined;
  let given: Readonly<Record<string, string>> = {};
  let failed = false;
  for (const step of job.steps) {
    if (!isRun(step.if, contexts, failed)) continue;
    const env = fillInAll(step.env, contexts);
    if (isUpdate(step)) {
      const { tag, eventName, payload } = occasion;
      given = fillInAll(step.with, contexts);
      update = await sandbox.run({
        ...{ tag, workspace: places.workspace, env: { ...runnerEnv, ...env } },
        ...(eventName !== undefined && { eventName }),
        ...(payload && { payload }),
        with: {
          ...{ 'access-token': '', ...given },
          ...{ 'api-url': sandbox.api.url, 'releases-url': sandbox.api.releasesUrl },
        },
      });
      failed ||= update.exitCode !== 0;
      if (step.id !== undefined) steps[step.id] = { outputs: update.outputs };
      contexts = { ...contexts, steps };
    } else if (step.run !== undefined && canRunScripts) {
      const options = { cwd: places.workspace, env: { ...scriptEnv, ...env } };
      const script = await runBash(['-e', '-c', step.run], options);
      scripts.push(script);
      failed ||= script.exitCode !== 0;
    }
  }
  if (!update) throw new Error('The step of this action was not run.');
  const summary = readFileSync(path('summary'), 'utf8');
  return { update, given, scripts, summary, files: filesIn(places.workspace) };
}

function isUpdate({ uses }: WorkflowStep): boolean {
  return uses === thisAction;
}

function contextsOf(occasion: Occasion, workspace: string, token: string): Contexts {
  const { tag, vars = {}, secrets = {}, inputs = {}, matrix = {}, needs = {} } = occasion;
  const github = {
    event_name: occasion.eventName ?? 'push',
    event: occasion.payload ?? {},
    ref_name: tag ?? 'main',
    ref: tag === undefined ? 'refs/heads/main' : `refs/tags/${tag}`,
    repository: 'octo/app',
    run_id: '42',
    server_url: 'https://github.com',
    token: 'github-token-of-the-run',
    workspace,
  };
  const known = { CRYPTLEX_ACCESS_TOKEN: token, ...secrets };
  return { github, secrets: known, vars, inputs, matrix, needs, steps: {} };
}

function filesIn(folder: string): Record<string, string> {
  const files = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isFile());
  return Object.fromEntries(
    files.map(({ name }) => [name, readFileSync(join(folder, name), 'utf8')]),
  );
}
