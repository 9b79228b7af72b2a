/** `convClamp` in a whole synthesis: values are bounded, and the compiled gradient is that of the plain function. */
import { compile } from '@styleclip/jit';
import { tf } from '../../tensors/tf.js';
import { beforeAll, expect, it } from 'vitest';
import { normals, Random } from '../../tensors/random.js';
import { disposeAll } from '../../tensors/weights.js';
import { effectiveGenerator, generatorSize, initGenerator, styles, synthesize } from './index.js';

beforeAll(() => tf.setBackend('cpu'));

const size = { resolution: 8, zDim: 4, wDim: 4, channels: { 4: 4, 8: 4 }, mappingLayers: 0, mappingWidth: 4 };
const free = effectiveGenerator(initGenerator(size, new Random(3)));
const wPlus = normals(new Random(4), [2, 4, 4]);
const draw = (limit: number): ((w: tf.Tensor) => tf.Tensor) => {
  const g = { ...free, convClamp: tf.scalar(limit) };
  return (w) => synthesize(g, styles(g, w as tf.Tensor3D));
};

it('does nothing where nothing reaches the bound', () => {
  expect(draw(1e6)(wPlus)).toBeAllclose(synthesize(free, styles(free, wPlus as tf.Tensor3D)));
  expect(generatorSize(free).resolution).toBe(8);
});

it('bounds every toRGB, so that the picture of two blocks stays within twice the bound', () => {
  expect(tf.max(tf.abs(draw(0.2)(wPlus))).dataSync()[0]).toBeLessThanOrEqual(0.4 + 1e-6);
});

it('has zero gradient where it clamps: finite differences agree, and so does the compiled function', async () => {
  const clamped = draw(0.5);
  const loss = (w: tf.Tensor): tf.Scalar => tf.mean(tf.square(clamped(w)));
  const grad = tf.grad(loss)(wPlus);
  const step = normals(new Random(5), [2, 4, 4]);
  const at = (t: number): number => loss(tf.add(wPlus, tf.mul(step, t))).dataSync()[0] as number;
  const along = tf.sum(tf.mul(grad, step)).dataSync()[0] as number;
  expect((at(1e-3) - at(-1e-3)) / 2e-3).toBeCloseTo(along, 3);
  const compiled = compile((w: tf.Tensor) => tf.grad(loss)(w));
  expect(await compiled(wPlus)).toBeAllclose(grad, { rtol: 1e-4, atol: 1e-6 });
  await compiled.dispose();
  disposeAll(grad, step);
});
