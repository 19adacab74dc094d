import { type Inputs, inputRules, type Rule } from './inputs.ts';

/** Combinations that can't be meant, each with what is wrong and what to do. */
export function* contradictions(
  inputs: Inputs,
): Generator<readonly [wrong: boolean, what: string, remedy: string]> {
  const { 'release-id': releaseId, 'product-id': productId, match, prerelease } = inputs;
  yield [
    releaseId === undefined && productId === undefined,
    'Neither release-id nor product-id is set.',
    'Set product-id to find the release by its version, or release-id to name it.',
  ];
  yield [
    releaseId !== undefined && productId !== undefined,
    'Both release-id and product-id are set.',
    'Keep one of them: release-id names a release, product-id finds it by its version.',
  ];
  for (const name of [
    'match',
    'match-channel',
    'match-platform',
    'on-missing',
    'on-published',
  ] as const) {
    const rule: Rule<unknown> = inputRules[name];
    yield [
      releaseId !== undefined && inputs[name] !== rule.byDefault,
      `${name} does not apply when release-id is set.`,
      `Remove ${name}, or use product-id instead of release-id.`,
    ];
  }
  yield [
    prerelease === 'strip' && productId !== undefined && inputs['match-channel'] === undefined,
    'prerelease: strip with product-id needs match-channel, since a prerelease would otherwise reach the stable release of the same version.',
    'Set match-channel to the channel of your prereleases, or to auto (the first identifier, rc or beta, through channel-map).',
  ];
  yield [
    match === 'all' && inputs.platforms !== undefined,
    'platforms can not be set with match: all, which updates releases of several platforms.',
    'Remove platforms, or use match: one.',
  ];
  yield [
    Object.keys(inputs['channel-map']).length > 0 &&
      inputs.channel !== 'auto' &&
      inputs['match-channel'] !== 'auto',
    'channel-map is set, but neither channel nor match-channel is auto.',
    'Set channel: auto, match-channel: auto or both, or remove channel-map.',
  ];
}
