/**
 * A latent mapper's checkpoint of the original program: `{state_dict: {mapper.…, decoder.…}, opts}`.
 *
 * The mapper belongs to the decoder beside it, noise included: with another generator, or with one whose noise was drawn
 * anew, its edits come out wrong. So both are found together. Only `LevelsMapper` has a counterpart here; the mapper for all
 * layers at once and those of style space are refused by name.
 */
import { failure, officialMapperTableOf } from '@styleclip/core';
import { lookup } from '../tree.js';
import type { Layout } from './layout.js';
import { type Place, stateAt } from './places.js';
import { shapesOfState } from './shapes-of-state.js';

/** Any of its groups may be left out. */
const LEVELS = ['course_mapping', 'medium_mapping', 'fine_mapping'].map((group) => `${group}.mapping.1.weight`);

/** The mappers without a counterpart. */
const SINGLE = 'mapper.mapping.1.weight';
const STYLE_SPACE = 'mapper.mapper_0.mapping.1.weight';

export const officialMapper: Layout = {
  kind: 'mapper',
  layout: 'StyleCLIP mapper',
  marks: [...LEVELS, SINGLE, STYLE_SPACE],
  find(places, { tree }, file) {
    const what = `${file}: StyleCLIP mapper`;
    return oncePerSource(places).map((place) => ({
      layout: officialMapper,
      source: place.source,
      describe() {
        const state = stateAt(place, file);
        if (state.has(SINGLE)) {
          throw failure(`${what}: this is a SingleMapper, one network for all layers; only LevelsMapper is supported`);
        }
        if (state.has(STYLE_SPACE)) {
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
    }));
  },
};

/** Several groups of one mapper are one place. */
function oncePerSource(places: readonly Place[]): Place[] {
  return [...new Map(places.map((place) => [place.source, place])).values()];
}

/** Where the generator of the mapper at `source` stands: in the mapper's place, called `decoder`. */
export function decoderSource(source: string): string {
  return [...source.split('.').slice(0, -1), 'decoder'].join('.');
}
