import { expect, test } from '@jest/globals';
import type { FailureRule } from '../../sandbox/failures.ts';
import { type Fault, play } from './deliveries.ts';
import { describe, inGroup, inWorld } from './isolated.ts';
import { notesOf } from './scenario.ts';

const always = Number.POSITIVE_INFINITY;
const drop = { wire: { kind: 'drop' } } as const;
const silence = { wire: { kind: 'silence' } } as const;
const looksFailAfter = (skip: number): FailureRule => ({
  method: 'GET',
  path: /releases\/[^/]+$/,
  skip,
  times: always,
  answer: { status: 403, body: {} },
});

/** Answers that leave open whether the release was published, and whether it may still be. */
const doubtful: readonly { name: string; rule: FailureRule; isPending?: boolean }[] = [
  { name: 'a lost connection', rule: drop },
  { name: 'an answer cut off in the middle', rule: { wire: { kind: 'truncate', bytes: 10 } } },
  { name: 'HTTP 500', rule: { answer: { status: 500, body: '' } } },
  { name: 'HTTP 502', rule: { answer: { status: 502, body: '<html></html>' } } },
  { name: 'HTTP 503', rule: { answer: { status: 503, body: '' } } },
  { name: 'HTTP 408', rule: { answer: { status: 408, body: '' } } },
  { name: 'HTTP 204', rule: { answer: { status: 204 } } },
  {
    name: 'half of a JSON text',
    rule: { answer: { headers: { 'content-type': 'application/json' }, body: '{"id":' } },
  },
  { name: 'HTTP 202', rule: { answer: { status: 202, body: {} } }, isPending: true },
  { name: 'HTTP 504', rule: { answer: { status: 504, body: '' } }, isPending: true },
  { name: 'silence', rule: silence, isPending: true },
];

describe('a publication that was carried out counts, and is sent once, after', () => {
  test.concurrent.each([
    ...doubtful,
    { name: 'HTTP 307', rule: { answer: { status: 307, body: '' } } },
    { name: 'HTTP 409', rule: { answer: { status: 409, body: { message: 'No.' } } } },
    { name: 'HTTP 400', rule: { answer: { status: 400, body: { message: 'No.' } } } },
    { name: 'an answer without the files', rule: { values: { files: null } } },
    { name: 'an answer that says the contrary', rule: { values: { published: false } } },
    { name: 'the answer for another release', rule: { values: { id: 'forged' } } },
  ])(inGroup('$name'), ({ rule }) =>
    play({ name: '', publish: { ...rule, apply: true }, ends: ['updated', '', 1, 1] }),
  );
});

describe('a publication that was not carried out is sent again after', () => {
  test.concurrent.each(doubtful.filter(({ isPending }) => !isPending))(
    inGroup('$name'),
    ({ rule }) =>
      play({ name: '', publish: { ...rule, apply: false }, ends: ['updated', '', 1, 2] }),
  );
});

describe('a publication that may still be under way is not sent again after', () => {
  test.concurrent.each(doubtful.filter(({ isPending }) => isPending))(
    inGroup('$name'),
    ({ rule }) =>
      play({
        name: '',
        publish: { ...rule, apply: false },
        ends: ['unknown', 'E_UNKNOWN_STATE', 1, 1],
        says: /may have been applied/,
      }),
  );
});

describe('a publication is refused with', () => {
  test.concurrent.each([
    [400, /Correct what the message of Cryptlex names/],
    [401, /access token has not expired/],
    [403, /needs the scope release:write/],
    [404, /was not deleted meanwhile/],
    [409, /Correct what the message of Cryptlex names/],
    [422, /Correct what the message of Cryptlex names/],
  ] as const)(inGroup('HTTP %i'), (status, says) =>
    play({
      name: '',
      publish: { times: always, answer: { status, body: { message: 'Not so.' } } },
      ends: ['failed', 'E_PUBLISH', 1, 1],
      says,
    }),
  );
});

