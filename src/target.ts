import { ActionError } from './errors.ts';
import type { ChosenVersion, RunnerEvent } from './event.ts';
import { type Inputs, isShort } from './inputs.ts';
import type { Wanted } from './plan.ts';
import { fillTemplate, type TemplateValues } from './template.ts';
import { hasControl } from './text.ts';
import type { ReleaseFields } from './vendor/release.ts';
import { automaticChannel } from './version.ts';

/** What to look for, and the fields it should have, notes aside. */
export interface Target {
  /** Undefined where release-id names the release. */
  readonly wanted: Wanted | undefined;
  readonly fields: ReleaseFields;
  readonly values: TemplateValues;
}

/**
 * Settles what the run looks for and what the release should say, notes aside.
 * @throws ActionError E_CONFIG when a template or a channel has no value in this run
 */
export function chooseTarget(known: {
  readonly inputs: Inputs;
  readonly event: RunnerEvent;
  readonly chosen: ChosenVersion;
  readonly version: string;
}): Target {
  const { inputs, event, chosen, version } = known;
  const { platforms, private: hidden } = inputs;
  const resolve = (channel: string | undefined) =>
    channel === 'auto' ? automaticChannel(chosen, inputs['channel-map']) : channel;
  const channel = resolve(inputs.channel);
  const values = {
    version,
    tag: chosen.ref,
    channel,
    package: chosen.package,
    repository: event.repository?.name,
  };
  const name = inputs.name && fillName(inputs.name, values);
  const productId = inputs['product-id'];
  const wanted =
    productId === undefined
      ? undefined
      : {
          productId,
          version,
          channel: resolve(inputs['match-channel']),
          platform: inputs['match-platform'] ?? chosen.platform,
        };
  for (const value of [channel, wanted?.channel, wanted?.platform]) {
    if (value !== undefined && !isShort(value)) throw tooLong(value);
  }
  const fields = {
    ...(name !== undefined && { name }),
    version,
    ...(channel !== undefined && { channel }),
    ...(platforms && { platforms }),
    ...(hidden !== undefined && { private: hidden }),
  };
  return { wanted, fields, values };
}

function fillName(template: string, values: TemplateValues): string {
  const name = fillTemplate('name', template, values);
  if (isShort(name) && !hasControl(name)) return name;
  throw new ActionError({
    code: 'E_CONFIG',
    what: `name gives a name of ${name.length} characters.`,
    remedy: 'The release API takes 1 to 256 characters; they have to be on one line.',
  });
}

function tooLong(value: string): ActionError {
  return new ActionError({
    code: 'E_CONFIG',
    what: `A channel or platform has ${value.length} characters.`,
    remedy: 'The release API takes 1 to 256. Check channel-map and tag-pattern.',
  });
}
