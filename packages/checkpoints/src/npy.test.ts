import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { fromBytes, openFile, readSafetensors, type RawTensor } from '@styleclip/core';
import { isNpy, MAX_NPY_HEADER_BYTES, parseNpyHeader } from './npy-header.js';
import { isObjectNpy, npyPickle, readNpy } from './npy.js';
import { readNpz, type UnreadArray } from './npz.js';
import { type PyList, PyTensor } from './pickle/values.js';
import { forgeZip } from './testing/forge-zip.js';
import { openZip } from './zip.js';

const fixture = (file: string) => fileURLToPath(new URL(`../fixtures/${file}`, import.meta.url));

let golden: Record<string, RawTensor>;
beforeAll(async () => {
  golden = (await readSafetensors(fixture('torch-files.safetensors'))).tensors;
});

/** A .npy file with any header. */
function forge(header: string, data = new Uint8Array(0), { major = 1, length = header.length } = {}): Uint8Array {
  const start = Buffer.alloc(major === 1 ? 10 : 12);
  start.write('\x93NUMPY', 'latin1');
  start[6] = major;
  if (major === 1) start.writeUInt16LE(length, 8);
  else start.writeUInt32LE(length, 8);
  return new Uint8Array(Buffer.concat([start, Buffer.from(header, 'latin1'), data]));
}

const header = (descr: string, shape: string, fortran = 'False') =>
  `{'descr': ${descr}, 'fortran_order': ${fortran}, 'shape': ${shape}, }`;

const read = (bytes: Uint8Array) => readNpy(fromBytes('x.npy', bytes));

describe('arrays that numpy wrote', () => {
  it.each(['arrays.npz', 'arrays-deflated.npz'])('%s: every dtype, order and version', async (file) => {
    const source = await openFile(fixture(file));
    const arrays = await readNpz(source);
    expect(arrays.size).toBe(file === 'arrays.npz' ? 23 : 4);
    for (const [name, value] of arrays.entries as Map<string, PyTensor>) {
      const array = value.tensor;
      const expected = golden[`numpy/${name}`];
      const { dtype, shape } = array;
      expect({ dtype, shape }, name).toEqual({ dtype: expected?.dtype, shape: expected?.shape });
      expect(await array.read(), name).toEqual(expected);
    }
    await source.close();
  });

  it('are views of bytes in memory', async () => {
    const bytes = forge(header("'|u1'", '(3,)'), Uint8Array.of(1, 2, 3));
    expect((await (await read(bytes)).read()).data.buffer).toBe(bytes.buffer);
  });

  it('of Python objects are read as a pickle, on request', async () => {
    const source = await openFile(fixture('objects.npy'));
    await expect(readNpy(source)).rejects.toThrow('objects.npy: holds Python objects, not numbers');
    expect(await isObjectNpy(source)).toBe(true);
    const { items } = (await npyPickle(source)) as PyList;
    for (const [i, item] of items.entries())
      expect(await (item as PyTensor).tensor.read()).toEqual(golden[`objects/${i}`]);
    await source.close();
  });
});

describe('headers', () => {
  it.each([
    `{"shape":(2,3),"fortran_order":True,"descr":"<f4"}`,
    `{'descr':'<f4','fortran_order': True , 'shape' : ( 2L, 3L ) }\n`,
    `  {'shape': (2, 3,), 'descr': '<f4', 'fortran_order': True,}   `,
  ])('%s', (text) => {
    expect(parseNpyHeader(text, 'x.npy')).toEqual({ descr: '<f4', fortran: true, shape: [2, 3] });
  });

  it('have shapes of no and of one dimension', () => {
    expect(parseNpyHeader(header("'<f4'", '()'), 'x').shape).toEqual([]);
    expect(parseNpyHeader(header("'<f4'", '(5,)'), 'x').shape).toEqual([5]);
  });

  it('begin with a mark', () => {
    expect(isNpy(forge('{}'))).toBe(true);
    expect(isNpy(Buffer.from('\x93NUMP', 'latin1'))).toBe(false);
  });
});

