import { describe, expect, it } from 'vitest';
import { elementCount, isDtype, lazyOf, rawTensor, requireShape } from './tensor.js';

describe('shapes', () => {
  it('are counted exactly or not at all', () => {
    expect(elementCount([])).toBe(1);
    expect(elementCount([2, 3])).toBe(6);
    expect(elementCount([2 ** 50, 0, 2 ** 50])).toBe(0);
    expect(elementCount([2 ** 30, 2 ** 30])).toBe(Infinity);
  });

  it.each<[unknown[], string]>([
    [[-1], 'which is not a whole number ≥ 0'],
    [[1.5], 'the shape holds 1.5'],
    [[2n ** 70n], 'the shape holds 1180591620717411303424'],
    [[null], 'the shape holds something'],
    [[2 ** 27, 2 ** 27], 'the shape [134217728, 134217728] is too large'],
    [Array.from({ length: 65 }, () => 1), '65 dimensions, more than 64'],
  ])('with impossible sizes are refused (%#)', (sizes, message) => {
    expect(() => requireShape(sizes, 'x.pt: a tensor')).toThrow(message);
    expect(() => requireShape(sizes, 'x.pt: a tensor')).toThrow(/^x\.pt: a tensor: /);
  });
});

describe('raw tensors', () => {
  const bytes = new Uint8Array(Uint16Array.of(9, 1, 2, 3).buffer);

  it('are views where the alignment permits', () => {
    const { data } = rawTensor('U16', [3], bytes.subarray(2));
    expect(data.buffer).toBe(bytes.buffer);
    expect([...data]).toEqual([1, 2, 3]);
  });

  it('are copies otherwise', () => {
    const odd = new Uint8Array(9);
    odd.set(bytes, 1);
    const { data } = rawTensor('U16', [2, 2], odd.subarray(1));
    expect(data.buffer).not.toBe(odd.buffer);
    expect([...data]).toEqual([9, 1, 2, 3]);
  });

  it('turn big-endian numbers round in a copy', () => {
    const swapped = rawTensor('U16', [4], Uint8Array.of(0, 9, 0, 1, 0, 2, 1, 0), { bigEndian: true });
    expect([...swapped.data]).toEqual([9, 1, 2, 256]);
    expect([...rawTensor('F64', [1], Uint8Array.of(0x3f, 0xf8, 0, 0, 0, 0, 0, 0), { bigEndian: true }).data]).toEqual([
      1.5,
    ]);
    expect([...rawTensor('U8', [2], Uint8Array.of(1, 2), { bigEndian: true }).data]).toEqual([1, 2]);
  });

  it('are lazy tensors as they are', async () => {
    const raw = rawTensor('U16', [4], bytes);
    expect(await lazyOf(raw).read()).toBe(raw);
  });

  it('need exactly their bytes', () => {
    expect(() => rawTensor('F32', [2], bytes.subarray(1))).toThrow('F32 [2] needs 8 bytes, got 7');
  });
});

it('knows the names of dtypes', () => {
  expect(isDtype('BF16')).toBe(true);
  expect(isDtype('toString')).toBe(false);
});
