// Types of the matchers that allclose.ts adds to vitest; every package's tsconfig includes this file.
import 'vitest';

/** What both sides of `toBeAllclose` may be. */
export type Numbers = number | NestedNumbers | NumberArray | TensorLike;

export type NestedNumbers = readonly (number | NestedNumbers)[];

/** Any typed array of numbers. */
export interface NumberArray {
  readonly BYTES_PER_ELEMENT: number;
  readonly length: number;
  readonly [index: number]: number;
}

/** A TensorFlow.js tensor, as far as the comparison needs it. */
export interface TensorLike {
  readonly shape: readonly number[];
  dataSync(): ArrayLike<number>;
}

/** How far apart two numbers may lie: `atol + rtol * |expected|`. */
export interface Tolerance {
  /** Relative tolerance; 1e-5 unless told. */
  rtol?: number;
  /** Absolute tolerance; 1e-6 unless told. */
  atol?: number;
}

declare module 'vitest' {
  interface Matchers<T> {
    /** Passes where |actual - expected| <= atol + rtol * |expected| for every element, and shapes agree. */
    toBeAllclose(expected: Numbers, tolerance?: Tolerance): T;
  }
}
