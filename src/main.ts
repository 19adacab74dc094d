import * as core from '@actions/core';
import { type AppliedRelease, applyPlan, foresee } from './apply.ts';
import { type ChosenVersion, chooseVersion, type RunnerEvent, readEvent } from './event.ts';
import type { GitHubReader } from './github/reader.ts';
import { type Inputs, parseInputs } from './inputs.ts';
import type { Log } from './log.ts';
import { collectNotes, type Notes } from './notes/notes.ts';
import type { RunFacts } from './outputs.ts';
import { type Plan, planUpdate, type Search, selectMatches, type Wanted } from './plan.ts';
import { saveNotes, writeOutputs } from './report.ts';
import { chooseTarget } from './target.ts';
import { safe } from './text.ts';
import {
  bareToken,
  doubtsAboutToken,
  findCredential,
  readClaims,
  tokenSpellings,
} from './token.ts';
import { openExchange } from './vendor/http.ts';
import type { ReleaseFields } from './vendor/release.ts';
import { connectReleases, type Releases } from './vendor/releases.ts';
import { type Deadline, startDeadline, withRetries } from './vendor/retry.ts';
import { versionToSend } from './version.ts';

/** A run: what is known of it, and whether a write is under way that could be cut off. */
export interface Run {
  readonly facts: RunFacts;
  readonly log: Log;
  writing: boolean;
}

/**
 * The whole job: reads what the run is about, looks the release up, collects the notes, decides,
 * writes. What comes of it is in `run.facts`.
 * @throws ActionError when the run fails before anything is written
 */
export async function main(run: Run): Promise<void> {
  const { facts, log } = run;
  const { inputs, spellings } = readInputs(log);
  const event = readEvent(process.env);
  Object.assign(facts, { event, several: inputs.match === 'all', dryRun: inputs['dry-run'] });
  facts.releaseId = inputs['release-id'];
  if (event.tagDeleted && !inputs.tag && !inputs.version)
    return skip(run, 'the tag or its release is gone');

  const deadline = startDeadline(inputs['timeout-seconds']);
  const github = lazily(() => openGitHub(event, inputs, deadline));
  const chosen =
    (await chooseVersion(event, inputs)) ??
    (await (await import('./dry-run.ts')).newestOfChangelog(inputs, event, github));
  facts.chosen = chosen;
  const version = versionToSend(chosen, inputs.prerelease);
  facts.version = version;
  log.info(describeReading(chosen, version));

  const target = chooseTarget({ inputs, event, chosen, version });
  await refuseSecrets(target.fields, spellings);
  if (target.wanted && inputs['on-missing'] === 'create') {
    (await import('./create.ts')).checkCreation(target.wanted, target.fields, chosen);
  }
  const releases = await connect(inputs, deadline, log);
  const search = lookUp(releases, target.wanted);
  // The request leaves before a long changelog keeps the process busy.
  await new Promise(setImmediate);
  const request = { inputs, event, chosen, version, values: target.values, github, log };
  const notes = await collectNotes(request, spellings);
  facts.notesChosen = true;
  if (notes) {
    Object.assign(facts, { notes, notesPath: saveNotes(notes.text, event.temporaryFolder) });
    log.info(describeNotes(notes));
  }

  const fields = { ...target.fields, ...(notes && { notes: notes.text }) };
  const plan = await decide({ facts, inputs, fields, search });
  facts.applied = foresee(plan);
  if (plan.kind === 'skip') return skip(run, plan.reason);
  if (inputs['dry-run'] || !releases) {
    const { showPlan } = await import('./dry-run.ts');
    return showPlan(plan, inputs, log);
  }
  await write(run, plan, releases);
}

/** Masks the secrets before anything else is done with any input. */
function readInputs(log: Log): { inputs: Inputs; spellings: readonly string[] } {
  const given = core.getInput('access-token');
  const token = bareToken(given);
  const spellings = token === '' ? [] : tokenSpellings(token);
  const githubToken = core.getInput('github-token');
  log.hide([
    ...spellings,
    ...(given === token ? [] : [given]),
    ...(githubToken ? [githubToken] : []),
  ]);
  if (given !== token) log.warning('access-token begins with "Bearer "; store it without.');
  const inputs = parseInputs((name) => core.getInput(name, { trimWhitespace: false }));
  return { inputs, spellings };
}

/** Customers see names and channels: a token in them would be given away. */
async function refuseSecrets(fields: ReleaseFields, spellings: readonly string[]): Promise<void> {
  const credential = findCredential(JSON.stringify(fields), spellings);
  if (credential) throw (await import('./refusal.ts')).explainSecret(credential);
}

function skip({ facts, log }: Run, reason: string): void {
  facts.skipReason = reason;
  log.notice(`Nothing was updated: ${reason}.`);
}

