/** Networks of known programs that can't be used: refused by name, never drawn wrongly. Real files, with one thing changed. */
import { lookup } from '../tree.js';
import { expect, it, describe } from 'vitest';
import { failure, openFile } from '@styleclip/core';
import { fixture } from '../import/testing-golden.js';
import { planNetwork } from '../import/network-plan.js';
import { type OpenedCheckpoint, openCheckpoint } from '../open-checkpoint.js';
import { PyDict, PyList, PyObject, PyTensor, PyTuple, type PyValue } from '../pickle/values.js';
import { lazyOf } from '../tensor.js';
import type { NetworkKind } from './layout.js';
import { recognise, type RecogniseOptions } from './recognise.js';

/** Opens a real file, changes its tree, and goes as far as an import goes before it writes. */
async function changed(
  file: string,
  kind: NetworkKind,
  change: (tree: PyValue) => void,
  told: RecogniseOptions = {},
): Promise<void> {
  const source = await openFile(fixture(file));
  try {
    const checkpoint: OpenedCheckpoint = await openCheckpoint(source);
    change(checkpoint.tree);
    for (const found of recognise(checkpoint, kind, file, told)) {
      await planNetwork(found, { half: false });
      await found.check?.();
    }
  } finally {
    await source.close();
  }
}

const tensor = (...shape: number[]): PyTensor =>
  new PyTensor(lazyOf({ dtype: 'F32', shape, data: new Float32Array(shape.reduce((a, b) => a * b, 1)) }));

/** The dict at the end of a path. */
function dictAt(tree: PyValue, ...path: string[]): PyDict {
  const value = lookup(tree, ...path);
  if (value instanceof PyDict) return value;
  if (value instanceof PyObject && value.state instanceof PyDict) return value.state;
  throw failure(`no dict at ${path.join('.')}`);
}

describe('NVIDIA, PyTorch', () => {
  const ada = (...change: [path: string[], key: string, value: PyValue]): Promise<void> =>
    changed('nvidia-ada-clamp.pkl', 'generator', (tree) => {
      const [path, key, value] = change;
      dictAt(tree, 'G_ema', ...path).entries.set(key, value);
    });
  const b8 = ['synthesis', 'b8'];

  it('refuses conditional generators', async () => {
    await expect(ada([], 'c_dim', 10)).rejects.toThrow('nvidia-ada-clamp.pkl: NVIDIA StyleGAN2: this is a conditional');
  });

  it('refuses other architectures and activations', async () => {
    await expect(ada(b8, 'architecture', 'resnet')).rejects.toThrow('its architecture is "resnet"; only "skip"');
    await expect(ada([...b8, 'conv1'], 'activation', 'relu')).rejects.toThrow('its activation is "relu"');
    await expect(ada(['mapping', 'fc1'], 'activation', 'linear')).rejects.toThrow(
      'its mapping\'s activation is "linear"',
    );
  });

  it('refuses layers that clamp differently, and bounds that are none', async () => {
    await expect(ada([...b8, 'conv1'], 'conv_clamp', 7)).rejects.toThrow('its layers clamp differently (1.5, 7)');
    await expect(ada([...b8, 'conv1'], 'conv_clamp', null)).rejects.toThrow('its layers clamp differently');
  });

  it('refuses a resolution that its layers do not have, and a wrong multiplier', async () => {
    await expect(ada([], 'img_resolution', 64)).rejects.toThrow(
      'it says that it draws 64 pixels, but has layers for 16',
    );
    await expect(ada(['mapping', 'fc0'], 'bias_gain', 0)).rejects.toThrow('multiplier is 0, not a number above 0');
  });

  it('refuses another filter', async () => {
    await expect(ada([...b8, '_buffers'], 'resample_filter', tensor(4, 4))).rejects.toThrow(
      'the filter "synthesis.b8.resample_filter" is not [1,3,3,1]',
    );
  });

  it('refuses StyleGAN3 and other networks by name', async () => {
    await expect(ada(['synthesis'], 'layer_names', new PyList(['L0_36_512']))).rejects.toThrow(
      'this is a StyleGAN3 generator; only StyleGAN2 is supported',
    );
    const gone = changed('nvidia-ada-clamp.pkl', 'generator', (tree) => {
      for (const network of ['G', 'G_ema']) dictAt(tree, network, 'synthesis', '_modules').entries.delete('b4');
    });
    await expect(gone).rejects.toThrow('its network is a "Generator" of NVIDIA\'s, not a StyleGAN2 generator');
  });

  it('lists tensors that are missing or left over', async () => {
    await expect(ada([...b8, '_parameters'], 'extra', tensor(1))).rejects.toThrow('not known: synthesis.b8.extra');
    const gone = changed('nvidia-ada-clamp.pkl', 'generator', (tree) =>
      dictAt(tree, 'G_ema', 'synthesis', 'b8', 'conv0', '_parameters').entries.delete('bias'),
    );
    await expect(gone).rejects.toThrow('missing: synthesis.b8.conv0.bias');
  });
});

