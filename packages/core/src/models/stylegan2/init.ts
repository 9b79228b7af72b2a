/**
 * Random generators, and equalised learning rates (Progressive GAN §4.1, StyleGAN2).
 *
 * A trainer holds *raw* parameters, drawn from N(0,1), whose gain 1/√fan_in is applied at run time, so that Adam moves
 * all of them at the same relative speed; the mapping network's learning rate is lowered by holding parameters 1/lrMul
 * times larger. Everything else in this project works on *effective* weights. `effectiveGenerator` multiplies the gains
 * in; it is a pure function of the raw record with the same names, so a trainer differentiates through it:
 *
 *     loss(raw) = f(synthesize(effectiveGenerator(raw), …))
 */
import { tf } from '../../tensors/tf.js';
import { normals, type Random } from '../../tensors/random.js';
import type { Weights } from '../../tensors/weights.js';
import { synthesisLayers } from './architecture.js';

export interface GeneratorConfig {
  resolution: number;
  zDim: number;
  wDim: number;
  /** Channels of each block by resolution, 4 to `resolution`. */
  channels: Record<number, number>;
  /** Dense layers of the mapping network; 0 leaves it out. */
  mappingLayers: number;
  /** Width of the mapping network's hidden layers. */
  mappingWidth: number;
  /** False leaves noise maps and strengths out. */
  noise?: boolean;
  /** Learning rate multiplier of the mapping network. */
  mappingLrMul?: number;
}

/** StyleGAN2's multiplier of the mapping network's learning rate. */
export const MAPPING_LR_MUL = 0.01;

/** Raw, equalised parameters. Tensors named by `isBuffer` are not to be trained. */
export function initGenerator(config: GeneratorConfig, random: Random): Weights {
  const { resolution, zDim, wDim, channels, mappingLayers, mappingWidth, noise = true } = config;
  const { mappingLrMul = MAPPING_LR_MUL } = config;
  const width = (r: number): number => {
    const c = channels[r];
    if (!c) throw new Error(`initGenerator: channels of block ${r} are missing`);
    return c;
  };
  const raw: Weights = { wAvg: tf.zeros([wDim]), 'b4.const': normals(random, [4, 4, width(4)]) };
  for (let i = 0; i < mappingLayers; i++) {
    const inputs = i === 0 ? zDim : mappingWidth;
    const outputs = i === mappingLayers - 1 ? wDim : mappingWidth;
    raw[`mapping.${i}.weight`] = tf.tidy(() => tf.div(normals(random, [inputs, outputs]), mappingLrMul));
    raw[`mapping.${i}.bias`] = tf.zeros([outputs]);
  }
  for (const { name, resolution: r, toRGB, up } of synthesisLayers(resolution)) {
    const inputs = up ? width(r / 2) : width(r);
    const outputs = toRGB ? 3 : width(r);
    const kernel = toRGB ? 1 : 3;
    raw[`${name}.weight`] = normals(random, [kernel, kernel, inputs, outputs]);
    raw[`${name}.bias`] = tf.zeros([outputs]);
    raw[`${name}.affine.weight`] = normals(random, [wDim, inputs]);
    raw[`${name}.affine.bias`] = tf.ones([inputs]);
    if (noise && !toRGB) {
      raw[`${name}.noise`] = normals(random, [r, r]);
      raw[`${name}.noiseStrength`] = tf.scalar(0);
    }
  }
  return raw;
}

/** True for what is stored with a generator but not trained: noise maps, the average w and the clamp. */
export function isBuffer(name: string): boolean {
  return name === 'wAvg' || name === 'convClamp' || name.endsWith('.noise');
}

/**
 * Raw parameters → effective weights, the same names. Any subset of a generator's names is accepted.
 * @param options.mappingLrMul as given to `initGenerator`
 */
export function effectiveGenerator(raw: Weights, options: { mappingLrMul?: number } = {}): Weights {
  const { mappingLrMul = MAPPING_LR_MUL } = options;
  return Object.fromEntries(
    Object.entries(raw).map(([name, tensor]) => {
      const gain = gainOf(name, tensor.shape, mappingLrMul);
      return [name, gain === 1 ? tensor : tf.mul(tensor, gain)];
    }),
  );
}

/** The run-time gain of a raw parameter: 1/√fan_in for weights, times lrMul in the mapping network, whose biases have it too. */
export function gainOf(name: string, shape: readonly number[], mappingLrMul: number): number {
  const lrMul = name.startsWith('mapping.') ? mappingLrMul : 1;
  if (!name.endsWith('.weight')) return lrMul;
  const fanIn = shape.slice(0, -1).reduce((a, b) => a * b, 1);
  return lrMul / Math.sqrt(fanIn);
}

