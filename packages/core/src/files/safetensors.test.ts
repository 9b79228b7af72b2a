import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readSafetensors, writeSafetensors } from './safetensors.js';
import { MAX_HEADER_BYTES } from './safetensors-header.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'safetensors-'));
});
afterAll(async () => rm(folder, { recursive: true }));

/** A file with any header and data, as another program (or an attacker) may write it. */
async function forge(header: unknown, dataBytes = 0, headerLength?: bigint): Promise<string> {
  const path = join(folder, 'forged.safetensors');
  const json = Buffer.from(typeof header === 'string' ? header : JSON.stringify(header));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(headerLength ?? BigInt(json.length));
  await writeFile(path, Buffer.concat([length, json, Buffer.alloc(dataBytes)]));
  return path;
}

const f32 = (shape: unknown, offsets: unknown, dtype: unknown = 'F32') => ({ dtype, shape, data_offsets: offsets });

describe('safetensors', () => {
  it('gives back every dtype, shape, name and the metadata', async () => {
    const path = join(folder, 'all.safetensors');
    const tensors = {
      'a.weight': { dtype: 'F32', shape: [2, 3], data: Float32Array.of(1, -2, 3.5, NaN, Infinity, 1e-40) },
      b: { dtype: 'F16', shape: [3], data: Uint16Array.of(1, 2, 3) },
      scalar: { dtype: 'F64', shape: [], data: Float64Array.of(Math.PI) },
      empty: { dtype: 'I32', shape: [0, 4], data: new Int32Array(0) },
      i64: { dtype: 'I64', shape: [1], data: BigInt64Array.of(-(2n ** 40n)) },
      flag: { dtype: 'BOOL', shape: [2], data: Uint8Array.of(1, 0) },
      __proto__x: { dtype: 'I8', shape: [1], data: Int8Array.of(-1) },
      'ünïcode "quoted"': { dtype: 'BF16', shape: [1], data: Uint16Array.of(0x3f80) },
    } as const;
    await writeSafetensors(path, { tensors: tensors as never, metadata: { format: 'pt', note: 'hello' } });
    const back = await readSafetensors(path);
    expect(back.metadata).toEqual({ format: 'pt', note: 'hello' });
    expect({ ...back.tensors }).toEqual(tensors);
  });

  it('aligns the data to eight bytes, each tensor to its own element, and leaves no other file', async () => {
    const own = await mkdtemp(join(folder, 'own-'));
    const path = join(own, 'x.safetensors');
    const tensors = {
      h: { dtype: 'F16', shape: [1], data: Uint16Array.of(1) },
      f: { dtype: 'F32', shape: [1], data: Float32Array.of(1) },
    } as const;
    await writeSafetensors(path, { tensors: tensors as never });
    const bytes = await readFile(path);
    const header = Number(bytes.readBigUInt64LE(0));
    expect(header % 8).toBe(0);
    const parsed = JSON.parse(bytes.subarray(8, 8 + header).toString()) as Record<string, { data_offsets: number[] }>;
    expect(parsed['f']!.data_offsets).toEqual([0, 4]);
    expect(parsed['h']!.data_offsets).toEqual([4, 6]);
    expect((await stat(path)).size).toBe(8 + header + 6);
    expect(await readdir(own)).toEqual(['x.safetensors']);
  });

  it('reads just what is asked for', async () => {
    const path = join(folder, 'some.safetensors');
    const one = { dtype: 'F32', shape: [1], data: Float32Array.of(1) } as const;
    await writeSafetensors(path, { tensors: { a: { ...one, shape: [1] }, b: { ...one, shape: [1] } } });
    expect(Object.keys((await readSafetensors(path, (name) => name === 'b')).tensors)).toEqual(['b']);
  });

  it('refuses to write data that does not fit', async () => {
    const path = join(folder, 'never.safetensors');
    await expect(
      writeSafetensors(path, { tensors: { a: { dtype: 'F32', shape: [2], data: Float32Array.of(1) } } }),
    ).rejects.toThrow('"a": shape [2] needs 2 numbers, got 1');
    await expect(
      writeSafetensors(path, { tensors: { a: { dtype: 'F16', shape: [1], data: Float32Array.of(1) } } }),
    ).rejects.toThrow('F16 data must be a Uint16Array');
    await expect(stat(path)).rejects.toThrow('ENOENT');
  });

  const huge = 2 ** 50;
  it.each([
    ['a gap', { a: f32([1], [4, 8]) }, 8, 'starts at byte 4, after a gap (expected 0)'],
    [
      'an overlap',
      { a: f32([2], [0, 8]), b: f32([1], [4, 8]) },
      8,
      '"b" starts at byte 4, inside the tensor before it',
    ],
    ['data that nothing names', { a: f32([1], [0, 4]) }, 8, 'its tensors take 4 bytes but 8 bytes of data are there'],
    ['an end past the file', { a: f32([2], [0, 8]) }, 4, 'is the file cut short?'],
    ['a huge tensor', { a: f32([huge], [0, huge * 4]) }, 4, 'but 4 bytes of data are there'],
    ['sizes whose product overflows', { a: f32([2 ** 40, 2 ** 40], [0, 4]) }, 4, 'needs'],
    ['a negative offset', { a: f32([1], [-4, 0]) }, 4, 'not two whole numbers'],
    ['offsets turned around', { a: f32([1], [4, 0]) }, 4, 'lies at bytes 4–0'],
    ['a negative size', { a: f32([-1], [0, 4]) }, 4, 'not a list of whole numbers'],
    ['a size with a fraction', { a: f32([1.5], [0, 4]) }, 4, 'not a list of whole numbers'],
    ['a wrong size for the dtype', { a: f32([1], [0, 4], 'F64') }, 4, 'F64 [1] needs 8'],
    ['an unknown dtype', { a: f32([1], [0, 1], 'F8_E4M3') }, 1, 'has the dtype "F8_E4M3" (known: F64'],
    ['a dtype from a prototype', { a: f32([1], [0, 4], 'constructor') }, 4, 'has the dtype "constructor"'],
    ['an entry that is no object', { a: 3 }, 0, 'the entry of "a" is not an object'],
    ['metadata that is no text', { __metadata__: { a: 1 } }, 0, '__metadata__ "a" is not text'],
    [
      'a dtype that nests a million deep',
      `{"a":{"dtype":${'['.repeat(1e6)}${']'.repeat(1e6)},"shape":[],"data_offsets":[0,4]}}`,
      4,
      'has the dtype a list of lists',
    ],
    ['a name of two lines', { 'a\nb': 3 }, 0, 'the entry of "a\\nb" is not an object'],
    ['a header that is a list', [], 0, 'not a JSON object'],
    ['a header that is no JSON', '{"a":', 0, 'its header is not JSON'],
    [
      'a name twice',
      '{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}',
      4,
      'the name "a" appears twice',
    ],
    [
      'a name twice, once escaped',
      String.raw`{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"\u0061":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}`,
      4,
      'the name "a" appears twice',
    ],
  ])('refuses %s', async (_, header, dataBytes, message) => {
    const path = await forge(header, dataBytes);
    await expect(readSafetensors(path)).rejects.toThrow(message);
    await expect(readSafetensors(path)).rejects.toThrow(`${path}: not a valid safetensors file: `);
  });

  it.each([0xffffffffffffffffn, BigInt(MAX_HEADER_BYTES) + 1n, 1000n])(
    'refuses a header length of %s',
    async (length) => {
      await expect(readSafetensors(await forge({}, 0, length))).rejects.toThrow(`a header of ${Number(length)} bytes`);
    },
  );

  it('says so when there is no file, no content, or a folder', async () => {
    await expect(readSafetensors(join(folder, 'none'))).rejects.toThrow('none: no such file');
    await expect(readSafetensors(folder)).rejects.toThrow(`${folder}:`);
    const path = join(folder, 'short');
    await writeFile(path, 'abc');
    await expect(readSafetensors(path)).rejects.toThrow('it has only 3 bytes');
  });
});
