import { appendFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import type { FailureRule } from '../../sandbox/failures.ts';
import { preloading } from '../../sandbox/runner.ts';
import { pathOf } from '../workflow-files.ts';
import { content, type Fault, fileOf, play } from './deliveries.ts';
import { describe, inGroup, inWorld, until } from './isolated.ts';
import { errorOf } from './scenario.ts';

const always = Number.POSITIVE_INFINITY;
const large = Buffer.alloc(60_000_000, 'Bytes of an app. ');
const drop = { wire: { kind: 'drop' } } as const;

/** Answers that leave open whether the file was stored. */
const doubtful: Readonly<Record<string, FailureRule>> = {
  'a lost connection': drop,
  'an answer cut off in the middle': { wire: { kind: 'truncate', bytes: 10 } },
  'HTTP 500': { answer: { status: 500, body: '' } },
  'HTTP 502 in HTML': { answer: { status: 502, body: '<html></html>' } },
  'HTTP 503': { answer: { status: 503, headers: { 'retry-after': '1' }, body: '' } },
  'HTTP 504': { answer: { status: 504, body: '' } },
  'HTTP 408': { answer: { status: 408, body: '' } },
  'HTTP 425': { answer: { status: 425, body: '' } },
  'HTTP 202': { answer: { status: 202, body: {} } },
  'HTTP 204': { answer: { status: 204 } },
  'an empty body': { answer: { headers: { 'content-type': 'application/json' }, body: '' } },
  'a page instead of JSON': { answer: { body: '<html></html>' } },
  'the answer for another file': { answer: { body: { ...fileOf('other.zip', content) } } },
  'another checksum': {
    answer: { body: { ...fileOf('app.zip', content), checksum: '0'.repeat(32) } },
  },
};
const doubts = Object.entries(doubtful).map(([name, rule]) => ({ name, rule }));

describe('a file that was stored counts, and is sent once, after', () => {
  test.concurrent.each([
    ...doubts,
    { name: 'HTTP 409', rule: { answer: { status: 409, body: '' } } },
    { name: 'HTTP 403', rule: { answer: { status: 403, body: '' } } },
    {
      name: 'HTTP 307',
      rule: { answer: { status: 307, headers: { location: '/other' }, body: '' } },
    },
    { name: 'an answer that drips', rule: { wire: { kind: 'drip', intervalMs: 5 } } as const },
  ])(inGroup('$name'), ({ rule }) =>
    play({ name: '', put: { ...rule, apply: true }, ends: ['updated', '', 1, 1] }),
  );
});

describe('a file that was not stored is sent again after', () => {
  test.concurrent.each([
    ...doubts,
    {
      name: 'HTTP 429',
      rule: { answer: { status: 429, headers: { 'retry-after': '1' }, body: '' } },
    },
    ...[0, 1, 65_536, 3_000_000, content.length - 1, content.length].map((afterBytes) => ({
      name: `a cut after ${afterBytes} bytes`,
      rule: { ...drop, afterBytes },
    })),
  ])(inGroup('$name'), ({ rule }) =>
    play({ name: '', put: { ...rule, apply: false }, ends: ['updated', '', 2, 1] }),
  );
});

const refusals: readonly (readonly [status: number, says: RegExp])[] = [
  [400, /multipart form, which this action cannot send yet/],
  [401, /access token has not expired.*127\.0\.0\.1/],
  [403, /A published release accepts no files/],
  [404, /is the host for files/],
  [409, /storage of the account is full/],
  [411, /proxy removes the header Content-Length/],
  [413, /too large for the host/],
  [415, /multipart form/],
];

describe('a file is refused, and that is read while the body is being sent, with', () => {
  test.concurrent.each(
    [0, 1_000_000].flatMap((afterBytes) =>
      refusals.map(([status, says]) => ({ afterBytes, status, says })),
    ),
  )(inGroup('HTTP $status after $afterBytes bytes'), ({ afterBytes, status, says }) =>
    play({
      name: '',
      put: { afterBytes, times: always, answer: { status, body: '' } },
      ends: ['failed', 'E_UPLOAD', 1, 0],
      says,
    }),
  );
});

const faults: readonly Fault[] = [
  {
    name: 'is given up after three sendings, and nobody knows',
    put: { ...drop, times: always },
    with: { 'timeout-seconds': '20' },
    ends: ['unknown', 'E_UPLOAD', 3, 0],
    says: /there was no connection, or it broke/,
  },
  {
    name: 'is given up after three times HTTP 500',
    put: { answer: { status: 500, body: '' }, times: always },
    with: { 'timeout-seconds': '20' },
    ends: ['unknown', 'E_UPLOAD', 3, 0],
  },
  {
    name: 'is not sent to where a redirect leads',
    put: { answer: { status: 308, headers: { location: 'https://evil.example/' }, body: '' } },
    ends: ['failed', 'E_UPLOAD', 1, 0],
    says: /https:\/\/evil\.example\).*Redirects are not followed/s,
  },
  {
    name: 'finds no host',
    with: { 'releases-url': 'http://127.0.0.1:9' },
    ends: ['failed', 'E_UPLOAD', 0, 0],
    says: /no connection, or it broke, to 127\.0\.0\.1:9 \(ECONNREFUSED\)/,
  },
  {
    name: 'that is registered late counts',
    put: { ...drop, apply: true },
    sandbox: { registerAfterMs: 700 },
    ends: ['updated', '', 1, 1],
  },
  {
    name: 'that was answered for is waited for until it is registered',
    sandbox: { registerAfterMs: 2_500 },
    with: { 'timeout-seconds': '30' },
    ends: ['updated', '', 1, 1],
  },
  {
    name: 'that is registered long after it was sent again counts, once',
    put: { ...drop, apply: true },
    sandbox: { registerAfterMs: 12_000 },
    with: { 'timeout-seconds': '40' },
    ends: ['updated', '', 2, 1],
  },
  {
    name: 'is sent without Expect to a host that does not know it',
    put: { answer: { status: 417, body: '' } },
    ends: ['updated', '', 2, 1],
  },
  {
    name: 'that gets a page is told the right host',
    put: {
      answer: { status: 200, headers: { 'content-type': 'text/html' }, body: '<p>' },
      times: always,
    },
    with: { 'timeout-seconds': '20' },
    ends: ['unknown', 'E_UPLOAD', 3, 0],
    says: /is the host for files.*releases-url/,
  },
  {
    name: 'that is registered after it was sent again counts, once',
    put: { ...drop, apply: true },
    sandbox: { registerAfterMs: 4_500 },
    with: { 'timeout-seconds': '30' },
    ends: ['updated', '', 2, 1],
  },
  {
    name: 'does not fit into the storage',
    sandbox: { storageLimit: 1000 },
    ends: ['failed', 'E_UPLOAD', 1, 0],
    says: /storage of the account is full/,
  },
  {
    name: 'meets another one that someone uploads under its name',
    put: { ...drop, apply: false, delayMs: 300 },
    meanwhile: ({ api, id }) => api.change(id, { files: [fileOf('app.zip', 'other')] }),
    ends: ['failed', 'E_UPLOAD', 1, 0],
    says: /has another file "app\.zip": 5 bytes.*never replaced/s,
  },
  {
    name: 'meets a release that was published meanwhile',
    put: { apply: false, delayMs: 300, answer: { status: 403, body: '' } },
    meanwhile: ({ api, id }) => api.change(id, { published: true, publishedAt: '2026-11-25' }),
    ends: ['failed', 'E_UPLOAD', 1, 0],
    says: /was published during this run/,
  },
  ...(
    [
      ['grows', (path) => appendFileSync(path, 'more')],
      ['shrinks', (path) => truncateSync(path, 1_000)],
      ['is written anew', (path) => writeFileSync(path, large)],
    ] as readonly (readonly [string, (path: string) => void])[]
  ).map(
    ([what, change]): Fault => ({
      name: `that ${what} while it is read is not stored`,
      content: large,
      sandbox: { uploadBytesPerSecond: large.length / 3 },
      // By then the body is on its way, and no buffer holds all of it.
      meanwhile: (_, workspace) =>
        void setTimeout(() => change(join(workspace, 'dist/App.zip')), 700),
      ends: ['failed', 'E_UPLOAD', 1, 0],
      says: /was changed while it was being uploaded/,
    }),
  ),
];

