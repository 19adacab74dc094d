import type { ReleaseFields } from '../cryptlex/release.ts';
import { ActionError } from '../errors.ts';
import { type Inputs, isShort } from '../inputs/inputs.ts';
import { findCredential, type Secret } from '../inputs/secrets.ts';
import type { Log } from '../log.ts';
import type { ChosenVersion, RunnerEvent } from '../tag/event.ts';
import { fillTemplate, type TemplateValues } from '../tag/template.ts';
import { automaticChannel, type TagVersion } from '../tag/version.ts';
import { count, hasControl, quote } from '../text.ts';

/** What to look for. */
export interface Criteria {
  readonly productId: string;
  readonly version: string;
  readonly channel: string | undefined;
  readonly platform: string | undefined;
}

/** What the run looks for, and what the release should say. */
export interface Target {
  /** What is searched for; undefined without product-id. */
  readonly criteria: Criteria | undefined;
  /** What the release should have: always the version, and what the inputs say, notes aside. */
  readonly fields: ReleaseFields;
  /** What fills placeholders in. */
  readonly values: TemplateValues;
}

/**
 * Settles what the run looks for and what the release should say, notes aside.
 * @throws ActionError E_CONFIG when a template or a channel has no value in this run, a field holds a
 *   secret, or a release could be created that the next run would not find
 */
export function chooseTarget(known: {
  readonly inputs: Inputs;
  readonly event: RunnerEvent;
  readonly chosen: ChosenVersion;
  readonly version: string;
  readonly secrets: readonly Secret[];
  readonly log: Log;
}): Target {
  const { inputs, event, chosen, version, secrets, log } = known;
  const { platforms, private: hidden } = inputs;
  const resolve = (channel: string | undefined) =>
    channel === 'auto' ? automaticChannel(chosen, inputs['channel-map']) : channel;
  const channel = resolve(inputs.channel);
  const values = {
    version,
    tag: chosen.ref,
    channel,
    package: chosen.package,
    scope: /^@([^/]+)\//.exec(chosen.package ?? '')?.[1],
    repository: event.repository?.name,
  };
  const name = inputs.name && fillName(inputs.name, values);
  const productId = inputs['product-id'];
  const criteria =
    productId === undefined
      ? undefined
      : {
          productId,
          version,
          channel: resolve(inputs['match-channel']),
          platform: inputs['match-platform'] ?? chosen.platform,
        };
  for (const value of [channel, criteria?.channel, criteria?.platform]) {
    if (value !== undefined && !isShort(value)) throw tooLong(value);
  }
  const fields = {
    ...(name !== undefined && { name }),
    version,
    ...(channel !== undefined && { channel }),
    ...(platforms && { platforms }),
    ...(hidden !== undefined && { private: hidden }),
  };
  refuseSecrets(fields, secrets);
  for (const field of ['name', 'channel'] as const) {
    if ((fields[field]?.length ?? 0) < 256) continue;
    log.notice(`The ${field} has 256 characters. Programs in C or C++ show only the first 255.`);
  }
  if (criteria && inputs['on-missing'] === 'create') checkCreation(criteria, fields, chosen);
  if (criteria) log.info(`Search for the ${describeCriteria(criteria)}`);
  return { criteria, fields, values };
}

/** Customers see names and channels: a token in them would be given away. */
function refuseSecrets(fields: ReleaseFields, secrets: readonly Secret[]): void {
  const credential = findCredential(JSON.stringify(fields), secrets);
  if (credential === undefined) return;
  throw new ActionError({
    code: 'E_CONFIG',
    what: `name, channel or platforms contain what looks like ${credential}, so nothing was sent.`,
    remedy: 'Remove it from the inputs of the step.',
  });
}

function fillName(template: string, values: TemplateValues): string {
  const name = fillTemplate('name', template, values);
  if (isShort(name) && !hasControl(name)) return name;
  throw new ActionError({
    code: 'E_CONFIG',
    what: hasControl(name)
      ? 'The name contains a line break or another control character.'
      : `The name has ${count(name.length, 'character')}.`,
    remedy: 'Set name to 1 to 256 characters on one line.',
  });
}

function tooLong(value: string): ActionError {
  return new ActionError({
    code: 'E_CONFIG',
    what: `A channel or platform has ${count(value.length, 'character')}.`,
    remedy: 'Cryptlex accepts 1 to 256. Check channel-map and tag-pattern.',
  });
}

/** What was looked for, in words. */
export function describeCriteria({ version, channel, platform, productId }: Criteria): string {
  return [
    `release ${version}`,
    ...(channel === undefined ? [] : [`in the channel ${quote(channel, 60)}`]),
    ...(platform === undefined ? [] : [`for the platform ${quote(platform, 60)}`]),
    `of the product ${productId}`,
  ].join(' ');
}

/**
 * Checks, before any request, that a release could be created and would be found by the next run.
 * @throws ActionError E_CONFIG
 */
function checkCreation(
  criteria: Criteria,
  { channel, platforms }: ReleaseFields,
  { tag, prerelease }: TagVersion,
): void {
  if (!platforms && criteria.platform === undefined) {
    throw new ActionError({
      code: 'E_CONFIG',
      what: 'on-missing: create needs the platforms of the new release, because no application can find a release without a platform.',
      remedy: 'Set platforms (for example to windows, macos) or match-platform.',
    });
  }
  if (prerelease.length > 0 && (channel ?? criteria.channel) === undefined) {
    throw new ActionError({
      code: 'E_CONFIG',
      what: `${quote(tag)} is a prerelease, and no channel is set for the new release.`,
      remedy: 'Set channel, for example to auto.',
    });
  }
  const [field, looked, remedy = ''] =
    criteria.channel !== undefined && channel !== undefined && channel !== criteria.channel
      ? ['channel', 'match-channel', 'Set both to the same channel.']
      : criteria.platform !== undefined && platforms && !platforms.includes(criteria.platform)
        ? ['platforms', 'match-platform', 'Add the platform of match-platform to platforms.']
        : [];
  if (field === undefined) return;
  throw new ActionError({
    code: 'E_CONFIG',
    what: `With on-missing: create, ${field} contradicts ${looked}: the next run would not find the new release and would create another one.`,
    remedy,
  });
}
