/** What a row of the table of operations is, and how its random inputs are drawn. */
import { tf } from '#tf';

export type Input =
  readonly number[] | { shape: readonly number[]; range?: readonly [number, number]; dtype?: 'int32' | 'bool' };
export interface Row {
  name: string;
  inputs: readonly Input[];
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- rows take tensors of many ranks
  run: (...x: any[]) => tf.Tensor | tf.Tensor[];
  /** False for what has no gradient in TensorFlow.js or none that matters. */
  gradient?: boolean;
}

/** Small, fast, deterministic: mulberry32. */
export function uniform(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

export function draw(input: Input, random: () => number): tf.Tensor {
  const { shape, range, dtype } = 'shape' in input ? input : { shape: input, range: undefined, dtype: undefined };
  const [low, high] = range ?? (dtype === 'bool' ? [0, 2] : dtype === 'int32' ? [-5, 6] : [-2, 2]);
  const values = Array.from({ length: shape.reduce((a, b) => a * b, 1) }, () => low + (high - low) * random());
  return tf.tensor(dtype ? values.map(Math.floor) : values, [...shape], dtype ?? 'float32');
}

export const positive = (...shape: number[]): Input => ({ shape, range: [0.2, 3] });
export const unit = (...shape: number[]): Input => ({ shape, range: [-0.9, 0.9] });
export const ints = (...shape: number[]): Input => ({ shape, dtype: 'int32' });
export const indices = (below: number, ...shape: number[]): Input => ({ shape, range: [0, below], dtype: 'int32' });
export const bools = (...shape: number[]): Input => ({ shape, dtype: 'bool' });
