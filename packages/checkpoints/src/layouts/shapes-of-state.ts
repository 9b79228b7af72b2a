/** The shapes of tensors that have not been read, as core's tables ask for them. */
import type { NamedShapes } from '@styleclip/core';
import type { StateDict } from '../tensor.js';

export function shapesOfState(state: StateDict): NamedShapes {
  return new Map([...state].map(([name, { shape }]) => [name, shape]));
}
