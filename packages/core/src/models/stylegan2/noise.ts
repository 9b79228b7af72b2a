/**
 * The per-pixel noise of the synthesis network.
 *
 * A layer's noise is a picture [r,r] that is multiplied by the layer's learned strength and added to all channels. The
 * weights store one picture per layer; with it an image depends on its latent alone, which all of StyleCLIP assumes.
 * `randomNoise` draws fresh ones from a seeded generator: they enter a compiled function as arguments.
 */
import { tf } from '../../tensors/tf.js';
import { normals, type Random } from '../../tensors/random.js';
import { requireWeight, type Weights } from '../../tensors/weights.js';
import { generatorSize, synthesisLayers } from './architecture.js';

/** Noise by layer name: [r,r] for all pictures, or [N,r,r]. */
export type NoiseMaps = Record<string, tf.Tensor>;

/** Stored with the weights, none at all, or given. */
export type Noise = 'stored' | 'none' | NoiseMaps;

/**
 * The noise a layer adds, strength included, as [1|N,r,r,1]; undefined when it adds none.
 * A generator trained without noise has neither `.noise` nor `.noiseStrength` and adds none.
 */
export function layerNoise(g: Weights, layer: string, resolution: number, noise: Noise): tf.Tensor4D | undefined {
  const strength = g[`${layer}.noiseStrength`];
  if (noise === 'none' || !strength) return undefined;
  const map = noise === 'stored' ? requireWeight(g, `${layer}.noise`) : noise[layer];
  if (!map) throw new Error(`noise of layer "${layer}" is missing from the given maps`);
  const [h, w] = map.shape.slice(-2);
  if (map.rank < 2 || map.rank > 3 || h !== resolution || w !== resolution) {
    throw new Error(
      `noise of layer "${layer}" must be [${resolution},${resolution}] or [N,${resolution},${resolution}], got [${map.shape.join(',')}]`,
    );
  }
  const batch = map.rank === 3 ? (map.shape[0] as number) : 1;
  return tf.reshape(tf.mul(map, strength), [batch, resolution, resolution, 1]);
}

/** Fresh standard normal maps for every convolution: [N,r,r] by layer name. */
export function randomNoise(g: Weights, random: Random, batch = 1): NoiseMaps {
  const maps: NoiseMaps = {};
  for (const { name, resolution, toRGB } of synthesisLayers(generatorSize(g).resolution)) {
    if (!toRGB) maps[name] = normals(random, [batch, resolution, resolution]);
  }
  return maps;
}
