import { describe, expect, it } from 'vitest';
import { fortranStrides, gather, isContiguous, spanOf } from './strided.js';

const of = (...values: number[]) => new Uint8Array(Float32Array.from(values).buffer);
const floats = (bytes: Uint8Array<ArrayBuffer>) => [...new Float32Array(bytes.buffer)];

describe('strided numbers', () => {
  it('are contiguous in row-major order; dimensions of one element are free', () => {
    expect(isContiguous([2, 3], [3, 1])).toBe(true);
    expect(isContiguous([2, 3], [1, 2])).toBe(false);
    expect(isContiguous([1, 3, 1], [99, 1, 7])).toBe(true);
    expect(isContiguous([], [])).toBe(true);
    expect(isContiguous([2, 0], [5, 5])).toBe(true);
    expect(isContiguous([2, 3], [4, 1])).toBe(false);
    expect(isContiguous([3], [0])).toBe(false);
  });

  it('span what lies from the first to the last', () => {
    expect(spanOf([2, 3], [3, 1])).toBe(6);
    expect(spanOf([3, 2], [1, 3])).toBe(6);
    expect(spanOf([4, 3], [0, 1])).toBe(3);
    expect(spanOf([], [])).toBe(1);
    expect(spanOf([0, 5], [9, 9])).toBe(0);
    expect(spanOf([2 ** 40, 2], [2 ** 40, 1])).toBeGreaterThan(2 ** 53);
  });

  it('are gathered by walking', () => {
    expect(floats(gather(of(1, 2, 3, 4, 5, 6), 4, [3, 2], [1, 3]))).toEqual([1, 4, 2, 5, 3, 6]);
    expect(floats(gather(of(1, 2, 3), 4, [2, 3], [0, 1]))).toEqual([1, 2, 3, 1, 2, 3]);
    expect(floats(gather(of(1, 2, 3, 4), 4, [3, 2], [1, 1]))).toEqual([1, 2, 2, 3, 3, 4]);
    expect(floats(gather(of(7), 4, [], []))).toEqual([7]);
    expect(gather(of(), 4, [0, 3], [1, 1]).length).toBe(0);
    expect(floats(gather(of(0, 1, 2, 3, 4, 5, 6, 7), 4, [2, 2, 2], [1, 2, 4]))).toEqual([0, 4, 2, 6, 1, 5, 3, 7]);
  });

  it('keep every bit of every width, aligned or not', () => {
    for (const size of [1, 2, 4, 8]) {
      const bytes = Uint8Array.from({ length: 6 * size }, (_, i) => 255 - i);
      const shifted = new Uint8Array(6 * size + 1);
      shifted.set(bytes, 1);
      const expected = [0, 2, 4, 1, 3, 5].flatMap((i) => [...bytes.subarray(i * size, (i + 1) * size)]);
      expect([...gather(bytes, size, [2, 3], [1, 2])]).toEqual(expected);
      expect([...gather(shifted.subarray(1), size, [2, 3], [1, 2])]).toEqual(expected);
    }
  });

  it('of Fortran have strides that grow', () => {
    expect(fortranStrides([2, 3, 4])).toEqual([1, 2, 6]);
    expect(fortranStrides([])).toEqual([]);
  });

  it('are gathered from a Buffer at an odd place as well', () => {
    const odd = Buffer.alloc(17);
    odd.set(of(1, 2, 3, 4), 1);
    expect(floats(gather(odd.subarray(1), 4, [2, 2], [1, 2]))).toEqual([1, 3, 2, 4]);
  });
});
