import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { manifest } from '../sandbox/runner.ts';
import { inputRules, type Rule } from '../src/inputs.ts';
import { outputNames } from '../src/outputs.ts';
import { recognise } from '../src/vendor/recognise.ts';
import { differingFields } from '../src/vendor/release.ts';
import { schemas } from '../src/vendor/release-schema.ts';

describe('action.yml', () => {
  const rules = Object.entries<Rule<unknown>>(inputRules);

  test('has the inputs of the rules, in their order', () => {
    expect(Object.keys(manifest.inputs)).toEqual(rules.map(([name]) => name));
  });

  test('has the defaults of the rules', () => {
    const declared = Object.entries(manifest.inputs).map(([name, input]) => [name, input.default]);
    const defaults = rules.map(([name, { byDefault }]) => [name, byDefault]);
    // Only the runner can fill this one in.
    const token = ['github-token', '${{ github.token }}'];
    expect(declared).toEqual(defaults.map((pair) => (pair[0] === 'github-token' ? token : pair)));
  });

  test('names every allowed value of a choice', () => {
    const choices = rules.flatMap(
      ([name, rule]) => rule.choices?.map((value) => [name, value]) ?? [],
    );
    expect(choices).toContainEqual(['match', 'all']);
    for (const [name = '', value] of choices)
      expect(manifest.inputs[name]?.description).toContain(value);
  });

  test('requires nothing, since the rules say what is needed when', () => {
    for (const input of Object.values(manifest.inputs))
      expect(input).not.toHaveProperty('required');
  });

  test('has the outputs of the list, in its order', () => {
    expect(Object.keys(manifest.outputs)).toEqual([...outputNames]);
  });

  test('runs the committed bundle on Node 24', () => {
    expect(manifest.runs).toEqual({ using: 'node24', main: 'dist/index.js' });
  });
});

describe("the vendor's own examples", () => {
  // Word for word from the vendor's reference, "Update a release".
  const release = {
    id: 'string',
    createdAt: '2019-08-24T14:15:22Z',
    updatedAt: '2019-08-24T14:15:22Z',
    name: 'string',
    channel: 'string',
    version: 'string',
    platforms: ['string'],
    notes: 'string',
    totalFiles: 0,
    publishedAt: '2019-08-24T14:15:22Z',
    files: [
      {
        id: 'string',
        createdAt: '2019-08-24T14:15:22Z',
        updatedAt: '2019-08-24T14:15:22Z',
        name: 'string',
        url: 'string',
        size: 0,
        downloads: 0,
        extension: 'string',
        checksum: 'string',
        secured: true,
        published: true,
        releaseId: 'string',
        releaseName: 'string',
      },
    ],
    published: true,
    private: true,
    archived: true,
    productId: 'string',
    tenantId: 'string',
  };
  const webhook = { event: 'release.updated', data: release, triggeredAt: 'string' };

  test('the reply is kept whole', () => {
    expect(recognise.release(JSON.parse(JSON.stringify(release)))).toEqual(release);
  });

  test('the webhook holds a release', () => {
    expect(recognise.release(JSON.parse(JSON.stringify(webhook)).data)).toEqual(release);
  });

  test('unknown fields are dropped, missing ones and nulls are fine', () => {
    const lean = { id: 'a', version: '1.2', notes: null, publishedAt: null, somethingNew: 1 };
    const { somethingNew, ...known } = lean;
    expect(recognise.release(lean)).toEqual({ ...known, platforms: undefined });
  });

  test('the one platform of an older server counts as its platforms', () => {
    const old = { id: 'a', version: '1.2', platform: 'windows' };
    expect(recognise.release(old)?.platforms).toEqual(['windows']);
  });

  test.each([
    { version: '1.2' },
    { id: 'a' },
    { id: 'a'.repeat(129), version: '1.2' },
    { id: 'a', version: '1.2', files: [[]] },
    { id: 'a', version: 1.2 },
    [],
    null,
    'x',
  ])('no release: %j', (value) => {
    expect(recognise.release(value)).toBeUndefined();
    expect(recognise.releases([value])).toBeUndefined();
  });
});

describe('recognise', () => {
  const odd = fc.oneof(
    fc.constantFrom(null, Number.POSITIVE_INFINITY, '', '1.2', 'a/b', [], [null], {}),
    fc.jsonValue(),
  );
  /** An object with some of these fields, a few of them of another type, and with an unknown one. */
  const objectOf = (fields: Readonly<Record<string, fc.Arbitrary<unknown>>>) => {
    const each = Object.entries(fields).map(([name, usual]) => [
      name,
      fc.oneof({ weight: 30, arbitrary: usual }, { weight: 1, arbitrary: odd }),
    ]);
    return fc.record({ ...Object.fromEntries(each), unknown: odd }, { requiredKeys: [] });
  };
  const text = fc.option(fc.string());
  const number = fc.option(fc.double({ noNaN: true, noDefaultInfinity: true }));
  const flag = fc.option(fc.boolean());
  const shared = { id: text, createdAt: text, updatedAt: text, name: text, published: flag };
  const file = objectOf({
    ...shared,
    url: text,
    size: number,
    downloads: number,
    extension: text,
    checksum: text,
    secured: flag,
    releaseId: text,
    releaseName: text,
  });
  const release = objectOf({
    ...shared,
    id: fc.constantFrom('a', 'a-b_1'),
    channel: text,
    version: fc.string(),
    platforms: fc.option(fc.array(fc.string())),
    platform: text,
    notes: text,
    totalFiles: number,
    publishedAt: text,
    files: fc.option(fc.array(file)),
    private: flag,
    archived: flag,
    productId: text,
    tenantId: text,
  });

  test('takes what the schema takes, and gives the same', () => {
    let taken = 0;
    fc.assert(
      fc.property(fc.oneof({ weight: 20, arbitrary: release }, odd), (value) => {
        const parsed = schemas.release.safeParse(value);
        expect(recognise.release(value)).toEqual(parsed.data);
        expect(Object.keys(recognise.release(value) ?? {})).toEqual(Object.keys(parsed.data ?? {}));
        if (parsed.success) taken += 1;
      }),
      { numRuns: 1000 },
    );
    expect(taken).toBeGreaterThan(100);
  });

  test('takes the pages that the schema takes', () => {
    fc.assert(
      fc.property(fc.oneof(fc.array(release, { maxLength: 3 }), odd), (value) => {
        expect(recognise.releases(value)).toEqual(schemas.releases.safeParse(value).data);
      }),
    );
  });
});

describe('differingFields', () => {
  const current = {
    id: 'a',
    version: '1.2',
    notes: 'One\r\nTwo\r\n',
    platforms: ['a', 'b'],
    name: null,
    private: false,
  };
  test.each([
    [{ notes: 'One\nTwo' }, []],
    [{ notes: 'One Two' }, ['notes']],
    [{ platforms: ['b', 'a'] }, []],
    [{ platforms: ['a'] }, ['platforms']],
    [{ name: 'x' }, ['name']],
    [{ private: false }, []],
    [{ private: true, version: '1.2.0' }, ['version', 'private']],
  ])('%j: %j', (wanted, fields) => {
    expect(differingFields(wanted, current)).toEqual(fields);
  });
  test('null notes are empty notes', () => {
    expect(differingFields({ notes: '' }, { ...current, notes: null })).toEqual([]);
  });
});
