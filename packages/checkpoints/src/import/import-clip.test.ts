/** CLIP and ArcFace files of every kind, imported and run: the golden features and embeddings, to 1e-4. */
import { readFile, writeFile } from 'node:fs/promises';
import {
  CLIP_MEAN,
  encodeImage,
  encodeText,
  identityFeatures,
  loadBundle,
  openFile,
  type RawTensor,
  readSafetensors,
  tf,
  unitRows,
  type Weights,
} from '@styleclip/core';
import { describe, expect, it } from 'vitest';
import { openCheckpoint } from '../open-checkpoint.js';
import { forgeCheckpoint, renamed } from '../testing/forge-checkpoint.js';
import { tensorsOf } from '../tree.js';
import { importBundle, type ImportBundleOptions } from './import-bundle.js';
import { expectGolden, fixture, golden, inTemporaryFolder } from './testing-golden.js';

const at = inTemporaryFolder();

async function imported(file: string, name: string, options: Partial<ImportBundleOptions> = {}): Promise<Weights> {
  await importBundle({ files: { clip: file }, to: at(name), ...options });
  return (await loadBundle(at(name), { parts: ['clip'] })).clip;
}

function expectFeatures(clip: Weights, io: Weights): void {
  const image = encodeImage(clip, tf.transpose(io['image'] as tf.Tensor4D, [0, 2, 3, 1]));
  const text = encodeText(clip, io['tokens'] as tf.Tensor2D);
  expectGolden(image, io['image_features']);
  expectGolden(text, io['text_features']);
  const cosines = tf.matMul(unitRows(image), unitRows(text), false, true);
  expectGolden(tf.mul(cosines, tf.exp(clip['logit_scale'] as tf.Tensor)), io['logits_per_image']);
}

describe('OpenAI', () => {
  it('imports a plain state dict, with heads that no shape shows', async () => {
    const clip = await imported(fixture('clip-small.pt'), 'small', { heads: { textHeads: 2 } });
    expectFeatures(clip, await golden('clip-small.io.safetensors', 'core'));
  });

  it('imports a TorchScript archive, its float16 kept as it is', async () => {
    const clip = await imported(fixture('clip-tiny-jit.pt'), 'jit');
    expectFeatures(clip, await golden('clip-tiny.io.safetensors'));
    const { tensors } = await readSafetensors(at('jit/clip.safetensors'));
    expect(tensors['transformer.resblocks.0.mlp.c_fc.weight']?.dtype).toBe('F16');
    expect(tensors['token_embedding.weight']?.dtype).toBe('F32');
    const { info } = await loadBundle(at('jit'), { parts: [] });
    expect(info.clip).toMatchObject({
      inputResolution: 16,
      mean: [...CLIP_MEAN],
      embedding: 12,
      context: 12,
      dtype: 'F16 and F32',
    });
  });
});

describe('Hugging Face', () => {
  it.each(['model.safetensors', 'pytorch_model.bin'])('imports %s', async (file) => {
    const clip = await imported(fixture(`clip-tiny-hf/${file}`), file);
    expectFeatures(clip, await golden('clip-tiny.io.safetensors'));
    expect(clip['transformer.heads']).toBeUndefined();
  });

  it('imports a model in parts, by its index or its folder', async () => {
    const golds = await golden('clip-tiny.io.safetensors');
    for (const [i, path] of ['clip-sharded', 'clip-sharded/model.safetensors.index.json'].entries()) {
      const clip = await imported(fixture(path), `sharded-${i}`, { activation: 'quick_gelu' });
      expectFeatures(clip, golds);
    }
    const { info } = await loadBundle(at('sharded-0'), { parts: [] });
    expect((info.provenance as Record<string, unknown>)['clip']).toMatchObject({
      file: 'model.safetensors.index.json',
      bytes: 21_852 + 71_024 + 5_311,
      notes: { 'model-00002-of-00002.safetensors': expect.stringMatching(/^SHA-256 [0-9a-f]{64}$/) },
    });
  });

  it('refuses heads that do not divide the width', async () => {
    await expect(imported(fixture('clip-small.pt'), 'x', { heads: { textHeads: 3 } })).rejects.toThrow(
      'a width of 64 does not divide into 3 heads; say how many there are by --text-heads',
    );
  });
});