describe('a file', () => {
  test.concurrent.each(faults)(inGroup('$name'), (fault) => play(fault));

  test.concurrent(
    inGroup('is not stored, and the one before it is told, when the run is cancelled'),
    () =>
      inWorld({ uploadBytesPerSecond: 2_000_000 }, async (world) => {
        const { api, id } = world;
        const puts = () => api.requests.filter(({ method }) => method === 'PUT').length;
        const result = await world.run(
          { 'upload-files': 'dist/a.txt\ndist/App.zip', 'notes-from': 'none' },
          {
            files: { 'dist/a.txt': 'a', 'dist/App.zip': content },
            during: (kill) => void until(() => puts() === 2).then(() => kill('SIGTERM')),
          },
        );
        expect(result.exitCode).toBe(143);
        expect(result.outputs).toMatchObject({
          result: 'unknown',
          'error-code': 'E_UNKNOWN_STATE',
        });
        expect(JSON.parse(result.outputs['uploaded-files'] ?? '')).toMatchObject([
          { 'release-id': id, name: 'a.txt', size: 1 },
        ]);
        expect(JSON.parse(result.outputs['changed-fields'] ?? '')).toEqual(['files']);
        expect(errorOf(result)).toMatch(/cancelled.*running the step again is safe/);
        expect(api.storedFiles()).toEqual([`${id}/a.txt`]);
      }),
  );

  test.concurrent(inGroup('of which nothing is heard for a minute is looked for'), () =>
    play({
      name: '',
      put: { wire: { kind: 'silence' }, apply: true },
      env: preloading(pathOf('__tests__/e2e/short-minute.cjs')),
      ends: ['updated', '', 1, 1],
    }),
  );
});
