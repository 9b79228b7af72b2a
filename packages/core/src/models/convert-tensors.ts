/**
 * A name table applied to tensors that are still in their file: one is loaded, turned and handed on, its source is freed,
 * then comes the next.
 *
 * What comes out is planned first. The plan holds all checks and every name, shape and dtype of the result, so a file
 * that does not fit fails before a number is read, and a writer can lay out its own file. At any time one tensor is in
 * memory, as it was and as it becomes; `loadByTable` keeps the results, a writer need not even do that.
 */
import { tf } from '../tensors/tf.js';
import { failure } from '../errors.js';
import { DTYPE_BYTES, type RawTensor, type SafetensorsDtype, toFloats } from '../tensors/raw-tensor.js';
import { disposeAll, type Weights } from '../tensors/weights.js';
import { checkTable, type Floats, joinedShape, type NameRow, sourcesOf, turnRow } from './name-table.js';

/** A tensor that can be read when it is wanted. */
export interface LoadableTensor {
  readonly dtype: SafetensorsDtype;
  readonly shape: readonly number[];
  read(): Promise<RawTensor>;
}

/** Named tensors of a file. */
export type LoadableState = ReadonlyMap<string, LoadableTensor>;

/** One tensor of the result, before it is made. */
export interface PlannedTensor {
  readonly name: string;
  readonly shape: readonly number[];
  /** The narrower of F16 and F32 that holds the file's numbers as they are. F64 is rounded to F32. */
  readonly dtype: 'F16' | 'F32';
  /** Bytes to read for it. */
  readonly bytes: number;
  readonly row: NameRow;
}

/**
 * Checks a table against a file's tensors and says what will come out, in the table's order.
 *
 * @param what names the file in errors
 * @param ignored says which left-over names are known and not needed
 * @throws UserError when names or shapes do not fit, or a tensor does not hold real numbers
 */
export function planTensors(
  what: string,
  state: LoadableState,
  table: readonly NameRow[],
  ignored?: (name: string) => boolean,
): PlannedTensor[] {
  checkTable(what, new Map([...state].map(([name, { shape }]) => [name, shape])), table, ignored);
  return table.map((row) => {
    const parts = sourcesOf(row).map((name) => {
      const part = state.get(name) as LoadableTensor;
      if (!['F16', 'BF16', 'F32', 'F64'].includes(part.dtype)) {
        throw failure(`${what}: "${name}" holds ${part.dtype} numbers, expected real ones (F16, BF16, F32 or F64)`);
      }
      return part;
    });
    const exact = row.gain === undefined && row.offset === undefined && parts.every(({ dtype }) => dtype === 'F16');
    const shape = joinedShape(parts.map((part) => part.shape));
    return {
      name: row.to,
      shape: row.turn?.shape(shape) ?? shape,
      dtype: exact ? 'F16' : 'F32',
      bytes: parts.reduce((sum, part) => sum + sizeOf(part.shape) * DTYPE_BYTES[part.dtype], 0),
      row,
    };
  });
}

/**
 * Makes one planned tensor. The numbers may be a view of the file's; nobody changes them.
 * @throws UserError when the file can't be read
 */
export async function readPlanned(state: LoadableState, { row }: PlannedTensor): Promise<Floats> {
  const parts: Floats[] = [];
  for (const name of sourcesOf(row)) {
    const { shape, data } = await (state.get(name) as LoadableTensor).read().then(toFloats);
    parts.push({ shape, data });
  }
  return turnRow(row, parts);
}

export interface LoadOptions {
  /** Left-over names that are known and not needed. */
  ignored?: (name: string) => boolean;
  /** Called after each tensor with the bytes read so far and in all. */
  onProgress?: (done: number, total: number) => void;
}

/**
 * Loads a whole network by a table. Memory: the network, and one tensor more.
 *
 * @returns new tensors; the caller disposes them
 * @throws UserError as `planTensors` and `readPlanned`
 */
export async function loadByTable(
  what: string,
  state: LoadableState,
  table: readonly NameRow[],
  { ignored, onProgress }: LoadOptions = {},
): Promise<Weights> {
  const plan = planTensors(what, state, table, ignored);
  const total = plan.reduce((sum, { bytes }) => sum + bytes, 0);
  const weights: Weights = {};
  let done = 0;
  try {
    for (const planned of plan) {
      const { shape, data } = await readPlanned(state, planned);
      weights[planned.name] = tf.tensor(data, [...shape], 'float32');
      onProgress?.((done += planned.bytes), total);
    }
  } catch (error) {
    disposeAll(weights);
    throw error;
  }
  return weights;
}

function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1);
}
