interface RefusalDetails {
  readonly status: number;
  readonly code: string;
  readonly message: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** The message alone, as plain text. */
  readonly isPlain?: boolean;
}

/** A request that the API refuses: an HTTP status and the body that every 4xx and 5xx has. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly #details: RefusalDetails;

  constructor(details: RefusalDetails) {
    super(details.message);
    this.#details = details;
  }

  get status(): number {
    return this.#details.status;
  }

  /** The answer: `{ message, code }` as JSON, or plain text. */
  toResponse(): Response {
    const { status, code, message, headers = {}, isPlain } = this.#details;
    const plain = { ...headers, 'content-type': 'text/plain' };
    if (isPlain) return new Response(message, { status, headers: plain });
    return Response.json({ message, code }, { status, headers });
  }
}

/** A 400: the request breaks a rule of the contract. */
export function badRequest(message: string): Refusal {
  return new Refusal({ status: 400, code: 'INVALID_REQUEST', message });
}

/** A 404. */
export function notFound(message: string): Refusal {
  return new Refusal({ status: 404, code: 'NOT_FOUND', message });
}
