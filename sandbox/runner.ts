import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';

/** The repository: the nearest folder above, compiled or not, that holds the action. */
const root = findRoot(dirname(fileURLToPath(import.meta.url)));

interface ActionManifest {
  readonly inputs: Readonly<
    Record<string, { readonly description: string; readonly default?: string }>
  >;
  readonly outputs: Readonly<Record<string, { readonly description: string }>>;
  readonly runs: { readonly using: string; readonly main: string };
}

export const manifest: ActionManifest = parse(readFileSync(join(root, 'action.yml'), 'utf8'));

/** What a step is started with. */
export interface Step {
  /** The `with:` block; defaults of action.yml are added. */
  readonly with?: Readonly<Record<string, string>>;
  /** Tag that was pushed; undefined for a run without one. */
  readonly tag?: string | undefined;
  readonly eventName?: string;
  /** Merged into the event payload, which says that the repository is public. */
  readonly payload?: Readonly<Record<string, unknown>>;
  /** Files of the workspace. A `.git` folder is there unless `checkout` is false. */
  readonly files?: Readonly<Record<string, string | Buffer>>;
  readonly checkout?: boolean;
  /** A folder that is there already, instead of a workspace of its own. */
  readonly workspace?: string;
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Called with the workspace before the step starts. */
  readonly prepare?: (workspace: string) => void;
  /** What is started instead of Node with `dist/index.js`. */
  readonly start?: readonly string[];
  /** Called with a way to send a signal while the step runs. */
  readonly during?: (kill: (signal: NodeJS.Signals) => void) => void;
}

/** What a step left behind. */
export interface StepResult {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** The last value of each output, as the runner takes it. */
  readonly outputs: Readonly<Record<string, string>>;
  /** Every output file record in order. */
  readonly outputRecords: readonly (readonly [name: string, value: string])[];
  readonly summary: string;
  readonly annotations: readonly Annotation[];
  readonly ms: number;
}

export interface Annotation {
  readonly kind: 'error' | 'warning' | 'notice';
  readonly message: string;
  readonly properties: Readonly<Record<string, string>>;
}

