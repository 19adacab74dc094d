import type { Title } from './wording.ts';

/** The title of a changelog and the sub-sections of its releases: they announce nothing. */
export const usualTitles: ReadonlySet<string> = new Set([
  'changelog',
  'change log',
  'release notes',
  'added',
  'changed',
  'deprecated',
  'removed',
  'fixed',
  'security',
  'features',
  'bug fixes',
  'performance improvements',
  'breaking changes',
  'major changes',
  'minor changes',
  'patch changes',
]);

// What tools write: `[1.2.3](https://…) - 2024-05-01`, `v1.2.3 (2024-05-01)`, `1.2.3`.
const usualForm =
  /^\s*(?:\[v?(\d{1,9}(?:\.\d{1,9}){2,3})\](?:\([^()\s]*\))?|v?(\d{1,9}(?:\.\d{1,9}){2,3}))(?:(?: -)? (?:((?:19|20)\d\d-\d\d-\d\d)|\(((?:19|20)\d\d-\d\d-\d\d)\)))?\s*$/;

/**
 * Reads a title that most changelogs have in one go. It gives what reading its words would give, whose
 * patterns cost a run more than the rest of its changelog.
 * @returns undefined for any other title
 */
export function readUsualTitle(source: string): Title | undefined {
  if (usualTitles.has(source.trim().toLowerCase())) {
    return { kind: 'other', versions: [], tail: 'none', hasDate: false };
  }
  const usual = usualForm.exec(source);
  if (!usual) return undefined;
  const [, bracketed, bare = '', date, dateInBrackets] = usual;
  const hasDate = (date ?? dateInBrackets) !== undefined;
  const versions = [{ text: bracketed ?? bare, name: '' }];
  return { kind: 'release', versions, tail: hasDate ? 'date' : 'none', hasDate };
}
