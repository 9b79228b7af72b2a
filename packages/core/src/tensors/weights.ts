/**
 * Weights: a network's parameters as one flat record of named tensors.
 *
 * Every model of this project is a pure function of such a record, so a set of parameters can be saved, averaged,
 * differentiated or frozen into a compiled graph without a class around it. There are no tf.Variables here: a
 * training step takes weights in and gives new weights out.
 *
 * Records are always walked in the sorted order of their names, so that two records with the same names line up
 * whatever order they were filled in.
 */
import { tf } from './tf.js';

/** A flat record of named tensors. The holder of the record owns the tensors and disposes them. */
export type Weights = Record<string, tf.Tensor>;

/** The names of a record, sorted by code unit: the one order in which weights are walked. */
export function sortedNames(weights: Readonly<Record<string, unknown>>): string[] {
  return Object.keys(weights).sort();
}

/** The tensor called `name`; an Error that lists the nearest names when there is none. */
export function requireWeight(weights: Weights, name: string): tf.Tensor {
  const tensor = weights[name];
  if (tensor === undefined) {
    const stem = name.split('.')[0] ?? name;
    const near = sortedNames(weights)
      .filter((other) => other.startsWith(stem))
      .slice(0, 8);
    const hint = near.length > 0 ? near.join(', ') : sortedNames(weights).slice(0, 8).join(', ');
    throw new Error(`no weight called "${name}" (there are ${hint || 'none'}, …)`);
  }
  return tensor;
}

/** Applies `f` to each tensor and keeps the names. */
export function mapWeights(weights: Weights, f: (tensor: tf.Tensor, name: string) => tf.Tensor): Weights {
  const mapped: Weights = {};
  for (const name of sortedNames(weights)) mapped[name] = f(requireWeight(weights, name), name);
  return mapped;
}

/** Copies of the tensors (same data, own handles), to outlive the disposal of the originals. */
export function cloneWeights(weights: Weights): Weights {
  return mapWeights(weights, (tensor) => tensor.clone());
}

/** How many numbers the record holds. */
export function countParameters(weights: Weights): number {
  return Object.values(weights).reduce((sum, tensor) => sum + tensor.size, 0);
}

/**
 * Turns a scalar loss over weights into a function that returns the loss and its gradients, name by name.
 *
 * `f` may return more than the loss: with `{ loss, aux }` the tensors of `aux` (the terms of a sum, predictions …) come out
 * beside the gradients, and belong to the caller as they do. Works in plain TensorFlow.js and inside a traced function alike.
 * A weight that the loss does not use is an Error from TensorFlow.js: pass only what is to be trained.
 */
export function valueAndGrads(f: (weights: Weights) => tf.Scalar): (weights: Weights) => ValueAndGrads;
export function valueAndGrads<Aux extends TensorTree>(
  f: (weights: Weights) => { loss: tf.Scalar; aux: Aux },
): (weights: Weights) => ValueAndGrads & { aux: Aux };
export function valueAndGrads(
  f: (weights: Weights) => tf.Scalar | { loss: tf.Scalar; aux: TensorTree },
): (weights: Weights) => ValueAndGrads & { aux?: TensorTree } {
  return (weights) => {
    const names = sortedNames(weights);
    if (names.length === 0) throw new Error('valueAndGrads: the record of weights is empty');
    const toRecord = (tensors: tf.Tensor[]): Weights =>
      Object.fromEntries(names.map((name, i) => [name, tensors[i] as tf.Tensor]));
    let kept: TensorTree;
    try {
      const { value, grads } = tf.valueAndGrads((...tensors: tf.Tensor[]) => {
        const result = f(toRecord(tensors));
        if (result instanceof tf.Tensor) return result;
        kept = mapTree(result.aux, (tensor) => tf.keep(tensor.clone())); // else the gradient's own tidy takes them
        return result.loss;
      })(names.map((name) => requireWeight(weights, name)));
      const aux = mapTree(kept, (tensor) => tensor.clone()); // no longer kept: the tidy around this treats them as any other
      return { value: value as tf.Scalar, grads: toRecord(grads), aux };
    } finally {
      disposeAll(kept);
    }
  };
}

/** A loss, and its gradients by the weights' names. */
export type ValueAndGrads = { value: tf.Scalar; grads: Weights };

/** Anything built of tensors: one of them, or nested arrays and records of them (other values are passed over). */
export type TensorTree =
  | tf.Tensor
  | null
  | undefined
  | number
  | string
  | boolean
  | readonly TensorTree[]
  | { readonly [name: string]: TensorTree };

/** Disposes every tensor in nested records and arrays; tensors disposed already are passed over. */
export function disposeAll(...trees: readonly TensorTree[]): void {
  for (const tree of trees) {
    if (tree === null || typeof tree !== 'object') continue;
    if (tree instanceof tf.Tensor) {
      if (!tree.isDisposed) tree.dispose();
    } else {
      disposeAll(...(Array.isArray(tree) ? (tree as readonly TensorTree[]) : Object.values(tree)));
    }
  }
}

/** The same tree with `f` of every tensor. */
function mapTree(tree: TensorTree, f: (tensor: tf.Tensor) => tf.Tensor): TensorTree {
  if (tree === null || typeof tree !== 'object') return tree;
  if (tree instanceof tf.Tensor) return f(tree);
  if (Array.isArray(tree)) return (tree as readonly TensorTree[]).map((inner) => mapTree(inner, f));
  return Object.fromEntries(Object.entries(tree).map(([name, inner]) => [name, mapTree(inner, f)]));
}
