/**
 * CLIP by Hugging Face's names (`model.safetensors`, `pytorch_model.bin`): the same network with query, key and value
 * apart, projections transposed, and other words for everything.
 *
 * OpenAI's in_proj is query, key and value on top of each other, so three of their tensors are joined and then turned.
 * `position_ids`, which older files carry, only count from zero.
 */
import { CONV, LINEAR, type NameRow, type Size, type Turn } from '@styleclip/core';
import type { StateDict } from '../tensor.js';
import { requireRgb } from './channels.js';
import type { Layout } from './layout.js';
import { sourceOf, stateAt } from './places.js';

const WORDS = 'text_model.embeddings.token_embedding.weight';
const PATCHES = 'vision_model.embeddings.patch_embedding.weight';

export const huggingFaceClip: Layout = {
  kind: 'clip',
  layout: 'Hugging Face CLIP',
  marks: [WORDS],
  find(places, _, file) {
    return places.flatMap((place) => {
      const state = stateAt(place, file);
      if (!state.has(PATCHES)) return []; // a text encoder alone
      const what = `${file}: Hugging Face CLIP`;
      return {
        layout: huggingFaceClip,
        source: place.source,
        describe() {
          requireRgb(`${what}: its image side takes`, state.get(PATCHES)?.shape[1], 'pictures');
          return {
            kind: 'clip',
            layout: huggingFaceClip.layout,
            what,
            state,
            table: huggingFaceClipTable(depthOf(state, 'vision_model'), depthOf(state, 'text_model')),
            ignored: (name) => name.endsWith('.position_ids'),
            notes: { source: sourceOf(place) },
          };
        },
      };
    });
  },
};

/** The whole table for these depths. */
export function huggingFaceClipTable(imageDepth: number, textDepth: number): readonly NameRow[] {
  const image = 'vision_model.embeddings';
  const text = 'text_model.embeddings';
  return [
    row(`${image}.patch_embedding.weight`, 'visual.conv1.weight', ['image', 3, 'patch', 'patch'], CONV),
    row(`${image}.class_embedding`, 'visual.class_embedding', ['image']),
    row(`${image}.position_embedding.weight`, 'visual.positional_embedding', ['patches + 1', 'image']),
    row('visual_projection.weight', 'visual.proj', ['embed', 'image'], LINEAR),
    ...both('vision_model.pre_layrnorm', 'visual.ln_pre', 'image'), // [sic]
    ...both('vision_model.post_layernorm', 'visual.ln_post', 'image'),
    ...layers('vision_model', 'visual.transformer', imageDepth, 'image'),
    row(`${text}.token_embedding.weight`, 'token_embedding.weight', ['vocabulary', 'text']),
    row(`${text}.position_embedding.weight`, 'positional_embedding', ['context', 'text']),
    ...both('text_model.final_layer_norm', 'ln_final', 'text'),
    row('text_projection.weight', 'text_projection', ['embed', 'text'], LINEAR),
    row('logit_scale', 'logit_scale', []),
    ...layers('text_model', 'transformer', textDepth, 'text'),
  ];
}

function layers(from: string, to: string, depth: number, side: string): NameRow[] {
  const hidden = `${side} hidden`;
  return Array.from({ length: depth }, (_, i): NameRow[] => {
    const [theirs, ours] = [`${from}.encoder.layers.${i}`, `${to}.resblocks.${i}`];
    const three = (field: string) => ['q', 'k', 'v'].map((letter) => `${theirs}.self_attn.${letter}_proj.${field}`);
    return [
      row(three('weight'), `${ours}.attn.in_proj_weight`, [side, side], LINEAR),
      row(three('bias'), `${ours}.attn.in_proj_bias`, [side]),
      ...linear(`${theirs}.self_attn.out_proj`, `${ours}.attn.out_proj`, side, side),
      ...linear(`${theirs}.mlp.fc1`, `${ours}.mlp.c_fc`, hidden, side),
      ...linear(`${theirs}.mlp.fc2`, `${ours}.mlp.c_proj`, side, hidden),
      ...both(`${theirs}.layer_norm1`, `${ours}.ln_1`, side),
      ...both(`${theirs}.layer_norm2`, `${ours}.ln_2`, side),
    ];
  }).flat();
}

function row(from: string | readonly string[], to: string, shape: readonly Size[], turn?: Turn): NameRow {
  return { from, to, shape, ...(turn && { turn }) };
}

function linear(from: string, to: string, outputs: string, inputs: string): NameRow[] {
  return [
    row(`${from}.weight`, `${to}.weight`, [outputs, inputs], LINEAR),
    row(`${from}.bias`, `${to}.bias`, [outputs]),
  ];
}

/** Weight and bias of a normalisation. */
function both(from: string, to: string, width: string): NameRow[] {
  return ['weight', 'bias'].map((field) => row(`${from}.${field}`, `${to}.${field}`, [width]));
}

function depthOf(state: StateDict, side: string): number {
  let depth = 0;
  while (state.has(`${side}.encoder.layers.${depth}.layer_norm1.weight`)) depth++;
  return depth;
}
