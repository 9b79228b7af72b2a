import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { fromBytes, openFile, readSafetensors } from '@styleclip/core';
import { openCheckpoint } from './open-checkpoint.js';
import { isObjectOf, PyDict, type PyList, PyTensor } from './pickle/values.js';
import { assemble } from './pickle/testing/assembler.js';
import { dict, global, list, pickle, push, tensor, torchLegacy } from './testing/forge-torch.js';
import { forgeZip } from './testing/forge-zip.js';
import { lookup, tensorsOf } from './tree.js';

const fixture = (file: string) => fileURLToPath(new URL(`../fixtures/${file}`, import.meta.url));
const coreFixture = (file: string) => fileURLToPath(new URL(`../../core/fixtures/${file}`, import.meta.url));

const open = (bytes: Uint8Array | string) => openCheckpoint(fromBytes('x.pt', Buffer.from(bytes)));

describe('files are known by what is in them', () => {
  it.each([
    ['torch-files.pt', 'torch-zip'],
    ['torch-files-legacy.pt', 'torch-legacy'],
    ['torch-files-script.pt', 'torchscript'],
    ['nvidia-ada-small.pkl', 'pickle'],
    ['S_mean_std-small', 'pickle'],
    ['arrays.npz', 'npz'],
    ['objects.npy', 'npy'],
    ['torch-files.safetensors', 'safetensors'],
  ])('%s: %s, whatever its name', async (file, format) => {
    const source = await openFile(fixture(file));
    const opened = await openCheckpoint({
      ...source,
      name: 'model.bin',
      size: source.size,
      read: source.read.bind(source),
    });
    expect(opened.format).toBe(format);
    expect(tensorsOf(opened.tree).size).toBeGreaterThan(1);
    await source.close();
  });

  it('plain values are pickles as well, in old protocols and new', async () => {
    const old = assemble('MARK', ['INT', '1\n'], ['INT', '2\n'], 'LIST', 'STOP');
    expect(((await open(old)).tree as PyList).items).toEqual([1, 2]);
    const { format, tree } = await open(pickle(dict({ a: 1, b: list('x') })));
    expect(format).toBe('pickle');
    expect((tree as PyDict).get('a')).toBe(1);
  });

  it('one array is one tensor', async () => {
    const header = "{'descr': '<f4', 'fortran_order': False, 'shape': (1,), }";
    const npy = Buffer.concat([
      Buffer.from('\x93NUMPY\x01\x00', 'latin1'),
      Buffer.from([header.length, 0]),
      Buffer.from(header),
      Buffer.alloc(4),
    ]);
    const { format, tree } = await open(npy);
    expect(format).toBe('npy');
    expect(await (tree as PyTensor).tensor.read()).toEqual({ dtype: 'F32', shape: [1], data: Float32Array.of(0) });
  });
});

describe("NVIDIA's pickle", () => {
  it('is modules of persistent classes, with tensors at the leaves', async () => {
    const source = await openFile(fixture('nvidia-ada-small.pkl'));
    const { tree } = await openCheckpoint(source);
    await source.close();
    const network = lookup(tree, 'G_ema');
    expect(isObjectOf(network, 'torch_utils.persistence.Generator')).toBe(true);
    const tensors = tensorsOf(network ?? null);
    expect(tensors.size).toBe(79);
    const shapes = [
      'mapping.w_avg',
      'mapping.fc3.weight',
      'synthesis.b4.const',
      'synthesis.b32.conv0.noise_strength',
    ].map((name) => [tensors.get(name)?.dtype, tensors.get(name)?.shape]);
    expect(shapes).toEqual([
      ['F32', [64]],
      ['F32', [64, 64]],
      ['F32', [32, 4, 4]],
      ['F32', []],
    ]);
    // Read after the source is closed: a pickle's tensors are views of its bytes in memory.
    const filter = await tensors.get('synthesis.b8.resample_filter')!.read();
    const taps = [1, 3, 3, 1];
    expect(filter.data).toBeAllclose(taps.flatMap((a) => taps.map((b) => (a * b) / 64)));
    expect(lookup(network, 'mapping', 'num_layers')).toBe(4);
    expect(lookup(network, 'synthesis', 'b4', 'torgb', 'weight')).toBeInstanceOf(PyTensor);
  });

  it('keeps what its class was called with', async () => {
    const source = await openFile(fixture('nvidia-ada-small.pkl'));
    const { tree } = await openCheckpoint(source);
    await source.close();
    expect(lookup(tree, 'G_ema', '_init_kwargs')).toBeInstanceOf(PyDict);
    expect(lookup(tree, 'G_ema', 'img_resolution')).toBe(32);
  });
});

