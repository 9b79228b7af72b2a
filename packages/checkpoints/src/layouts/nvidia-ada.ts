/**
 * StyleGAN2 generators in NVIDIA's PyTorch pickles (stylegan2-ada-pytorch, and the StyleGAN2 of the stylegan3 repository):
 * `{G, D, G_ema, …}`, modules as objects of persistent classes. G_ema, the average over training, is what is used.
 *
 * Names and layouts are close to rosinality's, nothing is flipped. Three things differ. Demodulated convolutions have no
 * 1/√fan_in: demodulation cancels it but for its 1e-8, so none is baked in here. toRGB's gain sits on the styles, which
 * is the same as on the weights. And layers may clamp (`conv_clamp`); such a network was trained to be clamped and needs it.
 *
 * Conditional generators, StyleGAN3 and the architectures `resnet` and `orig` are refused by name.
 */
import { PyDict, PyObject, type PyValue } from '../pickle/values.js';
import { failure, quoted } from '@styleclip/core';
import { lookup, tensorsOf } from '../tree.js';
import { clampConstant } from './clamp.js';
import { requireFilters } from './filters.js';
import type { Layout } from './layout.js';
import { adaSize, adaTable } from './nvidia-ada-table.js';
import { nvidiaSettings } from './nvidia-ada-settings.js';

const MODULE = 'torch_utils.persistence';

export const nvidiaAda: Layout = {
  kind: 'generator',
  layout: 'NVIDIA StyleGAN2 (PyTorch)',
  find({ tree }, file) {
    const [source, network] = tree instanceof PyDict ? ['G_ema', tree.get('G_ema')] : ['the pickled module', tree];
    if (!isPersistent(network)) return undefined;
    const what = `${file}: NVIDIA StyleGAN2`;
    requireStyleGan2(network, file);
    const state = tensorsOf(network, { name: file });
    const size = adaSize(what, state);
    const { mappingLrMul, convClamp } = nvidiaSettings(what, network, size);
    return {
      kind: 'generator',
      layout: nvidiaAda.layout,
      what,
      state,
      table: adaTable(size, mappingLrMul),
      ignored: (name) => name.endsWith('.resample_filter'),
      ...(convClamp !== undefined && { constants: clampConstant(convClamp) }),
      notes: { source, ...(convClamp !== undefined && { convClamp }) },
      check: () => requireFilters(what, state, (name) => name.endsWith('.resample_filter')),
    };
  },
};

function isPersistent(value: PyValue | undefined): value is PyObject {
  return value instanceof PyObject && value.type.module === MODULE;
}

/** StyleGAN3, its triplane descendants and networks that are no generators have other modules. */
function requireStyleGan2(network: PyObject, file: string): void {
  const synthesis = lookup(network, 'synthesis');
  if (synthesis instanceof PyObject) {
    if (lookup(synthesis, 'layer_names') !== undefined || lookup(synthesis, 'input') instanceof PyObject) {
      throw failure(`${file}: this is a StyleGAN3 generator; only StyleGAN2 is supported`);
    }
    if (lookup(synthesis, 'b4') instanceof PyObject) return;
  }
  throw failure(`${file}: its network is a ${quoted(network.type.name)} of NVIDIA's, not a StyleGAN2 generator`);
}