describe('wrapped by training programs', () => {
  it('imports a checkpoint with epoch, optimizer and names that begin with module.', async () => {
    const clip = await imported(fixture('clip-training.pt'), 'training');
    expectFeatures(clip, await golden('clip-tiny.io.safetensors'));
  });

  it('imports what is saved as {model_state_dict}, with a logit_scale of shape [1]', async () => {
    const { tensors } = await readSafetensors(at('training/clip.safetensors'));
    const hf = (await readSafetensors(fixture('clip-tiny-hf/model.safetensors'))).tensors;
    expect(tensors['logit_scale']?.shape).toEqual([]);
    const scale = { ...(hf['logit_scale'] as RawTensor), shape: [1] };
    const file = at('wrapped.bin');
    const state = renamed({ ...hf, logit_scale: scale }, (name) => `module.clip.${name}`);
    await writeFile(file, forgeCheckpoint({ epoch: 3, best: 0.5, model_state_dict: state, args: { lr: [1, 2] } }));
    const clip = await imported(file, 'issue83', { activation: 'quick_gelu' });
    expectFeatures(clip, await golden('clip-tiny.io.safetensors'));
  });
});

describe('the activation', () => {
  const alone = fixture('clip-sharded');

  it('is plain GELU where open_clip_config.json leaves quick_gelu out', async () => {
    for (const [i, path] of ['clip-open-clip/open_clip_model.safetensors', 'clip-open-clip'].entries()) {
      const clip = await imported(fixture(path), `open-clip-${i}`);
      expectFeatures(clip, await golden('clip-tiny-gelu.io.safetensors'));
      const { info } = await loadBundle(at(`open-clip-${i}`), { parts: [] });
      expect(info.clip?.activation).toBe('gelu');
      expect(info.licence).not.toMatch(/OpenAI|MIT/);
      expect(info.licence).toContain('open_clip');
    }
  });

  it('is refused where nothing says it, until the user does', async () => {
    const refused = imported(alone, 'never');
    await expect(refused).rejects.toThrow('say --activation quick_gelu');
    await expect(refused).rejects.toMatchObject({ exitCode: 2 });
    const plain = await imported(alone, 'told-gelu', { activation: 'gelu' });
    expectFeatures(plain, await golden('clip-tiny-gelu.io.safetensors'));
    expect((await loadBundle(at('told-gelu'), { parts: [] })).info.clip?.activation).toBe('gelu');
  });

  it('is what the user says against OpenAI\u2019s layout, too', async () => {
    const clip = await imported(fixture('clip-training.pt'), 'fine-tuned', { activation: 'gelu' });
    expectFeatures(clip, await golden('clip-tiny-gelu.io.safetensors'));
    expect((await readFile(at('fine-tuned/README.md'), 'utf8')).includes('activation gelu, as --activation says')).toBe(
      true,
    );
  });

  it('stays with the weights in float16', async () => {
    const clip = await imported(fixture('clip-open-clip'), 'half', { half: true });
    expect(clip['transformer.gelu']).toBeDefined();
    expect(clip['visual.transformer.gelu']).toBeDefined();
  });
});

describe('ArcFace', () => {
  it('imports a network out of another model', async () => {
    const opened = await openCheckpoint(await openFile(fixture('identity-small.pth')));
    const names: Record<string, RawTensor> = {};
    for (const [name, tensor] of tensorsOf(opened.tree)) names[name] = await tensor.read();
    const file = at('backbone.pth');
    const head: RawTensor = { dtype: 'F32', shape: [2, 16], data: new Float32Array(32) };
    const state = renamed(names, (name) => `backbone.${name}`);
    await writeFile(file, forgeCheckpoint({ ...state, 'head.weight': head }));
    await importBundle({ files: { identity: file }, to: at('backbone') });
    const { identity, info } = await loadBundle(at('backbone'), { parts: ['identity'] });
    const io = await golden('identity-small.safetensors', 'core');
    const prepared = tf.transpose(io['prepared'] as tf.Tensor4D, [0, 2, 3, 1]);
    expectGolden(identityFeatures(identity, prepared, { size: 32 }), io['embedding']);
    expect(JSON.stringify(info.provenance)).toContain('"source":"backbone"');
  });

  it('imports a .pth, and says what picture it wants', async () => {
    await importBundle({ files: { identity: fixture('identity-small.pth') }, to: at('identity') });
    const { identity, info } = await loadBundle(at('identity'), { parts: ['identity'] });
    expect(info.identity).toMatchObject({ input: { size: 32 }, embedding: 16 });
    const io = await golden('identity-small.safetensors', 'core');
    const prepared = tf.transpose(io['prepared'] as tf.Tensor4D, [0, 2, 3, 1]);
    expectGolden(identityFeatures(identity, prepared, { size: 32 }), io['embedding']);
  });
});
