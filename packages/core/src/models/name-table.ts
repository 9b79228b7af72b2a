/**
 * Foreign checkpoints by declared tables: each row says which tensor of the file becomes which of ours, and how its
 * axes turn. Nothing is guessed: a name that is missing, or left over after the table, is an error that lists it.
 */
import tf from '@tensorflow/tfjs';
import type { Weights } from '../weights.js';

/** One row of a table. */
export type NameRow = {
  /** Name in the checkpoint. */
  readonly from: string;
  /** Name in our record. */
  readonly to: string;
  /** Turns the layout; left out where it stays. */
  readonly turn?: (tensor: tf.Tensor) => tf.Tensor;
};

/** [out,in] -> [in,out] */
export const transposeLinear = (tensor: tf.Tensor): tf.Tensor => tf.transpose(tensor, [1, 0]);

/** [O,I,k,k] -> [k,k,I,O] */
export const transposeConv = (tensor: tf.Tensor): tf.Tensor => tf.transpose(tensor, [2, 3, 1, 0]);

/** How many names an error lists. */
const LISTED = 6;

function list(names: readonly string[]): string {
  const more = names.length > LISTED ? `, … (${names.length} in all)` : '';
  return names.slice(0, LISTED).join(', ') + more;
}

/**
 * Carries a state dict over.
 *
 * @param what names the format in errors
 * @param ignored says which left-over names are known and not needed
 * @returns new tensors; the caller disposes them
 * @throws when names are missing or left over
 */
export function applyNameTable(
  what: string,
  state: Weights,
  table: readonly NameRow[],
  ignored: (name: string) => boolean = () => false,
): Weights {
  const known = new Set(table.map((row) => row.from));
  const missing = [...known].filter((name) => state[name] === undefined);
  const left = Object.keys(state).filter((name) => !known.has(name) && !ignored(name));
  if (missing.length > 0 || left.length > 0) {
    const parts = [];
    if (missing.length > 0) parts.push(`missing: ${list(missing)}`);
    if (left.length > 0) parts.push(`not known: ${list(left)}`);
    throw new Error(`${what}: the weights' names do not fit (${parts.join('; ')})`);
  }
  const weights: Weights = {};
  for (const { from, to, turn } of table) {
    const tensor = state[from] as tf.Tensor;
    weights[to] = turn ? tf.tidy(() => turn(tensor)) : tensor.clone();
  }
  return weights;
}
