import { ActionError } from '../errors.ts';
import { doubtAfter, type Written } from './doubt.ts';
import { type Attempt, errorFromAnswer, errorFromFault, parseAnswer } from './failures.ts';
import { commonHeaders, HttpFault, type HttpRequest, type Send } from './http.ts';
import { askedWait } from './retry.ts';
import { type Reader, readRelease } from './schema.ts';

/** Calls of the release API with a token, whose answers are parsed before they are used. */
export function openCalls({ token, send }: { readonly token: string; readonly send: Send }) {
  const headers = commonHeaders(token);

  /** @throws ActionError for whatever is no success */
  async function read<Value>(
    call: Pick<HttpRequest, 'url' | 'onSent'>,
    reader: Reader<Value>,
    attempt: Attempt,
  ): Promise<Value> {
    const answer = await send({ ...call, method: 'GET', headers }).catch((error: unknown) => {
      throw error instanceof HttpFault ? errorFromFault(error, attempt) : error;
    });
    if (answer.status !== 200) throw errorFromAnswer(answer, attempt);
    return parseAnswer(answer, reader, attempt);
  }

  async function write(
    method: 'PATCH' | 'POST',
    { url, body }: { readonly url: URL; readonly body?: object },
    attempt: Attempt,
  ): Promise<Written> {
    try {
      const answer = await send({
        method,
        url,
        headers: body ? { ...headers, 'content-type': 'application/json' } : headers,
        body: body && JSON.stringify(body),
      });
      const { status } = answer;
      const doubt = doubtAfter(status);
      if (!doubt && status < 300) {
        return { kind: 'answered', release: parseAnswer(answer, readRelease, attempt) };
      }
      const reason = errorFromAnswer(answer, attempt);
      if (!doubt) return { kind: 'refused', status, reason };
      return { kind: 'doubtful', doubt, reason, waitMs: askedWait(answer.headers) };
    } catch (error) {
      if (error instanceof HttpFault) {
        const reason = errorFromFault(error, attempt);
        if (!error.sent) return { kind: 'refused', status: undefined, reason };
        return { kind: 'doubtful', doubt: error.kind === 'timeout' ? 'pending' : 'over', reason };
      }
      if (error instanceof ActionError && error.code === 'E_RESPONSE') {
        return { kind: 'doubtful', doubt: 'over', reason: error };
      }
      throw error;
    }
  }

  return { read, write };
}
