import { hasControl, listWords, parseJson } from '../text.ts';

/** How the text of an input becomes a value. */
export interface Rule<Value> {
  /** The value of a text; undefined where the text is not allowed. */
  readonly read: (text: string) => Value | undefined;
  /** Completes the sentence “The input x …” for a text that is not allowed. */
  readonly must?: string;
  readonly choices?: readonly string[];
  /** The text that counts where none is given. */
  readonly byDefault?: string;
}

/** Most characters of a `tag-pattern`: enough for any tag scheme, little for a slow pattern. */
const longestPattern = 200;

const anyText: Rule<string> = { read: (text) => text };

const id = textWhere(isId, 'must be 1 to 128 letters, digits, - or _');

/** The contract's limits for names, channels and platforms (api: "Request Body Schema"). */
const shortText = textWhere(
  (text) => isShort(text) && !hasControl(text),
  'must have 1 to 256 characters, on one line',
);

/** The words that getBooleanInput of @actions/core takes (YAML 1.2 "core schema"). */
const flag: Rule<boolean> = {
  read: (text) =>
    /^(?:true|True|TRUE)$/.test(text) || (/^(?:false|False|FALSE)$/.test(text) ? false : undefined),
  must: 'must be true or false',
};

/** The only list of the action's inputs. Tests hold `action.yml` and the README to it. */
export const inputRules = {
  'access-token': anyText,
  'api-url': { ...anyText, byDefault: 'https://api.cryptlex.com' },
  'release-id': id,
  'product-id': id,
  'match-channel': shortText,
  'match-platform': shortText,
  match: choice(['one', 'all'], 'one'),
  'on-missing': choice(['fail', 'create', 'skip'], 'fail'),
  'on-published': choice(['fail', 'skip', 'update'], 'fail'),
  tag: anyText,
  'tag-pattern': textWhere(
    (text) => new RegExp(`^.{1,${longestPattern}}$`, 'u').test(text),
    `must have at most ${longestPattern} characters`,
  ),
  version: anyText,
  prerelease: choice(['fail', 'strip', 'build'], 'fail'),
  channel: shortText,
  'channel-map': listOf(readPair, 'must contain lines such as rc=release-candidate'),
  name: anyText,
  platforms: listOf(
    // A list in another notation would become a name such as `[windows`.
    (item) => (isShort(item) && !/^["'[{]|["'\]}]$/.test(item) ? item : undefined),
    'must list platforms of at most 256 characters, such as windows, macos',
  ),
  private: flag,
  notes: anyText,
  'notes-file': anyText,
  'notes-from': choiceList(['changelog', 'tag', 'github-release', 'none'], 'changelog, tag'),
  'changelog-file': anyText,
  'exclude-sections': { read: splitList },
  'on-missing-notes': choice(['fail', 'keep'], 'fail'),
  'on-existing-notes': choice(['replace', 'keep'], 'replace'),
  'notes-format': choice(['markdown', 'text'], 'markdown'),
  'notes-overflow': choice(['truncate', 'fail'], 'truncate'),
  'notes-link': anyText,
  'upload-files': {
    read: (text) => {
      const lines = text.split('\n').flatMap((line) => line.trim() || []);
      return lines.some((line) => !/^[!#]/.test(line)) ? lines : undefined;
    },
    must: 'must name a file or a pattern in a line without !',
  },
  'releases-url': anyText,
  publish: { ...flag, byDefault: 'false' },
  'github-token': anyText,
  'dry-run': { ...flag, byDefault: 'false' },
  'timeout-seconds': {
    read: (text) => (/^(?:[1-9]\d?|[1-5]\d{2}|600)$/.test(text) ? Number(text) : undefined),
    must: 'must be a whole number from 1 to 600',
    byDefault: '120',
  },
} satisfies Readonly<Record<string, Rule<unknown>>>;

export type InputName = keyof typeof inputRules;

type ValueOf<R> =
  R extends Rule<infer Value>
    ? R extends { readonly byDefault: string }
      ? Value
      : Value | undefined
    : never;

/** The value of each input by itself. */
export type Values = { readonly [Name in InputName]: ValueOf<(typeof inputRules)[Name]> };

/** All inputs, read once and checked; nothing later looks at the environment for them. */
export interface Inputs
  extends Omit<Values, 'api-url' | 'releases-url' | 'channel-map' | 'exclude-sections'> {
  /** Base URL without `/v3`. */
  readonly 'api-url': URL;
  /** The same of the host for files. */
  readonly 'releases-url': URL | undefined;
  /** By words in lower case. */
  readonly 'channel-map': ReadonlyMap<string, string>;
  readonly 'exclude-sections': readonly string[];
}

/** Whether files are uploaded or the release is published, which reads the release first. */
export function isDelivering(inputs: Pick<Inputs, 'upload-files' | 'publish'>): boolean {
  return inputs['upload-files'] !== undefined || inputs.publish;
}

/** Ids go into a path; the contract does not say more about them than that they are strings. */
export function isId(text: string): boolean {
  return /^[\w-]{1,128}$/.test(text);
}

/** The contract's length for names, channels and the like, counted in UTF-16 code units. */
export function isShort(value: string): boolean {
  return value.length >= 1 && value.length <= 256;
}

function textWhere(valid: (text: string) => boolean, must: string): Rule<string> {
  return { read: (text) => (valid(text) ? text : undefined), must };
}

function choice<const Choice extends string>(
  choices: readonly Choice[],
  byDefault: NoInfer<Choice>,
) {
  const read = (text: string) => choices.find((each) => each === text);
  return { read, must: `must be ${listWords(choices)}`, choices, byDefault };
}

function choiceList<const Choice extends string>(all: readonly Choice[], byDefault: string) {
  const must = `must list ${listWords(all, 'and')}, in the order to try`;
  return { ...listOf((item) => all.find((each) => each === item), must), choices: all, byDefault };
}

/** A list that has at least one item, all of which can be read. */
function listOf<Item>(
  readItem: (item: string) => Item | undefined,
  must: string,
): Rule<readonly Item[]> {
  const read = (text: string) => {
    const items = splitList(text).map(readItem);
    return items.length > 0 && items.every((item) => item !== undefined) ? items : undefined;
  };
  return { read, must };
}

/**
 * The items of a list: at commas and line breaks, as a JSON array (which the outputs hold) or as YAML
 * writes lists, `[a, b]` and lines of `- a`. Quotes around an item and empty items are dropped.
 */
function splitList(value: string): readonly string[] {
  return (readJsonList(value) ?? withoutBrackets(value).split(/[,\n]/))
    .map((item) => item.trim().replace(/^- +/, '').trim())
    .map((item) => /^(["'])(.*)\1$/.exec(item)?.[2] ?? item)
    .filter((item) => item !== '');
}

function readJsonList(value: string): readonly string[] | undefined {
  const list = parseJson(value);
  const isList = Array.isArray(list) && list.every((item) => typeof item === 'string');
  return isList ? list : undefined;
}

function withoutBrackets(value: string): string {
  return /^\[([^[\]]*)\]$/.exec(value.trim())?.[1] ?? value;
}

/** What stands before the equals sign counts in lower case. */
function readPair(pair: string): readonly [from: string, to: string] | undefined {
  const [from = '', to = '', ...more] = pair.split('=');
  if (from === '' || to === '' || more.length > 0) return undefined;
  return [from.trim().toLowerCase(), to.trim()];
}
