/**
 * Latents drawn as the paper's code draws them when no file is given (`generate_random_latents`; its default file holds
 * inverted CelebA-HQ faces): z ~ N(0, I), the mapping network, truncation. With `mixing`, some of them take their coarse,
 * medium and fine layers from three different z.
 *
 * The training stream is a tfjs-data pipeline: generator → batch → mapping network.
 */
import type { Device } from '../experiment/device.js';
import { groupRows, MAPPER_GROUPS, type LayerGroups } from '../models/mapper/index.js';
import { broadcastW, generatorSize, mapping, truncate } from '../models/stylegan2/index.js';
import { normals, Random } from '../tensors/random.js';
import { tf } from '../tensors/tf.js';
import { requireWeight, type Weights } from '../tensors/weights.js';
import { endless, type LatentSource, type LatentStream } from './source.js';

/** Latents from z ~ N(0, I), through `generator`'s own mapping network. */
export function sampledLatents(
  generator: Weights,
  device: Device,
  layerGroups: LayerGroups,
  { seed, truncation, mixing }: { seed: number; truncation: number; mixing: number },
): LatentSource {
  const { zDim, wDim, layers } = generatorSize(generator);
  const root = new Random(seed);
  const rows = groupRows(layers, layerGroups);
  const groups = MAPPER_GROUPS.flatMap((group, i) => new Array<number>(rows[group][1] - rows[group][0]).fill(i)); // of each layer

  /** z of one latent: [3,Z], one row for each group of layers, equal unless the latent is mixed. */
  const draw = (stream: LatentStream, index: number): tf.Tensor2D => {
    const random = root.fork(`${stream}/${index}`);
    return tf.tidy(() => {
      const z = normals(random, [1, zDim]) as tf.Tensor2D;
      if (random.uniform() >= mixing) return tf.concat([z, z, z]);
      return tf.concat([z, normals(random, [2, zDim]) as tf.Tensor2D]);
    });
  };

  const toWPlus = device.compile(
    (z: tf.Tensor3D) => {
      const count = z.shape[0]; // z [N,3,Z]
      const w = truncate(
        mapping(generator, z.reshape([count * 3, zDim])),
        requireWeight(generator, 'wAvg') as tf.Tensor1D,
        truncation,
      );
      return tf.gather(w.reshape([count, 3, wDim]), tf.tensor1d(groups, 'int32'), 1) as tf.Tensor3D; // [N,L,D]
    },
    { name: 'latents' },
  );

  return {
    async rows(stream, from, count) {
      const z = tf.tidy(() => tf.stack(Array.from({ length: count }, (_, i) => draw(stream, from + i))));
      const wPlus = await toWPlus(z as tf.Tensor3D);
      z.dispose();
      return wPlus;
    },
    async batches(position, batch) {
      const draws = function* () {
        for (let index = position; ; index++) yield draw('train', index);
      };
      const dataset = tf.data
        .generator(draws)
        .batch(batch) // [N,3,Z]
        .mapAsync((z) => toWPlus(z as tf.Tensor3D)); // [N,L,D]
      return endless(await dataset.iterator());
    },
    dispose: async () => toWPlus.dispose(),
  };
}

/** W+ of z [N,Z]: mapping, truncation, one w for all layers. [N,L,D] */
export function latentsOfZ(generator: Weights, z: tf.Tensor2D, truncation: number): tf.Tensor3D {
  const w = truncate(mapping(generator, z), requireWeight(generator, 'wAvg') as tf.Tensor1D, truncation);
  return broadcastW(w, generatorSize(generator).layers);
}