/** Starts `dist/index.js` as the runner does for a step of a workflow. */
export async function runStep(step: Step): Promise<StepResult> {
  const folder = mkdtempSync(join(tmpdir(), 'step-'));
  try {
    return await runIn(folder, step);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function runIn(folder: string, step: Step): Promise<StepResult> {
  const path = (name: string) => join(folder, name);
  const workspace = step.workspace ?? path('workspace');
  mkdirSync(join(workspace, ...(step.checkout === false ? [] : ['.git'])), { recursive: true });
  mkdirSync(path('temp'));
  for (const [name, content] of Object.entries(step.files ?? {})) {
    mkdirSync(dirname(join(workspace, name)), { recursive: true });
    writeFileSync(join(workspace, name), content);
  }
  step.prepare?.(workspace);
  for (const name of ['output', 'summary']) writeFileSync(path(name), '');
  writeFileSync(
    path('event.json'),
    JSON.stringify({ repository: { full_name: 'octo/app', private: false }, ...step.payload }),
  );

  const ref = step.tag === undefined ? 'refs/heads/main' : `refs/tags/${step.tag}`;
  const started = performance.now();
  const [command = '', ...args] = step.start ?? [process.execPath, join(root, manifest.runs.main)];
  const child = spawn(command, args, {
    cwd: workspace,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: withoutUndefined({
      // Node needs the last three on Windows.
      ...inherited('PATH', 'HOME', 'SystemRoot', 'TEMP', 'TMP'),
      GITHUB_ACTIONS: 'true',
      GITHUB_EVENT_NAME: step.eventName ?? 'push',
      GITHUB_EVENT_PATH: path('event.json'),
      GITHUB_OUTPUT: path('output'),
      GITHUB_STEP_SUMMARY: path('summary'),
      GITHUB_REF: ref,
      GITHUB_REF_NAME: ref.replace(/^refs\/(?:heads|tags)\//, ''),
      GITHUB_REF_TYPE: step.tag === undefined ? 'branch' : 'tag',
      GITHUB_SHA: '0123456789abcdef0123456789abcdef01234567',
      GITHUB_REPOSITORY: 'octo/app',
      GITHUB_SERVER_URL: 'https://github.com',
      // No test reaches for the real one.
      GITHUB_API_URL: 'http://127.0.0.1:9',
      GITHUB_WORKSPACE: workspace,
      RUNNER_TEMP: path('temp'),
      ...inputsAsEnv(step.with ?? {}),
      ...step.env,
    }),
  });
  step.during?.((signal) => child.kill(signal));
  const [stdout, stderr, exitCode] = await Promise.all([
    readAll(child.stdout),
    readAll(child.stderr),
    new Promise<number | null>((resolve) => child.on('close', (code) => resolve(code))),
  ]);
  const ms = performance.now() - started;
  const read = (name: string) => {
    try {
      return readFileSync(path(name), 'utf8');
    } catch {
      return '';
    }
  };
  const outputRecords = parseFileCommands(read('output'));
  return {
    exitCode,
    stdout,
    stderr,
    outputs: Object.fromEntries(outputRecords),
    outputRecords,
    summary: read('summary'),
    annotations: parseAnnotations(stdout),
    ms,
  };
}

/** The environment in which Node runs a file before anything else. */
export function preloading(path: string): { readonly NODE_OPTIONS: string } {
  // Node splits the options at spaces, and reads a backslash in quotes as an escape.
  return { NODE_OPTIONS: `--require "${path.replaceAll('\\', '\\\\')}"` };
}

function inherited(...names: readonly string[]): Record<string, string | undefined> {
  return Object.fromEntries(names.map((name) => [name, process.env[name]]));
}

function findRoot(folder: string): string {
  return existsSync(join(folder, 'action.yml')) ? folder : findRoot(dirname(folder));
}

/** `INPUT_` variables as the runner makes them: every declared input, '' where nothing is given. */
function inputsAsEnv(given: Readonly<Record<string, string>>): Record<string, string> {
  const unknown = Object.keys(given).filter((name) => !(name in manifest.inputs));
  if (unknown.length > 0) throw new Error(`not in action.yml: ${unknown.join(', ')}`);
  return Object.fromEntries(
    Object.entries(manifest.inputs).map(([name, input]) => [
      `INPUT_${name.replaceAll(' ', '_').toUpperCase()}`,
      given[name] ??
        (input.default ?? '').replace('${{ github.token }}', 'github-token-of-the-run'),
    ]),
  );
}

/** The runner's format of GITHUB_OUTPUT: `name<<delimiter`, the value, the delimiter. */
function parseFileCommands(text: string): [string, string][] {
  const records: [string, string][] = [];
  const lines = text.split('\n');
  for (let at = 0; at < lines.length; at += 1) {
    const line = lines[at] ?? '';
    if (line === '') continue;
    const start = /^([^=]+?)<<(.+)$/.exec(line);
    if (!start) throw new Error(`not an output record: ${line}`);
    const end = lines.indexOf(start[2] ?? '', at + 1);
    if (end === -1) throw new Error(`no end of the output ${start[1]}`);
    records.push([start[1] ?? '', lines.slice(at + 1, end).join('\n')]);
    at = end;
  }
  return records;
}

function parseAnnotations(stdout: string): Annotation[] {
  return stdout.split('\n').flatMap((line) => {
    const match = /^::(error|warning|notice)(?: ([^:]*))?::(.*)$/.exec(line);
    if (!match) return [];
    const [, kind, properties = '', message = ''] = match;
    return {
      kind: kind as Annotation['kind'],
      message: decode(message),
      properties: Object.fromEntries(
        properties.split(',').flatMap((pair) => {
          const [name, value] = pair.split('=');
          return name && value !== undefined ? [[name, decode(value)]] : [];
        }),
      ),
    };
  });
}

function decode(text: string): string {
  return text
    .replaceAll('%0D', '\r')
    .replaceAll('%0A', '\n')
    .replaceAll('%3A', ':')
    .replaceAll('%2C', ',')
    .replaceAll('%25', '%');
}

async function readAll(stream: NodeJS.ReadableStream): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks).toString('utf8');
}

function withoutUndefined(values: Readonly<Record<string, string | undefined>>): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
}