async function openGitHub(
  event: RunnerEvent,
  inputs: Inputs,
  deadline: Deadline,
): Promise<GitHubReader> {
  const { connectGitHub } = await import('./github/reader.ts');
  return connectGitHub({ event, token: inputs['github-token'], remaining: deadline.remaining });
}

function describeReading({ ref, prefix, source, tag }: ChosenVersion, version: string): string {
  if (source === 'changelog')
    return `Version ${version}, the newest of the changelog; Unreleased is not checked`;
  if (source === 'version input') return `Version ${safe(version)}, from the version input`;
  const way = prefix === '' ? [] : [`prefix ${safe(prefix)}`];
  return [`Tag ${safe(ref ?? tag)}`, ...way, `version ${version}`].join(' → ');
}

function describeNotes({ source, at, text, truncated, length }: Notes): string {
  const line = at?.line === undefined ? '' : ` line ${at.line}`;
  const place = at ? ` (${at.file}${line})` : '';
  const cut = truncated ? `, cut from ${length}` : '';
  return `Notes from ${source}${place}: ${text.length} characters${cut}`;
}

/** The release API; undefined in a dry run without a token, which asks nobody. */
async function connect(
  inputs: Inputs,
  deadline: Deadline,
  log: Log,
): Promise<Releases | undefined> {
  const token = inputs['access-token'];
  if (token === undefined) return undefined;
  const api = inputs['api-url'];
  const reads = inputs['product-id'] === undefined ? [] : ['release:read'];
  const writes = inputs['dry-run'] ? [] : ['release:write'];
  const needs = [...reads, ...writes];
  const doubts = doubtsAboutToken(readClaims(token), { now: Date.now(), api, needs });
  for (const { about, sentence } of doubts) if (about !== 'issuer') log.warning(sentence);
  if (api.hostname.includes('xn--')) log.notice(`The release API is at ${api.host}.`);
  return connectReleases({
    api,
    token,
    doubts: doubts.map(({ sentence }) => sentence),
    userAgent: 'update-release-action',
    redact: log.redact,
    send: withRetries({ exchange: await openExchange(api), deadline, log }),
  });
}

/** Starts the look-up, so that it is under way while the changelog is read. */
function lookUp(
  releases: Releases | undefined,
  wanted: Wanted | undefined,
): Promise<Search> | undefined {
  if (!releases || !wanted) return undefined;
  const search = async () => {
    const listed = await releases.findByVersion(wanted.productId, wanted.version);
    const matched = selectMatches(listed, wanted).length > 0;
    // They only help to explain; a server that can't list them is no reason to fail.
    const near = matched ? [] : await releases.listNewest(wanted.productId).catch(() => []);
    return { wanted, listed, near };
  };
  const searching = search();
  // A failure is thrown where the search is awaited; until then it must not count as unhandled.
  searching.catch(() => undefined);
  return searching;
}

async function decide(known: {
  readonly facts: RunFacts;
  readonly inputs: Inputs;
  readonly fields: ReleaseFields;
  readonly search: Promise<Search> | undefined;
}): Promise<Plan> {
  const { facts, inputs, fields, search } = known;
  const found = await search;
  if (found) {
    const plan = planUpdate(inputs, fields, found);
    if (plan.kind !== 'refuse') return plan;
    const { asFailed, explainRefusal } = await import('./refusal.ts');
    facts.applied = asFailed(plan);
    throw explainRefusal(plan, found);
  }
  return { kind: 'update-unseen', id: inputs['release-id'], fields };
}

/** From here on a run that is cut off may have changed something; the outputs say so beforehand. */
async function write(run: Run, plan: Plan, releases: Releases): Promise<void> {
  const { facts, log } = run;
  if (!facts.applied?.some(({ result }) => result === 'planned')) return;
  facts.applied = facts.applied.map(started);
  facts.outputs = writeOutputs(facts, log);
  run.writing = true;
  const onProgress = (applied: readonly AppliedRelease[]) => {
    facts.applied = applied.map(started);
  };
  facts.applied = await applyPlan(plan, { releases, log, onProgress });
  run.writing = false;
  if (facts.applied.some(({ error }) => error)) {
    const { errorOf } = await import('./partial.ts');
    Object.assign(facts, { error: errorOf(facts.applied) });
  }
}

function started(applied: AppliedRelease): AppliedRelease {
  return applied.result === 'planned' ? { ...applied, result: 'unknown' } : applied;
}

/** Calls a function once, when it is first needed. */
function lazily<T>(create: () => Promise<T>): () => Promise<T> {
  let created: Promise<T> | undefined;
  return () => {
    created ??= create();
    return created;
  };
}
