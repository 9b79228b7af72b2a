/**
 * Codes out of the files that inversion programs write: e4e's and StyleCLIP's `.pt`, rosinality's projections, numpy's `.npy`
 * and `.npz`, safetensors.
 *
 * W+ is [N,L,D], one code [L,D], or [N,1,L,D] as some programs stack them; L is 2·log2(R) − 2 for a generator of side R (18
 * at 1024²). W is [N,D], [D] or [N,1,D]; repeated for every layer it is W+ as well, which takes a generator to say how many
 * there are. [10,128] may be ten people's W or one code of W+: where both fit, the user says which.
 *
 * In a file with names the tensor is called `latents`, `w_plus`, `wPlus` or `w`, or it is the only one. A projection is
 * `{name: {img, latent, noise}}`; the names are kept.
 */
import { type CheckpointFormat, openCheckpoint } from '../open-checkpoint.js';
import { failure, MAX_READ_BYTES, quoted, usageError, type ByteSource, type UserError } from '@styleclip/core';
import { UnreadArray } from '../npz.js';
import { kindOf, PyDict, PyTensor, type PyValue } from '../pickle/values.js';
import { tensorsOf } from '../tree.js';
import { elementCount, type LazyTensor } from '../tensor.js';
import { numbersOf } from './floats.js';

export type LatentSpace = 'w' | 'w+';

export interface Latents {
  /** [N,L,D] */
  readonly shape: readonly [number, number, number];
  /** Row-major; may be a view of the file's bytes, so not to be changed. */
  readonly data: Float32Array;
  readonly format: CheckpointFormat;
  /** What the file holds; codes of W are repeated for every layer. */
  readonly space: LatentSpace;
  /** One a code, where the file has them. */
  readonly names?: readonly string[];
}

/** What a generator's codes must be. */
export interface LatentSize {
  readonly layers: number;
  readonly wDim: number;
}

export interface ReadLatentsOptions {
  /** Of the generator that the codes must fit; any when left out. */
  readonly size?: LatentSize | undefined;
  /** Which space the codes are of, where they fit both. */
  readonly as?: LatentSpace | undefined;
}

const NAMES = ['latents', 'w_plus', 'wPlus', 'w'] as const;
/** Two layers at 4² up to 24 at 8192². */
const MOST_LAYERS = 24;

const ACCEPTED =
  'accepted are [N, L, D], [L, D] and [N, 1, L, D] with an even L, such as 18 for 1024², and with --bundle also W, [N, D]';

/** @throws UserError when the file has no such codes */
export async function readLatents(source: ByteSource, { size, as }: ReadLatentsOptions = {}): Promise<Latents> {
  const { name } = source;
  const { format, tree } = await openCheckpoint(source, { arrays: NAMES });
  const projected = projections(tree);
  if (projected !== undefined) return { ...(await readProjections(projected, name, { size, as })), format };
  const tensor = findTensor(tree, name);
  const { space, shape } = interpret(tensor, name, { size, as });
  return { ...(await filled(await numbersOf(tensor, name), { space, shape, size }, name)), format };
}

/** The one tensor that can be meant. */
function findTensor(tree: PyValue, name: string): LazyTensor {
  if (tree instanceof PyTensor) return tree.tensor;
  for (const known of NAMES) {
    const wanted = tree instanceof PyDict ? tree.get(known) : undefined;
    if (wanted instanceof UnreadArray) throw wanted.reason;
  }
  const tensors = tensorsOf(tree, { name });
  for (const known of NAMES) {
    const found = tensors.get(known);
    if (found !== undefined) return found;
  }
  const [only, ...more] = tensors.values();
  if (only !== undefined && more.length === 0) return only;
  throw noTensor(tree, [...tensors.keys()], name);
}

function noTensor(tree: PyValue, tensors: readonly string[], name: string): UserError {
  if (tensors.length > 0) {
    const names = tensors.slice(0, 8).map(quoted).join(', ');
    return failure(
      `${name}: holds ${tensors.length} tensors (${names}${tensors.length > 8 ? ', …' : ''}), none called ${NAMES.join(', ')}; is it a checkpoint?`,
    );
  }
  const unread =
    tree instanceof PyDict ? [...tree.entries.values()].find((it) => it instanceof UnreadArray) : undefined;
  if (unread !== undefined) return unread.reason;
  const what = tree instanceof PyDict ? `a dict with ${tree.size} entries and no tensor` : kindOf(tree);
  return failure(`${name}: holds no latents: ${what}`);
}

interface Interpreted {
  readonly space: LatentSpace;
  /** [N,L,D] of W+, [N,D] of W */
  readonly shape: readonly number[];
}

/** Which codes a tensor of this shape holds. */
function interpret({ dtype, shape }: LazyTensor, name: string, { size, as }: ReadLatentsOptions): Interpreted {
  const [plus, w] = [asWPlus(shape), asW(shape)];
  const shown = `${dtype} [${shape.join(', ')}]`;
  const fitsWidth = size === undefined || shape.at(-1) === size.wDim;
  if (as === undefined && plus !== undefined && w !== undefined && fitsWidth) {
    const [, layers] = plus as [number, number];
    throw usageError(
      `${name}: ${shown} may be ${layers} codes of W, or one code of W+ with ${layers} layers; say which by --as w or --as w+`,
    );
  }
  const space = as ?? (plus !== undefined ? 'w+' : 'w');
  const fitting = space === 'w+' ? plus : w;
  if (fitting === undefined || (space === 'w' && size === undefined && as === undefined)) {
    throw failure(
      `${name}: ${shown}${w !== undefined && as === undefined ? ' looks like W, not W+' : ''}; ${ACCEPTED}`,
    );
  }
  if (fitting.some((length) => length < 1)) throw failure(`${name}: [${shape.join(', ')}] holds no latents`);
  requireSize(name, { space, shape: fitting }, size);
  return { space, shape: fitting };
}

