/**
 * Latents from a file: its last rows are held out, the rows before them validate, the rest trains. The training rows are
 * dealt anew in every epoch, epoch e by (seed, e).
 */
import { failure } from '../errors.js';
import { loadWeights } from '../files/weights-file.js';
import { broadcastW, generatorSize } from '../models/stylegan2/index.js';
import { Random } from '../tensors/random.js';
import { tf } from '../tensors/tf.js';
import { disposeAll, type Weights } from '../tensors/weights.js';
import { endless, type LatentSource, type LatentStream } from './source.js';

/**
 * Opens a file of latents.
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
  const first = { train: 0, validation: training, heldOut: training + validation } satisfies Record<
    LatentStream,
    number
  >;
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
