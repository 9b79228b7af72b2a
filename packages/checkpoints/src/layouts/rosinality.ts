/**
 * StyleGAN2 in rosinality's layout, which converters, training runs, encoders (e4e, pSp) and mappers keep their generators
 * in. The table is core's.
 *
 * The average w stands beside the generator, as `latent_avg`: in the state dict, or in a dict around it. It may have a row
 * per layer, all equal; where there is none, the importer computes it.
 */
import { failure, isRosinalityConstant, LATENT_AVG, rosinalityTableOf } from '@styleclip/core';
import { PyDict, PyTensor } from '../pickle/values.js';
import type { LazyTensor, StateDict } from '../tensor.js';
import { requireRgb, requireSquare } from './channels.js';
import { requireFilters } from './filters.js';
import type { Layout } from './layout.js';
import { type Place, sourceOf, stateAt } from './places.js';
import { shapesOfState } from './shapes-of-state.js';

const CONSTANT = 'input.input';

export const rosinality: Layout = {
  kind: 'generator',
  layout: 'rosinality StyleGAN2',
  marks: [CONSTANT],
  find(places, _, file) {
    const what = `${file}: rosinality StyleGAN2`;
    return places.map((place) => ({
      layout: rosinality,
      source: place.source,
      describe() {
        const state = withAverage(stateAt(place, file), place, file);
        const [, , height, width] = state.get(CONSTANT)?.shape ?? [];
        requireSquare(what, height, width);
        const rgb = state.get('to_rgb1.conv.weight')?.shape;
        requireRgb(`${what}: this is a`, rgb?.length === 5 ? rgb[1] : undefined, 'generator');
        return {
          kind: 'generator',
          layout: rosinality.layout,
          what,
          state,
          table: rosinalityTableOf(what, shapesOfState(state)),
          ignored: isRosinalityConstant,
          notes: { source: sourceOf(place) },
          check: () => requireFilters(what, state, (name) => name.endsWith('.kernel')),
        };
      },
    }));
  },
};

/** Adds the nearest average w. */
function withAverage(state: StateDict, { around }: Place, file: string): StateDict {
  const beside = around.map((holder) => (holder instanceof PyDict ? holder.get(LATENT_AVG) : undefined));
  const found = state.get(LATENT_AVG) ?? beside.find((value) => value instanceof PyTensor)?.tensor;
  return found === undefined ? state : new Map([...state, [LATENT_AVG, oneRow(found, file)]]);
}

/** `latent_avg` as one w: [D], or [L,D] or [1,L,D] where all rows are equal. */
function oneRow(lazy: LazyTensor, file: string): LazyTensor {
  const width = lazy.shape.at(-1);
  if (lazy.shape.length < 2 || width === undefined) return lazy;
  return {
    dtype: lazy.dtype,
    shape: [width],
    async read() {
      const { dtype, data } = await lazy.read();
      for (let i = width; i < data.length; i++) {
        if (data[i] !== data[i % width]) {
          throw failure(
            `${file}: latent_avg [${lazy.shape.join(',')}] differs from row to row; one average w is needed`,
          );
        }
      }
      return { dtype, shape: [width], data: data.slice(0, width) };
    },
  };
}
