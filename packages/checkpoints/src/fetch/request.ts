/**
 * One HTTP request, and what a server's refusal means: which faults pass, which do not, and how they are told.
 *
 * `fetch` comes in by parameter. A server that says nothing for a while is treated as a cut connection.
 */
import { failure, oneLine } from '@styleclip/core';
import { PassingFault } from './retry.js';

export interface RequestOptions {
  readonly fetch?: typeof fetch;
  readonly signal?: AbortSignal | undefined;
  /** Seconds without a byte after which a connection counts as cut. */
  readonly stallSeconds?: number;
}

/** A request that is under way: the answer's head, and a clock that its body must keep winding up. */
export interface Answer {
  readonly response: Response;
  /** To be called when bytes came. */
  readonly alive: () => void;
  /** To be called when the body is read or no longer wanted. */
  readonly end: () => void;
}

/**
 * Asks, and waits for the head of the answer.
 * @throws PassingFault when there is no connection or no answer; the abort reason when `signal` is aborted
 */
export async function request(
  url: string,
  init: RequestInit,
  { fetch: ask = fetch, signal, stallSeconds = 60 }: RequestOptions,
): Promise<Answer> {
  const controller = new AbortController();
  const stop = () => controller.abort(signal?.reason);
  if (signal?.aborted) stop();
  signal?.addEventListener('abort', stop, { once: true });
  let timer: NodeJS.Timeout | undefined;
  const alive = () => {
    clearTimeout(timer);
    timer = setTimeout(
      () => controller.abort(new PassingFault(`no answer for ${stallSeconds} seconds`)),
      stallSeconds * 1000,
    );
  };
  const end = () => {
    clearTimeout(timer);
    signal?.removeEventListener('abort', stop);
    controller.abort();
  };
  alive();
  try {
    return { response: await ask(url, { ...init, signal: controller.signal }), alive, end };
  } catch (error) {
    end();
    throw asFault(error, signal);
  }
}

/** What `fetch` or the reading of a body threw, as the fault it means. */
export function asFault(error: unknown, signal?: AbortSignal, progressed = false): unknown {
  if (signal?.aborted) return signal.reason;
  if (error instanceof PassingFault)
    return progressed ? new PassingFault(error.message, { progressed, cause: error }) : error;
  const cause = error instanceof Error && error.cause !== undefined ? `: ${oneLine(error.cause)}` : '';
  return new PassingFault(`the connection was cut or refused (${oneLine(error)}${cause})`, {
    progressed,
    cause: error,
  });
}

/**
 * What an answer other than 2xx means.
 * @returns a PassingFault for a busy or broken server, a UserError for one that won't give the file
 */
export function refusal(url: string, response: Response): Error {
  const { status } = response;
  const said = `the server answered ${status}${response.statusText ? ` ${response.statusText}` : ''}`;
  if (status === 408 || status === 425 || status === 429 || status >= 500) {
    const seconds = Number(response.headers.get('retry-after') ?? NaN);
    return new PassingFault(said, Number.isFinite(seconds) && seconds >= 0 ? { pause: seconds * 1000 } : {});
  }
  const because =
    status === 404 || status === 410
      ? 'the file is not there (any more)'
      : status === 401 || status === 403
        ? 'the file is not given to everybody'
        : 'it does not give the file';
  return failure(`${url}: ${said}: ${because}; fetch it by hand and pass its path to checkpoints:import`);
}
