import { expect, test } from '@jest/globals';
import type { FailureRule } from '../../sandbox/failures.ts';
import type { StepResult } from '../../sandbox/runner.ts';
import { describe, inGroup, inWorld, until, type World } from './isolated.ts';
import { errorOf, notesOf } from './scenario.ts';

const always = Number.POSITIVE_INFINITY;
const html = '<!DOCTYPE html><html><body>502 Bad Gateway</body></html>';
const applied = { apply: true } as const;
const lost = { apply: false } as const;
const drop = { wire: { kind: 'drop' } } as const;
const silence = { wire: { kind: 'silence' } } as const;

/** What happens to requests, and how the step has to end. */
interface Fault {
  readonly name: string;
  /** What happens to the PATCH, or, where `others` stands alone, to other requests. */
  readonly patch?: FailureRule;
  readonly others?: readonly FailureRule[];
  readonly with?: Readonly<Record<string, string>>;
  /** What someone else does once the PATCH is there. */
  readonly meanwhile?: (world: World) => void;
  /** `result`, `error-code`, and how often the PATCH was sent. */
  readonly ends: readonly [result: string, code: string, patches: number];
  readonly says?: RegExp;
}

async function play(fault: Fault, given: (world: World) => Record<string, string> = () => ({})) {
  await inWorld({}, async (world) => {
    const { api, path } = world;
    if (fault.patch) api.fail({ method: 'PATCH', path, ...fault.patch });
    for (const rule of fault.others ?? []) api.fail(rule);
    const isPatched = () => api.requests.some(({ method }) => method === 'PATCH');
    const { meanwhile } = fault;
    if (meanwhile) void until(isPatched).then(() => meanwhile(world));
    const result = await world.run({ ...given(world), ...fault.with });
    expectEnd(fault, result, world);
  });
}

function expectEnd(fault: Fault, result: StepResult, { api, id, path }: World): void {
  const [wanted, code, patches] = fault.ends;
  const sent = api.requests.filter(({ method }) => method === 'PATCH');
  const error = result.annotations.find(({ kind }) => kind === 'error')?.message ?? '';
  expect([result.outputs['result'], result.outputs['error-code'], sent.length, error]).toEqual([
    wanted,
    code,
    patches,
    fault.says ? expect.stringMatching(fault.says) : expect.anything(),
  ]);
  for (const request of sent) {
    expect(request.path).toBe(path);
    expect(request.headers['accept-encoding']).toBe('identity');
  }
  if (wanted === 'updated') {
    expect(api.release(id)?.notes).toBe(notesOf('1.2.3'));
    expect(result.outputs).toMatchObject({ 'release-id': id, notes: notesOf('1.2.3') });
  } else {
    // Nothing of what was not proved reaches the outputs.
    expect(result.outputs['notes']).not.toBe(notesOf('1.2.3'));
    expect(JSON.stringify(result.outputRecords)).not.toContain('forged');
  }
}

/** Answers that leave open whether the PATCH was carried out. */
const doubtful: Readonly<Record<string, FailureRule>> = {
  'a lost connection': drop,
  'an answer cut off in the middle': { wire: { kind: 'truncate', bytes: 10 } },
  'HTTP 500': { answer: { status: 500, body: { message: 'Oh', code: 'X' } } },
  'HTTP 502 in HTML': { answer: { status: 502, body: html } },
  'HTTP 503': { answer: { status: 503, body: html } },
  'HTTP 504': { answer: { status: 504, body: '' } },
  'HTTP 408': { answer: { status: 408, body: { message: 'Late' } } },
  'HTTP 425': { answer: { status: 425, body: { message: 'Early' } } },
  'HTTP 202': { answer: { status: 202, body: { queued: true } } },
  'HTTP 204': { answer: { status: 204 } },
  'an empty body': { answer: { headers: { 'content-type': 'application/json' }, body: '' } },
  'null for a body': { answer: { body: null } },
  'a list for a body': { answer: { body: [{ id: 'forged' }] } },
  'an object without id': { answer: { body: { version: '1.2.3' } } },
  'half of a JSON text': {
    answer: { headers: { 'content-type': 'application/json' }, body: '{"id":"forged","no' },
  },
  'a page instead of JSON': { answer: { body: html } },
  'an encoded body': { answer: { headers: { 'content-encoding': 'gzip' }, body: 'forged' } },
  'a body of more than 16 MiB': { answer: { body: { id: 'forged', notes: 'x'.repeat(17e6) } } },
  'a body that is nested very deep': {
    answer: {
      headers: { 'content-type': 'application/json' },
      body: `{"id":${'['.repeat(200_000)}${']'.repeat(200_000)}}`,
    },
  },
};
const doubts = Object.entries(doubtful).map(([name, rule]) => ({ name, rule }));

