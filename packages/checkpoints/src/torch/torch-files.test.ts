import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { openFile, readSafetensors, type RawTensor } from '@styleclip/core';
import { PyDict, type PyGlobal, type PyObject, PyTensor, type PyTuple, type PyValue } from '../pickle/values.js';
import { lookup, tensorsOf } from '../tree.js';
import { readTorchFile } from './read-torch-file.js';

const fixture = (file: string) => fileURLToPath(new URL(`../../fixtures/${file}`, import.meta.url));
const coreFixture = (file: string) => fileURLToPath(new URL(`../../../core/fixtures/${file}`, import.meta.url));

/** The tensors of a file, and its tree. */
async function contents(file: string, ...path: string[]): Promise<{ tensors: Map<string, RawTensor>; tree: PyValue }> {
  const source = await openFile(fixture(file));
  try {
    const tree = await readTorchFile(source);
    const tensors = new Map<string, RawTensor>();
    for (const [name, tensor] of tensorsOf(lookup(tree, ...path) ?? null, { name: file })) {
      const raw = await tensor.read();
      expect({ dtype: tensor.dtype, shape: tensor.shape }, name).toEqual({ dtype: raw.dtype, shape: raw.shape });
      tensors.set(name, raw);
    }
    return { tensors, tree };
  } finally {
    await source.close();
  }
}

describe('files that torch wrote hold what torch says', () => {
  let golden: Record<string, RawTensor>;
  beforeAll(async () => {
    golden = (await readSafetensors(fixture('torch-files.safetensors'))).tensors;
  });

  it.each([
    ['torch-files.pt', 'torch'],
    ['torch-files-legacy.pt', 'torch'],
    ['torch-files-big-endian.pt', 'big-endian'],
    ['torch-files-views.pt', 'views'],
    ['torch-files-script.pt', 'script'],
  ])('%s', async (file, group) => {
    const { tensors } = await contents(file);
    const expected = Object.keys(golden).filter((name) => name.startsWith(`${group}/`));
    expect([...tensors.keys()].map((name) => `${group}/${name}`).sort()).toEqual(expected.sort());
    for (const [name, tensor] of tensors) expect(tensor, name).toEqual(golden[`${group}/${name}`]);
  });

  it.each(['torch-files.pt', 'torch-files-legacy.pt'])('%s: values that are no tensors', async (file) => {
    const { tree } = await contents(file);
    const others = lookup(tree, 'others') as PyDict;
    expect(
      Object.fromEntries(['int', 'large', 'float', 'text', 'none', 'flag', 'scalar'].map((k) => [k, others.get(k)])),
    ).toEqual({ int: 12, large: 2n ** 70n, float: 0.25, text: 'Grüße', none: null, flag: true, scalar: 1.5 });
    expect((others.get('size') as PyTuple).items).toEqual([2, 3]);
    expect((others.get('dtype') as PyGlobal).qualified).toBe('torch.float16');
    expect((others.get('device') as PyObject).type.qualified).toBe('torch.device');
    expect(lookup(tree, 'others', 'options', 'size')).toBe(64);
    expect(others.entries.get(3)).toBe('a key that is a number');
  });

  it('torch-files-script.pt: modules are dicts, with their flags', async () => {
    const { tree } = await contents('torch-files-script.pt');
    expect(tree).toBeInstanceOf(PyDict);
    expect(lookup(tree, 'layers', '1')).toBeInstanceOf(PyDict);
    expect(lookup(tree, 'layers', '1', 'training')).toBe(false);
    expect(lookup(tree, 'count')).toBe(7);
    expect(lookup(tree, 'layers', '0', 'fc', 'weight')).toBeInstanceOf(PyTensor);
  });

  it.each([
    ['torch-files-complex.pt', '"torch.ComplexFloatStorage"'],
    ['torch-files-sparse.pt', '"torch._utils._rebuild_sparse_tensor"'],
  ])('%s is refused by name', async (file, message) => {
    const opened = contents(file);
    await expect(opened).rejects.toMatchObject({ name: 'UserError' });
    await expect(opened).rejects.toThrow(message);
  });
});

describe('checkpoints of whole networks', () => {
  it.each([
    ['stylegan2-small.pt', 'g_ema', 'stylegan2-small.safetensors', 91],
    ['stylegan2-small-legacy.pt', 'g_ema', 'stylegan2-small.safetensors', 91],
    ['clip-small.pt', undefined, 'clip-small.safetensors', 62],
  ])('%s holds the numbers of its safetensors file', async (file, part, reference, count) => {
    const { tensors } = await contents(file, ...(part === undefined ? [] : [part]));
    const expected = (await readSafetensors(coreFixture(reference))).tensors;
    expect(tensors.size).toBe(count);
    for (const [name, tensor] of tensors) expect(tensor, name).toEqual(expected[name]);
  });

  it('stylegan2-small.pt and its older form have the average latent beside the network', async () => {
    const expected = (await readSafetensors(coreFixture('stylegan2-small.safetensors'))).tensors['latent_avg'];
    for (const file of ['stylegan2-small.pt', 'stylegan2-small-legacy.pt'])
      expect((await contents(file)).tensors.get('latent_avg')).toEqual(expected);
  });
});
