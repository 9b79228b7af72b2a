import { describe, expect, it } from 'vitest';
import { decodeHalf, encodeHalf, fromBfloat16, fromHalf, toHalf } from './half.js';

describe('half precision', () => {
  it('decodes what the standard says', () => {
    const known = {
      0x3c00: 1,
      0xc000: -2,
      0x7bff: 65504,
      0x0400: 2 ** -14,
      0x0001: 2 ** -24,
      0x03ff: 1023 * 2 ** -24,
      0x3555: 0.333251953125,
      0x7c00: Infinity,
      0xfc00: -Infinity,
    };
    for (const [half, value] of Object.entries(known)) {
      expect(decodeHalf(Number(half))).toBe(value);
      expect(encodeHalf(value)).toBe(Number(half));
    }
    expect(decodeHalf(0x7e01)).toBeNaN();
    expect(Object.is(decodeHalf(0x8000), -0)).toBe(true);
    expect(encodeHalf(-0)).toBe(0x8000);
    expect(decodeHalf(encodeHalf(NaN))).toBeNaN();
  });

  it('takes every finite half back to itself', () => {
    const halves = Uint16Array.from({ length: 65536 }, (_, i) => i).filter((half) => (half & 0x7c00) !== 0x7c00);
    expect(toHalf(fromHalf(halves))).toEqual(halves);
  });

  it('rounds to the nearest, ties to even', () => {
    for (let half = 1; half < 0x7bff; half += 7) {
      const [low, high] = [decodeHalf(half), decodeHalf(half + 1)];
      const middle = (low + high) / 2;
      expect(encodeHalf(low + (high - low) * 0.49)).toBe(half);
      expect(encodeHalf(low + (high - low) * 0.51)).toBe(half + 1);
      expect(encodeHalf(middle)).toBe(half % 2 === 0 ? half : half + 1);
      expect(encodeHalf(-middle)).toBe(0x8000 | (half % 2 === 0 ? half : half + 1));
    }
    expect(encodeHalf(2 ** -25)).toBe(0); // half of the smallest: a tie, to zero
    expect(encodeHalf(2 ** -25 * 1.001)).toBe(1);
    expect(encodeHalf(65519)).toBe(0x7bff);
    expect(encodeHalf(65520)).toBe(0x7c00);
  });

  it('reads bfloat16', () => {
    expect([...fromBfloat16(Uint16Array.of(0x3f80, 0xc049, 0x0000))]).toEqual([1, -3.140625, 0]);
  });
});
