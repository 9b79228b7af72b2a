/**
 * OpenAI's state dict (ViT models) to ours: the names stay, linear weights turn to [in,out] and the patch embedding to
 * HWIO. `proj` and `text_projection` are [in,out] in the original already.
 *
 * The ResNet CLIPs (RN50 …) have another image side and are refused by name.
 */
import { tf } from '../../tensors/tf.js';
import { failure } from '../../errors.js';
import type { Weights } from '../../tensors/weights.js';
import { applyNameTable, type NamedShapes, type NameRow, shapesOf, type Size } from '../name-table.js';
import { CONV, LINEAR, type Turn } from '../turns.js';

/** Scalars that TorchScript archives carry beside the weights; our sizes are read off the shapes. */
const DESCRIPTIVE: ReadonlySet<string> = new Set(['input_resolution', 'context_length', 'vocab_size']);

/** Names of a state dict that need not be read. */
export const isOpenAiDescription = (name: string): boolean => DESCRIPTIVE.has(name);

const same = (name: string, shape: readonly Size[], turn?: Turn): NameRow => ({
  from: name,
  to: name,
  shape,
  ...(turn && { turn }),
});

const norm = (name: string, width: string): NameRow[] => [
  same(`${name}.weight`, [width]),
  same(`${name}.bias`, [width]),
];

/** @param side letter of this side's width; its MLP's is `<side> hidden` */
function blockRows(prefix: string, depth: number, side: string): NameRow[] {
  const rows: NameRow[] = [];
  const hidden = `${side} hidden`;
  for (let i = 0; i < depth; i++) {
    const block = `${prefix}resblocks.${i}.`;
    rows.push(same(`${block}attn.in_proj_weight`, [`3·${side}`, side], LINEAR));
    rows.push(same(`${block}attn.in_proj_bias`, [`3·${side}`]));
    rows.push(same(`${block}attn.out_proj.weight`, [side, side], LINEAR));
    rows.push(same(`${block}attn.out_proj.bias`, [side]));
    rows.push(same(`${block}mlp.c_fc.weight`, [hidden, side], LINEAR), same(`${block}mlp.c_fc.bias`, [hidden]));
    rows.push(same(`${block}mlp.c_proj.weight`, [side, hidden], LINEAR), same(`${block}mlp.c_proj.bias`, [side]));
    rows.push(...norm(`${block}ln_1`, side), ...norm(`${block}ln_2`, side));
  }
  return rows;
}

/** The whole table for these depths. */
export function openAiTable(imageDepth: number, textDepth: number): readonly NameRow[] {
  return [
    same('visual.conv1.weight', ['image', 3, 'patch', 'patch'], CONV),
    same('visual.class_embedding', ['image']),
    same('visual.positional_embedding', ['patches + 1', 'image']),
    same('visual.proj', ['image', 'embed']),
    ...norm('visual.ln_pre', 'image'),
    ...norm('visual.ln_post', 'image'),
    ...blockRows('visual.transformer.', imageDepth, 'image'),
    same('token_embedding.weight', ['vocabulary', 'text']),
    same('positional_embedding', ['context', 'text']),
    ...norm('ln_final', 'text'),
    same('text_projection', ['text', 'embed']),
    same('logit_scale', []),
    ...blockRows('transformer.', textDepth, 'text'),
  ];
}

/**
 * The table for a state dict, its depths read off the names.
 *
 * @param what names the file in errors
 * @throws UserError when the model is a ResNet CLIP
 */
export function openAiTableOf(what: string, shapes: NamedShapes): readonly NameRow[] {
  if (shapes.has('visual.layer1.0.conv1.weight')) {
    throw failure(`${what}: this is a ResNet CLIP; only the ViT models are supported (ViT-B/32, ViT-B/16, ViT-L/14)`);
  }
  const depth = (prefix: string): number => {
    let blocks = 0;
    while (shapes.has(`${prefix}resblocks.${blocks}.ln_1.weight`)) blocks++;
    return blocks;
  };
  return openAiTable(depth('visual.transformer.'), depth('transformer.'));
}

/**
 * The marker tensors that hold a number of heads, for CLIPs whose heads are not width / 64.
 * @returns new tensors, none for what is left out
 */
export function headMarkers({ imageHeads, textHeads }: { imageHeads?: number; textHeads?: number }): Weights {
  return {
    ...(imageHeads !== undefined && { 'visual.transformer.heads': tf.ones([imageHeads]) }),
    ...(textHeads !== undefined && { 'transformer.heads': tf.ones([textHeads]) }),
  };
}

/**
 * @param state the state dict by OpenAI's names, in PyTorch's layouts
 * @param heads heads, where they are not width / 64
 * @returns CLIP weights; the caller disposes them
 * @throws UserError when a name is missing or left over, or the model is a ResNet CLIP
 */
export function fromOpenAI(state: Weights, heads: { imageHeads?: number; textHeads?: number } = {}): Weights {
  const table = openAiTableOf('OpenAI CLIP', shapesOf(state));
  return { ...applyNameTable('OpenAI CLIP', state, table, isOpenAiDescription), ...headMarkers(heads) };
}
