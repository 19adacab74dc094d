// Starts processes and says what they took. Times in milliseconds, memory in MiB.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runStep } from '../build/sandbox/runner.js';

const usageHook = fileURLToPath(new URL('usage.cjs', import.meta.url));

/** Runs `node` with these arguments to its end. */
export function measureNode(args, env = {}) {
  return withUsage(async (hookEnv) => {
    const started = performance.now();
    const child = spawn(process.execPath, args, {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { PATH: process.env.PATH, HOME: process.env.HOME, ...env, ...hookEnv },
    });
    for (const stream of [child.stdout, child.stderr]) stream.resume();
    const [exitCode] = await once(child, 'close');
    if (exitCode !== 0) throw new Error(`node ${args.join(' ')} ended with ${exitCode}`);
    return { wall: performance.now() - started };
  });
}

/** Runs a step of the action to its end, which must be the result given. */
export function measureStep(step, expected = 'updated') {
  return withUsage(async (hookEnv) => {
    const { ms, outputs, annotations } = await runStep({
      ...step,
      env: { ...step.env, ...hookEnv },
    });
    if (outputs.result !== expected) throw new Error(annotations.at(-1)?.message);
    return { wall: ms };
  });
}

async function withUsage(run) {
  const folder = mkdtempSync(join(tmpdir(), 'usage-'));
  const file = join(folder, 'usage.json');
  try {
    const times = await run({ NODE_OPTIONS: `--require=${usageHook}`, USAGE_FILE: file });
    const { cpu, peak, modules } = JSON.parse(readFileSync(file, 'utf8'));
    return { ...times, cpu, memory: peak / 1024, modules: modules.map(String) };
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
