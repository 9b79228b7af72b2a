/**
 * Matrix products. A product of single matrices becomes one Gemm, whose transposes are free; batches become
 * Transpose + MatMul, which ONNX Runtime fuses.
 */
import { tf } from '#tf';
import { broadcastShape, sameShape, sizeOf, type ElementType, type Graph, type Value } from '../graph.js';
import { reshape, transpose } from './arrange.js';
import { cast, requireNumbers } from './cast.js';
import type { Lowerings } from './lowering.js';

/** [M,K]·[K,N], either operand read transposed. */
export function gemm(g: Graph, a: Value, b: Value, transA: boolean, transB: boolean): Value {
  const shape = [a.shape[transA ? 1 : 0]!, b.shape[transB ? 0 : 1]!];
  requireNumbers(a, b);
  if (sizeOf(a.shape) === 0) return g.broadcastTo(g.scalar(0, a.dtype), shape);
  return g.emit(
    'Gemm',
    [g.full(a), g.full(b)],
    { shape, dtype: a.dtype },
    { transA: transA ? 1 : 0, transB: transB ? 1 : 0 },
  );
}

/**
 * TensorFlow.js pairs the i-th product's batches by the remainder of i, which is broadcasting only where one of the two
 * lists of sizes, but for leading ones, is an ending of the other.
 */
function requirePairing(a: readonly number[], b: readonly number[]): void {
  const [short, long] = [a, b]
    .map((sizes) => sizes.slice(sizes.findIndex((n) => n !== 1) >>> 0))
    .sort((m, n) => m.length - n.length) as [number[], number[]];
  if (!sameShape(short, long.slice(long.length - short.length)))
    throw new Error(
      `TensorFlow.js pairs batches [${a}] and [${b}] otherwise than broadcasting does; bring both to one shape first`,
    );
}

export const matmul: Lowerings = {
  BatchMatMul: (g, { a, b }, { transposeA, transposeB }) => {
    const [x, y] = [a!, b!];
    const rank = x.shape.length;
    const [ta, tb] = [Boolean(transposeA), Boolean(transposeB)];
    const [m, n] = [x.shape[rank - (ta ? 1 : 2)]!, y.shape[y.shape.length - (tb ? 2 : 1)]!];
    const [batchA, batchB] = [x.shape.slice(0, -2), y.shape.slice(0, -2)];
    requirePairing(batchA, batchB);
    if (x.dtype === 'float32' && sizeOf(batchA) === 1 && sizeOf(batchB) === 1) {
      const product = gemm(g, reshape(g, x, x.shape.slice(-2)), reshape(g, y, y.shape.slice(-2)), ta, tb);
      return reshape(g, product, [...broadcastShape(batchA, batchB), m, n]);
    }
    const swapped = (v: Value) =>
      transpose(g, v, [...v.shape.slice(0, -2).keys(), v.shape.length - 1, v.shape.length - 2]);
    requireNumbers(x, y);
    const shape = [...broadcastShape(batchA, batchB), m, n];
    if (sizeOf(x.shape) === 0) return g.broadcastTo(g.scalar(0, x.dtype), shape);
    return g.emit('MatMul', [g.full(ta ? swapped(x) : x), g.full(tb ? swapped(y) : y)], { shape, dtype: x.dtype });
  },
  Einsum: (g, inputs, { equation }) => {
    const dtype = Object.values(inputs)
      .map((v) => v.dtype as tf.DataType)
      .reduce((a, b) => tf.backend_util.upcastType(a, b)) as ElementType;
    const operands = Object.values(inputs).map((v) => cast(g, v, dtype));
    const [left, right] = (equation as string).replace(/\s/g, '').split('->') as [string, string];
    const sizes = new Map(
      left.split(',').flatMap((term, i) => [...term].map((letter, j) => [letter, operands[i]!.shape[j]!])),
    );
    const shape = [...right].map((letter) => sizes.get(letter)!);
    requireNumbers(...operands);
    if (operands.some((v) => sizeOf(v.shape) === 0)) return g.broadcastTo(g.scalar(0, dtype), shape);
    return g.emit(
      'Einsum',
      operands.map((v) => g.full(v)),
      { shape, dtype },
      { equation: equation as string },
    );
  },
};
