import * as z from 'zod/mini';
import { contradictions } from './combinations.ts';
import { ActionError } from './errors.ts';
import { listWords, quote } from './text.ts';
import { checkToken, findCredential } from './token.ts';
import { checkApiUrl } from './vendor/api-url.ts';

/** Most characters of a `tag-pattern`: enough for any tag scheme, little for a slow pattern. */
const longestPattern = 200;

/** Ids go into a path; the contract does not say more about them than that they are strings. */
const id = z.optional(text(/^[\w-]{1,128}$/, 'must be 1 to 128 letters, digits, - or _'));

/** The contract's limits for names, channels and platforms (api: "Request Body Schema"). */
const shortText = z.optional(
  z.string().check(
    z.refine((value) => isShort(value) && !/\p{Cc}/u.test(value), {
      error: 'must have 1 to 256 characters, on one line',
    }),
  ),
);

// One for all: each schema costs start-up.
const anyText = z.optional(z.string());

const noteSources = ['changelog', 'tag', 'github-release', 'none'] as const;

/** The only list of the action's inputs. Tests hold `action.yml` and the README to it. */
export const inputSchema = z.object({
  'access-token': anyText,
  'api-url': z.prefault(z.string(), 'https://api.cryptlex.com'),
  'release-id': id,
  'product-id': id,
  'match-channel': shortText,
  'match-platform': shortText,
  match: choice(['one', 'all'], 'one'),
  'on-missing': choice(['fail', 'create', 'skip'], 'fail'),
  'on-published': choice(['fail', 'skip', 'update'], 'fail'),
  tag: anyText,
  'tag-pattern': z.optional(
    text(
      new RegExp(`^.{1,${longestPattern}}$`, 'u'),
      `must have at most ${longestPattern} characters`,
    ),
  ),
  version: anyText,
  prerelease: choice(['fail', 'strip', 'build'], 'fail'),
  channel: shortText,
  'channel-map': z.optional(
    listWhere((pair) => /^[^=]+=[^=]+$/.test(pair), 'must hold lines such as rc=release-candidate'),
  ),
  name: anyText,
  platforms: z.optional(listWhere(isShort, 'must list platforms of at most 256 characters')),
  private: z.optional(flag()),
  notes: anyText,
  'notes-file': anyText,
  'notes-from': z.prefault(listOf(noteSources), 'changelog, tag'),
  'changelog-file': anyText,
  'exclude-sections': anyText,
  'on-missing-notes': choice(['fail', 'keep'], 'fail'),
  'notes-overflow': choice(['truncate', 'fail'], 'truncate'),
  'notes-link': anyText,
  'github-token': anyText,
  'dry-run': z.prefault(flag(), 'false'),
  'timeout-seconds': z.prefault(
    z.pipe(
      text(/^(?:[1-9]\d?|[1-5]\d{2}|600)$/, 'must be a whole number from 1 to 600'),
      z.transform(Number),
    ),
    '120',
  ),
});

export type InputName = keyof typeof inputSchema.shape;

/** All inputs, read once and checked; nothing later looks at the environment for them. */
export interface Inputs
  extends Omit<
    z.output<typeof inputSchema>,
    'api-url' | 'channel-map' | 'exclude-sections' | 'notes-from' | 'platforms'
  > {
  /** Base URL without `/v3`. */
  readonly 'api-url': URL;
  readonly 'channel-map': Readonly<Record<string, string>>;
  readonly 'notes-from': readonly (typeof noteSources)[number][];
  readonly platforms: readonly string[] | undefined;
  readonly 'exclude-sections': readonly string[];
}

/**
 * Turns the texts of the inputs into checked values. An empty text counts as not given.
 * @param read gives an input's text
 * @throws ActionError E_CONFIG that names the input and what it may be; E_TOKEN; E_URL
 */
export function parseInputs(read: (name: InputName) => string): Inputs {
  const given: Record<string, string> = {};
  for (const name of inputNames) {
    const value = read(name);
    if (value.trim() !== '') given[name] = name === 'notes' ? value : value.trim();
  }
  const parsed = inputSchema.safeParse(given);
  if (!parsed.success) throw rejected(parsed.error.issues, given);
  const values = parsed.data;
  const inputs = {
    ...values,
    'access-token': checkTokenUnless(values['dry-run'], values['access-token']),
    'api-url': checkApiUrl(values['api-url']),
    'channel-map': Object.fromEntries(splitList(values['channel-map'] ?? '').map(splitPair)),
    'notes-from': splitList(values['notes-from']).flatMap(
      (item) => noteSources.find((source) => source === item) ?? [],
    ),
    platforms: values.platforms === undefined ? undefined : splitList(values.platforms),
    'exclude-sections': splitList(values['exclude-sections'] ?? ''),
  };
  for (const [wrong, what, remedy] of contradictions(inputs)) {
    if (wrong) throw new ActionError({ code: 'E_CONFIG', what, remedy });
  }
  return inputs;
}

/** The contract's length for names, channels and the like, counted in UTF-16 code units. */
export function isShort(value: string): boolean {
  return value.length >= 1 && value.length <= 256;
}

const inputNames = Object.keys(inputSchema.shape) as InputName[];

/** Splits at commas and line breaks; empty items are dropped. */
function splitList(value: string): readonly string[] {
  return value
    .split(/[,\n]/)
    .map((item) => item.trim())
    .filter((item) => item !== '');
}

function splitPair(pair: string): readonly [from: string, to: string] {
  const [from = '', to = ''] = pair.split('=');
  return [from.trim(), to.trim()];
}

/** A dry run may do without a token; one that is given must be sound all the same. */
function checkTokenUnless(dryRun: boolean, given: string | undefined): string | undefined {
  return dryRun && given === undefined ? undefined : checkToken(given ?? '');
}

function rejected(
  issues: readonly z.core.$ZodIssue[],
  given: Readonly<Record<string, string>>,
): ActionError {
  const what = issues.map(({ path, message }) => {
    const name = String(path[0]);
    return `The input ${name} ${message}; it is ${show(given[name] ?? '')}.`;
  });
  return new ActionError({
    code: 'E_CONFIG',
    what: what.join('\n'),
    remedy: 'Correct it in the with: block of the step.',
  });
}

/** A secret can end up in the wrong input. */
function show(value: string): string {
  const credential = findCredential(value, []);
  return credential ? `what looks like ${credential}` : quote(value, 100);
}

function text(format: RegExp, error: string) {
  return z.string().check(z.regex(format, { error }));
}

function choice<const Choices extends readonly string[]>(
  choices: Choices,
  byDefault: Choices[number],
) {
  return z.prefault(
    z.enum(choices, { error: `must be ${listWords(choices)}` }),
    byDefault as never,
  );
}

function flag() {
  // The words that getBooleanInput of @actions/core takes (YAML 1.2 "core schema").
  return z.pipe(
    text(/^(?:true|True|TRUE|false|False|FALSE)$/, 'must be true or false'),
    z.transform((word) => word.toLowerCase() === 'true'),
  );
}

/** Splitting is left to {@link parseInputs}: a schema for each step of it would cost start-up. */
function listWhere(valid: (item: string) => boolean, error: string) {
  const check = (value: string) => {
    const items = splitList(value);
    return items.length > 0 && items.every(valid);
  };
  return z.string().check(z.refine(check, { error }));
}

function listOf(choices: readonly string[]) {
  const error = `must list ${listWords(choices, 'and')}, in the order to try`;
  return listWhere((item) => choices.includes(item), error);
}
