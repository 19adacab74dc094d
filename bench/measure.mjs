// Starts processes and says what they took from their start until they are gone. Times in
// milliseconds, memory in MiB. The times are those of bash, since Node can't ask for a child's.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { preloading, runStep } from '../build/sandbox/runner.js';

/** The action as it is shipped. */
export const main = fileURLToPath(new URL('../dist/index.js', import.meta.url));
const usageHook = fileURLToPath(new URL('usage.cjs', import.meta.url));

/** Runs `node` with these arguments to its end. */
export function measureNode(args, env = {}) {
  return withUsage(async (usageEnv, [command, ...timed]) => {
    const child = spawn(command, [...timed, process.execPath, ...args], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { PATH: process.env.PATH, HOME: process.env.HOME, ...env, ...usageEnv },
    });
    for (const stream of [child.stdout, child.stderr]) stream.resume();
    const [exitCode] = await once(child, 'close');
    if (exitCode !== 0) throw new Error(`node ${args.join(' ')} ended with ${exitCode}`);
  });
}

/** Runs a step of the action to its end, which must be the result given. */
export function measureStep(step, { script = main, expected = 'updated' } = {}) {
  return withUsage(async (usageEnv, timed) => {
    const env = { ...step.env, ...usageEnv };
    const start = [...timed, process.execPath, script];
    const { outputs, annotations } = await runStep({ ...step, env, start });
    if (outputs.result !== expected) throw new Error(annotations.at(-1)?.message);
  });
}

const withTimes = [
  'bash',
  '-c',
  'TIMEFORMAT="%3R %3U %3S"; { time "$@" 2>&3; } 3>&2 2>"$TIMES_FILE"',
  '',
];

async function withUsage(run) {
  const folder = mkdtempSync(join(tmpdir(), 'usage-'));
  const [usage, times] = ['usage', 'times'].map((name) => join(folder, name));
  const env = { ...preloading(usageHook), USAGE_FILE: usage, TIMES_FILE: times };
  try {
    await run(env, withTimes);
    const { peak, modules } = JSON.parse(readFileSync(usage, 'utf8'));
    const [wall, user, system] = readFileSync(times, 'utf8').trim().split(' ').map(Number);
    return {
      wall: wall * 1000,
      cpu: (user + system) * 1000,
      memory: peak / 1024,
      modules: modules.map(String),
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * Runs every case once a round, in another order each round, so that what else the machine does
 * meets all of them alike.
 * @returns the measurements by case, in the order of the rounds
 */
export async function interleave(cases, rounds) {
  const names = Object.keys(cases);
  const results = Object.fromEntries(names.map((name) => [name, []]));
  for (let round = 0; round < rounds; round += 1) {
    for (let at = 0; at < names.length; at += 1) {
      const name = names[(at + round) % names.length];
      results[name].push(await cases[name]());
    }
  }
  return results;
}

export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** The median of a figure over the rounds, or of its ratio to another case of the same round. */
export function medianOf(results, figure, base) {
  return median(results.map((each, round) => each[figure] / (base ? base[round][figure] : 1)));
}
