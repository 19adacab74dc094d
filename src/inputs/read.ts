import { getInput } from '@actions/core';
import { ActionError } from '../errors.ts';
import type { Log } from '../log.ts';
import { quote } from '../text.ts';
import { checkApiUrl } from './api-url.ts';
import { type InputName, type Inputs, inputRules, type Rule, type Values } from './inputs.ts';
import { findCredential, type Secret, secretsOf, spellingsOf } from './secrets.ts';
import { bareToken, checkToken } from './token.ts';

/**
 * Reads the inputs that the runner hands over, and what is secret of them. The log hides both tokens before
 * anything else is done with any input.
 * @throws ActionError like {@link parseInputs}
 */
export function readInputs(log: Log): { inputs: Inputs; secrets: readonly Secret[] } {
  const given = getInput('access-token');
  const token = bareToken(given);
  const githubToken = getInput('github-token');
  log.hide([...spellingsOf(token), ...spellingsOf(githubToken), given].filter(Boolean));
  if (given !== token)
    log.warning('access-token begins with "Bearer ". Remove this word from the secret.');
  const inputs = parseInputs((name) => getInput(name, { trimWhitespace: false }));
  return { inputs, secrets: secretsOf(token, githubToken) };
}

/**
 * Turns the texts of the inputs into checked values. An empty text counts as not given.
 * @param read gives an input's text
 * @throws ActionError E_CONFIG that names the input and what it may be; E_TOKEN; E_URL
 */
export function parseInputs(read: (name: InputName) => string): Inputs {
  const values: Partial<Record<InputName, unknown>> = {};
  const wrong: string[] = [];
  for (const [name, rule] of rules) {
    const given = read(name);
    const text = given.trim() === '' ? rule.byDefault : name === 'notes' ? given : given.trim();
    if (text === undefined) continue;
    values[name] = rule.read(text);
    if (values[name] === undefined)
      wrong.push(`The input ${name} ${rule.must}; it is ${show(text)}.`);
  }
  if (wrong.length > 0) {
    throw new ActionError({
      code: 'E_CONFIG',
      what: wrong.join('\n'),
      remedy: 'Correct it in the with: block of the step.',
    });
  }
  const inputs = complete(values as Values);
  for (const [isWrong, what, remedy] of contradictions(inputs)) {
    if (isWrong) throw new ActionError({ code: 'E_CONFIG', what, remedy });
  }
  return inputs;
}

const rules = Object.entries(inputRules) as [InputName, Rule<unknown>][];

function complete(values: Values): Inputs {
  const { 'access-token': token, 'releases-url': releases } = values;
  return {
    ...values,
    // A dry run may do without a token; one that is given must be sound all the same.
    'access-token': values['dry-run'] && token === undefined ? undefined : checkToken(token ?? ''),
    'api-url': checkApiUrl(values['api-url']),
    'releases-url': releases ? checkApiUrl(releases, 'releases-url') : undefined,
    'channel-map': new Map(values['channel-map']),
    'exclude-sections': values['exclude-sections'] ?? [],
  };
}

/** A secret can end up in the wrong input. */
function show(value: string): string {
  const credential = findCredential(value, []);
  return credential ? `what looks like ${credential}` : quote(value, 100);
}

/** Combinations that can't be meant, each with what is wrong and what to do. */
function* contradictions(
  inputs: Inputs,
): Generator<readonly [wrong: boolean, what: string, remedy: string]> {
  const { 'release-id': releaseId, 'product-id': productId, match, prerelease } = inputs;
  const asksNobody = inputs['dry-run'] && inputs['access-token'] === undefined;
  yield [
    releaseId === undefined && productId === undefined && !asksNobody,
    'Neither product-id nor release-id has a value.',
    'Set product-id to search for the release by its version, or set release-id. A variable that does not exist, such as ${{ vars.PRODUCT_ID }}, has no value.',
  ];
  yield [
    releaseId !== undefined && productId !== undefined,
    'Both release-id and product-id are set.',
    'Keep one of them: with product-id the release is searched for by its version, with release-id it is not.',
  ];
  for (const name of [
    'match',
    'match-channel',
    'match-platform',
    'on-missing',
    'on-published',
    'on-existing-notes',
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
    'prerelease: strip with product-id needs match-channel, because a prerelease would otherwise update the stable release of the same version.',
    'Set match-channel to the channel of your prereleases, or to auto (for 1.2.3-rc.1: rc, or what channel-map says).',
  ];
  yield [
    match === 'all' && inputs.platforms !== undefined,
    'platforms cannot be set with match: all, which updates releases of several platforms.',
    'Remove platforms, or use match: one.',
  ];
  yield [
    inputs['channel-map'].size > 0 &&
      inputs.channel !== 'auto' &&
      inputs['match-channel'] !== 'auto',
    'channel-map is set, but neither channel nor match-channel is auto.',
    'Set channel: auto, match-channel: auto or both, or remove channel-map.',
  ];
}
