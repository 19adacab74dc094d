import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type HttpAnswer, HttpFault, type HttpRequest } from '../../src/cryptlex/http.ts';
import type { ReleaseFields } from '../../src/cryptlex/release.ts';
import { openCryptlex } from '../../src/cryptlex/releases.ts';
import { withRetries } from '../../src/cryptlex/retry.ts';
import { startDeadline } from '../../src/deadline.ts';
import { applyPlan } from '../../src/release/apply.ts';
import type { Plan } from '../../src/release/plan.ts';
import { startClock } from '../clock.ts';
import { silentLog } from '../silent-log.ts';

// The real client against servers that do anything but lie when they are looked at: the table of
// states in CONTRIBUTING.md ("A write is a desired state") as invariants. More servers:
// MODEL_RUNS=20000 npm run jest -- __tests__/release/model.test.ts
const servers = Number(process.env['MODEL_RUNS'] ?? 2000);

const wanted: ReleaseFields = { version: '1.2.3', notes: 'New' };

/** How a request ends for the client. */
type Ending =
  | { readonly status: number; readonly retryAfter?: number }
  | {
      readonly fault:
        | 'reset'
        | 'cut'
        | 'silence'
        | 'unresolved'
        | 'unreachable'
        | 'slow'
        | 'encoded';
    }
  | { readonly wrong: 'id' | 'values' | 'json' | 'html' };

/** What a server does with a write: when it applies it, if at all, and how the answer looks. */
interface WriteRule {
  readonly applied: readonly number[];
  readonly ending: Ending;
  readonly ms: number;
}

const ms = fc.oneof(fc.nat(2000), fc.nat(40_000), fc.nat(200_000));
const retryAfter = fc.option(fc.nat(100), { nil: undefined });
const applied = fc.oneof(
  fc.constant([]),
  fc.constant([0]),
  ms.map((late) => [late]),
  fc.tuple(ms, ms),
);
const doubtful = fc.oneof(
  // Over, one way or the other: these may be sent again.
  fc.record({ status: fc.constantFrom(408, 425, 500, 502, 503), retryAfter }),
  fc.record({ fault: fc.constantFrom('reset', 'cut') }),
  // Perhaps still under way.
  fc.record({ status: fc.constantFrom(202, 499, 504, 524), retryAfter }),
  fc.constant({ fault: 'silence' }),
  // Neither.
  fc.record({ status: fc.constantFrom(204, 302, 308, 507) }),
  fc.record({ wrong: fc.constantFrom('id', 'values', 'json', 'html') }),
  fc.constant({ fault: 'encoded' }),
);
// A definite refusal is one, and what was not taken was not.
const definite = fc.oneof(
  fc.record({ status: fc.constantFrom(400, 401, 403, 404, 409, 413, 422, 429), retryAfter }),
  fc.record({ fault: fc.constantFrom('unresolved', 'unreachable', 'slow') }),
);
const writeRule: fc.Arbitrary<WriteRule> = fc.oneof(
  fc.record({ applied: fc.constant([0]), ending: fc.constant({ status: 200 }), ms }),
  { weight: 3, arbitrary: fc.record({ applied, ending: doubtful, ms }) },
  { weight: 2, arbitrary: fc.record({ applied: fc.constant([]), ending: definite, ms }) },
) as fc.Arbitrary<WriteRule>;
const readRule = fc.record({
  ending: fc.oneof(
    { weight: 4, arbitrary: fc.constant({ status: 200 }) },
    fc.record({ status: fc.constantFrom(403, 404, 429, 500, 503, 504), retryAfter }),
    fc.record({ fault: fc.constantFrom('reset', 'cut', 'silence', 'unreachable') }),
  ),
  ms: fc.oneof({ weight: 4, arbitrary: fc.nat(500) }, ms),
}) as fc.Arbitrary<{ readonly ending: Ending; readonly ms: number }>;

const world = fc.record({
  seconds: fc.constantFrom(1, 5, 30, 120, 600),
  kind: fc.constantFrom('update' as const, 'update' as const, 'update-unseen' as const),
  writes: fc.array(writeRule, { minLength: 1, maxLength: 5 }),
  reads: fc.array(readRule, { minLength: 1, maxLength: 8 }),
  /** When someone else changes the release. */
  others: fc.array(ms, { maxLength: 2 }),
});
type World = typeof world extends fc.Arbitrary<infer Value> ? Value : never;

/** Endings after which a request may still be under way. */
function mayBeUnderWay(ending: Ending): boolean {
  return 'fault' in ending
    ? ending.fault === 'silence'
    : 'status' in ending && [202, 499, 504, 524].includes(ending.status);
}

