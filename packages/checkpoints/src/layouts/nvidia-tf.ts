/**
 * StyleGAN2 generators in NVIDIA's TensorFlow pickles (stylegan2, stylegan2-ada): a tuple (G, D, Gs) of networks, each with
 * `variables`, pairs of name and array, and `components`, networks again. Gs, the average over training, is what is used.
 *
 * TensorFlow's layouts are ours (dense [in,out], convolutions [k,k,in,out]). Weights are raw, with the run-time gains of
 * equalised learning rates as in rosinality's. The style's bias lacks the "+1" that the graph adds. And where the graph
 * up-samples (Conv0_up) it turns the kernel by half a turn before the transposed convolution; core's does not, so the
 * stored one is turned here. Conv, Conv1 and ToRGB are not.
 *
 * StyleGAN 1, conditional networks and the architectures `resnet` and `orig` are refused by name.
 */
import { failure, MAPPING_LR_MUL } from '@styleclip/core';
import { isObjectOf, PyDict, PyList, PyObject, PyTensor, PyTuple, type PyValue } from '../pickle/values.js';
import { lazyOf, type LazyTensor, type StateDict } from '../tensor.js';
import { lookup } from '../tree.js';
import { requireRgb, requireSquare } from './channels.js';
import { clampConstant } from './clamp.js';
import { isBinomial } from './filters.js';
import type { FoundNetwork, Layout } from './layout.js';
import { clampValue, describe } from './nvidia-ada-settings.js';
import { tfSize, tfTable } from './nvidia-tf-table.js';

const NETWORK = 'dnnlib.tflib.network.Network';

/** Networks below networks: a generator has two, below itself. */
const MAX_COMPONENTS = 16;

export const nvidiaTf: Layout = {
  kind: 'generator',
  layout: 'NVIDIA StyleGAN2 (TensorFlow)',
  marks: [], // its tensors are not named by where they hang in the tree
  find(_, { tree }, file) {
    const network = averageOf(tree);
    if (network === undefined) return [];
    return [{ layout: nvidiaTf, source: 'Gs', describe: () => describeTf(network, file) }];
  },
};

function describeTf(network: PyObject, file: string): FoundNetwork {
  const what = `${file}: NVIDIA StyleGAN2 (TensorFlow)`;
  const state = variablesOf(network, what);
  const { mappingLrMul, convClamp } = settingsOf(what, network, state);
  const constant = state.get('synthesis/4x4/Const/const')?.shape ?? [];
  requireSquare(what, constant[2], constant[3]);
  const rgb = state.get('synthesis/4x4/ToRGB/weight')?.shape ?? [];
  requireRgb(`${what}: this is a`, rgb.length === 4 ? rgb[3] : undefined, 'generator');
  return {
    kind: 'generator',
    layout: nvidiaTf.layout,
    what,
    state,
    table: tfTable(tfSize(what, state), mappingLrMul),
    ignored: (name) => name === 'lod' || name.endsWith('/lod'),
    ...(convClamp !== undefined && { constants: clampConstant(convClamp) }),
    notes: { source: 'Gs', ...(convClamp !== undefined && { convClamp }) },
  };
}

/** Gs of (G, D, Gs) or of a dict with these names, or a network on its own. */
function averageOf(tree: PyValue): PyObject | undefined {
  const network =
    tree instanceof PyTuple || tree instanceof PyList ? tree.items[2] : tree instanceof PyDict ? tree.get('Gs') : tree;
  return network instanceof PyObject && isObjectOf(network, NETWORK) ? network : undefined;
}

