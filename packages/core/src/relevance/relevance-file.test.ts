/** Relevance files: written, read back, read by apache-arrow, and damaged in every byte. */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { tableFromArrays, tableFromIPC, tableToIPC } from 'apache-arrow';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { UserError } from '../errors.js';
import { fromBytes, openFile } from '../files/byte-source.js';
import { readRelevance, type Relevance, writeRelevance } from './relevance-file.js';

const fixture = (name: string) => new URL(`../../fixtures/${name}`, import.meta.url).pathname;

/** Two layers of two and three channels, embeddings of four numbers. */
function small(): Relevance {
  const direction = new Float32Array(20);
  for (let row = 0; row < 4; row++) direction[row * 4 + (row % 4)] = row % 2 === 0 ? 1 : -1;
  return {
    layer: Int16Array.of(0, 0, 2, 2, 2),
    name: ['b4.conv1', 'b4.conv1', 'b8.conv0', 'b8.conv0', 'b8.conv0'],
    channel: Int16Array.of(0, 1, 0, 1, 2),
    resolution: Int16Array.of(4, 4, 8, 8, 8),
    mean: Float32Array.of(1, -2, 0.5, 0, 3),
    std: Float32Array.of(0.1, 0.2, 0.3, 0, 0.5),
    direction, // the last row is zero: not measured
    width: 4,
    metadata: {
      formatVersion: '1',
      generatorSha256: 'a'.repeat(64),
      clipSha256: 'unknown',
      images: '100',
      amplitude: '5',
      method: 'finite-difference',
      seed: '5',
      source: 'a test – ä',
    },
  };
}

let folder: string;
let path: string;
let bytes: Uint8Array;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'relevance-'));
  path = join(folder, 'small.arrow');
  await writeRelevance(path, small());
  bytes = new Uint8Array(await readFile(path));
});
afterAll(() => rm(folder, { recursive: true }));

const readBytes = (data: Uint8Array) => readRelevance(fromBytes('x.arrow', data));

describe('a relevance file', () => {
  it('comes back as it was written', async () => {
    const source = await openFile(path);
    expect(await readRelevance(source)).toEqual(small());
    await source.close();
  });

  it('keeps magnitudes where there are some', async () => {
    const withMagnitudes = { ...small(), magnitude: Float32Array.of(0.5, 0, 1, 0.25, 2) };
    const other = join(folder, 'magnitudes.arrow');
    await writeRelevance(other, withMagnitudes);
    expect(await readBytes(new Uint8Array(await readFile(other)))).toEqual(withMagnitudes);
    const bad = writeRelevance(other, { ...small(), magnitude: Float32Array.of(0, 0, -1, 0, 0) });
    await expect(bad).rejects.toThrow(/row 2: magnitude -1/);
    await expect(writeRelevance(other, { ...small(), magnitude: new Float32Array(2) })).rejects.toThrow(/columns of/);
  });

  it('is read by apache-arrow with the types that were promised', () => {
    const table = tableFromIPC(bytes);
    expect(table.schema.fields.map(({ name, type, nullable }) => `${name} ${type} ${nullable}`)).toEqual([
      'layer Int16 false',
      'name Utf8 false',
      'channel Int16 false',
      'resolution Int16 false',
      'mean Float32 false',
      'std Float32 false',
      'direction FixedSizeList[4]<Float32> false',
    ]);
    expect(table.schema.metadata.get('method')).toBe('finite-difference');
    expect(table.numRows).toBe(5);
    expect(table.get(3)?.toJSON()).toMatchObject({ layer: 2, name: 'b8.conv0', channel: 1, resolution: 8, std: 0 });
    expect(Array.from(table.getChild('direction')?.get(1) as Iterable<number>)).toEqual([0, -1, 0, 0]);
  });

  it('is read from another writer, in several batches', async () => {
    // Written by pyarrow: oracle/read_relevance.py --rewrite.
    const source = await openFile(fixture('relevance-pyarrow.arrow'));
    const relevance = await readRelevance(source);
    expect(relevance.layer).toHaveLength(216);
    expect(relevance.width).toBe(16);
    expect(relevance.name[215]).toBe('b64.conv1');
    await source.close();
  });

  it('is refused by its writer when it breaks the rules', async () => {
    const write = (changes: Partial<Relevance>) =>
      writeRelevance(join(folder, 'bad.arrow'), { ...small(), ...changes });
    await expect(write({ channel: Int16Array.of(0, 2, 0, 1, 2) })).rejects.toThrow(
      /row 1: channel 2 of layer 0 out of order/,
    );
    await expect(write({ layer: Int16Array.of(2, 2, 0, 0, 0) })).rejects.toThrow(/row 2: layer 0 out of order/);
    await expect(write({ resolution: Int16Array.of(4, 4, 9, 9, 9) })).rejects.toThrow(/9 is no power of two/);
    await expect(write({ name: ['a', 'b', 'c', 'c', 'c'] })).rejects.toThrow(/two names/);
    await expect(write({ std: Float32Array.of(1, -1, 1, 1, 1) })).rejects.toThrow(/standard deviation -1/);
    await expect(write({ direction: new Float32Array(20).fill(1) })).rejects.toThrow(/length 2.000, not 1 or 0/);
    await expect(write({ direction: new Float32Array(20).fill(NaN) })).rejects.toThrow(/not finite/);
    await expect(write({ mean: new Float32Array(4) })).rejects.toThrow(/columns of/);
  });
});

describe('a damaged relevance file', () => {
  it('is an error of one line wherever it is cut', async () => {
    for (let length = 0; length < bytes.length; length += 7) {
      const error: unknown = await readBytes(bytes.subarray(0, length)).catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(UserError);
      expect((error as UserError).message).toMatch(/^x\.arrow: [^\n]+$/);
    }
  });

  it('is an error or a valid file whichever byte is changed, and never slow', async () => {
    const began = performance.now();
    let refused = 0;
    for (let i = 0; i < bytes.length; i++) {
      for (const value of [0, 0x7f, 0xff, (bytes[i] as number) ^ 1]) {
        const changed = new Uint8Array(bytes);
        changed[i] = value;
        const outcome: unknown = await readBytes(changed).catch((thrown: unknown) => thrown);
        if (!(outcome instanceof Error)) continue;
        refused++;
        expect(outcome).toBeInstanceOf(UserError);
        expect((outcome as UserError).message).toMatch(/^x\.arrow: [^\n]+$/);
      }
    }
    expect(refused).toBeGreaterThan(bytes.length / 4);
    expect(performance.now() - began).toBeLessThan(60_000);
  });

  it('is told from files of other kinds', async () => {
    await expect(readBytes(Buffer.from('PAR1'.repeat(20)))).rejects.toThrow(/doesn't begin with "ARROW1"/);
    const other = tableToIPC(tableFromArrays({ 'a\nb': Int32Array.of(1, 2) }), 'file');
    await expect(readBytes(other)).rejects.toThrow(/has other columns: expected layer int16, .*; got "a\\nb int32"$/);
    const stream = tableToIPC(tableFromIPC(bytes), 'stream');
    await expect(readBytes(stream)).rejects.toThrow(/doesn't begin/);
  });

  it('names the metadata that is missing', async () => {
    const table = tableFromIPC(bytes);
    table.schema.metadata.delete('seed');
    await expect(readBytes(tableToIPC(table, 'file'))).rejects.toThrow(/its metadata's seed is missing/);
    table.schema.metadata.set('seed', '1').set('formatVersion', '2');
    await expect(readBytes(tableToIPC(table, 'file'))).rejects.toThrow(/its metadata's formatVersion is "2"/);
  });
});
