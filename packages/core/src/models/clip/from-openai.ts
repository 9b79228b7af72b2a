/**
 * OpenAI's state dict (ViT models) to ours: the names stay, linear weights turn to [in,out] and the patch embedding to
 * HWIO. `proj` and `text_projection` are [in,out] in the original already.
 *
 * The ResNet CLIPs (RN50 …) have another image side and are refused by name.
 */
import tf from '@tensorflow/tfjs';
import type { Weights } from '../../weights.js';
import { applyNameTable, type NameRow, transposeConv, transposeLinear } from '../name-table.js';
import { depthOf } from './transformer.js';

/** Scalars that TorchScript archives carry beside the weights; our sizes are read off the shapes. */
const DESCRIPTIVE: ReadonlySet<string> = new Set(['input_resolution', 'context_length', 'vocab_size']);

const same = (name: string): NameRow => ({ from: name, to: name });

function blockRows(prefix: string, depth: number): NameRow[] {
  const rows: NameRow[] = [];
  for (let i = 0; i < depth; i++) {
    const block = `${prefix}resblocks.${i}.`;
    for (const name of ['attn.in_proj_weight', 'attn.out_proj.weight', 'mlp.c_fc.weight', 'mlp.c_proj.weight']) {
      rows.push({ ...same(block + name), turn: transposeLinear });
    }
    for (const name of ['attn.in_proj_bias', 'attn.out_proj.bias', 'mlp.c_fc.bias', 'mlp.c_proj.bias']) {
      rows.push(same(block + name));
    }
    for (const norm of ['ln_1', 'ln_2']) rows.push(same(`${block}${norm}.weight`), same(`${block}${norm}.bias`));
  }
  return rows;
}

/** The whole table for these depths. */
export function openAiTable(imageDepth: number, textDepth: number): readonly NameRow[] {
  return [
    { ...same('visual.conv1.weight'), turn: transposeConv },
    ...['class_embedding', 'positional_embedding', 'proj'].map((name) => same(`visual.${name}`)),
    ...['ln_pre.weight', 'ln_pre.bias', 'ln_post.weight', 'ln_post.bias'].map((name) => same(`visual.${name}`)),
    ...blockRows('visual.transformer.', imageDepth),
    ...['token_embedding.weight', 'positional_embedding', 'ln_final.weight', 'ln_final.bias'].map(same),
    ...['text_projection', 'logit_scale'].map(same),
    ...blockRows('transformer.', textDepth),
  ];
}

/**
 * @param state the state dict by OpenAI's names, in PyTorch's layouts
 * @param options.imageHeads, options.textHeads heads, where they are not width / 64
 * @returns CLIP weights; the caller disposes them
 * @throws when a name is missing or left over, or the model is a ResNet CLIP
 */
export function fromOpenAI(
  state: Weights,
  { imageHeads, textHeads }: { imageHeads?: number; textHeads?: number } = {},
): Weights {
  if (state['visual.layer1.0.conv1.weight'] !== undefined) {
    throw new Error('OpenAI CLIP: this is a ResNet CLIP; only the ViT models are supported (ViT-B/32, ViT-B/16, ViT-L/14)');
  }
  const table = openAiTable(depthOf(state, 'visual.transformer.'), depthOf(state, 'transformer.'));
  const weights = applyNameTable('OpenAI CLIP', state, table, (name) => DESCRIPTIVE.has(name));
  if (imageHeads !== undefined) weights['visual.transformer.heads'] = tf.ones([imageHeads]);
  if (textHeads !== undefined) weights['transformer.heads'] = tf.ones([textHeads]);
  return weights;
}