describe('safetensors', () => {
  const forge = (header: unknown, data = 0, length?: bigint) => {
    const json = Buffer.from(typeof header === 'string' ? header : JSON.stringify(header));
    const start = Buffer.alloc(8);
    start.writeBigUInt64LE(length ?? BigInt(json.length));
    return Buffer.concat([start, json, Buffer.alloc(data)]);
  };
  const f4 = (shape: unknown, offsets: unknown, dtype: unknown = 'F32') => ({ dtype, shape, data_offsets: offsets });

  it('are read tensor by tensor', async () => {
    const source = await openFile(coreFixture('clip-small.safetensors'));
    const tensors = tensorsOf((await openCheckpoint(source)).tree);
    const { tensors: expected } = await readSafetensors(coreFixture('clip-small.safetensors'));
    expect([...tensors.keys()].sort()).toEqual(Object.keys(expected).sort());
    for (const [name, lazy] of tensors) expect(await lazy.read(), name).toEqual(expected[name]);
    await source.close();
  });

  it('may hold nothing but remarks', async () => {
    expect(((await open(forge({ __metadata__: { a: 'b' } }))).tree as PyDict).size).toBe(0);
  });

  it.each<[string, Buffer, string]>([
    ['torn JSON', forge('{"a": '), 'its header is not JSON'],
    ['nested without end', forge(`{"a":${'['.repeat(200_000)}`), 'its header is not JSON'],
    ['an entry of text', forge({ a: 'x' }), 'the entry of "a" is not an object'],
    [
      'a dtype of lists',
      forge(`{"a":{"dtype":${'['.repeat(50_000)}${']'.repeat(50_000)}}}`),
      '"a" has the dtype a list of lists',
    ],
    ['an unknown dtype', forge({ a: f4([1], [0, 1], 'F8_E4M3') }, 1), '"a" has the dtype "F8_E4M3" (known: F64'],
    ['an inherited dtype', forge({ a: f4([1], [0, 1], 'constructor') }, 1), '"a" has the dtype "constructor"'],
    ['no shape', forge({ a: { dtype: 'F32' } }), '"a" has the shape undefined'],
    ['a negative size', forge({ a: f4([-1], [0, 4]) }, 4), '"a" has the shape [-1]'],
    ['a huge shape', forge({ a: f4([2 ** 40, 2 ** 40], [0, 4]) }, 4), '"a" takes 4 bytes'],
    ['a wrong length', forge({ a: f4([2], [0, 4]) }, 4), '"a" takes 4 bytes, but F32 [2] needs 8'],
    ['no offsets', forge({ a: f4([1], []) }, 4), '"a" has the offsets []'],
    ['negative offsets', forge({ a: f4([1], [-4, 0]) }, 4), '"a" has the offsets [-4,0]'],
    ['overlaps', forge({ a: f4([1], [0, 4]), b: f4([1], [2, 6]) }, 6), 'starts at byte 2, inside the tensor before it'],
    ['gaps', forge({ a: f4([1], [0, 4]), b: f4([1], [6, 10]) }, 10), 'starts at byte 6, after a gap'],
    ['data cut short', forge({ a: f4([2], [0, 8]) }, 4), '"a" lies at bytes 0–8, but 4 bytes'],
    ['data left over', forge({ a: f4([1], [0, 4]) }, 5), 'its tensors take 4 bytes but 5'],
  ])('with %s are refused', async (_, bytes, message) => {
    const opened = open(bytes);
    await expect(opened).rejects.toMatchObject({ name: 'UserError' });
    await expect(opened).rejects.toThrow(message);
    await expect(opened).rejects.toThrow(/^x\.pt: [^\n]*$/);
  });
});

