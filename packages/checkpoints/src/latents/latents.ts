/**
 * W+ codes out of the files that inversion programs write: e4e's and StyleCLIP's `.pt`, numpy's `.npy` and `.npz`, safetensors.
 *
 * Accepted are [N,L,D], one code [L,D], and [N,1,L,D] as some programs stack them; L is 2·log2(R) − 2 for a generator of
 * side R (18 at 1024²). In a file with names the tensor is called `latents`, `w_plus` or `wPlus`, or it is the only one.
 * Codes of W [N,D] are refused: nothing in the file says for how many layers they are meant.
 */
import { type CheckpointFormat, openCheckpoint } from '../open-checkpoint.js';
import { failure, quoted, type ByteSource } from '@styleclip/core';
import { kindOf, PyDict, PyTensor, type PyValue } from '../pickle/values.js';
import { tensorsOf } from '../tree.js';
import type { LazyTensor } from '../tensor.js';
import { numbersOf } from './floats.js';

export interface Latents {
  /** [N,L,D] */
  readonly shape: readonly [number, number, number];
  /** Row-major; may be a view of the file's bytes, so not to be changed. */
  readonly data: Float32Array;
  readonly format: CheckpointFormat;
}

/** What a generator's codes must be. */
export interface LatentSize {
  readonly layers: number;
  readonly wDim: number;
}

const NAMES = ['latents', 'w_plus', 'wPlus'] as const;
/** Two layers at 4² up to 24 at 8192². */
const MOST_LAYERS = 24;

/**
 * @param size of the generator that the codes must fit; any when left out
 * @throws UserError when the file has no such codes
 */
export async function readLatents(source: ByteSource, size?: LatentSize): Promise<Latents> {
  const { name } = source;
  const { format, tree } = await openCheckpoint(source);
  const tensor = findTensor(tree, name);
  const shape = shapeOf(tensor, name);
  const [, layers, wDim] = shape;
  if (size !== undefined && (layers !== size.layers || wDim !== size.wDim))
    throw failure(
      `${name}: latents [${shape.join(', ')}] don't fit this generator, which takes [N, ${size.layers}, ${size.wDim}]; they were made for another one`,
    );
  return { shape, data: await numbersOf(tensor, name), format };
}

/** The one tensor that can be meant. */
function findTensor(tree: PyValue, name: string): LazyTensor {
  if (tree instanceof PyTensor) return tree.tensor;
  const tensors = tensorsOf(tree, { name });
  for (const known of NAMES) {
    const found = tensors.get(known);
    if (found !== undefined) return found;
  }
  const [only, ...more] = tensors.values();
  if (only !== undefined && more.length === 0) return only;
  const names = [...tensors.keys()].slice(0, 8).map(quoted).join(', ');
  throw failure(
    only === undefined
      ? `${name}: holds no latents: ${tree instanceof PyDict ? `a dict with ${tree.size} entries and no tensor` : kindOf(tree)}`
      : `${name}: holds ${tensors.size} tensors (${names}${tensors.size > 8 ? ', …' : ''}), none called ${NAMES.join(', ')}; is it a checkpoint?`,
  );
}

function shapeOf({ dtype, shape }: LazyTensor, name: string): [number, number, number] {
  const squeezed = shape.length === 4 && shape[1] === 1 ? [shape[0], ...shape.slice(2)] : shape;
  const whole = squeezed.length === 2 ? [1, ...squeezed] : squeezed;
  const [n = 0, layers = 0, wDim = 0] = whole;
  const accepted = 'accepted are [N, L, D], [L, D] and [N, 1, L, D] with an even L, such as 18 for 1024²';
  if (whole.length !== 3 || layers < 2 || layers > MOST_LAYERS || layers % 2 !== 0) {
    const w = shape.length === 2 || (shape.length === 3 && shape[1] === 1);
    throw failure(`${name}: ${dtype} [${shape.join(', ')}]${w ? ' looks like W, not W+' : ''}; ${accepted}`);
  }
  if (n < 1 || wDim < 1) throw failure(`${name}: [${shape.join(', ')}] holds no latents`);
  return [n, layers, wDim];
}
