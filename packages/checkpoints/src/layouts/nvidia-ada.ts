/**
 * StyleGAN2 generators of NVIDIA's PyTorch programs (stylegan2-ada-pytorch, and the StyleGAN2 of the stylegan3 repository):
 * modules as objects of persistent classes, in NVIDIA's own pickles `{G, D, G_ema, …}` or saved by torch.save, and bare
 * state dicts of them.
 *
 * Names and layouts are close to rosinality's, nothing is flipped. Three things differ. Demodulated convolutions have no
 * 1/√fan_in: demodulation cancels it but for its 1e-8, so none is baked in here. toRGB's gain sits on the styles, which
 * is the same as on the weights. And layers may clamp (`conv_clamp`); such a network was trained to be clamped and needs it.
 * A module says so, a state dict does not: then the user must.
 *
 * Conditional generators, StyleGAN3 and the architectures `resnet` and `orig` are refused by name.
 */
import { failure, MAPPING_LR_MUL, quoted, usageError } from '@styleclip/core';
import { PyDict, PyObject, type PyValue } from '../pickle/values.js';
import type { StateDict } from '../tensor.js';
import { lookup } from '../tree.js';
import { requireRgb, requireSquare } from './channels.js';
import { clampConstant } from './clamp.js';
import { requireFilters } from './filters.js';
import type { FoundNetwork, Layout, Told } from './layout.js';
import { type NvidiaSettings, nvidiaSettings, requirePlainState } from './nvidia-ada-settings.js';
import { type AdaSize, adaSize, adaTable } from './nvidia-ada-table.js';
import { type Place, sourceOf, stateAt } from './places.js';

const MODULE = 'torch_utils.persistence';
const CONSTANT = 'synthesis.b4.const';

/** Its first layer turns coordinates into waves. */
const STYLEGAN3 = 'synthesis.input.freqs';

export const nvidiaAda: Layout = {
  kind: 'generator',
  layout: 'NVIDIA StyleGAN2 (PyTorch)',
  marks: [CONSTANT, STYLEGAN3],
  find(places, { tree }, file) {
    if (places.length === 0) refuseOthers(tree, file);
    return places.map((place) => ({
      layout: nvidiaAda,
      source: place.source,
      describe: (told) => describeAda(place, told, file),
    }));
  },
};

function describeAda(place: Place, told: Told, file: string): FoundNetwork {
  const what = `${file}: NVIDIA StyleGAN2`;
  const state = stateAt(place, file);
  if (state.has(STYLEGAN3) || lookup(place.node, 'synthesis', 'layer_names') !== undefined) {
    throw failure(`${file}: this is a StyleGAN3 generator; only StyleGAN2 is supported`);
  }
  requirePictures(what, state);
  const size = adaSize(what, state);
  const { mappingLrMul, convClamp, notes } = settingsOf(what, place, { state, size, told });
  return {
    kind: 'generator',
    layout: nvidiaAda.layout,
    what,
    state,
    table: adaTable(size, mappingLrMul),
    ignored: (name) => name.endsWith('.resample_filter'),
    ...(convClamp !== undefined && { constants: clampConstant(convClamp) }),
    notes: {
      source: place.source === '' && isPersistent(place.node) ? 'the pickled module' : sourceOf(place),
      ...(convClamp !== undefined && { convClamp }),
      ...notes,
    },
    check: () => requireFilters(what, state, (name) => name.endsWith('.resample_filter')),
  };
}

function requirePictures(what: string, state: StateDict): void {
  const [, height, width] = state.get(CONSTANT)?.shape ?? [];
  requireSquare(what, height, width);
  const rgb = state.get('synthesis.b4.torgb.weight')?.shape;
  requireRgb(`${what}: this is a`, rgb?.length === 4 ? rgb[0] : undefined, 'generator');
}

/** Gains and clamps: as a module says, else as the user does. */
function settingsOf(
  what: string,
  { node, prefix }: Place,
  { state, size, told }: { state: StateDict; size: AdaSize; told: Told },
): NvidiaSettings & { readonly notes?: FoundNetwork['notes'] } {
  const { convClamp: said } = told;
  if (isPersistent(node) && prefix === '') {
    const settings = nvidiaSettings(what, node, size);
    if (said !== undefined && said !== (settings.convClamp ?? 'none')) {
      throw usageError(
        `${what}: --conv-clamp ${said} contradicts the file, which says ${settings.convClamp ?? 'none'}; leave it out`,
      );
    }
    return settings;
  }
  requirePlainState(what, state, size);
  if (said === undefined) {
    throw usageError(
      `${what}: a state dict does not say at what its layers were clamped in training (conv_clamp), and draws other pictures without; say --conv-clamp N or --conv-clamp none (NVIDIA's train.py sets 256, and none for --fp32)`,
    );
  }
  return {
    mappingLrMul: MAPPING_LR_MUL,
    convClamp: said === 'none' ? undefined : said,
    notes: {
      conv_clamp: `${said}, as --conv-clamp says: the file does not`,
      lr_multiplier: `${MAPPING_LR_MUL} in the mapping network, NVIDIA's default: the file does not say`,
    },
  };
}

function isPersistent(value: PyValue | undefined): value is PyObject {
  return value instanceof PyObject && value.type.module === MODULE;
}

/** Networks of NVIDIA's that are no StyleGAN2 have other modules. */
function refuseOthers(tree: PyValue, file: string): void {
  const network = tree instanceof PyDict ? tree.get('G_ema') : tree;
  if (!isPersistent(network)) return;
  throw failure(`${file}: its network is a ${quoted(network.type.name)} of NVIDIA's, not a StyleGAN2 generator`);
}
