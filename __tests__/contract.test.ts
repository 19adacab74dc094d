import { describe, expect, test } from '@jest/globals';
import * as z from 'zod/mini';
import { manifest } from '../sandbox/runner.ts';
import { inputSchema } from '../src/inputs.ts';
import { outputNames } from '../src/outputs.ts';
import { differingFields, releasePageSchema, releaseSchema } from '../src/vendor/release.ts';

describe('action.yml', () => {
  const schema = z.toJSONSchema(inputSchema, { io: 'input' });
  const properties = Object.entries(schema.properties ?? {});

  test('has the inputs of the schema, in its order', () => {
    expect(Object.keys(manifest.inputs)).toEqual(properties.map(([name]) => name));
  });

  test('has the defaults of the schema', () => {
    const declared = Object.entries(manifest.inputs).map(([name, input]) => [name, input.default]);
    const defaults = properties.map(([name, property]) => [
      name,
      typeof property === 'object' ? property.default : undefined,
    ]);
    // Only the runner can fill this one in.
    const token = ['github-token', '${{ github.token }}'];
    expect(declared).toEqual(defaults.map((pair) => (pair[0] === 'github-token' ? token : pair)));
  });

  test('names every allowed value of a choice', () => {
    for (const [name, property] of properties) {
      const allowed = typeof property === 'object' ? (property.enum ?? []) : [];
      for (const value of allowed) expect(manifest.inputs[name]?.description).toContain(value);
    }
  });

  test('requires nothing, since the schema says what is needed when', () => {
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
    expect(releaseSchema.parse(JSON.parse(JSON.stringify(release)))).toEqual(release);
  });

  test('the webhook holds a release', () => {
    expect(releaseSchema.parse(JSON.parse(JSON.stringify(webhook)).data)).toEqual(release);
  });

  test('unknown fields are dropped, missing ones and nulls are fine', () => {
    const lean = { id: 'a', version: '1.2', notes: null, publishedAt: null, somethingNew: 1 };
    const { somethingNew, ...known } = lean;
    expect(releaseSchema.parse(lean)).toEqual({ ...known, platforms: undefined });
  });

  test('the one platform of an older server counts as its platforms', () => {
    const old = { id: 'a', version: '1.2', platform: 'windows' };
    expect(releaseSchema.parse(old).platforms).toEqual(['windows']);
  });

  test.each([{ version: '1.2' }, { id: 'a' }, { id: 'a', version: 1.2 }, [], null, 'x'])(
    'no release: %j',
    (value) => {
      expect(releaseSchema.safeParse(value).success).toBe(false);
      expect(releasePageSchema.safeParse([value]).success).toBe(false);
    },
  );
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