describe('.npy files that are refused', () => {
  const four = new Uint8Array(4);

  it.each<[string, Uint8Array, string]>([
    ['empty', new Uint8Array(0), 'does not begin with numpy'],
    ['another file', Buffer.from('PK\x03\x04 and more'), 'does not begin with numpy'],
    ['version 4', forge(header("'<f4'", '()'), four, { major: 4 }), 'version 4 of the .npy format is not read'],
    ['a header past the end', forge('{}', four, { length: 900 }), 'cut short'],
    ['a huge header', forge('{}', four, { major: 2, length: 0xffffffff }), `more than ${MAX_NPY_HEADER_BYTES}`],
    ['no dict', forge('[1, 2]'), 'its header is not a dict: "[1, 2]"'],
    ['calls', forge(`{'descr': __import__('os'), }`), `its header holds "'descr': __import__('os'), "`],
    ['text behind', forge(`${header("'<f4'", '()').slice(0, -1)} 1}`), 'its header holds'],
    ['a key twice', forge(`{'descr': '<f4', 'descr': '<f8', }`), 'names "descr" twice'],
    ['a key missing', forge(`{'descr': '<f4', 'shape': (1,), }`), 'must say just descr, fortran_order and shape'],
    ['a key more', forge(`{'x': True, ${header("'<f4'", '()').slice(1)}`), 'must say just'],
    ['a shape of text', forge(header("'<f4'", `'(1,)'`)), 'must say just'],
    ['no commas', forge(header("'<f4'", '(1 2)')), 'its shape is "(1 2)"'],
    ['a negative size', forge(header("'<f4'", '(-4,)'), four), 'holds -4, which is not a whole number'],
    ['a size past 2^53', forge(header("'<f4'", '(99999999999999999999,)'), four), 'not a whole number'],
    ['a size of many digits', forge(header("'<f4'", `(${'9'.repeat(400)},)`), four), 'its shape is'],
    ['a product past 2^53', forge(header("'<f4'", '(4294967296, 4294967296)'), four), 'is too large'],
    ['many dimensions', forge(header("'<f4'", `(${'1,'.repeat(65)})`), four), '65 dimensions, more than 64'],
    ['more numbers than bytes', forge(header("'<f4'", '(2,)'), four), 'cut short: F32 [2] needs 8 bytes from byte 67'],
    ['huge arrays', forge(header("'<f8'", '(1099511627776,)'), four), 'cut short'],
    ['records', forge(header("[('a', '<f4'), ('b', '<i4')]", '(1,)'), new Uint8Array(8)), 'holds records'],
    ['text', forge(header("'<U4'", '(1,)'), new Uint8Array(16)), 'holds "<U4", which is not numbers'],
    ['complex numbers', forge(header("'<c8'", '(1,)'), new Uint8Array(8)), 'holds "<c8", which is not numbers'],
    ['dates', forge(header("'<M8[ns]'", '(1,)'), new Uint8Array(8)), 'which is not numbers'],
    ['objects', forge(header("'|O'", '(1,)'), four), 'holds Python objects'],
  ])('%s', async (_, bytes, message) => {
    const opened = read(bytes);
    await expect(opened).rejects.toMatchObject({ name: 'UserError' });
    await expect(opened).rejects.toThrow(message);
    await expect(opened).rejects.toThrow(/^x\.npy: [^\n]*$/);
  });

  it('cut short at any byte', async () => {
    const bytes = forge(header("'<f4'", '(2,)'), new Uint8Array(8));
    for (let size = 0; size < bytes.length; size++)
      await expect(read(bytes.subarray(0, size)), `${size} bytes`).rejects.toThrow(/^x\.npy: /);
  });

  it('pickles of numbers, and pickles that are none', async () => {
    await expect(npyPickle(fromBytes('x.npy', forge(header("'<f4'", '(1,)'), four)))).rejects.toThrow('holds numbers');
    await expect(npyPickle(fromBytes('x.npy', forge(header("'|O'", '(1,)'), four)))).rejects.toThrow(/^x\.npy: /);
  });

  it('in archives: other things, and arrays that are damaged', async () => {
    const npz = (...entries: { name: string; data: Uint8Array }[]) => readNpz(fromBytes('x.npz', forgeZip(entries)));
    await expect(npz()).rejects.toThrow('x.npz: not a .npz file');
    await expect(npz({ name: 'a.txt', data: four })).rejects.toThrow('x.npz: not a .npz file');
    const unread = async (data: Uint8Array): Promise<string> => {
      const { entries } = await npz(
        { name: 'a.npy', data },
        { name: 'b.npy', data: forge(header("'<f4'", '(1,)'), four) },
      );
      expect(entries.get('b')).toBeInstanceOf(PyTensor);
      return (entries.get('a') as UnreadArray).reason.message;
    };
    expect(await unread(forge(header("'|O'", '(1,)'), four))).toContain('x.npz: a.npy: holds Python objects');
    expect(await unread(forge(header("'<U1'", '(1,)'), four))).toContain('x.npz: a.npy: holds "<U1"');
    expect(await unread(four)).toContain('x.npz: a.npy: not a .npy file');
  });
});

it('an entry of an archive is a .npy file', async () => {
  const source = await openFile(fixture('arrays.npz'));
  const entry = await (await openZip(source)).get('version_3.npy')!.open();
  expect(await (await readNpy(entry)).read()).toEqual(golden['numpy/version_3']);
  await source.close();
});
