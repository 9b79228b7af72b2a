/**
 * StyleGAN2 in rosinality's layout, in the files that hold one:
 *
 *     {g_ema, latent_avg}                     converted from NVIDIA's
 *     {g, d, g_ema, g_optim, args, …}         training checkpoints, without latent_avg
 *     {state_dict: {decoder.…}, latent_avg?}  encoders (e4e, pSp) and mappers, with the generator they were trained with
 *     the bare state dict                     as safetensors, for one
 *
 * The table is core's. `latent_avg` may have a row per layer, all equal; where there is none, the importer computes it.
 */
import { failure, isRosinalityConstant, LATENT_AVG, rosinalityTableOf } from '@styleclip/core';
import { PyDict, PyTensor, type PyValue } from '../pickle/values.js';
import type { LazyTensor, StateDict } from '../tensor.js';
import { lookup, tensorsOf } from '../tree.js';
import { requireFilters } from './filters.js';
import type { FoundNetwork, Layout } from './layout.js';
import { shapesOfState } from './shapes-of-state.js';

export const rosinality: Layout = {
  kind: 'generator',
  layout: 'rosinality StyleGAN2',
  find({ tree }, file) {
    const found = generatorIn(tree, file);
    return found && describeRosinality(found, file);
  },
};

/** A `g_ema` with or without `latent_avg`, ready to be imported. */
export function describeRosinality(
  { state, source }: { state: StateDict; source: string },
  file: string,
): FoundNetwork {
  const what = `${file}: rosinality StyleGAN2`;
  return {
    kind: 'generator',
    layout: rosinality.layout,
    what,
    state,
    table: rosinalityTableOf(what, shapesOfState(state)),
    ignored: isRosinalityConstant,
    notes: { source },
    check: () => requireFilters(what, state, (name) => name.endsWith('.kernel')),
  };
}

/** The generator's tensors, wherever they stand in the tree. */
function generatorIn(tree: PyValue, name: string): { state: StateDict; source: string } | undefined {
  const candidates: [source: string, part: PyValue | undefined, prefix: string][] = [
    ['g_ema', lookup(tree, 'g_ema'), ''],
    ['state_dict.decoder', lookup(tree, 'state_dict'), 'decoder.'],
    ['state dict', tree, ''],
  ];
  for (const [source, part, prefix] of candidates) {
    // Other values of a bare state dict would be found below it as well, so only tensors that lie flat count there.
    if (!(part instanceof PyDict) || !part.has(`${prefix}input.input`)) continue;
    const state = tensorsOf(part, { name, prefix });
    const average = lookup(tree, LATENT_AVG);
    if (!(average instanceof PyTensor)) return { state, source };
    return { state: new Map([...state, [LATENT_AVG, oneRow(average.tensor, name)]]), source };
  }
  return undefined;
}

/** `latent_avg` as one w: [D], or [L,D] where all rows are equal. */
function oneRow(lazy: LazyTensor, file: string): LazyTensor {
  const [rows, width] = lazy.shape;
  if (lazy.shape.length !== 2 || rows === undefined || width === undefined) return lazy;
  return {
    dtype: lazy.dtype,
    shape: [width],
    async read() {
      const { dtype, data } = await lazy.read();
      for (let i = width; i < data.length; i++) {
        if (data[i] !== data[i % width]) {
          throw failure(`${file}: latent_avg [${rows},${width}] differs from row to row; one average w is needed`);
        }
      }
      return { dtype, shape: [width], data: data.slice(0, width) };
    },
  };
}
