import { createHmac } from 'node:crypto';

/** Where the webhooks of the sandbox go. */
export interface WebhookTarget {
  readonly url: string;
  /** The key of the signature. */
  readonly token: string;
}

export type WebhookEvent = 'release.created' | 'release.updated';

const deliveryTimeoutMs = 2000;
const closingPatienceMs = 1000;

/** Delivers webhooks in order, beside the API: a failed delivery changes nothing else. */
export class Webhook {
  readonly #target: WebhookTarget | undefined;
  readonly #closing = new AbortController();
  #deliveries: Promise<void> = Promise.resolve();

  /** Without a target nothing is delivered. */
  constructor(target: WebhookTarget | undefined) {
    this.#target = target;
  }

  /** Queues one event. `data` is the release as the API answers it. */
  fire(event: WebhookEvent, data: unknown): void {
    const target = this.#target;
    if (target === undefined) return;
    const body = JSON.stringify({ event, data, triggeredAt: preciseTime(new Date()) });
    this.#deliveries = this.#deliveries.then(() => this.#deliver(target, body));
  }

  /** Gives pending deliveries a second to arrive, then drops them. */
  async close(): Promise<void> {
    const patience = setTimeout(() => this.#closing.abort(), closingPatienceMs);
    await this.#deliveries;
    clearTimeout(patience);
  }

  async #deliver({ url, token }: WebhookTarget, body: string): Promise<void> {
    const timeout = AbortSignal.timeout(deliveryTimeoutMs);
    try {
      const response = await fetch(url, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          'Webhook-Signature': createHmac('sha256', token).update(body).digest('base64'),
        },
        body,
        signal: AbortSignal.any([timeout, this.#closing.signal]),
      });
      await response.arrayBuffer();
    } catch {
      // The vendor's API doesn't wait for receivers either: what they do is their affair.
    }
  }
}

// The vendor's server is .NET, which writes seven fractional digits.
function preciseTime(date: Date): string {
  return date.toISOString().replace('Z', '0000Z');
}
