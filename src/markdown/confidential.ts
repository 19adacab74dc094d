import { trimSlashes } from '../text.ts';
import type { Repository } from './addresses.ts';
import type { TakenOut } from './edits.ts';
import { lengthAt } from './links.ts';

/** Recognises and replaces the URLs of one repository. */
interface RepositoryUrls {
  readonly areIn: (text: string) => boolean;
  /** Whether a line with this alone is of no use without its URL. */
  readonly isPointer: (text: string) => boolean;
  /** Puts in place of each URL what a reader would call it: `#12`, `v1...v2`, a file name. */
  readonly replaceIn: (text: string, takenOut: TakenOut) => string;
}

/**
 * Recognises the URLs of a repository: web pages, raw files, API and clone addresses, in any case,
 * with escaped characters, with or without scheme, and also within other URLs. Attachments count too:
 * they are shown to members alone, whichever repository they are of.
 */
export function urlsOf({ serverUrl, name, forge = 'GitHub' }: Repository): RepositoryUrls {
  const host = trimSlashes(serverUrl.replace(/^[a-z]+:\/\//i, ''));
  const hosts = [host, 'raw.githubusercontent.com', 'media.githubusercontent.com', 'github.dev']
    .map(written)
    .join('|');
  // Servers take several for one.
  const slash = `${written('/')}{1,9}`;
  const routes = ['repos', 'api/v3/repos', 'api/v1/repos', 'raw', 'media']
    .map((route) => slash + written(route))
    .join('|');
  const repository = `(?:${hosts})(?::\\d+)?(?:${routes})?(?:${slash}|:)${name.split('/').map(written).join(slash)}`;
  const uploads = written(forge === 'GitHub' ? 'user-attachments' : 'attachments');
  const images = `(?:${written('private-')})?${written('user-images.githubusercontent.com')}`;
  const attachments = `(?:${written(host)}(?::\\d+)?${slash}${uploads}|${images})(?=${slash})`;
  const pattern = new RegExp(`(${attachments})|(?:${repository})(?:\\.wiki)?(?:\\.git)?`, 'gi');

  function* find(text: string) {
    let free = 0;
    for (const match of text.matchAll(pattern)) {
      const nameEnd = match.index + match[0].length;
      if (continuesName(text, nameEnd) || match.index < free) continue;
      const start = startOfUrl(text, match.index, free);
      if (start === undefined) continue;
      const end = endOfUrl(text, nameEnd);
      const path = text.slice(nameEnd, end);
      const isAttachment = match[1] !== undefined;
      const shown = isAttachment ? nameOfAttachment(path) : nameOf(path, name);
      yield { start, end, shown, isAttachment };
      free = end;
    }
  }
  return {
    areIn: (text) => !find(text).next().done,
    isPointer(text) {
      const { value } = find(text).next();
      if (!value) return false;
      return (value.isAttachment && value.start < 2) || /^[*_[]*full changelog/i.test(text);
    },
    replaceIn(text, takenOut) {
      let replaced = '';
      let at = 0;
      for (const { start, end, shown } of find(text)) {
        replaced += text.slice(at, start) + shown;
        at = end;
        takenOut.links++;
      }
      return replaced + text.slice(at);
    },
  };
}

const entities: Readonly<Record<string, string>> = {
  '.': 'period',
  '/': 'sol',
  ':': 'colon',
  _: 'lowbar',
};

/** A pattern for all ways in which Markdown, HTML and URLs can write a text. */
function written(text: string): string {
  return text.replace(/[ -~]/g, (character) => {
    const hex = character.charCodeAt(0).toString(16);
    const entity = `&(?:#0{0,5}(?:${character.charCodeAt(0)}|x0{0,5}${hex})|${entities[character] ?? '#'});`;
    // Only punctuation can be escaped.
    const backslash = /[a-z0-9]/i.test(character) ? '' : '\\\\?';
    return `(?:${backslash}\\u${hex.padStart(4, '0')}|%${hex}|${entity})`;
  });
}

/** `owner/name-two` is another repository; `owner/name.` and `owner/name_` end a sentence or emphasis. */
function continuesName(text: string, end: number): boolean {
  return lengthAt(/[._-]*[a-z0-9]/iy, text, end) > 0;
}

const longestLead = 200;

/** Where the URL starts whose host is at `host`; `undefined` when that is the end of another host. */
function startOfUrl(text: string, host: number, free: number): number | undefined {
  let first = host;
  const lowest = Math.max(free, host - longestLead);
  while (first > lowest && /[\w.+:@/%~-]/.test(text[first - 1] ?? '')) first--;
  const lead = text.slice(first, host);
  if (/[\w-]$/.test(lead) && !/%[0-9a-f]{2}$/i.test(lead)) return undefined;
  const lower = lead.toLowerCase();
  const colon = Math.max(lower.lastIndexOf('://'), lower.lastIndexOf('%3a%2f%2f'));
  const scheme = back(lead, colon, /[a-z+]/i, 20);
  if (colon > 0 && scheme < colon) return first + scheme;
  // Without a scheme: `git@host`, `www.host`, `//host`.
  const hostStart = back(lead, lead.length, /[\w.-]/);
  let start = back(lead, lead.length, /[\w.%-]/);
  if (start === hostStart && lead[start - 1] === '@') start = back(lead, start - 1, /[\w.%-]/);
  if (lead.endsWith('//', start)) start -= 2;
  return first + start;
}

/** Where the row of such characters begins that ends at `end`. */
function back(text: string, end: number, character: RegExp, most = longestLead): number {
  let at = end;
  while (at > Math.max(0, end - most) && character.test(text[at - 1] ?? '')) at--;
  return at;
}

function endOfUrl(text: string, from: number): number {
  if (!/[/?#%&:]/.test(text[from] ?? '')) return from;
  let end = from + lengthAt(/[^\s<>"'`()[\]{}|\\,;]*/y, text, from);
  // GitHub's autolinks end before closing punctuation, and emphasis may close here too.
  while (end > from && /[.:!?*_~]/.test(text[end - 1] ?? '')) end--;
  return end;
}

function nameOf(path: string, repository: string): string {
  const number = /^\/(?:pulls?|issues|discussions)\/(\d+)/.exec(path)?.[1];
  if (number) return `#${number}`;
  const [, commit, range] = /^\/(?:commits?\/([0-9a-f]{7})|compare\/([^?#]+))/.exec(path) ?? [];
  const parts = path.split(/[?#]/, 1)[0]?.split('/') ?? [];
  const last = parts.findLast((part) => part !== '');
  return commit ?? range ?? last ?? repository.slice(repository.indexOf('/') + 1);
}

/** Only files have names that people gave them. */
function nameOfAttachment(path: string): string {
  return /^\/files\/\d+\/([^/?#]+)/.exec(path)?.[1] ?? 'attachment';
}