describe('a PATCH that was carried out counts, and is sent once, after', () => {
  test.concurrent.each([
    ...doubts,
    { name: 'the answer for another release', rule: { values: { id: 'forged' } } },
    { name: 'an answer with other values', rule: { values: { notes: 'forged', name: 'forged' } } },
    {
      name: 'an answer that is forged with __proto__',
      rule: { answer: { body: '{"__proto__":{"id":"forged"}}' } },
    },
  ])(inGroup('$name'), ({ rule }) =>
    play({ name: '', patch: { ...rule, ...applied }, ends: ['updated', '', 1] }),
  );

  test.concurrent.each([
    { name: 'silence', rule: silence },
    { name: 'a body that stops', rule: { wire: { kind: 'stall', bytes: 5 } } },
    { name: 'a body that drips', rule: { wire: { kind: 'drip', intervalMs: 40 } } },
  ] as const)(inGroup('$name, within a short time limit'), ({ rule }) =>
    play({
      name: '',
      patch: { ...rule, ...applied },
      with: { 'timeout-seconds': '3' },
      ends: ['updated', '', 1],
    }),
  );
});

/** Of these, nobody knows when they end. */
const pending = ['HTTP 202', 'HTTP 504'];

describe('a PATCH that was not carried out is sent again after', () => {
  test.concurrent.each(doubts.filter(({ name }) => !pending.includes(name)))(
    inGroup('$name'),
    ({ rule }) => play({ name: '', patch: { ...rule, ...lost }, ends: ['updated', '', 2] }),
  );
});

describe('a PATCH that may still be under way is not sent again, and nobody knows, after', () => {
  test.concurrent.each([
    ...doubts.filter(({ name }) => pending.includes(name)),
    { name: 'HTTP 499', rule: { answer: { status: 499, body: '' } } },
    { name: 'silence', rule: silence },
  ])(inGroup('$name'), ({ rule }) =>
    play({
      name: '',
      patch: { ...rule, ...lost },
      with: { 'timeout-seconds': '3' },
      ends: ['unknown', 'E_UNKNOWN_STATE', 1],
      says: /may have been applied/,
    }),
  );

  test.concurrent.each([
    { name: 'HTTP 202', rule: { answer: { status: 202, body: {} } } },
    { name: 'silence', rule: silence },
  ])(inGroup('$name: it counts when it is applied late'), ({ rule }) =>
    play({
      name: '',
      patch: { ...rule, ...lost },
      with: { 'timeout-seconds': '6' },
      meanwhile: ({ api, id }) =>
        void setTimeout(() => api.change(id, { notes: notesOf('1.2.3') }), 1500),
      ends: ['updated', '', 1],
    }),
  );
});

