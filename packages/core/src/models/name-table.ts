/**
 * Foreign checkpoints by declared tables: each row says which tensor of the file becomes which of ours, what shape it
 * must have, how its axes turn and which run-time gain is baked in.
 *
 * Nothing is guessed. A table is held against a file's names and shapes as a whole, before a number is read: a name that
 * is missing, or left over after the table, is an error that lists it, and so is a size that does not go with the sizes
 * around it. Sizes are letters, bound by the first row that meets them: when `b4.const` says that C is 512, no later row
 * may say otherwise. Every format of this project is such a table, here and in the package that reads files.
 */
import { tf } from '../tensors/tf.js';
import { failure } from '../errors.js';
import type { Weights } from '../tensors/weights.js';
import type { Turn } from './turns.js';

/**
 * A size in a declared shape: a number, or a letter (any text) that stands for the same number in the whole table.
 * `3·w` is three times what `w` is.
 */
export type Size = number | string;

/** One row of a table. */
export interface NameRow {
  /** Name in the checkpoint; several are joined along their first axis, in this order, before they turn. */
  readonly from: string | readonly string[];
  /** Name in our record. */
  readonly to: string;
  /** Shape in the checkpoint, of each part where there are several. */
  readonly shape: readonly Size[];
  /** How the axes turn; left out where they stay. */
  readonly turn?: Turn;
  /** A factor that the original applies at run time, from our shape. */
  readonly gain?: (shape: readonly number[]) => number;
  /** A term that the original adds at run time. */
  readonly offset?: number;
}

/** Shapes by name, all that is needed of a checkpoint to choose and check a table. */
export type NamedShapes = ReadonlyMap<string, readonly number[]>;

/** The shapes of weights in memory. */
export function shapesOf(weights: Weights): NamedShapes {
  return new Map(Object.entries(weights).map(([name, { shape }]) => [name, shape]));
}

/** The names a row reads. */
export function sourcesOf({ from }: NameRow): readonly string[] {
  return typeof from === 'string' ? [from] : from;
}

/** How many names, or misfits, an error lists. */
const LISTED = 6;

/** A name from a file, fit for one line of a message: a damaged file may hold anything. */
function shown(name: string): string {
  return /^[\x21-\x7e]{1,100}$/.test(name) ? name : JSON.stringify(name.slice(0, 100)).replace(/[^\x20-\x7e]/g, '?');
}

function list(items: readonly string[], separator = ', '): string {
  const more = items.length > LISTED ? `${separator}… (${items.length} in all)` : '';
  return items.slice(0, LISTED).join(separator) + more;
}

/**
 * Holds names and shapes against a table.
 *
 * @param what names the file or format in errors
 * @param ignored says which left-over names are known and not needed
 * @throws UserError when names are missing or left over, or shapes do not go together
 */
export function checkTable(
  what: string,
  shapes: NamedShapes,
  table: readonly NameRow[],
  ignored: (name: string) => boolean = () => false,
): void {
  const known = new Set(table.flatMap(sourcesOf));
  const missing = [...known].filter((name) => !shapes.has(name));
  const left = [...shapes.keys()].filter((name) => !known.has(name) && !ignored(name));
  if (missing.length > 0 || left.length > 0) {
    const parts = [];
    if (missing.length > 0) parts.push(`missing: ${list(missing.map(shown))}`);
    if (left.length > 0) parts.push(`not known: ${list(left.map(shown))}`);
    throw failure(`${what}: the weights' names do not fit (${parts.join('; ')})`);
  }
  const sizes = new Map<string, number>();
  const misfits: string[] = [];
  for (const row of table) {
    for (const name of sourcesOf(row)) {
      const shape = shapes.get(name) as readonly number[];
      if (!bindSizes(row.shape, shape, sizes)) {
        misfits.push(`"${name}" has shape [${shape.join(',')}], expected [${describe(row.shape, sizes)}]`);
      }
    }
  }
  if (misfits.length > 0) throw failure(`${what}: the weights' shapes do not fit: ${list(misfits, '; ')}`);
}

/** Whether a shape is the declared one; letters met for the first time are bound to its sizes. */
function bindSizes(declared: readonly Size[], shape: readonly number[], sizes: Map<string, number>): boolean {
  if (declared.length !== shape.length) return false;
  return declared.every((size, axis) => {
    const actual = shape[axis] as number;
    if (typeof size === 'number') return size === actual;
    const { letter, times } = multiple(size);
    if (!sizes.has(letter) && actual > 0 && actual % times === 0) sizes.set(letter, actual / times);
    return sizes.get(letter) === actual / times;
  });
}

function multiple(size: string): { letter: string; times: number } {
  const [, times = '1', letter = size] = /^(\d+)·(.+)$/.exec(size) ?? [];
  return { letter, times: Number(times) };
}

/** A declared shape with the numbers that its letters are bound to. */
function describe(declared: readonly Size[], sizes: ReadonlyMap<string, number>): string {
  const known = (size: Size): Size => {
    if (typeof size === 'number') return size;
    const { letter, times } = multiple(size);
    const bound = sizes.get(letter);
    return bound === undefined ? size : times * bound;
  };
  return declared.map(known).join(',');
}

/**
 * Carries a state dict in memory over.
 *
 * @returns new tensors; the caller disposes them
 * @throws UserError as `checkTable`
 */
export function applyNameTable(
  what: string,
  state: Weights,
  table: readonly NameRow[],
  ignored?: (name: string) => boolean,
): Weights {
  checkTable(what, shapesOf(state), table, ignored);
  const weights: Weights = {};
  for (const row of table) {
    const parts = sourcesOf(row).map((name) => {
      const tensor = state[name] as tf.Tensor;
      return { shape: tensor.shape, data: tensor.dataSync() as Float32Array };
    });
    const { shape, data } = turnRow(row, parts);
    weights[row.to] = tf.tensor(data, [...shape], 'float32');
  }
  return weights;
}

/** Numbers and their shape, row-major. */
export interface Floats {
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

/** What a row makes of its tensors, whose shapes were checked. They are not changed; where nothing is done, they are the result. */
export function turnRow({ turn, gain, offset = 0 }: NameRow, parts: readonly Floats[]): Floats {
  let { shape, data } = joined(parts);
  if (turn) {
    data = turn.move(data, shape);
    shape = turn.shape(shape);
  }
  const factor = gain?.(shape) ?? 1;
  if (factor !== 1 || offset !== 0) data = data.map((value) => value * factor + offset);
  return { shape, data };
}

/** Parts one after the other along their first axis. */
function joined(parts: readonly Floats[]): Floats {
  if (parts.length === 1) return parts[0] as Floats;
  const data = new Float32Array(parts.reduce((sum, part) => sum + part.data.length, 0));
  let end = 0;
  for (const part of parts) {
    data.set(part.data, end);
    end += part.data.length;
  }
  return { shape: joinedShape(parts.map(({ shape }) => shape)), data };
}

/** The shape of parts joined along their first axis. */
export function joinedShape(shapes: readonly (readonly number[])[]): number[] {
  const [first = [], ...others] = shapes;
  if (others.length === 0) return [...first];
  return [shapes.reduce((sum, [rows = 0]) => sum + rows, 0), ...first.slice(1)];
}
