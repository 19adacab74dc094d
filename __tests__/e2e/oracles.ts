import type { StepResult } from '../../sandbox/runner.ts';
import { outputsOf } from '../../src/report/outputs.ts';

/** The workflow commands that the action means to send. */
const meant = ['add-mask', 'debug', 'notice', 'warning', 'error'];

/**
 * What the runner would obey in a step's output: `::command::` at the start of a line and
 * `##[command]` anywhere in it (actions/runner, ActionCommand.cs), written anew here.
 */
export function commandsIn(output: string): string[] {
  return output.split(/\r\n|\r|\n/).flatMap((line) => {
    const modern = /^\s*::([^\s:]+)(?:\s[^:]*)?::/u.exec(line);
    const legacy = [...line.matchAll(/##\[([^\s\]]+)[^\]]*\]/g)].map((match) => match[1] ?? '');
    return [...(modern?.[1] === undefined ? [] : [modern[1]]), ...legacy];
  });
}

/** Throws when a step sent a command, or wrote an output, that it did not mean to. */
export function expectOnlyMeantCommands(result: StepResult): void {
  const strange = commandsIn(`${result.stdout}\n${result.stderr}`).filter(
    (command) => !meant.includes(command),
  );
  const keys = result.outputRecords
    .map(([name]) => name)
    .filter((name) => !Object.hasOwn(outputsOf({}), name));
  if (strange.length + keys.length > 0) {
    throw new Error(`commands or outputs that were not meant: ${[...strange, ...keys].join(', ')}`);
  }
}

/** Throws when a secret is, in any usual spelling, anywhere but in the command that masks it. */
export function expectNoSecret(result: StepResult, secrets: readonly string[]): void {
  const log = `${result.stdout}\n${result.stderr}`.replaceAll(/^::add-mask::.*$/gm, '');
  const everything = [log, JSON.stringify(result.outputRecords), result.summary].join('\n');
  for (const secret of secrets) {
    const found = spellings(secret).find((spelling) => everything.includes(spelling));
    if (found !== undefined) throw new Error(`a secret is shown: ${found.slice(0, 12)}…`);
  }
}

function spellings(secret: string): string[] {
  const bytes = Buffer.from(secret);
  const parts = secret.split('.').filter((part) => part.length > 20);
  const shifted = [0, 1, 2].flatMap((offset) => {
    const base64 = Buffer.concat([Buffer.alloc(offset), bytes])
      .toString('base64')
      .slice(4, -4);
    return [base64, base64.replaceAll('+', '-').replaceAll('/', '_')];
  });
  const hex = bytes.toString('hex');
  return [secret, ...parts, ...shifted, hex, hex.toUpperCase(), encodeURIComponent(secret)].filter(
    (spelling) => spelling.length >= 8,
  );
}
