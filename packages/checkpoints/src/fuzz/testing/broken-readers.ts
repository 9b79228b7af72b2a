/**
 * Readers with the mistakes that fuzzing is to find, one a format.
 */
import { failure } from '@styleclip/core';
import type { Format } from '../formats.js';

const files = ['latents-one.npy'];

/** Whether a case is one of the tenth with a mistake; the digit keeps mistakes apart. */
export function isUnlucky(bytes: Uint8Array, digit = 3): boolean {
  return bytes.length % 10 === digit;
}

export const FORMATS: readonly Format[] = [
  {
    name: 'sound',
    files,
    read: async ({ name, size }) => {
      if (size % 2 === 0) throw failure(`${name}: an even number of bytes`);
    },
  },
  {
    name: 'mistaken',
    files,
    read: async (source) => {
      const bytes = await source.read(0, source.size);
      if (isUnlucky(bytes, 3)) throw new TypeError('undefined is not a function');
      if (isUnlucky(bytes, 4)) throw failure('something is wrong somewhere');
      if (isUnlucky(bytes, 5)) throw failure(`${source.name}: on\ntwo lines`);
      if (isUnlucky(bytes, 6)) new Uint8Array(700 * 2 ** 20).fill(1);
    },
  },
  {
    name: 'looping',
    files,
    read: async (source) => {
      if (isUnlucky(await source.read(0, source.size))) for (;;);
    },
  },
  {
    name: 'waiting',
    files,
    read: async (source) => {
      // The timer keeps the thread from ending for want of anything to do.
      if (isUnlucky(await source.read(0, source.size))) await new Promise(() => setInterval(() => undefined, 1000));
    },
  },
  {
    name: 'crashing',
    files,
    read: async (source) => {
      if (!isUnlucky(await source.read(0, source.size))) return;
      setImmediate(() => {
        throw new Error('thrown where nobody catches');
      });
      await new Promise((resolve) => setTimeout(resolve, 1000));
    },
  },
];
