/**
 * Every lowering against TensorFlow.js's own CPU backend, forward and gradient, on random inputs and on special numbers.
 *
 * One row of the table is one call: its inputs by shape (and range or type), and the function. The gradient, where the
 * row asks for it, is of sum(f(x)·c) with fixed random c, by every float input. The last test says which kernels of
 * the table of lowerings no row has reached.
 */
import { tf } from '#tf';
import { beforeAll, describe, expect, it } from 'vitest';
import { compile } from './index.js';
import { lowerings } from './kernels/table.js';
import { binary, comparison, integer, unary } from './op-rows/elementwise.js';
import { convolutions, depthwise, matrices, pools, products, reductions, resizes } from './op-rows/linear.js';
import { rest } from './op-rows/rest.js';
import { draw, uniform } from './op-rows/row.js';
import { specialNumbers } from './op-rows/special-numbers.js';
import { specialShapes } from './op-rows/special-shapes.js';
import { windows } from './op-rows/windows.js';

const rows = [
  ...unary,
  ...binary,
  ...integer,
  ...comparison,
  ...convolutions,
  ...depthwise,
  ...pools,
  ...resizes,
  ...reductions,
  ...products,
  ...matrices,
  ...rest,
  ...specialNumbers,
  ...specialShapes,
  ...windows,
];

const listOf = (out: tf.Tensor | tf.Tensor[]): tf.Tensor[] => (Array.isArray(out) ? out : [out]);
const used = new Set<string>();

/** A NaN is close to nothing; here it must stand where it is expected. */
const comparable = (t: tf.Tensor): Float64Array =>
  Float64Array.from(t.dataSync(), (x) => (Number.isNaN(x) ? 1.23456789e300 : x));

const filter = (size: number): tf.Tensor4D => draw([size, size, 1, 1], uniform(5)) as tf.Tensor4D;
const picture = (): tf.Tensor4D => tf.ones([1, 4, 4, 1]);
const truth = (): tf.Tensor => tf.tensor1d([1, 0], 'bool');

