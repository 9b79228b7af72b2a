/**
 * A function as it stands behind the face of `compile`, on TensorFlow.js's current backend: for backends that compute by
 * themselves, and to compare with. The promises are the same: arguments may be disposed at once, and results belong to
 * the caller, also where one is an argument, a tensor that the function captures, or returned twice.
 */
import { tf } from '#tf';
import type { Compiled } from './compile.js';
import { flatten, unflatten } from './structure.js';

export function uncompiled<Args extends readonly unknown[], Result>(
  fn: (...args: Args) => Result,
  { name = fn.name || 'uncompiled' }: { name?: string } = {},
): Compiled<Args, Result> {
  let disposed = false;
  const call = async (...args: Args): Promise<Result> => {
    if (disposed) throw new Error(`the function "${name}" was disposed`);
    flatten(args, 'args'); // refuses what `compile` refuses
    return tf.tidy(() => {
      const { skeleton, tensors } = flatten(fn(...args), 'the result');
      return unflatten(
        skeleton,
        tensors.map((t) => tf.clone(t)),
      ) as tf.TensorContainer;
    }) as Result;
  };
  const dispose = async (): Promise<void> => void (disposed = true);
  const release = async (): Promise<void> => undefined;
  return Object.defineProperties(Object.assign(call, { dispose, release }), {
    traces: { get: () => 0 },
    name: { value: name },
  }) as Compiled<Args, Result>;
}
