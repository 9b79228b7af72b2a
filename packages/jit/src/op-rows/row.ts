/** What a row of the table of operations is, and how its random inputs are drawn. */
import { tf } from '#tf';

export type Input =
  | readonly number[]
  | {
      shape: readonly number[];
      range?: readonly [number, number];
      dtype?: 'int32' | 'bool';
      /** The elements themselves, in place of random ones. */
      values?: readonly number[];
    };
export interface Row {
  name: string;
  inputs: readonly Input[];
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- rows take tensors of many ranks
  run: (...x: any[]) => tf.Tensor | tf.Tensor[];
  /** False for what has no gradient in TensorFlow.js or none that matters. */
  gradient?: boolean;
  /** How near the results must be; rows of special numbers ask for more than those of random ones. */
  tolerance?: { rtol: number; atol: number };
  /** Computes on captured tensors too, which become constants that ONNX Runtime folds. */
  captured?: boolean;
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

const named = (input: Input): Exclude<Input, readonly number[]> => ('shape' in input ? input : { shape: input });

export function draw(input: Input, random: () => number): tf.Tensor {
  const { shape, range, dtype, values: given } = named(input);
  if (given) return tf.tensor([...given], [...shape], dtype ?? 'float32');
  const [low, high] = range ?? (dtype === 'bool' ? [0, 2] : dtype === 'int32' ? [-5, 6] : [-2, 2]);
  const values = Array.from({ length: shape.reduce((a, b) => a * b, 1) }, () => low + (high - low) * random());
  return tf.tensor(dtype ? values.map(Math.floor) : values, [...shape], dtype ?? 'float32');
}

export const positive = (...shape: number[]): Input => ({ shape, range: [0.2, 3] });
export const unit = (...shape: number[]): Input => ({ shape, range: [-0.9, 0.9] });
export const ints = (...shape: number[]): Input => ({ shape, dtype: 'int32' });
export const indices = (below: number, ...shape: number[]): Input => ({ shape, range: [0, below], dtype: 'int32' });
export const bools = (...shape: number[]): Input => ({ shape, dtype: 'bool' });

/** Inputs of given elements. */
export const floats = (values: readonly number[], shape: readonly number[] = [values.length]): Input => ({
  shape,
  values,
});
export const integers = (values: readonly number[], shape: readonly number[] = [values.length]): Input => ({
  shape,
  values,
  dtype: 'int32',
});
export const booleans = (values: readonly number[], shape: readonly number[] = [values.length]): Input => ({
  shape,
  values,
  dtype: 'bool',
});
