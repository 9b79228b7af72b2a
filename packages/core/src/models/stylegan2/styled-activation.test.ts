/** The remembered-little form against its definition: values and all gradients, plain and compiled. */
import { compile } from '@styleclip/jit';
import { tf } from '../../tensors/tf.js';
import { describe, expect, it } from 'vitest';
import { normals, Random } from '../../tensors/random.js';
import { literalActivation, styledActivation } from './styled-activation.js';

const random = new Random(5);
const draw = (shape: number[]) => normals(random, shape);
const dz = draw([2, 4, 4, 3]);

/** z and the gradients of Σ z·dz by every tensor. */
function run(form: typeof styledActivation, tensors: tf.Tensor[], clamp?: tf.Scalar) {
  const z = (y: tf.Tensor, d: tf.Tensor, b: tf.Tensor, n?: tf.Tensor) =>
    form(y as tf.Tensor4D, tf.add(tf.abs(d), 0.1) as tf.Tensor2D, b as tf.Tensor1D, {
      ...(n && { noise: n as tf.Tensor4D }),
      ...(clamp && { clamp }),
    });
  const grads = tf.grads((...all) => tf.sum(tf.mul(z(...(all as [tf.Tensor, tf.Tensor, tf.Tensor])), dz)));
  return [z(...(tensors as [tf.Tensor, tf.Tensor, tf.Tensor])), ...grads(tensors)];
}

const CASES: Record<string, { tensors: tf.Tensor[]; clamp?: tf.Scalar }> = {
  'without noise': { tensors: [draw([2, 4, 4, 3]), draw([2, 3]), draw([3])] },
  'with one noise map for all': { tensors: [draw([2, 4, 4, 3]), draw([2, 3]), draw([3]), draw([1, 4, 4, 1])] },
  'with a noise map for each': { tensors: [draw([2, 4, 4, 3]), draw([2, 3]), draw([3]), draw([2, 4, 4, 1])] },
  'with one style for all': { tensors: [draw([2, 4, 4, 3]), draw([1, 3]), draw([3])] },
  clamped: { tensors: [draw([2, 4, 4, 3]), draw([2, 3]), draw([3]), draw([1, 4, 4, 1])], clamp: tf.scalar(0.4) },
};

describe.each(Object.entries(CASES))('styledActivation %s', (_, { tensors, clamp }) => {
  it('equals its definition in value and gradients', () => {
    const want = run(literalActivation, tensors, clamp);
    run(styledActivation, tensors, clamp).forEach((got, i) =>
      expect(got).toBeAllclose(want[i]!, { rtol: 1e-4, atol: 1e-5 }),
    );
  });

  it('is the same compiled', async () => {
    const want = run(literalActivation, tensors, clamp);
    const f = compile((all: tf.Tensor[]) => run(styledActivation, all, clamp));
    const got = await f(tensors);
    got.forEach((tensor, i) => expect(tensor).toBeAllclose(want[i]!, { rtol: 1e-4, atol: 1e-5 }));
    await f.dispose();
  });
});

it('clamps', () => {
  const [y, d, b] = CASES['clamped']!.tensors as [tf.Tensor4D, tf.Tensor2D, tf.Tensor1D];
  const z = styledActivation(y, tf.abs(d) as tf.Tensor2D, b, { clamp: tf.scalar(0.25) });
  expect(tf.max(tf.abs(z)).dataSync()[0]).toBeCloseTo(0.25, 6);
});
