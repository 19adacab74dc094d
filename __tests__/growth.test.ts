import { expect, test } from '@jest/globals';
import { findSection } from '../src/changelog/index.ts';
import { explainMissing, newestVersion } from '../src/changelog/nearest.ts';
import { sameValue } from '../src/cryptlex/release.ts';
import { ownMessage } from '../src/github/tag-message.ts';
import { findCredential, secretsOf } from '../src/inputs/secrets.ts';
import { createLog } from '../src/log.ts';
import { toMarkdown } from '../src/markdown/convert.ts';
import * as exclude from '../src/markdown/exclude.ts';
import { fitNotes } from '../src/markdown/fit.ts';
import * as markdown from '../src/markdown/index.ts';
import { safe } from '../src/text.ts';
import { cpuTime } from './cpu-time.ts';
import { pieces } from './hostile.ts';

// What foreign text costs grows with its length alone. `npm run growth` takes 100 KB and 1 MB, and
// prints the milliseconds.

const [small, large, isFull] =
  process.env['GROWTH'] === undefined ? [10_000, 100_000, false] : [100_000, 1_000_000, true];

/** Ten times the text may take as many times the time; a hundred times would be quadratic. */
const mostGrowth = 25;

/** The time of a small text, in milliseconds, counts as no less than this. */
const least = 10;

const log = createLog();
const jwt = `eyJ${'a'.repeat(100)}.eyJ${'b'.repeat(300)}.${'c'.repeat(300)}`;
const redact = (text: string) => {
  const hidden = createLog();
  // Without the command that masks it.
  const write = process.stdout.write;
  process.stdout.write = () => true;
  hidden.hide([jwt]);
  process.stdout.write = write;
  return hidden.redact(text);
};
const origin = (isPrivate: boolean) => ({
  repository: { serverUrl: 'https://github.com', name: 'acme/app', private: isPrivate },
  ref: 'v1.2.3',
  path: 'CHANGELOG.md',
});

const ofFormat = (format: markdown.Format) => ({
  [`excludeSections, ${format}`]: (text: string) =>
    exclude.excludeSections(text, ['Internal'], format),
  [`titlesOf, ${format}`]: (text: string) => exclude.titlesOf(text, format),
  [`toMarkdown, ${format}`]: (text: string) => toMarkdown(text, { format, whole: text }),
});

const functions: Readonly<Record<string, (text: string) => unknown>> = {
  findSection: (text) => findSection(text, '1.2.3'),
  explainMissing: (text) => explainMissing(text, '99.0'),
  newestVersion: (text) => newestVersion(text),
  'makePortable, public': (text) => markdown.makePortable(text, { source: text, ...origin(false) }),
  'makePortable, private': (text) => markdown.makePortable(text, { source: text, ...origin(true) }),
  fitNotes: (text) => fitNotes(text, { limit: 4095, link: 'https://example.com/notes' }),
  withEmoji: (text) => markdown.withEmoji(text),
  formatOf: (text) => markdown.formatOf('CHANGES', text),
  unwrapNotes: (text) => markdown.unwrapNotes(text, 'plain text'),
  missingTitles: (text) => exclude.missingTitles(['a'], text.split(' ')),
  ...ofFormat('Markdown'),
  ...ofFormat('AsciiDoc'),
  ...ofFormat('HTML'),
  ...ofFormat('reStructuredText'),
  ...ofFormat('plain text'),
  ownMessage: (text) => ownMessage(text, 'v1.2.3'),
  findCredential: (text) => findCredential(text, secretsOf('an-access-token', jwt)),
  'Log.redact': redact,
  safe: (text) => safe(text),
  sameValue: (text) => sameValue('notes', text, `${text} `),
};

test.each(Object.entries(functions))(
  '%s',
  async (name, use) => {
    const slow: string[] = [];
    const table: string[] = [];
    for (const piece of pieces) {
      const time = async (size: number) => {
        const text = piece.repeat(size / piece.length);
        return await cpuTime(() => use(text));
      };
      // The best of some, since what else the machine does makes a time longer and never shorter.
      const best = async (size: number) =>
        Math.min(await time(size), await time(size), await time(size));
      const long = await time(large);
      table.push(`${JSON.stringify(piece)} ${long.toFixed(0)}`);
      // What takes so little would be allowed whatever the small text takes.
      if (long <= mostGrowth * least) continue;
      const most = mostGrowth * Math.max(await best(small), least);
      if (long > most && (await best(large)) > most) slow.push(piece);
    }
    if (isFull) log.info(`${name}, ms: ${table.join(' · ')}`, 2000);
    expect(slow).toEqual([]);
  },
  600_000,
);
