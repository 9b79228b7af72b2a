/**
 * Keeps impure code out of a trace: what a traced function draws or assigns would happen once, while it is traced, and
 * its outcome would be a constant of the graph for ever.
 *
 * TensorFlow.js's random operations draw on the host and make tensors of what they drew, so no kernel tells of them. They
 * seed themselves by `Math.random` unless they were given a seed; while a function is traced, that is refused. Draws with
 * a seed are the same at every call, compiled or not, and pass. `tf.rand` draws by a function that cannot be judged and
 * is always refused (by the trace's backend). Generators of the user's own that keep a state are not seen.
 */
import { tf } from '#tf';
import type { Entry } from './call-site.js';
import { traceError } from './trace-error.js';

/** TensorFlow.js marks the scopes of its operations so. */
const suffix = '__op';

/** The operation that the user has called and that is running now, as `tf.dropout`. */
function runningOp(): string | undefined {
  const scope = tf.engine().state.scopeStack.find(({ name }) => name.endsWith(suffix));
  return scope && `tf.${scope.name.slice(0, -suffix.length)}`;
}

export const isRunning = (op: string): boolean => tf.engine().state.scopeStack.some(({ name }) => name === op + suffix);

export function refuseRandomness(what: string, entry: Entry): never {
  const advice =
    what.startsWith('tf.') && what !== 'tf.rand'
      ? 'pass random numbers in as an argument (or a seed other than 0, if every call shall draw the same)'
      : 'pass random numbers in as an argument';
  throw traceError(`${what} draws random numbers, which the graph would repeat at every call; ${advice}`, entry);
}

/** Puts `method` of `object` out of action while `run` runs. */
function without<T extends object>(object: T, method: keyof T, refusal: Entry, run: () => void): void {
  const own = Object.getOwnPropertyDescriptor(object, method);
  Object.defineProperty(object, method, { value: refusal, configurable: true, writable: true });
  try {
    run();
  } finally {
    if (own) Object.defineProperty(object, method, own);
    else delete object[method];
  }
}

/** Runs `run`; random numbers without a seed and assignments to variables are errors in it. */
export function purely(run: () => void): void {
  const random = (): never => refuseRandomness(runningOp() ?? 'Math.random', random);
  const getRandomValues = (): never => refuseRandomness('crypto.getRandomValues', getRandomValues);
  function assign(this: tf.Variable): never {
    throw traceError(`the function assigns the variable "${this.name}"; return the new value instead`, assign);
  }
  without(Math, 'random', random, () =>
    without(globalThis.crypto, 'getRandomValues', getRandomValues, () =>
      without(tf.Variable.prototype, 'assign', assign, run),
    ),
  );
}
