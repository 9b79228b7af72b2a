/**
 * Seeded random numbers that are the same on every machine.
 *
 * The generator is xoshiro128** (Blackman and Vigna, 2018): 128 bits of state, 32-bit integer arithmetic only. Seeds,
 * numbers or words, are spread over the state by a string hash. Normal numbers come from Marsaglia's polar
 * method, which needs no trigonometry: sums, products, divisions and square roots are exact by IEEE 754, and
 * Math.log is V8's own software routine (fdlibm), not the machine's, so Node gives the same numbers anywhere.
 *
 * Randomness is handed down: functions take a Random, and a part that must not disturb another takes a fork of it.
 * The state is plain JSON, so a checkpoint can hold it. Not for cryptography.
 */
import { tf } from './tf.js';

/** What a checkpoint stores of a generator. */
export interface RandomState {
  /** Seed and the path of forks that led here, such as `1/latents`. */
  readonly key: string;
  /** Four unsigned 32-bit integers. */
  readonly words: readonly number[];
  /** The second number of the last pair of normal numbers, when it is still unused. */
  readonly spareNormal: number | null;
}

export class Random {
  private readonly key: string;
  private readonly words: Uint32Array;
  private spareNormal: number | null = null;

  /** @param seed any finite number or any text; `1` and `'1'` are the same seed. */
  constructor(seed: number | string) {
    if (typeof seed === 'number' && !Number.isFinite(seed))
      throw new Error(`a seed must be a finite number, got ${seed}`);
    this.key = String(seed);
    this.words = hashWords(this.key);
  }

  /** 32 random bits as an unsigned integer. */
  bits(): number {
    const s = this.words as Uint32Array & [number, number, number, number];
    const result = Math.imul(rotateLeft(Math.imul(s[1], 5), 7), 9) >>> 0;
    const shifted = s[1] << 9;
    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= shifted;
    s[3] = rotateLeft(s[3], 11);
    return result;
  }

  /** Uniform in [low, high), with 53 random bits. */
  uniform(low = 0, high = 1): number {
    const high27 = this.bits() >>> 5;
    const low26 = this.bits() >>> 6;
    return low + (high - low) * ((high27 * 67108864 + low26) / 9007199254740992);
  }

  /** Normal with the given mean and standard deviation. */
  normal(mean = 0, std = 1): number {
    if (this.spareNormal !== null) {
      const spare = this.spareNormal;
      this.spareNormal = null;
      return mean + std * spare;
    }
    for (;;) {
      const x = this.uniform(-1, 1);
      const y = this.uniform(-1, 1);
      const square = x * x + y * y;
      if (square > 0 && square < 1) {
        const scale = Math.sqrt((-2 * Math.log(square)) / square);
        this.spareNormal = y * scale;
        return mean + std * x * scale;
      }
    }
  }

  /** A whole number in [0, n), each equally likely (no modulo bias). `n` is at most 2^32. */
  int(n: number): number {
    if (!Number.isInteger(n) || n < 1 || n > 4294967296)
      throw new Error(`int(n) needs a whole n in 1 … 2^32, got ${n}`);
    const limit = 4294967296 - (4294967296 % n);
    for (;;) {
      const bits = this.bits();
      if (bits < limit) return bits % n;
    }
  }

  /** One item of a list that is not empty. */
  pick<T>(list: readonly T[]): T {
    if (list.length === 0) throw new Error('pick() needs a list with at least one item');
    return list[this.int(list.length)] as T;
  }

  /** Shuffles an array or typed array in place (Fisher and Yates) and returns it. */
  shuffle<A extends { length: number; [index: number]: unknown }>(array: A): A {
    for (let i = array.length - 1; i > 0; i--) {
      const j = this.int(i + 1);
      const kept = array[i];
      array[i] = array[j];
      array[j] = kept;
    }
    return array;
  }

  /**
   * A generator of its own for a named part. It depends on the seed and the label alone, not on how many numbers
   * were drawn before, so parts may be added or reordered without changing each other.
   */
  fork(label: string | number): Random {
    return new Random(`${this.key}/${label}`);
  }

  /** A plain JSON value from which `Random.fromState` goes on exactly here. */
  state(): RandomState {
    return { key: this.key, words: [...this.words], spareNormal: this.spareNormal };
  }

  static fromState(state: RandomState): Random {
    const whole = (word: unknown): boolean =>
      Number.isInteger(word) && (word as number) >= 0 && (word as number) < 4294967296;
    if (
      typeof state?.key !== 'string' ||
      !Array.isArray(state.words) ||
      state.words.length !== 4 ||
      !state.words.every(whole)
    ) {
      throw new Error('not a random state: expected {key, words: four unsigned 32-bit integers, spareNormal}');
    }
    const random = new Random(state.key);
    random.words.set(state.words);
    random.spareNormal = state.spareNormal ?? null;
    return random;
  }
}

/** `count` standard normal numbers. */
export function normalArray(random: Random, count: number): Float32Array {
  const values = new Float32Array(count);
  for (let i = 0; i < count; i++) values[i] = random.normal();
  return values;
}

/** A float32 tensor of the given shape, each number from N(mean, std²). */
export function normals(random: Random, shape: readonly number[], { mean = 0, std = 1 } = {}): tf.Tensor {
  const values = normalArray(
    random,
    shape.reduce((product, size) => product * size, 1),
  );
  if (mean !== 0 || std !== 1) values.forEach((value, i) => (values[i] = mean + std * value));
  return tf.tensor(values, [...shape], 'float32');
}

function rotateLeft(word: number, by: number): number {
  return (word << by) | (word >>> (32 - by));
}

/** Spreads a text over four 32-bit words that are not all zero (FNV-1a per word, then MurmurHash3's finalizer). */
function hashWords(text: string): Uint32Array {
  const words = new Uint32Array(4);
  for (let w = 0; w < 4; w++) {
    let hash = (0x811c9dc5 ^ Math.imul(w + 1, 0x9e3779b1)) >>> 0;
    for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
    hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
    hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
    words[w] = hash ^ (hash >>> 16);
  }
  if (words.every((word) => word === 0)) words[0] = 1;
  return words;
}
