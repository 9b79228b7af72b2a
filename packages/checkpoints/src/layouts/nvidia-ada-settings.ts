/**
 * What a pickled StyleGAN2 of NVIDIA's says about itself besides its tensors: the attributes of its modules, and the
 * arguments they were made with (`_init_kwargs`). They decide gains and clamps, or that the network can't be used.
 */
import type { PyObject, PyValue } from '../pickle/values.js';
import { failure, MAPPING_LR_MUL, quoted, synthesisLayers } from '@styleclip/core';
import type { StateDict } from '../tensor.js';
import { lookup } from '../tree.js';
import type { AdaSize } from './nvidia-ada-table.js';

export interface NvidiaSettings {
  readonly mappingLrMul: number;
  /** Undefined where nothing is clamped. */
  readonly convClamp: number | undefined;
}

/** @throws UserError for what core's networks can't do */
export function nvidiaSettings(what: string, network: PyObject, size: AdaSize): NvidiaSettings {
  const mapping = lookup(network, 'mapping');
  const labels = setting(network, 'c_dim') ?? setting(mapping, 'c_dim') ?? 0;
  if (labels !== 0 || lookup(mapping, 'embed') != null) {
    throw failure(
      `${what}: this is a conditional generator (c_dim ${describe(labels)}); only unconditional ones are supported`,
    );
  }
  const resolution = setting(network, 'img_resolution') ?? size.resolution;
  if (resolution !== size.resolution) {
    throw failure(
      `${what}: it says that it draws ${describe(resolution)} pixels, but has layers for ${size.resolution}`,
    );
  }
  requireArchitecture(what, network, size);
  return { mappingLrMul: lrMulOf(what, mapping, size), convClamp: clampOf(what, network, size) };
}

/**
 * What the names of a bare state dict show of all this.
 * @throws UserError for what core's networks can't do
 */
export function requirePlainState(what: string, state: StateDict, { resolution }: AdaSize): void {
  if (state.has('mapping.embed.weight')) {
    throw failure(`${what}: this is a conditional generator; only unconditional ones are supported`);
  }
  for (let r = 4; r <= resolution; r *= 2) {
    const architecture = state.has(`synthesis.b${r}.skip.weight`)
      ? 'resnet'
      : state.has(`synthesis.b${r}.torgb.weight`)
        ? 'skip'
        : 'orig';
    if (architecture !== 'skip') {
      throw failure(`${what}: its architecture is ${describe(architecture)}; only "skip" is supported`);
    }
  }
}

function requireArchitecture(what: string, network: PyObject, { resolution }: AdaSize): void {
  for (let r = 4; r <= resolution; r *= 2) {
    const block = lookup(network, 'synthesis', `b${r}`);
    const architecture = setting(block, 'architecture') ?? 'skip';
    if (architecture !== 'skip') {
      throw failure(`${what}: its architecture is ${describe(architecture)}; only "skip" is supported`);
    }
  }
  for (const { name, toRGB } of synthesisLayers(resolution)) {
    const activation = toRGB
      ? 'lrelu'
      : (setting(lookup(network, 'synthesis', ...name.split('.')), 'activation') ?? 'lrelu');
    if (activation !== 'lrelu') {
      throw failure(`${what}: its activation is ${describe(activation)}; only "lrelu" is supported`);
    }
  }
}

/** The learning rate multiplier: the gain of the first layer's bias. */
function lrMulOf(what: string, mapping: PyValue | undefined, { mappingLayers }: AdaSize): number {
  for (let i = 0; i < mappingLayers; i++) {
    const activation = setting(lookup(mapping, `fc${i}`), 'activation') ?? 'lrelu';
    if (activation !== 'lrelu') {
      throw failure(`${what}: its mapping's activation is ${describe(activation)}; only "lrelu" is supported`);
    }
  }
  const first = lookup(mapping, 'fc0');
  const lrMul = setting(first, 'bias_gain') ?? setting(first, 'lr_multiplier') ?? MAPPING_LR_MUL;
  if (typeof lrMul !== 'number' || !(lrMul > 0) || !Number.isFinite(lrMul)) {
    throw failure(`${what}: its mapping's learning rate multiplier is ${describe(lrMul)}, not a number above 0`);
  }
  return lrMul;
}

/** `conv_clamp` of all layers, which must be the same. */
function clampOf(what: string, network: PyObject, { resolution }: AdaSize): number | undefined {
  const synthesis = lookup(network, 'synthesis');
  const whole =
    setting(synthesis, 'conv_clamp') ?? lookup(network, '_init_kwargs', 'synthesis_kwargs', 'conv_clamp') ?? null;
  const clamps = new Set<PyValue>();
  for (const { name } of synthesisLayers(resolution)) {
    const layer = lookup(synthesis, ...name.split('.'));
    const own = lookup(layer, 'conv_clamp'); // None does count: this layer does not clamp
    clamps.add(own === undefined ? (lookup(layer, '_init_kwargs', 'conv_clamp') ?? whole) : own);
  }
  const [clamp = null, ...others] = clamps;
  if (others.length > 0) {
    throw failure(
      `${what}: its layers clamp differently (${[...clamps].map(describe).join(', ')}); one bound is supported`,
    );
  }
  return clampValue(what, clamp);
}

/**
 * A `conv_clamp` as a bound.
 * @throws UserError unless it is None or a number above 0
 */
export function clampValue(what: string, clamp: PyValue | undefined): number | undefined {
  if (clamp === null || clamp === undefined) return undefined;
  if (typeof clamp !== 'number' || !(clamp > 0) || !Number.isFinite(clamp)) {
    throw failure(`${what}: its conv_clamp is ${describe(clamp)}, not a number above 0`);
  }
  return clamp;
}

/** An attribute of a module, or the argument of that name; None counts as not given. */
function setting(module: PyValue | undefined, name: string): PyValue | undefined {
  return lookup(module, name) ?? lookup(module, '_init_kwargs', name) ?? undefined;
}

/** A value for a message. */
export function describe(value: PyValue | undefined): string {
  if (typeof value === 'string') return quoted(value);
  if (typeof value === 'number' || typeof value === 'boolean' || typeof value === 'bigint') return String(value);
  return value === null ? 'None' : 'something else';
}
