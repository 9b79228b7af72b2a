/**
 * Trying again after a passing fault: with pauses that grow, and not for ever.
 *
 * The work says itself which faults pass, by throwing `PassingFault`; anything else ends the trying at once. A try that
 * got further than the one before counts as a new beginning, so a large file over a bad line arrives in many pieces,
 * but the tries in all are limited too.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { failure } from '@styleclip/core';

/** A fault that may be gone in a moment: a cut connection, a busy server. */
export class PassingFault extends Error {
  /** Whether the try got something done before it failed. */
  readonly progressed: boolean;
  /** What the server asked for, in milliseconds. */
  readonly pause: number | undefined;

  constructor(message: string, { progressed = false, pause, cause }: PassingFaultOptions = {}) {
    super(message, { cause });
    this.name = 'PassingFault';
    this.progressed = progressed;
    this.pause = pause;
  }
}

export interface PassingFaultOptions {
  progressed?: boolean;
  pause?: number | undefined;
  cause?: unknown;
}

export interface RetryOptions {
  /** Tries after a try that brought nothing, one after the other. */
  readonly retries?: number;
  /** How the pauses are waited; ends early when the signal is aborted. */
  readonly wait?: (milliseconds: number, signal?: AbortSignal) => Promise<void>;
  readonly signal?: AbortSignal | undefined;
  /** Told of each fault before the pause. */
  readonly onFault?: (message: string, pause: number) => void;
}

/** Tries in all, however far each got. */
const MOST_TRIES = 100;
/** First pause; each further one is twice as long. */
const FIRST_PAUSE = 1000;
/** No pause is longer, whatever a server asks for. */
const LONGEST_PAUSE = 60_000;

/**
 * @param work one try
 * @param what begins the message when the tries are used up
 * @throws UserError when `retries` tries in a row brought nothing; whatever else `work` throws
 */
export async function withRetries<T>(
  work: () => Promise<T>,
  what: string,
  { retries = 5, wait = pauseFor, signal, onFault }: RetryOptions = {},
): Promise<T> {
  let idle = 0;
  for (let tries = 1; ; tries++) {
    signal?.throwIfAborted();
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof PassingFault)) throw error;
      idle = error.progressed ? 1 : idle + 1;
      if (idle > retries || tries >= MOST_TRIES)
        throw failure(`${what}: ${error.message}; gave up after ${tries} tries (run it again to go on)`, error);
      const pause = Math.min(error.pause ?? FIRST_PAUSE * 2 ** (idle - 1), LONGEST_PAUSE);
      onFault?.(error.message, pause);
      await wait(pause, signal);
    }
  }
}

async function pauseFor(milliseconds: number, signal?: AbortSignal): Promise<void> {
  await sleep(milliseconds, undefined, signal ? { signal } : {});
}
