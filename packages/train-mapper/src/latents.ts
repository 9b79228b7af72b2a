/**
 * The W+ codes that a mapper is trained, chosen and judged on.
 *
 * Three streams that never share a latent: `train` is endless, `validation` chooses the best model, `heldOut` gives the
 * numbers of summary.json. Sampled latents come from z ~ N(0, I) through the mapping network and truncation, as in the
 * paper's code when no file is given (`generate_random_latents`; its default file holds inverted CelebA-HQ faces). With
 * `mixing`, some of them take their coarse, medium and fine layers from three different z.
 *
 * Latent number i of a stream is a function of (seed, stream, i) and of nothing else: so a training continues exactly
 * where it stopped when it knows how many latents it has used, and two runs of one seed see the same latents whatever
 * their batch size. A file's training rows are dealt anew in every epoch, epoch e by (seed, e).
 *
 * The training stream is a tfjs-data pipeline: generator → batch → mapping network.
 */
import {
  broadcastW,
  disposeAll,
  failure,
  generatorSize,
  groupRows,
  loadWeights,
  MAPPER_GROUPS,
  mapping,
  normals,
  Random,
  requireWeight,
  tf,
  truncate,
  type Device,
  type LayerGroups,
  type Weights,
} from '@styleclip/core';

/** The part of a latent's address that says what it is for. */
export type Stream = 'train' | 'validation' | 'heldOut';

/** Where latents come from. `rows` makes numbers `from … from+count-1` of a stream, as [count,L,D] on the host. */
export interface LatentSource {
  rows(stream: Stream, from: number, count: number): Promise<tf.Tensor3D>;
  /** Batches of the training stream, without end, starting after `position` latents. The caller disposes each. */
  batches(position: number, batch: number): Promise<Batches>;
  dispose(): Promise<void>;
}

/** An endless stream of batches [N,L,D]. */
export interface Batches {
  next(): Promise<tf.Tensor3D>;
}

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
  const draw = (stream: Stream, index: number): tf.Tensor2D => {
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

/**
 * Latents from a file: its last rows are held out, the rows before them validate, the rest trains.
 * @throws UserError when the file's shape does not fit the generator, or when no row is left to train on.
 */
export async function fileLatents(
  path: string,
  generator: Weights,
  { seed, validation, heldOut }: { seed: number; validation: number; heldOut: number },
): Promise<LatentSource> {
  const all = await readLatents(path, generator);
  const [total, layers, dim] = all.shape as [number, number, number];
  const training = total - validation - heldOut;
  if (training < 1) {
    all.dispose();
    throw failure(
      `${path} holds ${total} latents; ${validation} are kept for latents.validation and ${heldOut} for latents.heldOut, which leaves none to train on`,
    );
  }
  const first = { train: 0, validation: training, heldOut: training + validation } satisfies Record<Stream, number>;
  const root = new Random(seed);
  let dealt: { epoch: number; order: number[] } | undefined;
  const rowOf = (index: number): number => {
    const epoch = Math.floor(index / training);
    if (dealt?.epoch !== epoch) {
      const order = Array.from({ length: training }, (_, i) => i);
      root.fork(`epoch/${epoch}`).shuffle(order);
      dealt = { epoch, order };
    }
    return dealt.order[index % training]!;
  };
  const row = (index: number) => all.slice([index, 0, 0], [1, layers, dim]).squeeze([0]) as tf.Tensor2D;

  return {
    rows: async (stream, from, count) => all.slice([first[stream] + from, 0, 0], [count, layers, dim]),
    async batches(position, batch) {
      const deal = function* () {
        for (let index = position; ; index++) yield tf.tidy(() => row(rowOf(index)));
      };
      const dataset = tf.data.generator(deal).batch(batch); // [N,L,D]
      return endless(await dataset.iterator());
    },
    dispose: async () => all.dispose(),
  };
}

/**
 * Reads W+ codes [N,L,D] from a safetensors file: a tensor `w_plus` [N,L,D], or `w` [N,D] for all layers.
 * @throws UserError when there is none, or when its size is not the generator's.
 */
export async function readLatents(path: string, generator: Weights): Promise<tf.Tensor3D> {
  const { layers, wDim } = generatorSize(generator);
  const tensors = await loadWeights(path);
  const found = tensors['w_plus'] ?? tensors['w'];
  const shape = found?.shape.join(',') ?? '';
  const names = Object.keys(tensors).join(', ');
  const fits =
    found?.rank === 3
      ? found.shape[1] === layers && found.shape[2] === wDim
      : found?.rank === 2 && found.shape[1] === wDim;
  const wPlus =
    found && fits
      ? found.rank === 3
        ? (found.clone() as tf.Tensor3D)
        : broadcastW(found as tf.Tensor2D, layers)
      : undefined;
  disposeAll(tensors);
  const wanted = `"w_plus" [N,${layers},${wDim}] or "w" [N,${wDim}]`;
  if (!found) throw failure(`${path}: holds no latents: expected a tensor ${wanted}, there is ${names || 'nothing'}`);
  if (!wPlus) throw failure(`${path}: holds latents of shape [${shape}]; this generator takes ${wanted}`);
  return wPlus;
}

/** W+ of z [N,Z]: mapping, truncation, one w for all layers. [N,L,D] */
export function latentsOfZ(generator: Weights, z: tf.Tensor2D, truncation: number): tf.Tensor3D {
  const w = truncate(mapping(generator, z), requireWeight(generator, 'wAvg') as tf.Tensor1D, truncation);
  return broadcastW(w, generatorSize(generator).layers);
}

/** A tfjs-data iterator that never ends. Its own type is not exported by the library. */
function endless(iterator: { next(): Promise<IteratorResult<tf.TensorContainer>> }): Batches {
  return { next: async () => (await iterator.next()).value as tf.Tensor3D };
}
