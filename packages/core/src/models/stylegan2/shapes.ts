/**
 * Shape checks at a function's door: one clear line instead of a broadcast that goes wrong ten layers later.
 * Shapes are known while a function is traced, so the checks cost nothing in a compiled graph.
 */
import type { tf } from '../../tensors/tf.js';

/**
 * Throws unless `tensor` has the wanted shape; a string in `want` names a free dimension.
 * @example expectShape('mapping: z', z, ['N', 512]) // mapping: z must be [N,512], got [2,64]
 */
export function expectShape(what: string, tensor: tf.Tensor, want: readonly (number | string)[]): void {
  const fits =
    tensor.shape.length === want.length &&
    want.every((size, axis) => typeof size === 'string' || size === tensor.shape[axis]);
  if (!fits) throw new Error(`${what} must be [${want.join(',')}], got [${tensor.shape.join(',')}]`);
}
