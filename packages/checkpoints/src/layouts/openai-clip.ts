/**
 * CLIP by OpenAI's names: the TorchScript archives that OpenAI publishes (float16 matrices, three describing scalars), and
 * plain state dicts. Both are the same names; in an archive they are attributes of nested modules, and the causal mask
 * may be one of those. The ResNet models are refused by name.
 */
import { isOpenAiDescription, openAiTableOf } from '@styleclip/core';
import { PyDict } from '../pickle/values.js';
import { lookup, tensorsOf } from '../tree.js';
import type { Layout } from './layout.js';
import { shapesOfState } from './shapes-of-state.js';

export const openAiClip: Layout = {
  kind: 'clip',
  layout: 'OpenAI CLIP',
  find({ format, tree }, file) {
    if (!(tree instanceof PyDict)) return undefined;
    const nested = lookup(tree, 'visual') instanceof PyDict && lookup(tree, 'token_embedding') instanceof PyDict;
    if (!nested && !(tree.has('visual.conv1.weight') && tree.has('token_embedding.weight'))) return undefined;
    const what = `${file}: OpenAI CLIP`;
    const state = tensorsOf(tree, { name: file });
    return {
      kind: 'clip',
      layout: openAiClip.layout,
      what,
      state,
      table: openAiTableOf(what, shapesOfState(state)),
      ignored: (name) => isOpenAiDescription(name) || name.endsWith('.attn_mask') || name === 'attn_mask',
      notes: { source: format === 'torchscript' ? 'TorchScript archive' : 'state dict' },
    };
  },
};
