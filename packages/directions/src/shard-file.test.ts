/** Shards' files: what is written is read, and nothing else is. */
import { describe, expect, it } from 'vitest';
import { precomputeSchema } from './config.js';
import type { Arrays } from './probe/prober.js';
import { inputsHash, readShardFile, shardFileName, writeShardFile } from './shard-file.js';

const parts = new Map<string, Arrays>([
  ['b4.conv1-0', { direction: { shape: [2, 3], data: Float32Array.of(1, 2, 3, 4, 5, 6) }, magnitude: { shape: [2], data: Float32Array.of(0.5, -0) } }],
  ['images-0', { sum: { shape: [4, 3], data: Float32Array.from({ length: 12 }, (_, i) => i / 7) } }],
]); // prettier-ignore
const shard = { index: 1, count: 4 };
const summary = { generatorPasses: 3, naivePasses: 12, seconds: 0.5, method: 'jacobian' };
const made = { shard, inputs: 'a'.repeat(64), summary };
const bytes = writeShardFile(parts, made);

describe('a shard file', () => {
  it('gives back every array, bit for bit', async () => {
    expect(await readShardFile('x.arrow', bytes, made)).toEqual({ parts, summary });
  });

  it('is the same bytes for the same work', () => {
    expect(Buffer.from(writeShardFile(parts, made)).equals(Buffer.from(bytes))).toBe(true);
  });

  it.each([
    ['other work', { shard, inputs: 'b'.repeat(64) }, 'other work'],
    ['another shard', { shard: { index: 2, count: 4 }, inputs: made.inputs }, 'is shard 2/4, not 3/4'],
  ])('of %s is refused', async (_, wanted, message) => {
    await expect(readShardFile('x.arrow', bytes, wanted)).rejects.toThrow(message);
  });

  it('that is damaged or cut short is refused', async () => {
    const place = Buffer.from(bytes).indexOf(Buffer.from(Float32Array.of(1, 2, 3).buffer));
    const damaged = Buffer.from(bytes);
    damaged[place]! ^= 1;
    await expect(readShardFile('x.arrow', damaged, made)).rejects.toThrow(
      'x.arrow: damaged: its numbers have another hash',
    );
    for (const length of [0, 10, bytes.length - 1])
      await expect(readShardFile('x.arrow', bytes.subarray(0, length), made)).rejects.toThrow(
        /x\.arrow: not a valid Arrow file/,
      );
  });

  it('is named by its shard', () => {
    expect(shardFileName('faces', shard)).toBe('faces.shard-2-of-4.arrow');
  });
});

describe('inputsHash', () => {
  const config = precomputeSchema.parse({});
  const inputs = (sha256: string, path = 'models/a') => ({ generator: { path, sha256 } });
  const hash = inputsHash(config, inputs('1'));

  it('does not ask where and on what the work was done', () => {
    expect(inputsHash({ ...config, threads: 7, bundle: 'elsewhere', name: 'other' }, inputs('1', 'elsewhere'))).toBe(
      hash,
    );
  });

  it('tells other settings and other networks apart', () => {
    expect(inputsHash({ ...config, images: config.images + 1 }, inputs('1'))).not.toBe(hash);
    expect(inputsHash(config, inputs('2'))).not.toBe(hash);
  });
});
