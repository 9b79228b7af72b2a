/**
 * Single numbers in the shape that a table declares.
 *
 * Programs disagree on whether one number is a scalar [] or a vector [1] (CLIP's `logit_scale` comes both ways), and
 * nothing can be lost between the two: a tensor of one element gets the declared shape, if that has one element as well.
 */
import type { NameRow } from '@styleclip/core';
import type { LazyTensor } from '../tensor.js';
import type { FoundNetwork } from './layout.js';

/** The network with its single numbers reshaped. */
export function withScalars(found: FoundNetwork): FoundNetwork {
  const state = new Map(found.state);
  for (const { from, shape: declared } of found.table) {
    if (typeof from !== 'string' || !isOne(declared)) continue;
    const tensor = state.get(from);
    if (tensor !== undefined && isOne(tensor.shape)) state.set(from, reshaped(tensor, declared as readonly 1[]));
  }
  return { ...found, state };
}

function isOne(shape: NameRow['shape']): boolean {
  return shape.every((size) => size === 1);
}

function reshaped(tensor: LazyTensor, shape: readonly number[]): LazyTensor {
  return { ...tensor, shape, read: async () => ({ ...(await tensor.read()), shape: [...shape] }) };
}
