import type { Repository } from './addresses.ts';

/**
 * Text with `\n` as line break, without byte order marks at its start, control characters but TAB, and
 * unpaired surrogates. Idempotent.
 */
export function plainText(text: string): string {
  return text
    .replace(/\r\n?/g, '\n')
    .replace(disallowed, '')
    .replace(/^\uFEFF+/, '')
    .toWellFormed();
}

// Control characters but TAB and line feed: all that these ranges leave out.
const disallowed = /[^\t\n -~\u00a0-\uffff]/g;

// HTML, an escape, or a closing bracket without an absolute address in full behind it.
const mayDepend = /[<\\]|\](?!\(https?:\/\/[^\s()<>|]*\))/i;

/**
 * Whether it shows at first sight that {@link plainText} is readable away from its repository, as it
 * does for most notes. Says no where `makePortable` might change something.
 */
export function isPortable(text: string, repository: Repository | undefined): boolean {
  if (mayDepend.test(text)) return false;
  if (!repository?.private) return true;
  // A URL of the repository holds its name, which is ASCII, or one of these in place of a letter.
  const name = repository.name.toLowerCase().replace(/^.*\//, '');
  return !/[%&]/.test(text) && !text.toLowerCase().includes(name);
}
