/**
 * Fresh CLIP weights of any size, drawn as OpenAI's `initialize_parameters` draws them.
 *
 * Embeddings N(0, 0.02²) and N(0, 0.01²); attention and MLP by width^-½ and (2·width)^-½, the layers that write into
 * the residual stream smaller by (2·depth)^-½; norms 1 and 0; logit_scale ln(1/0.07). The image side's blocks are
 * drawn in the same way (the original leaves them to PyTorch's defaults).
 */
import { tf } from '../../tensors/tf.js';
import { type Random, normals } from '../../tensors/random.js';
import type { Weights } from '../../tensors/weights.js';

export type ClipConfig = {
  /** Length of the shared embedding. */
  readonly embed: number;
  readonly image: {
    readonly size: number;
    readonly patch: number;
    readonly width: number;
    readonly layers: number;
    /** Default width / 64, at least 1. */
    readonly heads?: number;
  };
  readonly text: {
    readonly context: number;
    /** Number of token ids, or the sorted CLIP ids (end of text last) that the embedding has rows for. */
    readonly vocabulary: number | readonly number[];
    readonly width: number;
    readonly layers: number;
    readonly heads?: number;
  };
};

/**
 * Fresh weights: OpenAI's names, linear weights [in,out], conv1 HWIO, with `vocabulary` and head markers where needed.
 * @throws when a size does not fit (patch and image, heads and width, an unsorted vocabulary)
 */
export function initClip(config: ClipConfig, random: Random): Weights {
  const { embed, image, text } = config;
  if (image.size % image.patch !== 0) {
    throw new Error(`initClip: image size ${image.size} is not a multiple of patch ${image.patch}`);
  }
  const weights: Weights = {};
  const draw = (name: string, shape: number[], std: number): void => {
    weights[name] = tf.tidy(() => tf.mul(normals(random.fork(name), shape), std));
  };
  const norm = (name: string, width: number): void => {
    weights[`${name}.weight`] = tf.ones([width]);
    weights[`${name}.bias`] = tf.zeros([width]);
  };
  const blocks = (prefix: string, width: number, layers: number, heads: number | undefined): void => {
    if (heads !== undefined) {
      if (width % heads !== 0) throw new Error(`initClip: width ${width} is not divisible by ${heads} heads`);
      if (heads !== Math.max(1, Math.floor(width / 64))) weights[`${prefix}heads`] = tf.ones([heads]);
    }
    const attention = width ** -0.5;
    const residual = attention * (2 * layers) ** -0.5;
    for (let i = 0; i < layers; i++) {
      const block = `${prefix}resblocks.${i}.`;
      norm(`${block}ln_1`, width);
      norm(`${block}ln_2`, width);
      draw(`${block}attn.in_proj_weight`, [width, 3 * width], attention);
      weights[`${block}attn.in_proj_bias`] = tf.zeros([3 * width]);
      draw(`${block}attn.out_proj.weight`, [width, width], residual);
      weights[`${block}attn.out_proj.bias`] = tf.zeros([width]);
      draw(`${block}mlp.c_fc.weight`, [width, 4 * width], (2 * width) ** -0.5);
      weights[`${block}mlp.c_fc.bias`] = tf.zeros([4 * width]);
      draw(`${block}mlp.c_proj.weight`, [4 * width, width], residual);
      weights[`${block}mlp.c_proj.bias`] = tf.zeros([width]);
    }
  };

  const imageScale = image.width ** -0.5;
  const patches = (image.size / image.patch) ** 2;
  draw('visual.conv1.weight', [image.patch, image.patch, 3, image.width], (image.patch * image.patch * 3) ** -0.5);
  draw('visual.class_embedding', [image.width], imageScale);
  draw('visual.positional_embedding', [patches + 1, image.width], imageScale);
  norm('visual.ln_pre', image.width);
  blocks('visual.transformer.', image.width, image.layers, image.heads);
  norm('visual.ln_post', image.width);
  draw('visual.proj', [image.width, embed], imageScale);

  let rows: number;
  if (typeof text.vocabulary === 'number') rows = text.vocabulary;
  else {
    const ids = [...text.vocabulary];
    if (ids.some((id, i) => i > 0 && id <= (ids[i - 1] ?? -1))) throw new Error('initClip: the vocabulary is not sorted');
    weights['vocabulary'] = tf.tensor1d(Int32Array.from(ids), 'int32');
    rows = ids.length + 1;
  }
  draw('token_embedding.weight', [rows, text.width], 0.02);
  draw('positional_embedding', [text.context, text.width], 0.01);
  blocks('transformer.', text.width, text.layers, text.heads);
  norm('ln_final', text.width);
  draw('text_projection', [text.width, embed], text.width ** -0.5);
  weights['logit_scale'] = tf.scalar(Math.log(1 / 0.07));
  return weights;
}

/** Splits weights into what an optimizer moves and what only says how the network is built (vocabulary, markers of heads and activation). */
export function splitTrainable(clip: Weights): { trainable: Weights; fixed: Weights } {
  const trainable: Weights = {};
  const fixed: Weights = {};
  for (const [name, tensor] of Object.entries(clip)) {
    const structural = name === 'vocabulary' || /transformer\.(heads|gelu)$/.test(name);
    (structural ? fixed : trainable)[name] = tensor;
  }
  return { trainable, fixed };
}
