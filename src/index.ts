import { ActionError, messageOf } from './errors.ts';
import { createLog } from './log.ts';
import { main } from './main.ts';
import type { RunFacts } from './report/outputs.ts';
import { report } from './report/report.ts';
import { safe } from './text.ts';

const log = createLog();
const facts: RunFacts = {};
let ending = false;

/** Reports the run as it is now and ends the process; only the first call counts. */
function end(code?: number): void {
  if (ending) return;
  ending = true;
  let exitCode = 1;
  try {
    exitCode = report(facts, log);
  } catch {
    // There is no other way to report it.
  }
  process.exitCode = code ?? exitCode;
  // The runner reads a pipe: what is still on its way there would be lost without this.
  process.stdout.write('', () => process.exit());
}

/** Ends a run that failed, whatever was thrown. */
function fail(error: unknown, code?: number): void {
  if (!ending) facts.error = explained(error);
  end(code);
}

/** The error of a run; for a bug, one that asks the user to report it. */
function explained(error: unknown): ActionError {
  if (error instanceof ActionError) return error;
  log.debug((error instanceof Error && error.stack) || messageOf(error));
  return new ActionError({
    code: isOpen() ? 'E_UNKNOWN_STATE' : 'E_INTERNAL',
    what: `The action failed because of a bug in it: ${safe(messageOf(error))}.${mayHaveApplied()}`,
    remedy: 'Please report it, with the log of a run that has debug logging enabled.',
    cause: error,
  });
}

/** Whether a write is under way, or was cut off. */
function isOpen(): boolean {
  return facts.applied?.some(({ result }) => result === 'unknown') ?? false;
}

function mayHaveApplied(): string {
  return isOpen() ? ' The change may have been applied; running the step again is safe.' : '';
}

function cancel(signal: NodeJS.Signals, code: number): void {
  const error = new ActionError({
    code: isOpen() ? 'E_UNKNOWN_STATE' : 'E_CANCELLED',
    what: `The run was cancelled (${signal}).${mayHaveApplied()}`,
    remedy: isOpen() ? '' : 'Nothing was changed; run the step again.',
  });
  fail(error, code);
}

/** Runs the action as a step of a workflow. */
function runStep(): void {
  // The step counts as failed until its final state is recorded.
  process.exitCode = 1;
  // 128 and the number of the signal, as shells have it.
  process.on('SIGINT', (signal) => cancel(signal, 130));
  process.on('SIGTERM', (signal) => cancel(signal, 143));
  process.on('uncaughtException', (error) => fail(error));
  process.on('unhandledRejection', (error) => fail(error));
  process.on('beforeExit', () => fail(new Error('it ended without a result')));
  // A reader that went away must not turn a finished run into a failed one.
  process.stdout.on('error', () => undefined);

  void main(facts, log).then(() => end(), fail);
}

/** Runs the command `preview` at a terminal; npx starts this file for it. */
async function runPreview(args: readonly string[]): Promise<void> {
  const { preview } = await import('./preview/preview.ts');
  process.exitCode = await preview(args, process.cwd(), {
    notes: (text) => void process.stdout.write(`${text}\n`),
    remarks: (text) => void process.stderr.write(`${text}\n`),
  });
}

const [command, ...args] = process.argv.slice(2);
if (command === 'preview') void runPreview(args);
else runStep();