const faults: readonly Fault[] = [
  {
    name: 'is given up after three sendings, and nobody knows',
    publish: { ...drop, times: always },
    ends: ['unknown', 'E_UNKNOWN_STATE', 1, 3],
  },
  {
    name: 'is not sent to where a redirect leads',
    publish: { answer: { status: 307, headers: { location: 'https://evil.example/' }, body: '' } },
    ends: ['unknown', 'E_UNKNOWN_STATE', 1, 1],
    says: /redirects are not followed/,
  },
  ...(
    [
      [
        'a field is not as wanted',
        { notes: 'Of someone else' },
        'E_CONFLICT',
        /notes differs from what this step sent/,
      ],
      [
        'a file is gone',
        { files: [] },
        'E_CONFLICT',
        /the file "app\.zip" differs from what this step sent/,
      ],
      ['the platforms are gone', { platforms: [] }, 'E_PUBLISH', /has no platform/],
    ] as const
  ).map(
    ([what, values, code, says]): Fault => ({
      name: `is not sent where ${what} when everything is looked at again`,
      // The first look comes before the upload.
      others: [{ method: 'GET', path: /releases\/[^/]+$/, skip: 1, times: always, values }],
      ends: ['failed', code, 1, 0],
      says,
    }),
  ),
  {
    name: 'waits for a look that is older than what was sent',
    others: [
      { method: 'GET', path: /releases\/[^/]+$/, skip: 1, times: 2, values: { notes: 'Old' } },
    ],
    ends: ['updated', '', 1, 1],
  },
  {
    name: 'waits for a file that is registered late',
    others: [{ method: 'GET', path: /releases\/[^/]+$/, skip: 1, times: 3, values: { files: [] } }],
    with: { 'timeout-seconds': '30' },
    ends: ['updated', '', 1, 1],
  },
  {
    name: 'is not sent where that look fails',
    others: [looksFailAfter(1)],
    ends: ['failed', 'E_FORBIDDEN', 1, 0],
  },
  {
    name: 'that is not asked for leaves open what was written where that look fails',
    with: { publish: 'false' },
    others: [looksFailAfter(1)],
    ends: ['unknown', 'E_FORBIDDEN', 1, 0],
  },
  {
    name: 'is sent twice, and not more, to a server that fails each time',
    publish: { times: always, apply: false, answer: { status: 500, body: '' } },
    ends: ['unknown', 'E_UNKNOWN_STATE', 1, 2],
  },
  {
    name: 'is looked into only while a look can succeed',
    with: { 'timeout-seconds': '100' },
    publish: { apply: false, answer: { status: 504, body: '' } },
    others: [looksFailAfter(2)],
    ends: ['unknown', 'E_UNKNOWN_STATE', 1, 1],
  },
  {
    name: 'that comes with something else than was wanted is no success',
    publish: { apply: true, values: { files: null } },
    others: [{ method: 'GET', path: /releases\/[^/]+$/, skip: 2, values: { notes: 'Late' } }],
    ends: ['unknown', 'E_CONFLICT', 1, 1],
    says: /notes differs from what this step sent/,
  },
];

describe('a publication', () => {
  test.concurrent.each(faults)(inGroup('$name'), (fault) => play(fault));

  test.concurrent(
    inGroup('waits until every release is complete, and a second run finishes it'),
    () =>
      inWorld({}, async ({ api, product, run }) => {
        const seed = { productId: product, version: '1.2.3', platforms: ['linux'] };
        const ids = [api.releases()[0]?.id ?? '', api.addRelease(seed).id];
        api.change(ids[0] ?? '', { platforms: ['macos'] });
        api.fail({ method: 'PUT', skip: 1, answer: { status: 413, body: '' } });
        const given = { match: 'all', 'upload-files': 'app.zip', publish: 'true' };
        const step = { files: { 'CHANGELOG.md': '## 1.2.3\n\nNew.\n', 'app.zip': 'zip' } };
        const first = await run(given, step);
        expect(first.outputs).toMatchObject({ result: 'failed', 'error-code': 'E_UPLOAD' });
        expect(JSON.parse(first.outputs['releases'] ?? '')).toMatchObject([
          { id: ids[0], result: 'failed', 'changed-fields': ['notes', 'files'] },
          { id: ids[1], result: 'failed', 'error-code': 'E_UPLOAD' },
        ]);
        expect(api.releases().map(({ published }) => published)).toEqual([false, false]);
        const second = await run(given, step);
        expect(second.outputs['result']).toBe('updated');
        expect(JSON.parse(second.outputs['uploaded-files'] ?? '')).toMatchObject([
          { 'release-id': ids[1], name: 'app.zip' },
        ]);
        expect(api.releases()).toMatchObject(
          ids.map((id) => ({ id, published: true, notes: 'New.', totalFiles: 1 })),
        );
        const third = await run(given, step);
        expect(third.outputs['result']).toBe('unchanged');
        expect(api.requests.filter(({ method }) => method === 'POST')).toHaveLength(2);
      }),
  );
});

test('the notes of a run are in the release that it publishes', async () => {
  await inWorld({}, async ({ api, id, run }) => {
    api.change(id, { platforms: ['linux'] });
    await run({ 'upload-files': 'CHANGELOG.md', publish: 'true' });
    expect(api.release(id)).toMatchObject({ published: true, notes: notesOf('1.2.3') });
  });
});