describe('NVIDIA, PyTorch, as a state dict', () => {
  const withTensors = (tensors: Record<string, PyTensor | undefined>): Promise<void> =>
    changed(
      'nvidia-ada-state.pth',
      'generator',
      (tree) => {
        const { entries } = dictAt(tree, 'state_dict');
        for (const [name, value] of Object.entries(tensors)) {
          if (value === undefined) entries.delete(name);
          else entries.set(name, value);
        }
      },
      { convClamp: 'none' },
    );

  it('refuses what its names show: labels, architectures, StyleGAN3', async () => {
    await expect(withTensors({ 'mapping.embed.weight': tensor(16, 10) })).rejects.toThrow(
      'this is a conditional generator',
    );
    await expect(withTensors({ 'synthesis.b8.skip.weight': tensor(8, 8, 1, 1) })).rejects.toThrow(
      'its architecture is "resnet"; only "skip"',
    );
    await expect(withTensors({ 'synthesis.b8.torgb.weight': undefined })).rejects.toThrow('its architecture is "orig"');
    await expect(
      withTensors({ 'synthesis.b4.const': undefined, 'synthesis.input.freqs': tensor(8, 2) }),
    ).rejects.toThrow('this is a StyleGAN3 generator');
  });
});

describe('pictures of other kinds', () => {
  const generator = (file: string, path: string[], name: string, value: PyTensor, told = {}): Promise<void> =>
    changed(file, 'generator', (tree) => dictAt(tree, ...path).entries.set(name, value), told);
  const none = { convClamp: 'none' } as const;

  it.each([1, 4, 96])('refuses %i-channel generators by name', async (channels) => {
    const message = `this is a ${channels}-channel generator; only RGB (3 channels) is supported`;
    await expect(
      generator('nvidia-ada-state.pth', ['state_dict'], 'synthesis.b4.torgb.weight', tensor(channels, 8, 1, 1), none),
    ).rejects.toThrow(message);
    await expect(
      generator('stylegan2-module.pt', ['g_ema'], 'module.to_rgb1.conv.weight', tensor(1, channels, 8, 1, 1)),
    ).rejects.toThrow(message);
    const tf = changed('nvidia-tf-small.pkl', 'generator', (tree) => {
      const gs = (tree as PyTuple).items[2] as PyObject;
      const synthesis = lookup(gs.attribute('components'), 'synthesis') as PyObject;
      const { items } = synthesis.attribute('variables') as PyList;
      const at = items.findIndex((pair) => ((pair as PyTuple).items[0] as string).endsWith('4x4/ToRGB/weight'));
      items[at] = new PyTuple([(items[at] as PyTuple).items[0]!, tensor(1, 1, 8, channels)]);
    });
    await expect(tf).rejects.toThrow(message);
  });

  it('refuses a real one that was trained on greyscale pictures', async () => {
    const gray = changed('nvidia-ada-gray.pkl', 'generator', () => undefined);
    await expect(gray).rejects.toThrow('nvidia-ada-gray.pkl: NVIDIA StyleGAN2: this is a 1-channel generator');
  });

  it('refuses generators of pictures that are not square, and of another smallest block', async () => {
    const square = (const4: PyTensor) =>
      generator('nvidia-ada-state.pth', ['state_dict'], 'synthesis.b4.const', const4, none);
    await expect(square(tensor(8, 4, 7))).rejects.toThrow('draws pictures that are not square (it begins with 4×7');
    await expect(square(tensor(8, 8, 8))).rejects.toThrow('begins with 8×8 pixels, not with 4×4');
    await expect(generator('stylegan2-module.pt', ['g_ema'], 'module.input.input', tensor(1, 8, 8, 4))).rejects.toThrow(
      'draws pictures that are not square (it begins with 8×4',
    );
  });

  it('refuses CLIPs and identity networks of other pictures', async () => {
    await expect(
      changed('clip-small.pt', 'clip', (tree) =>
        (tree as PyDict).entries.set('visual.conv1.weight', tensor(64, 1, 8, 8)),
      ),
    ).rejects.toThrow('its image side takes 1-channel pictures; only RGB');
    await expect(
      changed('identity-small.pth', 'identity', (tree) =>
        (tree as PyDict).entries.set('input_layer.0.weight', tensor(8, 1, 3, 3)),
      ),
    ).rejects.toThrow('this network takes 1-channel pictures; only RGB');
  });
});

