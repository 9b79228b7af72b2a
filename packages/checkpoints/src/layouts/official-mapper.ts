/**
 * A latent mapper's checkpoint of the original program: `{state_dict: {mapper.…, decoder.…}, opts}`.
 *
 * The mapper belongs to the decoder beside it, noise included: with another generator, or with one whose noise was drawn
 * anew, its edits come out wrong. So both are found together. Only `LevelsMapper` has a counterpart here; the mapper for all
 * layers at once and those of style space are refused by name.
 */
import { failure, officialMapperTableOf } from '@styleclip/core';
import { PyDict } from '../pickle/values.js';
import { lookup, tensorsOf } from '../tree.js';
import type { FoundNetwork, Layout } from './layout.js';
import { rosinality } from './rosinality.js';
import { shapesOfState } from './shapes-of-state.js';

export const officialMapper: Layout = {
  kind: 'mapper',
  layout: 'StyleCLIP mapper',
  find({ tree }, file) {
    const all = lookup(tree, 'state_dict');
    if (
      !(all instanceof PyDict) ||
      ![...all.entries.keys()].some((name) => typeof name === 'string' && name.startsWith('mapper.'))
    ) {
      return undefined;
    }
    const what = `${file}: StyleCLIP mapper`;
    const state = tensorsOf(all, { name: file, prefix: 'mapper.' });
    const first = [...state.keys()][0] ?? '';
    if (first.startsWith('mapping.')) {
      throw failure(`${what}: this is a SingleMapper, one network for all layers; only LevelsMapper is supported`);
    }
    if (first.startsWith('mapper_')) {
      throw failure(`${what}: this mapper edits style space; only LevelsMapper, which edits W+, is supported`);
    }
    const description = lookup(tree, 'opts', 'description');
    return {
      kind: 'mapper',
      layout: officialMapper.layout,
      what,
      state,
      table: officialMapperTableOf(what, shapesOfState(state)),
      ignored: () => false,
      ...(typeof description === 'string' && { notes: { prompt: description } }),
    };
  },
};

/**
 * The generator that a mapper's checkpoint brings along.
 * @throws UserError when there is none
 */
export function decoderOf(checkpoint: Parameters<Layout['find']>[0], file: string): FoundNetwork {
  const decoder = rosinality.find(checkpoint, file);
  if (decoder === undefined) {
    throw failure(
      `${file}: this mapper's checkpoint has no decoder ("decoder.…" in its state dict), the generator it was trained with`,
    );
  }
  return decoder;
}