/** The shape as [N,L,D], if it is one of W+'s. */
function asWPlus(shape: readonly number[]): number[] | undefined {
  const squeezed = shape.length === 4 && shape[1] === 1 ? [shape[0] as number, ...shape.slice(2)] : shape;
  const whole = squeezed.length === 2 ? [1, ...squeezed] : [...squeezed];
  const [, layers = 0] = whole;
  return whole.length === 3 && layers >= 2 && layers <= MOST_LAYERS && layers % 2 === 0 ? whole : undefined;
}

/** The shape as [N,D], if it is one of W's. */
function asW(shape: readonly number[]): number[] | undefined {
  if (shape.length === 1) return [1, ...shape];
  if (shape.length === 3 && shape[1] === 1) return [shape[0] as number, shape[2] as number];
  return shape.length === 2 ? [...shape] : undefined;
}

function requireSize(name: string, { space, shape }: Interpreted, size: LatentSize | undefined): void {
  if (size === undefined) {
    if (space === 'w') throw usageError(`${name}: --as w needs --bundle: the generator says for how many layers`);
    return;
  }
  const [layers, wDim] = space === 'w+' ? [shape[1], shape[2]] : [size.layers, shape[1]];
  if (layers === size.layers && wDim === size.wDim) return;
  const takes = space === 'w+' ? `[N, ${size.layers}, ${size.wDim}]` : `[N, ${size.wDim}] as W`;
  throw failure(
    `${name}: latents [${shape.join(', ')}] don't fit this generator, which takes ${takes}; they were made for another one`,
  );
}

/** Numbers as W+ [N,L,D]: W is repeated. */
async function filled(
  data: Float32Array,
  { space, shape, size }: Interpreted & { size: LatentSize | undefined },
  name: string,
): Promise<Pick<Latents, 'shape' | 'data' | 'space'>> {
  if (space === 'w+') return { space, shape: shape as readonly number[] as Latents['shape'], data };
  const [n, wDim] = shape as readonly number[] as [number, number];
  const { layers } = size as LatentSize;
  if (n * layers * wDim * 4 > MAX_READ_BYTES) {
    throw failure(`${name}: ${n} codes of W are too many for one file of W+ (${MAX_READ_BYTES} bytes); split them`);
  }
  const repeated = new Float32Array(n * layers * wDim);
  for (let row = 0; row < n * layers; row++) {
    const code = Math.floor(row / layers) * wDim;
    repeated.set(data.subarray(code, code + wDim), row * wDim);
  }
  return { space, shape: [n, layers, wDim], data: repeated };
}

/** The latents of `{name: {latent, …}}` by name; undefined for any other tree. */
function projections(tree: PyValue): ReadonlyMap<string, LazyTensor> | undefined {
  if (!(tree instanceof PyDict) || tree.size === 0) return undefined;
  const latents = new Map<string, LazyTensor>();
  for (const [name, projection] of tree.entries) {
    const latent = projection instanceof PyDict ? projection.get('latent') : undefined;
    if (typeof name !== 'string' || !(latent instanceof PyTensor)) return undefined;
    latents.set(name, latent.tensor);
  }
  return latents;
}

/** A projection has one code a picture, so its rank says which space it is of. */
async function readProjections(
  latents: ReadonlyMap<string, LazyTensor>,
  name: string,
  { size, as }: ReadLatentsOptions,
): Promise<Omit<Latents, 'format'>> {
  const [first] = latents.values();
  const { dtype, shape } = first as LazyTensor;
  const code = shape[0] === 1 && shape.length > 1 ? shape.slice(1) : shape;
  const space: LatentSpace = code.length === 1 ? 'w' : 'w+';
  if (as !== undefined && as !== space) {
    throw usageError(`${name}: its latents are [${code.join(', ')}] each, of ${space.toUpperCase()}; leave --as out`);
  }
  const whole = { dtype, shape: [latents.size, ...code] };
  const interpreted = interpret({ ...(first as LazyTensor), ...whole }, name, { size, as: space });
  const length = elementCount(code);
  if (latents.size * length * 4 > MAX_READ_BYTES) throw failure(`${name}: more latents than fit into one file`);
  const data = new Float32Array(latents.size * length);
  let at = 0;
  for (const [picture, latent] of latents) {
    if (latent.shape.join() !== shape.join()) {
      throw failure(
        `${name}: the latent of ${quoted(picture)} has shape [${latent.shape.join(', ')}], the first one [${shape.join(', ')}]; they must be alike`,
      );
    }
    data.set(await numbersOf(latent, `${name}: ${quoted(picture)}`), length * at++);
  }
  return { ...(await filled(data, { ...interpreted, size }, name)), names: [...latents.keys()] };
}
