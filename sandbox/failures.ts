import { setTimeout as pause } from 'node:timers/promises';
import type { HttpBindings } from '@hono/node-server';
import type { MiddlewareHandler } from 'hono';
import { z } from 'zod';
import { readSome } from './uploads.ts';
import { sendBroken, wireFaultSchema } from './wire.ts';

/**
 * A fault to order. What isn't said about a request matches any; what isn't said about the answer
 * stays true. A redirect is an `answer` with a status and a `location`.
 */
export const failureRuleSchema = z.strictObject({
  method: z.string().optional(),
  /** The exact path, without the sandbox's prefix and without the query, or a pattern for it. */
  path: z.union([z.string(), z.instanceof(RegExp)]).optional(),
  /** How many matching requests pass before the first fault. */
  skip: z.number().default(0),
  /** How many requests the fault meets; may be Infinity. */
  times: z.number().or(z.literal(Number.POSITIVE_INFINITY)).default(1),
  /**
   * Whether the API carries the request out although its answer is lost or replaced.
   * By default not when there is an `answer`, or when the connection is dropped or silent.
   */
  apply: z.boolean().optional(),
  /** For uploads: how much of the body comes in before the fault happens; the rest is not read. */
  afterBytes: z.number().optional(),
  /** Milliseconds between carrying the request out and the first byte of the answer. */
  delayMs: z.number().default(0),
  /**
   * Replaces the answer, or parts of it. A string as body is sent as it is, as `text/html` unless
   * `headers` says otherwise; anything else is written as JSON.
   */
  answer: z
    .strictObject({
      status: z.number().optional(),
      headers: z.record(z.string(), z.string()).default({}),
      body: z.unknown().optional(),
    })
    .optional(),
  /** Fields that are set in the release of the answer, or in each of a list. */
  values: z.record(z.string(), z.unknown()).optional(),
  /** What happens to the answer on its way. */
  wire: wireFaultSchema.optional(),
});

export type FailureRule = Readonly<z.input<typeof failureRuleSchema>>;

type Rule = z.output<typeof failureRuleSchema>;

export interface FailureOptions {
  /** The part of every path that rules don't see. */
  readonly pathPrefix: string;
  /** Ends delays when the sandbox closes. */
  readonly closing: AbortSignal;
}

/** The faults that were ordered, and the middleware that lets them happen. */
export class Failures {
  readonly #options: FailureOptions;
  #rules: Rule[] = [];

  constructor(options: FailureOptions) {
    this.#options = options;
  }

  /** Orders a fault; of several that match a request, the one ordered first happens. */
  add(rule: FailureRule): void {
    this.#rules.push(failureRuleSchema.parse(rule));
  }

  clear(): void {
    this.#rules = [];
  }

  /** Outermost of the API, so that a fault can stand for whatever lies before the server. */
  middleware(): MiddlewareHandler<{ Bindings: HttpBindings }> {
    const { pathPrefix, closing } = this.#options;
    return async (context, next) => {
      const { path: fullPath } = context.req;
      const path = fullPath.startsWith(pathPrefix) ? fullPath.slice(pathPrefix.length) : fullPath;
      const rule = this.#take(context.req.method, path);
      if (rule === undefined) return next();
      if (rule.afterBytes !== undefined) await readSome(context, rule.afterBytes);
      else if (rule.apply ?? appliesByDefault(rule)) await next();
      if (rule.delayMs > 0) await pause(rule.delayMs, undefined, { signal: closing });
      const answer = await replaceAnswer(rule, context.res);
      // Hono merges headers into an answer that is replaced, unless it is cleared first.
      context.res = undefined;
      context.res =
        rule.wire === undefined
          ? answer
          : await sendBroken({ answer, fault: rule.wire, outgoing: context.env.outgoing });
    };
  }

  #take(method: string, path: string): Rule | undefined {
    for (const rule of this.#rules) {
      if (rule.times <= 0 || !matches(rule, method, path)) continue;
      if (rule.skip > 0) {
        rule.skip -= 1;
        continue;
      }
      rule.times -= 1;
      return rule;
    }
    return undefined;
  }
}

function matches(rule: Rule, method: string, path: string): boolean {
  if (rule.method !== undefined && rule.method !== method) return false;
  if (rule.path instanceof RegExp) return path.search(rule.path) >= 0;
  return rule.path === undefined || rule.path === path;
}

function appliesByDefault(rule: Rule): boolean {
  const lost = rule.wire?.kind === 'drop' || rule.wire?.kind === 'silence';
  return rule.answer === undefined && !lost;
}

async function replaceAnswer(rule: Rule, actual: Response): Promise<Response> {
  const { answer = { headers: {} }, values } = rule;
  const headers = new Headers(actual.headers);
  if (answer.body !== undefined) {
    headers.set('content-type', typeof answer.body === 'string' ? 'text/html' : 'application/json');
  }
  for (const [name, value] of Object.entries(answer.headers)) headers.set(name, value);
  const status = answer.status ?? actual.status;
  const body = answer.body === undefined ? await actual.text() : writeBody(answer.body);
  const content = values === undefined ? body : setValues(body, values);
  return new Response(bodiless.includes(status) ? null : content, { status, headers });
}

// `Response` refuses to have a body with these.
const bodiless: readonly number[] = [204, 205, 304];

function writeBody(body: unknown): string {
  return typeof body === 'string' ? body : JSON.stringify(body);
}

function setValues(body: string, values: Readonly<Record<string, unknown>>): string {
  const parsed: unknown = JSON.parse(body);
  const set = (item: unknown) => ({ ...z.looseObject({}).parse(item), ...values });
  return JSON.stringify(Array.isArray(parsed) ? parsed.map(set) : set(parsed));
}