const faults: readonly Fault[] = [
  {
    name: 'is given up after three sendings, and nobody knows',
    patch: { ...drop, times: always },
    ends: ['unknown', 'E_UNKNOWN_STATE', 3],
  },
  {
    name: 'is sent twice to a server that fails',
    patch: { answer: { status: 500, body: { message: 'It broke.', code: 'E42' } }, times: always },
    ends: ['unknown', 'E_UNKNOWN_STATE', 2],
    says: /It broke \(E42\)/,
  },
  ...[403, 409, 429].map(
    (status): Fault => ({
      name: `that is refused with ${status} after a lost one leaves the first one open`,
      patch: drop,
      others: [
        {
          method: 'PATCH',
          times: always,
          answer: { status, headers: { 'retry-after': '60' }, body: { message: 'No.' } },
        },
      ],
      with: { 'timeout-seconds': '9' },
      ends: ['unknown', 'E_UNKNOWN_STATE', 2],
      says: /no connection.*The request was sent again/s,
    }),
  ),
  {
    name: 'is not sent again after an answer with other values',
    patch: { ...lost, answer: { body: { id: 'forged', version: '1.2.3', notes: 'forged' } } },
    ends: ['unknown', 'E_CONFLICT', 1],
    says: /other values than those that were sent for notes/,
  },
  {
    name: 'ends in a conflict where someone else changed the field',
    patch: { ...drop, ...lost, delayMs: 200 },
    meanwhile: ({ api, id }) => api.change(id, { notes: 'Notes of someone else' }),
    ends: ['unknown', 'E_CONFLICT', 1],
    says: /wanted "### Added.*the release now has "Notes of someone else"/s,
  },
  {
    name: 'ends in a conflict where someone else changed another field',
    patch: { ...drop, ...lost, delayMs: 200 },
    meanwhile: ({ api, id }) => api.change(id, { name: 'Another name' }),
    ends: ['unknown', 'E_CONFLICT', 1],
  },
  {
    name: 'is fine where someone else changed another field after it was applied',
    patch: { ...drop, ...applied, delayMs: 200 },
    meanwhile: ({ api, id }) => api.change(id, { private: true }),
    ends: ['updated', '', 1],
  },
  {
    name: 'ends in a conflict where the release was deleted',
    patch: { answer: { status: 404, body: { message: 'Gone' } } },
    ends: ['failed', 'E_CONFLICT', 1],
    says: /was deleted/,
  },
];

describe('a PATCH', () => {
  test.concurrent.each(faults)(inGroup('$name'), (fault) => play(fault));
});

describe('nobody knows what became of a lost PATCH where the look at it ends in', () => {
  test.concurrent.each([
    { name: 'a lost connection', rule: { ...drop, times: always }, says: /no connection/ },
    { name: 'HTTP 403', rule: { answer: { status: 403, body: { message: 'No' } } }, says: /403/ },
    { name: 'HTTP 500', rule: { answer: { status: 500, body: html }, times: always }, says: /500/ },
    { name: 'a page', rule: { answer: { body: html }, times: always }, says: /instead of JSON/ },
    {
      name: 'another release',
      rule: { values: { id: 'forged' }, times: always },
      says: /another release/,
    },
    { name: 'silence', rule: silence, says: /took too long/ },
  ])(inGroup('$name'), async ({ rule, says }) =>
    inWorld({}, async (world) => {
      const { api, path } = world;
      api.fail({ method: 'PATCH', path, ...drop, ...applied });
      api.fail({ method: 'GET', path, ...rule });
      const result = await world.run({ 'timeout-seconds': '4' });
      expectEnd({ name: '', ends: ['unknown', 'E_UNKNOWN_STATE', 1], says }, result, world);
      expect(result.annotations[0]?.message).toMatch(/may have been applied.*is safe/);
    }),
  );
});

describe('a PATCH that was refused fails at once on', () => {
  test.concurrent.each([
    [400, 'E_REQUEST'],
    [401, 'E_AUTH'],
    [403, 'E_FORBIDDEN'],
    [405, 'E_REQUEST'],
    [409, 'E_REQUEST'],
    [410, 'E_REQUEST'],
    [412, 'E_REQUEST'],
    [415, 'E_REQUEST'],
    [422, 'E_REQUEST'],
  ])(inGroup('HTTP %i'), async (status, code) =>
    play({
      name: '',
      patch: {
        answer: {
          status,
          headers: { location: '/v3/elsewhere' },
          body: { message: 'Not that way', code: 'C1' },
        },
      },
      ends: ['failed', code, 1],
      says: /Not that way \(C1\)/,
    }),
  );
});

describe('a PATCH that was redirected is not sent again, and nobody knows, after', () => {
  test.concurrent.each([301, 302, 303, 304, 307, 308])(inGroup('HTTP %i'), async (status) =>
    play({
      name: '',
      patch: { answer: { status, headers: { location: '/v3/elsewhere' } } },
      with: { 'timeout-seconds': '3' },
      ends: ['unknown', 'E_UNKNOWN_STATE', 1],
      says: /redirects are not followed/,
    }),
  );
});

