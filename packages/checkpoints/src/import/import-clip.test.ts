/** CLIP and ArcFace files of every kind, imported and run: the golden features and embeddings, to 1e-4. */
import { copyFile, mkdir, writeFile } from 'node:fs/promises';
import {
  CLIP_MEAN,
  encodeImage,
  encodeText,
  identityFeatures,
  loadBundle,
  readSafetensors,
  tf,
  unitRows,
  type Weights,
} from '@styleclip/core';
import { describe, expect, it } from 'vitest';
import type { Heads } from './heads.js';
import { importBundle } from './import-bundle.js';
import { expectGolden, fixture, golden, inTemporaryFolder } from './testing-golden.js';

const at = inTemporaryFolder();

async function imported(file: string, name: string, heads?: Heads): Promise<Weights> {
  await importBundle({ files: { clip: file }, to: at(name), ...(heads && { heads }) });
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
    const clip = await imported(fixture('clip-small.pt'), 'small', { textHeads: 2 });
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

  it('reads heads from the config.json beside it, and refuses another activation', async () => {
    await mkdir(at('hf'));
    await copyFile(fixture('clip-tiny-hf/model.safetensors'), at('hf/model.safetensors'));
    const config = (act: string) =>
      writeFile(
        at('hf/config.json'),
        JSON.stringify({
          text_config: { hidden_size: 16, num_attention_heads: 4, hidden_act: act },
          vision_config: { hidden_size: 24, num_attention_heads: 1 },
        }),
      );
    await config('quick_gelu');
    const clip = await imported(at('hf/model.safetensors'), 'heads');
    expect(clip['transformer.heads']?.shape).toEqual([4]);
    expect(clip['visual.transformer.heads']).toBeUndefined();
    await config('gelu');
    await expect(imported(at('hf/model.safetensors'), 'gelu')).rejects.toThrow(
      'text_config.hidden_act is "gelu"; only models with "quick_gelu" are supported',
    );
    await writeFile(at('hf/config.json'), '{');
    await expect(imported(at('hf/model.safetensors'), 'broken')).rejects.toThrow('config.json: not valid JSON');
  });

  it('refuses heads that do not divide the width', async () => {
    await expect(imported(fixture('clip-small.pt'), 'x', { textHeads: 3 })).rejects.toThrow(
      'a width of 64 does not divide into 3 heads; say how many there are by --text-heads',
    );
  });
});

describe('ArcFace', () => {
  it('imports a .pth, and says what picture it wants', async () => {
    await importBundle({ files: { identity: fixture('identity-small.pth') }, to: at('identity') });
    const { identity, info } = await loadBundle(at('identity'), { parts: ['identity'] });
    expect(info.identity).toMatchObject({ input: { size: 32 }, embedding: 16 });
    const io = await golden('identity-small.safetensors', 'core');
    const prepared = tf.transpose(io['prepared'] as tf.Tensor4D, [0, 2, 3, 1]);
    expectGolden(identityFeatures(identity, prepared, { size: 32 }), io['embedding']);
  });
});
