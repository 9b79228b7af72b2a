/**
 * Half precision: IEEE 754 binary16 and bfloat16, as arrays of 16-bit patterns, to and from float32.
 *
 * Weights on disk are float16 to halve their size; all arithmetic is in float32. Rounding is to nearest, ties to
 * even, as in numpy and PyTorch; numbers past 65504 become infinite, and subnormal numbers are kept.
 */

const float = new Float32Array(1);
const bits = new Uint32Array(float.buffer);

/** Largest finite float16. */
export const LARGEST_HALF = 65504;

/** One float32 number as float16 bits. */
export function encodeHalf(value: number): number {
  float[0] = value;
  const b = bits[0] as number;
  const sign = (b >>> 16) & 0x8000;
  const magnitude = b & 0x7fffffff;
  if (magnitude > 0x7f800000) return sign | 0x7e00; // NaN
  if (magnitude >= 0x477ff000) return sign | 0x7c00; // rounds to 65536 or more: infinite
  if (magnitude >= 0x38800000) {
    // normal: re-bias the exponent, round 13 mantissa bits away
    const rounded = magnitude - 0x38000000 + 0xfff + ((magnitude >>> 13) & 1);
    return sign | (rounded >>> 13);
  }
  if (magnitude < 0x33000000) return sign; // below half of the smallest subnormal
  const shift = 126 - (magnitude >>> 23); // 14 … 24
  const mantissa = (magnitude & 0x7fffff) | 0x800000;
  const kept = mantissa >>> shift;
  const rest = mantissa & ((1 << shift) - 1);
  const tie = 1 << (shift - 1);
  return sign | (rest > tie || (rest === tie && (kept & 1) === 1) ? kept + 1 : kept);
}

/** One float16 bit pattern as a number. */
export function decodeHalf(half: number): number {
  const sign = half & 0x8000 ? -1 : 1;
  const exponent = (half >>> 10) & 0x1f;
  const mantissa = half & 0x3ff;
  if (exponent === 0) return sign * mantissa * 2 ** -24;
  if (exponent === 31) return mantissa === 0 ? sign * Infinity : NaN;
  return sign * (1 + mantissa / 1024) * 2 ** (exponent - 15);
}

/** Float32 numbers as float16 bit patterns. */
export function toHalf(values: Float32Array): Uint16Array {
  const halves = new Uint16Array(values.length);
  for (let i = 0; i < values.length; i++) halves[i] = encodeHalf(values[i] as number);
  return halves;
}

let table: Float32Array | undefined;

/** Float16 bit patterns as float32 numbers (exact). */
export function fromHalf(halves: Uint16Array): Float32Array {
  table ??= Float32Array.from({ length: 65536 }, (_, half) => decodeHalf(half));
  const values = new Float32Array(halves.length);
  for (let i = 0; i < halves.length; i++) values[i] = table[halves[i] as number] as number;
  return values;
}

/** Bfloat16 bit patterns (the upper half of a float32) as float32 numbers (exact). */
export function fromBfloat16(halves: Uint16Array): Float32Array {
  const words = new Uint32Array(halves.length);
  for (let i = 0; i < halves.length; i++) words[i] = (halves[i] as number) << 16;
  return new Float32Array(words.buffer);
}