describe('every lowering', () => {
  beforeAll(async () => {
    await tf.setBackend('cpu');
  });

  it.each(rows)(
    '$name',
    async ({ inputs, run, gradient = true, tolerance = { rtol: 1e-4, atol: 1e-5 }, captured = false }) => {
      const random = uniform(7);
      const x = inputs.map((input) => draw(input, random));
      const floats = x.map((t, i) => (t.dtype === 'float32' ? i : -1)).filter((i) => i >= 0);
      const weights = listOf(run(...x)).map((t) => (t.dtype === 'float32' ? draw(t.shape, random) : undefined));
      const values = (...args: tf.Tensor[]) => listOf(run(...args));
      const gradients = (...args: tf.Tensor[]) => {
        const total = (...moved: tf.Tensor[]) => {
          const all = [...args];
          moved.forEach((t, i) => (all[floats[i]!] = t));
          const parts = listOf(run(...all)).flatMap((t, i) => (weights[i] ? [tf.sum(tf.mul(t, weights[i]))] : []));
          return tf.addN(parts) as tf.Scalar;
        };
        return tf.grads(total)(floats.map((i) => args[i]!));
      };

      for (const fn of gradient && floats.length > 0 && weights.some((w) => w) ? [values, gradients] : [values]) {
        const expected = fn(...x);
        for (const compiled of captured ? [compile(fn), compile(() => fn(...x))] : [compile(fn)]) {
          const got = await compiled(...x);
          expect(got.map((t) => [t.shape, t.dtype])).toEqual(expected.map((t) => [t.shape, t.dtype]));
          got.forEach((t, i) => expect(comparable(t), `result ${i}`).toBeAllclose(comparable(expected[i]!), tolerance));
          await compiled.dispose();
        }
        // The kernels that the plain run reports are those that the trace has lowered.
        const profile = await tf.profile(() => fn(...x));
        for (const { name } of profile.kernels) used.add(name);
      }
    },
  );

  // Where TensorFlow.js's own gradient is off: see op-rows/windows.ts.
  it.each<[string, (x: tf.Tensor4D) => tf.Tensor]>([
    ['an average over the part of the window inside the picture', (x) => tf.avgPool(x, 3, 2, 'same')],
    ['an average with as many windows as fit begin', (x) => tf.avgPool(x, 2, 2, 0, 'ceil')],
    ['a maximum with as many windows as fit begin', (x) => tf.maxPool(x, 2, 2, 0, 'ceil')],
    ['a convolution with as many windows as fit begin', (x) => tf.conv2d(x, filter(2), 2, 0, 'NHWC', 1, 'ceil')],
    ['a depthwise one', (x) => tf.depthwiseConv2d(x, filter(2), 3, 0, 'NHWC', 1, 'round')],
    ['a convolution with numeric padding and unlike sides', (x) => tf.conv2d(x, filter(3), [2, 1], 1)],
  ])('differentiates %s', async (_, of) => {
    const x = draw([1, 5, 5, 1], uniform(3)) as tf.Tensor4D;
    const f = (t: tf.Tensor4D) => tf.sum(tf.square(of(t)));
    const compiled = compile((t: tf.Tensor4D) => tf.grad((u: tf.Tensor) => f(u as tf.Tensor4D))(t));
    const slope = (i: number): number => {
      const moved = [1e-2, -1e-2].map((h) => {
        const values = Float32Array.from(x.dataSync());
        values[i]! += h;
        return f(tf.tensor4d(values, [1, 5, 5, 1])).dataSync()[0]!;
      });
      return (moved[0]! - moved[1]!) / 2e-2;
    };
    expect(await compiled(x)).toBeAllclose(
      Float32Array.from({ length: 25 }, (_v, i) => slope(i)),
      { rtol: 1e-2, atol: 1e-3 },
    );
    await compiled.dispose();
  });

  it.each<[string, () => tf.Tensor, RegExp]>([
    ['arithmetic of bool', () => tf.add(truth(), truth()), /^Add: there is no arithmetic of bool tensors.*cast them/],
    ['a negative bool', () => tf.neg(truth()), /^Neg: .*bool/],
    ['exp of int32', () => tf.exp(tf.ones([2], 'int32')), /^Exp: not lowered for int32 tensors; cast them to float32/],
    [
      'norms of int32',
      () => tf.batchNorm(tf.ones([2, 1], 'int32'), tf.ones([1]), tf.ones([1])),
      /^FusedBatchNorm: not lowered for int32/,
    ],
    [
      'a pool with an empty window',
      () => tf.maxPool(picture(), 2, 2, 2),
      /^MaxPool: a window of the pool would lie wholly/,
    ],
    [
      'batches that are paired otherwise than by broadcasting',
      () => tf.matMul(tf.ones([2, 1, 2, 2]), tf.ones([1, 3, 2, 2])),
      /^BatchMatMul: TensorFlow.js pairs batches \[2,1\] and \[1,3\] otherwise/,
    ],
    [
      'a filter larger than the picture',
      () => tf.conv2d(picture(), filter(6), 1, 'valid'),
      /^Conv2D: a window of 6 does not fit into 4/,
    ],
    ['symmetric padding', () => tf.mirrorPad(tf.ones([3]), [[1, 1]], 'symmetric'), /^MirrorPad: .*symmetric/],
    [
      'channels first',
      () => tf.conv2d(tf.ones<tf.Rank.R4>([1, 1, 4, 4]), filter(1), 1, 0, 'NCHW'),
      /^Conv2D: .*NHWC, got NCHW/,
    ],
  ])('refuses %s by name', async (_, fn, message) => {
    await expect(compile(fn)()).rejects.toThrow(message);
  });

  it('fails, as TensorFlow.js does, on an index below 0', async () => {
    const f = compile((x: tf.Tensor, i: tf.Tensor1D) => tf.gather(x, i));
    const g = compile((x: tf.Tensor, i: tf.Tensor2D) => tf.gatherND(x, i));
    const x = tf.tensor1d([1, 2, 3]);
    expect(await f(x, tf.tensor1d([2, 0], 'int32'))).toBeAllclose([3, 1]);
    await expect(f(x, tf.tensor1d([-1, 0], 'int32'))).rejects.toThrow(/out of (data )?bounds/);
    await expect(g(x, tf.tensor2d([[-1], [0]], undefined, 'int32'))).rejects.toThrow(/invalid index/);
    await f.dispose();
    await g.dispose();
  });

  it('has been reached by a row of the table', () => {
    expect([...lowerings.keys()].filter((name) => !used.has(name))).toEqual([]);
  });
});
