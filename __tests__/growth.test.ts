import { expect, test } from '@jest/globals';
import { explainMissing, findSection, newestVersion } from '../src/changelog/index.ts';
import { sameValue } from '../src/cryptlex/release.ts';
import { ownMessage } from '../src/github/tag-message.ts';
import { findCredential, secretsOf } from '../src/inputs/secrets.ts';
import { createLog } from '../src/log.ts';
import { excludeSections, fitNotes, makePortable } from '../src/markdown/index.ts';
import { safe } from '../src/text.ts';
import { cpuTime } from './cpu-time.ts';

// What foreign text costs grows with its length alone. `npm run growth` takes 100 KB and 1 MB, and
// prints the milliseconds.

const [small, large, isFull] =
  process.env['GROWTH'] === undefined ? [10_000, 100_000, false] : [100_000, 1_000_000, true];

/** Ten times the text may take as many times the time. */
const mostGrowth = 15;

/** Less than this, in milliseconds, is not worth a ratio. */
const noise = 100;

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

const functions: Readonly<Record<string, (text: string) => unknown>> = {
  findSection: (text) => findSection(text, '1.2.3'),
  explainMissing: (text) => explainMissing(text, '99.0'),
  newestVersion: (text) => newestVersion(text),
  'makePortable, public': (text) => makePortable(text, { source: text, ...origin(false) }),
  'makePortable, private': (text) => makePortable(text, { source: text, ...origin(true) }),
  fitNotes: (text) => fitNotes(text, { limit: 4095, link: 'https://example.com/notes' }),
  excludeSections: (text) => excludeSections(text, ['Internal']),
  ownMessage: (text) => ownMessage(text, 'v1.2.3'),
  findCredential: (text) => findCredential(text, secretsOf('an-access-token', jwt)),
  'Log.redact': redact,
  safe: (text) => safe(text),
  sameValue: (text) => sameValue('notes', text, `${text} `),
};

/** Pieces that a careless reader goes over again and again. */
const pieces = [
  '[',
  '![](a)',
  '[a](b) ',
  '[a]: b\n',
  '<!--',
  '<a ',
  '<constructor>',
  '`',
  '>',
  '*a ',
  '- a\n',
  '-\n',
  '~~~\n',
  '## 1.2.3\n',
  '# Internal\n',
  '1.',
  'eyJ-',
  'ghs_-',
  '-----BEGIN A ',
  jwt.slice(0, 8),
  'https://github.com/acme/app',
  '//a@b%',
  ' ',
  '\r\n',
  '0',
  '…',
  '😀',
];

test.each(Object.entries(functions))(
  '%s',
  (name, use) => {
    const slow: string[] = [];
    const table: string[] = [];
    for (const piece of pieces) {
      const time = (size: number) => {
        const text = piece.repeat(size / piece.length);
        return cpuTime(() => void use(text));
      };
      const long = time(large);
      table.push(`${JSON.stringify(piece)} ${long.toFixed(0)}`);
      // The best of some, since what else the machine does makes a time longer and never shorter.
      const best = (size: number) => Math.min(...[1, 2, 3].map(() => time(size)));
      if (
        long > noise &&
        Math.min(long, best(large)) > mostGrowth * Math.max(best(small), noise / 10)
      )
        slow.push(piece);
    }
    if (isFull) log.info(`${name}, ms: ${table.join(' · ')}`, 2000);
    expect(slow).toEqual([]);
  },
  600_000,
);