/** The variables of a network and its components, by names such as `synthesis/4x4/Conv/weight`. */
function variablesOf(network: PyObject, what: string): StateDict {
  const state = new Map<string, LazyTensor>();
  const waiting: { prefix: string; part: PyObject }[] = [{ prefix: '', part: network }];
  for (let seen = 0; waiting.length > 0; seen++) {
    const { prefix, part } = waiting.pop()!;
    if (seen > MAX_COMPONENTS) throw failure(`${what}: it has more than ${MAX_COMPONENTS} components`);
    const variables = part.attribute('variables');
    if (!(variables instanceof PyList || variables instanceof PyTuple)) {
      throw failure(`${what}: a network without a list of variables; pickles before version 4 are not supported`);
    }
    for (const pair of variables.items) {
      const [name, value] = pair instanceof PyTuple || pair instanceof PyList ? pair.items : [];
      if (typeof name !== 'string') throw failure(`${what}: a variable without a name`);
      // Some programs keep a component's own scope in its names.
      const full = `${prefix}${name}`.replace(/^G_(mapping|synthesis)\//, '$1/');
      if (state.has(full)) throw failure(`${what}: two variables are called ${describe(full)}`);
      state.set(full, arrayOf(value, full, what));
    }
    const components = part.attribute('components');
    if (!(components instanceof PyDict)) continue;
    for (const [name, component] of components.entries) {
      if (typeof name === 'string' && component instanceof PyObject) {
        waiting.push({ prefix: `${prefix}${name}/`, part: component });
      }
    }
  }
  return state;
}

/** An array, or a number where the variable is a scalar. */
function arrayOf(value: PyValue | undefined, name: string, what: string): LazyTensor {
  if (value instanceof PyTensor) return value.tensor;
  if (typeof value === 'number') return lazyOf({ dtype: 'F32', shape: [], data: Float32Array.of(value) });
  throw failure(`${what}: the variable ${describe(name)} is not an array`);
}

/** What the network was built with, as far as it matters here. */
function settingsOf(
  what: string,
  network: PyObject,
  state: StateDict,
): { mappingLrMul: number; convClamp: number | undefined } {
  const given = (name: string): PyValue | undefined => lookup(network.attribute('static_kwargs'), name) ?? undefined;
  const names = [...state.keys()];
  if (names.some((name) => name.endsWith('/StyleMod/weight'))) {
    throw failure(`${what}: this is a StyleGAN 1 generator; only StyleGAN2 is supported`);
  }
  if ((given('label_size') ?? 0) !== 0 || names.some((name) => /^mapping\/Label/.test(name))) {
    throw failure(`${what}: this is a conditional generator; only unconditional ones are supported`);
  }
  const architecture = names.some((name) => /ToRGB_lod\d/.test(name)) ? 'orig' : (given('architecture') ?? 'skip');
  if (architecture !== 'skip' || names.some((name) => name.endsWith('/Skip/weight'))) {
    throw failure(`${what}: its architecture is ${describe(architecture)}; only "skip" is supported`);
  }
  for (const name of ['nonlinearity', 'mapping_nonlinearity', 'act']) {
    const activation = given(name) ?? 'lrelu';
    if (activation !== 'lrelu') {
      throw failure(`${what}: its ${name} is ${describe(activation)}; only "lrelu" is supported`);
    }
  }
  const kernel = given('resample_kernel');
  if (kernel !== undefined && !(kernel instanceof PyList || kernel instanceof PyTuple)) {
    throw failure(`${what}: its resample_kernel is ${describe(kernel)}, not a list`);
  }
  if (kernel !== undefined && !isBinomial(kernel.items.map(Number))) {
    throw failure(`${what}: its resample_kernel is not [1,3,3,1], the only one that is supported`);
  }
  const mappingLrMul = given('mapping_lrmul') ?? MAPPING_LR_MUL;
  if (typeof mappingLrMul !== 'number' || !(mappingLrMul > 0) || !Number.isFinite(mappingLrMul)) {
    throw failure(`${what}: its mapping_lrmul is ${describe(mappingLrMul)}, not a number above 0`);
  }
  return { mappingLrMul, convClamp: clampValue(what, given('conv_clamp')) };
}
