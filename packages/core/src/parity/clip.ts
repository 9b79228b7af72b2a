/** CLIP ViT-B/32 at full size: tokens, image and text features and logits against OpenAI's own program. */
import tf from '@tensorflow/tfjs';
import type { Device } from '../device.js';
import { encodeImage, encodeText, fromOpenAI, tokenTensor } from '../models/clip/index.js';
import { unitRows } from '../models/unit-rows.js';
import { disposeAll } from '../weights.js';
import { golden, measure, type Measured, type ParityCheck } from './check.js';
import { formulaTensor, formulaWeights, type Rule, UNIT_VARIANCE } from './weight-formula.js';

const IMAGE = { size: 224, patch: 32, width: 768, layers: 12 };
const TEXT = { context: 77, vocabulary: 49408, width: 512, layers: 12 };
const EMBED = 512;
const TEXTS = ['a photo of a face', 'a person with purple hair', 'mohawk hairstyle'];

/** Number of the formula's tensor that is the picture. */
const PICTURE = 930;

export const clipCheck: ParityCheck = {
  name: 'clip',
  about: 'CLIP ViT-B/32, two images and three texts, against the PyTorch original',
  run,
};

async function run(device: Device): Promise<Measured[]> {
  const want = await golden('clip-vitb32-formula.io.safetensors');
  const state = formulaWeights(shapes(), ruleOf);
  const clip = fromOpenAI(state);
  disposeAll(state);
  const side = IMAGE.size;
  const nchw = formulaTensor(PICTURE, [2, 3, side, side], (u) => 4 * u);
  const image = tf.transpose(nchw, [0, 2, 3, 1]) as tf.Tensor4D;
  const tokens = tokenTensor(clip, TEXTS);
  const encode = device.compile(
    (pixels: tf.Tensor4D, ids: tf.Tensor2D) => {
      const features = { image: encodeImage(clip, pixels), text: encodeText(clip, ids) };
      const cosines = tf.matMul(unitRows(features.image), unitRows(features.text), false, true);
      return { ...features, logits: tf.mul(cosines, tf.exp(clip['logit_scale'] as tf.Tensor)) };
    },
    { name: 'parity clip' },
  );
  const got = await encode(image, tokens);
  await encode.dispose();
  const measured = [
    measure('tokens', tokens, want['tokens'] as tf.Tensor),
    measure('image features', got.image, want['image_features'] as tf.Tensor),
    measure('text features', got.text, want['text_features'] as tf.Tensor),
    measure('logits per image', got.logits, want['logits_per_image'] as tf.Tensor),
  ];
  disposeAll(clip, want, got, { nchw, image, tokens });
  return measured;
}

/** Every name of OpenAI's ViT-B/32 state dict with its shape. */
function shapes(): Record<string, number[]> {
  const all: Record<string, number[]> = {
    logit_scale: [],
    text_projection: [TEXT.width, EMBED],
    positional_embedding: [TEXT.context, TEXT.width],
    'token_embedding.weight': [TEXT.vocabulary, TEXT.width],
    'visual.class_embedding': [IMAGE.width],
    'visual.positional_embedding': [(IMAGE.size / IMAGE.patch) ** 2 + 1, IMAGE.width],
    'visual.proj': [IMAGE.width, EMBED],
    'visual.conv1.weight': [IMAGE.width, 3, IMAGE.patch, IMAGE.patch],
  };
  const norm = (name: string, width: number): void => {
    all[`${name}.weight`] = [width];
    all[`${name}.bias`] = [width];
  };
  const blocks = (prefix: string, width: number, layers: number): void => {
    for (let i = 0; i < layers; i++) {
      const block = `${prefix}resblocks.${i}.`;
      norm(`${block}ln_1`, width);
      norm(`${block}ln_2`, width);
      all[`${block}attn.in_proj_weight`] = [3 * width, width];
      all[`${block}attn.in_proj_bias`] = [3 * width];
      all[`${block}attn.out_proj.weight`] = [width, width];
      all[`${block}attn.out_proj.bias`] = [width];
      all[`${block}mlp.c_fc.weight`] = [4 * width, width];
      all[`${block}mlp.c_fc.bias`] = [4 * width];
      all[`${block}mlp.c_proj.weight`] = [width, 4 * width];
      all[`${block}mlp.c_proj.bias`] = [width];
    }
  };
  norm('ln_final', TEXT.width);
  norm('visual.ln_pre', IMAGE.width);
  norm('visual.ln_post', IMAGE.width);
  blocks('transformer.', TEXT.width, TEXT.layers);
  blocks('visual.transformer.', IMAGE.width, IMAGE.layers);
  return all;
}

function ruleOf(name: string, shape: readonly number[]): Rule {
  if (name === 'logit_scale') return () => Math.log(100);
  if (name.includes('.ln_') || name.startsWith('ln_')) {
    return name.endsWith('weight') ? (u) => 1 + 0.4 * u : (u) => 0.2 * u;
  }
  if (name.includes('embedding')) return (u) => 0.05 * UNIT_VARIANCE * u;
  if (name.endsWith('bias')) return (u) => 0.1 * u;
  const projection = name === 'visual.proj' || name === 'text_projection';
  const fanIn = projection ? (shape[0] ?? 1) : shape.slice(1).reduce((product, size) => product * size, 1);
  return (u) => (UNIT_VARIANCE * u) / Math.sqrt(fanIn);
}