describe('files that are no checkpoints say what they look like', () => {
  const tar = Buffer.alloc(600);
  tar.write('ustar', 257);

  it.each<[string, Buffer | string, string]>([
    ['an empty file', '', 'x.pt: is empty; download it again'],
    [
      'a web page',
      '<!DOCTYPE html><html><title>Google Drive - Quota exceeded</title>',
      'is a web page, not a checkpoint',
    ],
    ['a web page after blanks', '\ufeff\n\n  <HTML lang="en">', 'is a web page'],
    ['an XML answer', '<?xml version="1.0"?><Error><Code>NoSuchKey</Code></Error>', 'is a web page'],
    ['a pointer', 'version https://git-lfs.github.com/spec/v1\noid sha256:ab\nsize 3\n', 'is a pointer of Git LFS'],
    ['JSON', '{"error":"Not found"}', 'is text (JSON)'],
    ['text', 'hello, world\n', 'is text, not a checkpoint'],
    ['gzip', Buffer.from('1f8b0800', 'hex'), 'is packed with gzip; unpack it first'],
    ['bzip2', 'BZh91AY', 'is packed with bzip2'],
    ['tar', tar, 'is a tar archive; unpack it first'],
    ['HDF5', Buffer.from('\x89HDF\r\n', 'latin1'), 'is an HDF5 file'],
    ['a picture', Buffer.from('\x89PNG\r\n', 'latin1'), 'is a picture (PNG)'],
    ['zeros', Buffer.alloc(5000), 'begins with zeros'],
    ['noise', Buffer.from('ffeeddccbbaa99887766', 'hex'), 'is not a checkpoint of any known format'],
    ['one byte', Buffer.from([0x80]), 'is not a checkpoint of any known format'],
    ['a later protocol', Buffer.from([0x80, 9, 0x4e, 0x2e]), 'is not a checkpoint of any known format'],
    [
      'an archive of other files',
      Buffer.from(forgeZip([{ name: 'photo.jpg', data: 'x' }])),
      'a zip archive without a checkpoint',
    ],
    ['an empty archive', Buffer.from(forgeZip([])), 'a zip archive without a checkpoint'],
    ['a program', Buffer.from(pickle(push(global('os', 'system')))), 'refused: it wants to import "os.system"'],
    [
      'a torch file of a program',
      Buffer.from(torchLegacy(global('builtins', 'exec'))),
      'refused: it wants to import "builtins.exec"',
    ],
  ])('%s', async (_, bytes, message) => {
    const opened = open(bytes);
    await expect(opened).rejects.toMatchObject({ name: 'UserError', exitCode: 1 });
    await expect(opened).rejects.toThrow(message);
    await expect(opened).rejects.toThrow(/^x\.pt: [^\n]*$/);
  });

  it('folders and missing files', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'open-checkpoint-'));
    await expect(openFile(folder)).rejects.toThrow(`${folder}: is not a file`);
    await expect(openFile(join(folder, 'x.pt'))).rejects.toThrow('x.pt: no such file');
    await writeFile(join(folder, 'x.pt'), '');
    const source = await openFile(join(folder, 'x.pt'));
    await expect(openCheckpoint(source)).rejects.toThrow('x.pt: is empty');
    await source.close();
    await rm(folder, { recursive: true });
  });

  it('a pickle that is cut short, at any byte', async () => {
    const whole = pickle(dict({ a: 1, b: list('x', 2.5) }));
    for (let size = 1; size < whole.length; size++)
      await expect(open(whole.subarray(0, size)), `${size} bytes`).rejects.toThrow(/^x\.pt: /);
    await expect(open(torchLegacy(tensor()).subarray(0, 10))).rejects.toThrow(/^x\.pt: /);
  });
});
