/**
 * `expect(actual).toBeAllclose(expected, { rtol, atol })`: numpy's `allclose` as a vitest matcher.
 *
 * Both sides may be a number, an array (nested or not), a typed array or a TensorFlow.js tensor; a tensor's values are
 * read with `dataSync` and the tensor is left alone (the test disposes it). Where both sides know their shape (tensors
 * and nested arrays) the shapes must be equal; a flat array is compared with a tensor element by element.
 * As in numpy the tolerance is `atol + rtol * |expected|`; a NaN is close to nothing, an infinity only to itself.
 *
 * This file is vitest's setup file; the types of the matcher are in matchers.d.ts.
 */
import { expect } from 'vitest';
import type { NumberArray, Numbers, TensorLike, Tolerance } from './matchers.js';

interface Flat {
  readonly values: ArrayLike<number>;
  /** Absent for a typed array, which has elements but no shape. */
  readonly shape?: readonly number[];
}

/** The first few differences are shown; the rest are counted. */
const SHOWN = 5;

/**
 * Compares two groups of numbers.
 * @returns a sentence about how they differ, or undefined where they are close
 */
export function difference(actual: Numbers, expected: Numbers, tolerance: Tolerance = {}): string | undefined {
  const { rtol = 1e-5, atol = 1e-6 } = tolerance;
  const a = flatten(actual, 'actual');
  const e = flatten(expected, 'expected');
  if (hasShape(a) && hasShape(e) && a.shape.join() !== e.shape.join()) {
    return `shapes differ: actual [${a.shape.join(', ')}], expected [${e.shape.join(', ')}]`;
  }
  if (a.values.length !== e.values.length) {
    return `lengths differ: actual ${a.values.length}, expected ${e.values.length}`;
  }

  let bad = 0;
  let worst = 0;
  const lines: string[] = [];
  for (let i = 0; i < e.values.length; i += 1) {
    const x = a.values[i] ?? NaN;
    const y = e.values[i] ?? NaN;
    if (x === y || (Number.isFinite(y) && Math.abs(x - y) <= atol + rtol * Math.abs(y))) continue;
    bad += 1;
    worst = Math.max(worst, Number.isNaN(x - y) ? Infinity : Math.abs(x - y));
    if (lines.length < SHOWN) lines.push(`  [${position(i, e.shape ?? a.shape)}] actual ${x}, expected ${y}`);
  }
  if (bad === 0) return undefined;
  const more = bad > lines.length ? `\n  and ${bad - lines.length} more` : '';
  return `${bad} of ${e.values.length} differ by more than ${atol} + ${rtol}·|expected| (at most by ${worst}):\n${lines.join('\n')}${more}`;
}

/** A flat list is compared with anything element by element; only two shapes of which neither is flat must agree. */
function hasShape(flat: Flat): flat is Required<Flat> {
  return flat.shape !== undefined && flat.shape.length !== 1;
}

function flatten(numbers: Numbers, side: string): Flat {
  if (typeof numbers === 'number') return { values: [numbers] };
  if (isTensor(numbers)) return { values: numbers.dataSync(), shape: numbers.shape };
  if (isTypedArray(numbers)) return { values: numbers };
  if (!Array.isArray(numbers)) {
    throw new TypeError(`toBeAllclose: ${side} must be numbers, an array or a tensor, but is ${typeof numbers}`);
  }
  const shape: number[] = [];
  for (let level: unknown = numbers; Array.isArray(level); level = level[0] as unknown) shape.push(level.length);
  const values = (numbers as readonly unknown[]).flat(shape.length) as number[];
  return { values, shape };
}

function isTypedArray(numbers: object): numbers is NumberArray {
  return ArrayBuffer.isView(numbers) && !(numbers instanceof DataView);
}

function isTensor(numbers: object): numbers is TensorLike {
  return 'dataSync' in numbers && 'shape' in numbers;
}

function position(index: number, shape: readonly number[] | undefined): string {
  if (shape === undefined) return String(index);
  const place: number[] = [];
  let rest = index;
  for (const size of [...shape].reverse()) {
    place.unshift(rest % size);
    rest = Math.floor(rest / size);
  }
  return place.join(', ');
}

expect.extend({
  toBeAllclose(actual: Numbers, expected: Numbers, tolerance?: Tolerance) {
    const found = difference(actual, expected, tolerance);
    return {
      pass: found === undefined,
      message: () => found ?? 'every element is close, but should not be',
    };
  },
});