describe('with release-id, a PATCH', () => {
  test.concurrent.each<Fault>([
    { name: 'that was applied counts', patch: { ...drop, ...applied }, ends: ['updated', '', 1] },
    {
      name: 'that was answered for another release counts if it was applied',
      patch: { ...applied, values: { id: 'forged' } },
      ends: ['updated', '', 1],
    },
    {
      name: 'that was not applied is not sent again',
      patch: { ...drop, ...lost },
      ends: ['unknown', 'E_UNKNOWN_STATE', 1],
      says: /may have been applied.*is safe/,
    },
    {
      name: 'that met HTTP 502 is not sent again',
      patch: { ...lost, answer: { status: 502, body: html } },
      ends: ['unknown', 'E_UNKNOWN_STATE', 1],
    },
    {
      name: 'of a release that is not there fails',
      patch: { answer: { status: 404, body: { message: 'Gone' } } },
      ends: ['failed', 'E_NOT_FOUND', 1],
    },
  ])(inGroup('$name'), (fault) => play(fault, ({ id }) => ({ 'release-id': id })));

  test.concurrent(inGroup('that got lost stays unknown with a token that may not read'), () =>
    play(
      {
        name: '',
        patch: { ...drop, ...applied },
        ends: ['unknown', 'E_UNKNOWN_STATE', 1],
        says: /release:read/,
      },
      ({ api, id }) => ({
        'release-id': id,
        'access-token': api.issueToken({ scopes: ['release:write'] }),
      }),
    ),
  );
});

describe('with on-missing: create, a POST is sent once, and', () => {
  test.concurrent.each<{ name: string; rule: FailureRule; ends: readonly [string, string] }>([
    {
      name: 'counts when it got lost but was carried out',
      rule: { ...drop, ...applied },
      ends: ['created', ''],
    },
    {
      name: 'counts after HTTP 500',
      rule: { ...applied, answer: { status: 500, body: html } },
      ends: ['created', ''],
    },
    {
      name: 'counts after HTTP 202',
      rule: { ...applied, answer: { status: 202, body: {} } },
      ends: ['created', ''],
    },
    {
      name: 'counts after other values',
      rule: { ...applied, values: { notes: 'forged' } },
      ends: ['created', ''],
    },
    {
      name: 'stays unknown when it got lost',
      rule: { ...drop, ...lost },
      ends: ['unknown', 'E_UNKNOWN_STATE'],
    },
    {
      name: 'stays unknown after HTTP 504',
      rule: { ...lost, answer: { status: 504, body: html } },
      ends: ['unknown', 'E_UNKNOWN_STATE'],
    },
    {
      name: 'fails when it was refused',
      rule: { answer: { status: 400, body: { message: 'No' } } },
      ends: ['failed', 'E_REQUEST'],
    },
  ])(inGroup('$name'), async ({ rule, ends }) =>
    inWorld({}, async (world) => {
      world.api.fail({ method: 'POST', ...rule });
      const result = await world.run({
        'product-id': 'new-product',
        'on-missing': 'create',
        platforms: 'linux',
      });
      expect([result.outputs['result'], result.outputs['error-code'], ...result.writes]).toEqual([
        ...ends,
        'POST /v3/releases',
      ]);
      const made = world.api.releases().filter(({ productId }) => productId === 'new-product');
      expect(result.outputs['release-id']).toBe(ends[0] === 'created' ? made[0]?.id : '');
      expect(JSON.stringify(result.outputRecords)).not.toContain('forged');
    }),
  );
});

test.concurrent('nobody knows what became of a lost POST where the list can not be read', () =>
  inWorld({}, async ({ api, run }) => {
    api.fail({ method: 'POST', ...drop, ...applied });
    const refused = { answer: { status: 403, body: { message: 'No' } } };
    api.fail({ method: 'GET', skip: 1, times: always, ...refused });
    const result = await run({
      'product-id': 'new-product',
      'on-missing': 'create',
      platforms: 'linux',
    });
    expect([result.outputs['result'], result.outputs['error-code'], ...result.writes]).toEqual([
      'unknown',
      'E_UNKNOWN_STATE',
      'POST /v3/releases',
    ]);
  }));

