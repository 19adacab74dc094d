import { z } from 'zod';
import { badRequest } from './refusal.ts';

const label = text({ min: 1, max: 256 });

const updateFields = {
  name: label,
  version: z.string().regex(/^\d+(?:\.\d+){1,3}$/, 'must be x.x, x.x.x or x.x.x.x'),
  channel: label,
  platforms: z.array(z.string()),
  private: z.boolean(),
  // null is taken, and comes back as an empty text.
  notes: z.preprocess((notes) => notes ?? '', text({ min: 0, max: 4096 })),
};

const updateSchema = z.strictObject(updateFields).partial();

const createSchema = z.strictObject({
  ...updateFields,
  productId: label,
  // No application can find a release without one.
  platforms: updateFields.platforms.min(1, 'must name at least one platform'),
  private: updateFields.private.optional(),
  notes: updateFields.notes.optional(),
  createdAt: z.iso.datetime({ offset: true, local: true }).optional(),
});

/** The body of `PATCH /v3/releases/{id}`: the fields that are not there stay as they are. */
export type ReleaseUpdate = Readonly<z.output<typeof updateSchema>>;

/** The body of `POST /v3/releases`. */
export type ReleaseCreation = Readonly<z.output<typeof createSchema>>;

/** A body as it came in. */
export interface RequestBody {
  readonly contentType: string | undefined;
  readonly text: string;
}

/** @throws Refusal (400) naming every field that breaks the contract. */
export function parseUpdate(body: RequestBody): ReleaseUpdate {
  return parseBody(updateSchema, body);
}

/** @throws Refusal (400) naming every field that breaks the contract. */
export function parseCreation(body: RequestBody): ReleaseCreation {
  return parseBody(createSchema, body);
}

// Lengths count UTF-16 code units, as the vendor's .NET server does; zod's own `min` and `max` count
// code points.
function text({ min, max }: { readonly min: number; readonly max: number }): z.ZodString {
  return z
    .string()
    .refine(
      ({ length }) => length >= min && length <= max,
      `must have ${min} to ${max} characters`,
    );
}

function parseBody<T>(schema: z.ZodType<T>, body: RequestBody): T {
  const mediaType = body.contentType?.split(';')[0]?.trim().toLowerCase();
  if (mediaType !== 'application/json') {
    throw badRequest('The content type must be application/json.');
  }
  const parsed = schema.safeParse(parseJson(body.text));
  if (!parsed.success) throw badRequest(parsed.error.issues.map(describe).join(' '));
  return parsed.data;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw badRequest('The body is not valid JSON.');
  }
}

function describe(issue: z.core.$ZodIssue): string {
  return `${issue.path.join('.') || 'body'}: ${issue.message}.`;
}