/** Runs an update in a world, to its end and then until nothing can happen any more. */
async function runIn({ seconds, kind, writes, reads, others }: World) {
  const clock = startClock();
  const store = { id: 'a', version: '1.2.3', notes: 'Old', updatedAt: '0', productId: 'p' };
  const before = { ...store, platforms: undefined };
  let changes = 0;
  let applications = 0;
  let underWay = false;
  let overlapped = false;
  let shown: object | undefined;
  const change = (fields: Partial<typeof store>) => {
    changes += 1;
    Object.assign(store, fields, { updatedAt: String(changes) });
  };
  for (const [index, time] of others.entries()) {
    clock.after(time, () => change({ notes: `Other ${index}` }));
  }

  const end = async (ending: Ending, took: number, limit: number): Promise<HttpAnswer> => {
    const fail = (fault: ConstructorParameters<typeof HttpFault>[0]): never => {
      throw new HttpFault(fault);
    };
    if (took >= limit || ('fault' in ending && ending.fault === 'silence')) {
      await clock.sleep(limit);
      return fail({ kind: 'timeout', code: 'answer', sent: true });
    }
    await clock.sleep(took);
    if ('fault' in ending) {
      switch (ending.fault) {
        case 'unresolved':
          return fail({ kind: 'network', code: 'ENOTFOUND', sent: false });
        case 'unreachable':
          return fail({ kind: 'network', code: 'ECONNREFUSED', sent: false });
        case 'slow':
          return fail({ kind: 'timeout', code: 'connect', sent: false });
        case 'encoded':
          return fail({ kind: 'refused-body', code: 'content-encoding gzip', sent: true });
        case 'cut':
          return fail({ kind: 'cut', code: 'after 3 bytes', sent: true });
        default:
          return fail({ kind: 'network', code: 'ECONNRESET', sent: true });
      }
    }
    if ('wrong' in ending) {
      const body = { id: JSON.stringify({ ...store, id: 'b' }), json: '{', html: '<html>' };
      const values = JSON.stringify({ ...store, notes: 'Wrong' });
      return {
        status: 200,
        headers: {},
        body: ending.wrong === 'values' ? values : body[ending.wrong],
      };
    }
    const wait = ending.retryAfter === undefined ? {} : { 'retry-after': `${ending.retryAfter}` };
    const isFine = ending.status === 200;
    if (isFine) shown = { ...store };
    const body = isFine ? JSON.stringify(store) : '{"message":"no"}';
    return { status: ending.status, headers: wait, body };
  };
  let writesSeen = 0;
  let readsSeen = 0;
  const exchange = async ({ method }: HttpRequest, limit: number): Promise<HttpAnswer> => {
    if (method === 'GET') {
      const rule = reads[Math.min(readsSeen++, reads.length - 1)];
      return end(rule?.ending ?? { status: 200 }, rule?.ms ?? 0, limit);
    }
    if (underWay) overlapped = true;
    const rule = writes[Math.min(writesSeen++, writes.length - 1)];
    const {
      ending,
      ms: took,
      applied: times,
    } = rule ?? { ending: { status: 200 }, ms: 0, applied: [] };
    const apply = () => {
      applications += 1;
      change({ notes: 'New' });
    };
    for (const time of times) {
      if (time === 0) apply();
      else clock.after(time, apply);
    }
    underWay = took >= limit || mayBeUnderWay(ending);
    return end(ending, took, limit);
  };

  const deadline = startDeadline(seconds, clock);
  const cryptlex = openCryptlex({
    api: new URL('https://api.example'),
    token: 'token',
    doubts: [],
    send: withRetries({ exchange, deadline, log: silentLog }),
  });
  const plan: Extract<Plan, { kind: 'update' | 'update-unseen' }> =
    kind === 'update'
      ? {
          kind,
          steps: [
            {
              kind: 'change',
              release: before,
              changes: { notes: 'New' },
              wanted,
            },
          ],
        }
      : { kind, id: 'a', fields: wanted };
  const tools = { cryptlex, log: silentLog, deadline, onProgress: () => undefined };
  const [done] = await applyPlan(plan, tools);
  const took = clock.now();
  await clock.sleep(1_000_000);
  return { done, took, shown, applications, overlapped };
}

test(`${servers} random servers: never a wrong word about a write`, async () => {
  const results = new Map<string, number>();
  await fc.assert(
    fc.asyncProperty(world, async (given) => {
      const { done, took, shown, applications, overlapped } = await runIn(given);
      const result = done?.result ?? '';
      results.set(result, (results.get(result) ?? 0) + 1);
      expect(['updated', 'failed', 'unknown']).toContain(result);
      if (result === 'updated') expect(shown).toMatchObject(wanted);
      if (result === 'failed') expect(applications).toBe(0);
      expect(overlapped).toBe(false);
      expect(took).toBeLessThanOrEqual(given.seconds * 1000 + 2000);
    }),
    { numRuns: servers },
  );
  // None of them is so rare that the property says nothing of it.
  for (const result of ['updated', 'failed', 'unknown']) {
    expect(results.get(result) ?? 0).toBeGreaterThan(servers / 50);
  }
}, 600_000);
