import { connectCryptlex } from './cryptlex/releases.ts';
import { startDeadline } from './deadline.ts';
import { prepareDelivery } from './delivery/prepare.ts';
import { connectGitHub } from './github/connect.ts';
import { readInputs } from './inputs/read.ts';
import type { Log } from './log.ts';
import { newestOfChangelog } from './notes/changelog-file.ts';
import { collectNotes } from './notes/notes.ts';
import { type AppliedRelease, applyPlan, asPlanned, begun } from './release/apply.ts';
import { planUpdate } from './release/plan.ts';
import { startSearch } from './release/search.ts';
import { chooseTarget } from './release/target.ts';
import type { RunFacts } from './report/outputs.ts';
import { errorOf, explainRefusal } from './report/refusal.ts';
import { saveNotes, showPlan, writeOutputs } from './report/report.ts';
import { checkEnvironment, chooseVersion, describeReading, readEvent } from './tag/event.ts';
import { versionToSend } from './tag/version.ts';

/**
 * The whole job: reads what the run is about, looks the release up, collects the notes, decides,
 * writes. What comes of it is in `facts`, which are reported however it ends.
 * @throws ActionError when the run fails before anything is written
 */
export async function main(facts: RunFacts, log: Log): Promise<void> {
  const { inputs, secrets } = readInputs(log);
  const event = readEvent(process.env);
  const dryRun = inputs['dry-run'];
  const releaseId = inputs['release-id'];
  Object.assign(facts, { event, several: inputs.match === 'all', dryRun, releaseId });
  const skip = (reason: string) => {
    facts.skipReason = reason;
    log.notice(`Nothing was updated: ${reason}.`);
  };
  if (event.idle !== undefined && !inputs.tag && !inputs.version) return skip(event.idle);
  checkEnvironment(process.env);

  const deadline = startDeadline(inputs['timeout-seconds']);
  const delivery = await prepareDelivery(inputs, { ...event, log, deadline });
  const github = connectGitHub({ event, token: inputs['github-token'], ...deadline });
  const chosen =
    chooseVersion(event, inputs, log) ?? (await newestOfChangelog({ inputs, event, github }));
  facts.chosen = chosen;
  const version = versionToSend(chosen, inputs.prerelease);
  facts.version = version;
  log.info(describeReading(chosen, version));
  const known = { inputs, event, chosen, version, secrets, log };
  const { criteria, fields, values } = chooseTarget(known);

  const cryptlex = await connectCryptlex(inputs, { deadline, log });
  const search = startSearch(cryptlex, criteria, inputs);
  const notes = await collectNotes({ ...known, values, github, deadline, asked: search?.sent });
  facts.notesChosen = true;
  if (notes) {
    Object.assign(facts, { notes, notesPath: saveNotes(notes.text, event.temporaryFolder) });
  }

  const all = { ...fields, ...(notes && { notes: notes.text }) };
  const plan = planUpdate(inputs, all, await search?.result);
  facts.applied = asPlanned(plan);
  if (plan.kind === 'refuse') throw explainRefusal(plan);
  if (plan.kind === 'skip') return skip(plan.reason);
  facts.applied = await delivery.foresee(facts.applied, cryptlex);
  const refusal = errorOf(facts.applied);
  if (refusal) throw refusal;
  if (dryRun || !cryptlex) {
    return showPlan(facts.applied, delivery.requests(facts.applied), inputs, log);
  }
  if (!facts.applied.some(({ result }) => result === 'planned')) return;

  // From here on a run that is cut off may have changed something; the outputs say so beforehand.
  writeOutputs({ ...facts, applied: begun(facts.applied) }, log);
  facts.applied = begun(facts.applied);
  const onProgress = (applied: readonly AppliedRelease[]) =>
    Object.assign(facts, { applied: begun(applied) });
  const tools = { cryptlex, log, deadline, onProgress };
  facts.applied = await applyPlan(plan, tools);
  facts.applied = await delivery.carryOut(facts.applied, all, tools);
  facts.error = errorOf(facts.applied);
}