test.concurrent('HTTP 202 proves nothing, though it shows the wanted values', () =>
  inWorld({}, async ({ api, id, path, run }) => {
    const body = { id, version: '1.2.3', notes: notesOf('1.2.3') };
    api.fail({ method: 'PATCH', path, ...lost, answer: { status: 202, body } });
    const result = await run({ 'timeout-seconds': '3' });
    expect([result.outputs['result'], result.writes.length]).toEqual(['unknown', 1]);
    expect(api.release(id)?.notes).not.toBe(notesOf('1.2.3'));
  }));

describe('with match: all', () => {
  const addTwo = ({ api, product }: World) =>
    ['windows', 'macos'].map(
      (platform) =>
        api.addRelease({ productId: product, version: '1.2.3', platforms: [platform] }).id,
    );

  test.concurrent(
    inGroup('a lost PATCH of one release is settled, and every release gets one'),
    () =>
      inWorld({}, async (world) => {
        const [first] = addTwo(world);
        world.api.fail({ method: 'PATCH', path: `/v3/releases/${first}`, ...drop, ...applied });
        const result = await world.run({ match: 'all' });
        expect([
          result.outputs['result'],
          result.writes.length,
          new Set(result.writes).size,
        ]).toEqual(['updated', 3, 3]);
      }),
  );

  test.concurrent(inGroup('a run in which nobody knows about any release is no failed one'), () =>
    inWorld({}, async (world) => {
      addTwo(world);
      world.api.fail({ method: 'PATCH', times: 3, ...drop });
      const answer = { status: 403, body: { message: 'No' } };
      world.api.fail({ method: 'GET', path: /releases\/[^/]+$/, times: 3, answer });
      const result = await world.run({ match: 'all' });
      expect(result.exitCode).toBe(1);
      expect(result.outputs).toMatchObject({
        result: 'unknown',
        'error-code': 'E_UNKNOWN_STATE',
      });
      expect(errorOf(result)).toMatch(/3 of 3 releases may not have been updated/);
    }),
  );

  test.concurrent(
    inGroup('one release that nobody knows about makes the run fail; the others are updated'),
    () =>
      inWorld({}, async (world) => {
        const [first = ''] = addTwo(world);
        const path = `/v3/releases/${first}`;
        world.api.fail({ method: 'PATCH', path, ...drop });
        world.api.fail({ method: 'GET', path, answer: { status: 403, body: { message: 'No' } } });
        const result = await world.run({ match: 'all' });
        expect(result.outputs).toMatchObject({ result: 'failed', 'error-code': 'E_PARTIAL' });
        const results = JSON.parse(result.outputs['releases'] ?? '').map(
          (each: Record<string, unknown>) => [each['result'], each['error-code']],
        );
        expect(results).toEqual([
          ['updated', ''],
          ['unknown', 'E_UNKNOWN_STATE'],
          ['updated', ''],
        ]);
        const again = await world.run({ match: 'all' });
        expect(again.outputs['result']).toBe('updated');
        expect(again.writes.filter((write) => write === `PATCH ${path}`)).toHaveLength(2);
        expect(again.writes).toHaveLength(4);
      }),
  );

  test.concurrent(inGroup('a token that is refused is not tried on every release'), () =>
    inWorld({}, async (world) => {
      for (let round = 0; round < 10; round += 1) addTwo(world);
      world.api.fail({
        method: 'PATCH',
        times: always,
        answer: { status: 401, body: { message: 'No' } },
      });
      const result = await world.run({ match: 'all' });
      expect(result.outputs['error-code']).toBe('E_AUTH');
      expect(result.writes.length).toBeLessThan(6);
    }),
  );
});

test.concurrent('two runs at the same time end in the same state', () =>
  inWorld({}, async ({ api, id, run }) => {
    const results = await Promise.all([run(), run()]);
    for (const { outputs } of results)
      expect(['updated', 'unchanged']).toContain(outputs['result']);
    expect(api.release(id)?.notes).toBe(notesOf('1.2.3'));
  }));
