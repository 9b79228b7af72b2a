/**
 * Every lowering against TensorFlow.js's own CPU backend, forward and gradient, on random inputs.
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
];

const listOf = (out: tf.Tensor | tf.Tensor[]): tf.Tensor[] => (Array.isArray(out) ? out : [out]);
const used = new Set<string>();

describe('every lowering', () => {
  beforeAll(async () => {
    await tf.setBackend('cpu');
  });

  it.each(rows)('$name', async ({ inputs, run, gradient = true }) => {
    const random = uniform(7);
    const x = inputs.map((input) => draw(input, random));
    const floats = x.map((t, i) => (t.dtype === 'float32' ? i : -1)).filter((i) => i >= 0);
    const weights = listOf(run(...x)).map((t) => (t.dtype === 'float32' ? draw(t.shape, random) : undefined));
    const values = (...args: tf.Tensor[]) => listOf(run(...args));
    const gradients = (...args: tf.Tensor[]) => {
      const total = (...moved: tf.Tensor[]) => {
        const all = [...args];
        moved.forEach((t, i) => (all[floats[i]!] = t));
        const parts = listOf(run(...all)).map((t, i) => tf.sum(tf.mul(t, weights[i]!)));
        return tf.addN(parts) as tf.Scalar;
      };
      return tf.grads(total)(floats.map((i) => args[i]!));
    };

    for (const fn of gradient && floats.length > 0 ? [values, gradients] : [values]) {
      const expected = fn(...x);
      const compiled = compile(fn);
      const got = await compiled(...x);
      expect(got.map((t) => [t.shape, t.dtype])).toEqual(expected.map((t) => [t.shape, t.dtype]));
      got.forEach((t, i) => expect(t).toBeAllclose(expected[i]!, { rtol: 1e-4, atol: 1e-5 }));
      await compiled.dispose();
      // The kernels that the plain run reports are those that the trace has lowered.
      const profile = await tf.profile(() => fn(...x));
      for (const { name } of profile.kernels) used.add(name);
    }
  });

  it('differentiates an average over the part of the window inside the picture', async () => {
    const x = draw([1, 5, 5, 1], uniform(3)) as tf.Tensor4D;
    const f = (t: tf.Tensor4D) => tf.sum(tf.square(tf.avgPool(t, 3, 2, 'same')));
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
      Float32Array.from({ length: 25 }, (_, i) => slope(i)),
      { rtol: 1e-2, atol: 1e-3 },
    );
    await compiled.dispose();
  });

  it('has been reached by a row of the table', () => {
    expect([...lowerings.keys()].filter((name) => !used.has(name))).toEqual([]);
  });
});
