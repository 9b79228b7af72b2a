/**
 * S → picture: StyleGAN2's synthesis network with skip connections (config-f).
 *
 * Every convolution is: modulated conv, + noise·strength, + bias, √2·lrelu. Every block's toRGB (1×1, no demodulation)
 * adds to the picture so far, doubled. Generators that NVIDIA trained in half precision clamp
 * each layer's output, after the gain, and so does the walk here when the weights say how far (`convClamp`). The list of
 * layers (architecture.ts) is simply walked, so synthesis can stop at any block's picture (`stopAt`) and can begin at any
 * layer from what an earlier walk left there (`from`): a probe that changes one layer's style need not compute the layers
 * below again.
 */
import { tf } from '../../tensors/tf.js';
import { requireWeight, type Weights } from '../../tensors/weights.js';
import { ACTIVATION_GAIN } from './activation.js';
import { generatorSize, synthesisLayers, type SynthesisLayer } from './architecture.js';
import { demodulation, modulatedConv, scaledConv } from './modulated-conv.js';
import { layerNoise, type Noise } from './noise.js';
import { expectShape } from './shapes.js';
import type { StyleCode, StyleVector } from './spaces.js';
import { clampTo, styledActivation } from './styled-activation.js';
import { upsampleRgb } from './upsample-rgb.js';
import type { UpsamplingForm } from './upsampling-conv.js';

/** What flows into a layer: enough to go on from there. */
export interface Activations {
  /** Name of the layer that runs next, e.g. `b16.conv1`. */
  layer: string;
  /** [N,h,w,C] */
  x: tf.Tensor4D;
  /** The picture so far [N,h',w',3]; absent before the first toRGB. */
  rgb?: tf.Tensor4D;
}

export interface SynthesisOptions {
  /** The maps stored with the weights, none, or given ones by layer name (noise.ts). */
  noise?: Noise;
  /** Return the picture of this block instead of the last one's. */
  stopAt?: number;
  /** Begin at a layer with stored activations; styles of earlier layers are not read. */
  from?: Activations;
  /** Form of the upsampling convolutions. */
  upsampling?: UpsamplingForm;
}

/**
 * @param g generator weights
 * @param code styles in the order of execution, batch N
 * @returns picture [N,R,R,3], nominally in [-1,1] and not clamped
 */
export function synthesize(g: Weights, code: StyleCode, options: SynthesisOptions = {}): tf.Tensor4D {
  const layers = layersOf(g, code);
  const stopAt = options.stopAt ?? (layers[layers.length - 1] as SynthesisLayer).resolution;
  const end = layers.findIndex((l) => l.toRGB && l.resolution === stopAt);
  if (end < 0) throw new Error(`synthesize: stopAt ${stopAt} is not one of ${blocks(layers).join(', ')}`);
  const { rgb } = walk(g, code, layers, end + 1, options);
  return rgb as tf.Tensor4D;
}

/**
 * Runs the layers before `layer` and returns what flows into it.
 * @param layer layer name, e.g. `b16.conv1`
 */
export function activationsBefore(
  g: Weights,
  code: StyleCode,
  layer: string,
  options: Omit<SynthesisOptions, 'stopAt'> = {},
): Activations {
  const layers = layersOf(g, code);
  return walk(g, code, layers, layerIndex(layers, layer), options);
}

function walk(
  g: Weights,
  code: StyleCode,
  layers: SynthesisLayer[],
  end: number,
  options: Omit<SynthesisOptions, 'stopAt'>,
): Activations {
  const { from, noise = 'stored', upsampling } = options;
  const start = from ? layerIndex(layers, from.layer) : 0;
  if (start > end) throw new Error(`synthesize: cannot start at ${from?.layer}, which lies beyond the end`);
  let x = from?.x ?? constantInput(g);
  let rgb = from?.rgb;
  for (const layer of layers.slice(start, end)) {
    const { style } = code[layer.index] as StyleVector;
    if (layer.toRGB) {
      const skip = rgb && layer.resolution > (rgb.shape[1] as number) ? upsampleRgb(rgb) : rgb;
      const y = toRgb(g, layer, x, style);
      rgb = skip ? (tf.add(skip, y) as tf.Tensor4D) : y;
    } else {
      x = styledConv(g, layer, x, style, noise, upsampling);
    }
  }
  const next = layers[end]?.name ?? 'end';
  return rgb ? { layer: next, x, rgb } : { layer: next, x };
}

function styledConv(
  g: Weights,
  { name, resolution, up }: SynthesisLayer,
  x: tf.Tensor4D,
  style: tf.Tensor2D,
  noise: Noise,
  upsampling: UpsamplingForm | undefined,
): tf.Tensor4D {
  const kernel = requireWeight(g, `${name}.weight`) as tf.Tensor4D;
  const y = scaledConv(x, kernel, style, { up, ...(upsampling && { upsampling }) });
  const bias = tf.mul(requireWeight(g, `${name}.bias`), ACTIVATION_GAIN) as tf.Tensor1D;
  const map = layerNoise(g, name, resolution, noise);
  const clamp = clampOf(g);
  return styledActivation(y, demodulation(kernel, style, ACTIVATION_GAIN), bias, {
    ...(map && { noise: tf.mul(map, ACTIVATION_GAIN) as tf.Tensor4D }),
    ...(clamp && { clamp }),
  }); // [N,r,r,O]
}

function toRgb(g: Weights, { name }: SynthesisLayer, x: tf.Tensor4D, style: tf.Tensor2D): tf.Tensor4D {
  const kernel = requireWeight(g, `${name}.weight`) as tf.Tensor4D;
  const y = modulatedConv(x, kernel, style, { demodulate: false });
  return clampTo(tf.add(y, requireWeight(g, `${name}.bias`)) as tf.Tensor4D, clampOf(g)); // [N,r,r,3]
}

/** NVIDIA's `conv_clamp`, the bound of every layer's output, where the weights have one. */
function clampOf(g: Weights): tf.Scalar | undefined {
  const limit = g['convClamp'];
  if (limit) expectShape('convClamp', limit, []);
  return limit as tf.Scalar | undefined;
}

/** The learned 4×4 constant as a batch of one; the first modulation broadcasts it. */
function constantInput(g: Weights): tf.Tensor4D {
  const constant = requireWeight(g, 'b4.const');
  expectShape('b4.const', constant, [4, 4, 'C']);
  return tf.reshape(constant, [1, 4, 4, constant.shape[2] as number]);
}

/** The generator's layers, once the code was checked against them. */
function layersOf(g: Weights, code: StyleCode): SynthesisLayer[] {
  const layers = synthesisLayers(generatorSize(g).resolution);
  if (code.length !== layers.length) {
    throw new Error(`synthesize: the generator has ${layers.length} styles, the style code has ${code.length}`);
  }
  for (const [i, { name }] of layers.entries()) {
    const { style } = code[i] as StyleVector;
    expectShape(`synthesize: style ${i} (${name})`, style, ['N', requireWeight(g, `${name}.weight`).shape[2] as number]);
  }
  return layers;
}

function layerIndex(layers: SynthesisLayer[], name: string): number {
  const index = layers.findIndex((l) => l.name === name);
  if (index < 0) throw new Error(`unknown layer "${name}", known: ${layers.map((l) => l.name).join(', ')}`);
  return index;
}

function blocks(layers: SynthesisLayer[]): number[] {
  return layers.filter((l) => l.toRGB).map((l) => l.resolution);
}
