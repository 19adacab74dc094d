import { spawn, spawnSync } from 'node:child_process';

/** What a script left behind. */
export interface ScriptResult {
  readonly exitCode: number | null;
  /** Both streams, in the order in which they came. */
  readonly output: string;
}

/**
 * Whether scripts of workflows can be run here. The runners of GitHub have all three tools; on
 * Windows the first bash that is found may be one without them.
 */
export const canRunScripts =
  process.platform !== 'win32' &&
  ['bash', 'curl', 'jq'].every((tool) => spawnSync(tool, ['--version']).status === 0);

/** Runs bash with these arguments. */
export function runBash(
  words: readonly string[],
  options: { readonly cwd: string; readonly env: Readonly<Record<string, string>> },
): Promise<ScriptResult> {
  const { PATH = '', HOME = '' } = process.env;
  const child = spawn('bash', words, {
    cwd: options.cwd,
    env: { PATH, HOME, ...options.env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
  }
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (exitCode) => resolve({ exitCode, output }));
  });
}