describe('NVIDIA, TensorFlow', () => {
  const tfNetwork = (change: (gs: PyDict) => void): Promise<void> =>
    changed('nvidia-tf-small.pkl', 'generator', (tree) => {
      const gs = (tree as PyTuple).items[2] as PyObject;
      change(gs.state as PyDict);
    });
  const withKwarg = (name: string, value: PyValue): Promise<void> =>
    tfNetwork((gs) => (gs.get('static_kwargs') as PyDict).entries.set(name, value));

  it.each([
    ['label_size', 5, 'this is a conditional generator'],
    ['architecture', 'resnet', 'its architecture is "resnet"; only "skip"'],
    ['nonlinearity', 'relu', 'its nonlinearity is "relu"'],
    ['resample_kernel', new PyList([1, 2, 1]), 'its resample_kernel is not [1,3,3,1]'],
    ['mapping_lrmul', 'x', 'its mapping_lrmul is "x", not a number above 0'],
    ['conv_clamp', -1, 'its conv_clamp is -1, not a number above 0'],
  ])('refuses %s', async (name, value, message) => {
    await expect(withKwarg(name, value)).rejects.toThrow(message);
  });

  it('refuses StyleGAN 1, and pickles without variables', async () => {
    const old = tfNetwork((gs) =>
      (gs.get('variables') as PyList).items.push(new PyTuple(['synthesis/4x4/Const/StyleMod/weight', tensor(1)])),
    );
    await expect(old).rejects.toThrow('this is a StyleGAN 1 generator');
    await expect(tfNetwork((gs) => gs.entries.delete('variables'))).rejects.toThrow(
      'pickles before version 4 are not supported',
    );
    await expect(
      tfNetwork((gs) => (gs.get('variables') as PyList).items.push(new PyTuple(['x', 'y']))),
    ).rejects.toThrow('the variable "x" is not an array');
  });
});

describe('PyTorch state dicts', () => {
  it('refuses mappers of other kinds', async () => {
    const renamed = (name: string): Promise<void> =>
      changed('official-mapper.pt', 'mapper', (tree) => {
        const { entries } = dictAt(tree, 'state_dict');
        for (const key of [...entries.keys()])
          if (typeof key === 'string' && key.startsWith('mapper.')) entries.delete(key);
        entries.set(name, tensor(16, 16));
      });
    await expect(renamed('mapper.mapping.1.weight')).rejects.toThrow('this is a SingleMapper');
    await expect(renamed('mapper.mapper_0.mapping.1.weight')).rejects.toThrow('this mapper edits style space');
    await expect(renamed('mapper.other')).rejects.toThrow('holds a generator (rosinality StyleGAN2), not a mapper');
  });

  it('refuses a ResNet CLIP by name', async () => {
    const resnet = changed('clip-small.pt', 'clip', (tree) =>
      (tree as PyDict).entries.set('visual.layer1.0.conv1.weight', tensor(1)),
    );
    await expect(resnet).rejects.toThrow('clip-small.pt: OpenAI CLIP: this is a ResNet CLIP');
  });

  it('refuses sizes that do not go together', async () => {
    const other = (name: string, value: PyTensor): Promise<void> =>
      changed('clip-small.pt', 'clip', (tree) => (tree as PyDict).entries.set(name, value));
    await expect(other('visual.positional_embedding', tensor(14, 64))).rejects.toThrow('14 positions are no square');
    await expect(other('text_projection', tensor(64, 31))).rejects.toThrow('has shape [64,31], expected [64,32]');
  });

  it('takes one row of a latent_avg that has a row a layer, if all are equal', async () => {
    const withAverage = (value: PyTensor): Promise<void> =>
      changed('official-mapper.pt', 'generator', (tree) => void (tree as PyDict).entries.set('latent_avg', value));
    await withAverage(tensor(6, 16));
    await expect(withAverage(tensor(6, 15))).rejects.toThrow('"latent_avg" has shape [15], expected [16]');
  });
});
