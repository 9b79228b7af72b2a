/** CLIP ViT-B/32 with formula weights, by OpenAI's names and shapes, read by `fromOpenAI`. */
import { disposeAll, fromOpenAI, type Weights } from '@styleclip/core';
import { formulaWeights, type Rule, UNIT_VARIANCE } from './weight-formula.js';

/** Side of the pictures it takes. */
export const CLIP_SIDE = 224;
const IMAGE = { size: CLIP_SIDE, patch: 32, width: 768, layers: 12 };
const TEXT = { context: 77, vocabulary: 49408, width: 512, layers: 12 };
const EMBED = 512;

/** The caller disposes the weights. */
export function formulaClip(): Weights {
  const state = formulaWeights(shapes(), ruleOf);
  const clip = fromOpenAI(state);
  disposeAll(state);
  return clip;
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
