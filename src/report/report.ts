import { appendFileSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setOutput } from '@actions/core';
import { givenFields } from '../cryptlex/release.ts';
import { ActionError, messageOf } from '../errors.ts';
import { endpoint } from '../inputs/api-url.ts';
import type { Inputs } from '../inputs/inputs.ts';
import type { Log } from '../log.ts';
import type { AppliedRelease, ReleaseResult } from '../release/apply.ts';
import { count, safe } from '../text.ts';
import { renderSummary } from './job-summary.ts';
import { countResults, outputsOf, type RunFacts, resultOf } from './outputs.ts';

/**
 * Writes all outputs. Done once before a release is written to and once at the end; the runner
 * takes the last value of each.
 * @throws ActionError E_ENV when the runner's file for them can't be written
 */
export function writeOutputs(facts: RunFacts, log: Log): void {
  setOutputs(withoutSecrets(facts, log));
}

function setOutputs(facts: RunFacts): void {
  const outputs = Object.entries(outputsOf(facts));
  try {
    if (!process.env['GITHUB_OUTPUT']) throw new Error('GITHUB_OUTPUT is not set');
    for (const [name, value] of outputs) setOutput(name, value);
  } catch (cause) {
    throw unwritable('The outputs of the step', 'GITHUB_OUTPUT names a file', cause);
  }
}

/**
 * Stores the notes for later steps, in a folder of this run.
 * @throws ActionError E_ENV when the runner's temporary folder can't be written to
 */
export function saveNotes(text: string, temporaryFolder: string | undefined): string {
  try {
    const parent = temporaryFolder ?? tmpdir();
    const folder = mkdtempSync(join(parent, 'release-notes-'));
    const path = join(folder, 'release-notes.md');
    writeFileSync(path, text);
    return path;
  } catch (cause) {
    throw unwritable('The notes for later steps', 'RUNNER_TEMP names a folder', cause);
  }
}

function unwritable(what: string, condition: string, cause: unknown): ActionError {
  return new ActionError({
    code: 'E_ENV',
    what: `${what} cannot be written (${safe(messageOf(cause))}).`,
    remedy: `Check that the disk of the runner is not full, and that ${condition}.`,
    cause,
  });
}

/**
 * Reports how a run ended: outputs, one annotation for an error, the job summary, a last line.
 * @returns the exit code for the step
 */
export function report(facts: RunFacts, log: Log): number {
  let known = withoutSecrets(facts, log);
  try {
    setOutputs(known);
  } catch (error) {
    if (!(error instanceof ActionError)) throw error;
    const done = facts.applied?.some(({ result }) => result === 'updated' || result === 'created');
    if (!facts.error)
      known = {
        ...known,
        error: done ? error.saying(`${error.what} The release was updated.`) : error,
      };
  }
  const result = resultOf(known);
  writeSummary(known, log);
  if (known.error) {
    log.error(`${known.error.message} (${known.error.code})`, known.error.at);
  } else if (known.skipReason === undefined) {
    // A published release that differs is what customers see.
    const isLeft = known.applied?.some((each) => each.result === 'skipped');
    log[isLeft ? 'notice' : 'info'](lastLine(known));
  }
  return result === 'failed' || result === 'unknown' ? 1 : 0;
}

/**
 * What is reported without secrets: a server may echo a token, and a tag may hold one. They are taken
 * out before anything is escaped.
 */
function withoutSecrets(facts: RunFacts, { redact }: Log): RunFacts {
  return withTexts(facts, redact) as RunFacts;
}

/** A copy of a value with every text in it changed. */
function withTexts(value: unknown, change: (text: string) => string): unknown {
  if (typeof value === 'string') return change(value);
  if (Array.isArray(value)) return value.map((item) => withTexts(item, change));
  if (value instanceof ActionError) {
    const { code, what, remedy, at } = value;
    return new ActionError({ code, what: change(what), remedy: change(remedy), at });
  }
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, held]) => [key, withTexts(held, change)]),
  );
}

/** A summary that can't be written is no reason to fail: the release is what counts. */
function writeSummary(facts: RunFacts, log: Log): void {
  const file = process.env['GITHUB_STEP_SUMMARY'];
  if (!file) return;
  try {
    appendFileSync(file, `${renderSummary(facts)}\n`);
  } catch (error) {
    log.warning(`The job summary could not be written: ${messageOf(error)}`);
  }
}

const endings: Readonly<Record<ReleaseResult, string>> = {
  updated: 'was updated',
  created: 'was created',
  unchanged: 'was already up to date',
  skipped: 'was left as it is',
  planned: 'would be updated',
  failed: 'was not updated',
  unknown: 'may have been updated',
};

function lastLine({ applied = [], dryRun }: RunFacts): string {
  const rehearsed = dryRun ? ' (dry run: nothing was written)' : '';
  const [only, another] = applied;
  if (!only || another)
    return `${count(applied.length, 'release')}: ${countResults(applied)}${rehearsed}.`;
  const { result, release, fields, id, isNew, changedFields, reason } = only;
  const version = release?.version ?? fields.version ?? '';
  const named = [version, ...(id === undefined ? [] : [`(${id})`])].join(' ');
  const detail = reason ?? changedFields.join(', ');
  const done = result === 'planned' && isNew ? 'would be created' : endings[result];
  return `Release ${named} ${done}${detail === '' ? '' : `: ${detail}`}${rehearsed}.`;
}

/** Longest line that shows a PATCH: notes of 4095 characters, each escaped. */
const patchLineLimit = 32_768;

/**
 * Logs the requests that a run with the same inputs would send.
 * @param requests those that come after the ones for the fields
 */
export function showPlan(
  applied: readonly AppliedRelease[],
  requests: readonly string[],
  inputs: Inputs,
  log: Log,
): void {
  const url = endpoint(inputs['api-url'], '/releases').href;
  const show = (request: string, body: object) =>
    log.info(`Dry run: would send ${request} ${asciiSafe(JSON.stringify(body))}`, patchLineLimit);
  for (const { id = '{id}', result, isNew, fields } of applied) {
    // There may be nothing to do but to upload or to publish.
    if (result !== 'planned' || givenFields(fields).length === 0) continue;
    if (isNew) show(`POST ${url}`, { ...fields, productId: inputs['product-id'] });
    else show(`PATCH ${url}/${id}`, fields);
  }
  for (const request of requests) log.info(`Dry run: would send ${request}`);
  if (inputs['access-token'] === undefined) {
    log.info(
      'There is no access-token, so no release was read, and all fields are shown. With product-id, a real run sends only those that differ.',
    );
  }
}

/** What the log would not show as it is, in JSON's own escapes, so that the line stays exact. */
function asciiSafe(json: string): string {
  return json
    .replace(/[\p{Cf}\p{Zl}\p{Zp}]/gu, (character) =>
      character.replace(/./gs, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`),
    )
    .replaceAll('##[', '#\\u0023[');
}
