import { beforeAll, expect, it } from 'vitest';
import { fromHalf, mapping, mapWeights, normals, Random, tf, toHalf, type Z } from '@styleclip/core';
import { FACTORS } from '../factors.js';
import { askedAvatars } from '../latents.js';
import { codeBook, codesOf, oneHot } from './codes.js';
import { mappingNetwork } from './mapping.js';

const D = 128;
beforeAll(async () => {
  await tf.setBackend('cpu');
});

it('sends z to the code of the avatar that z asks for, float16 weights included', () => {
  const network = mapWeights(mappingNetwork(D, D), (t) =>
    tf.tensor(fromHalf(toHalf(t.dataSync() as Float32Array)), t.shape),
  );
  const z = normals(new Random(1), [500, D]) as Z;
  const w = mapping(network, z);
  const codes = codesOf(oneHot(askedAvatars(z)), codeBook(D));
  const far = tf
    .max(tf.abs(tf.sub(w, codes)), 1)
    .dataSync()
    .filter((x) => x > 0.05).length;
  expect(far / 500).toBeLessThan(0.07); // one of ten factors on a ramp now and then
});

it('asks for the shares of the world', () => {
  const asked = askedAvatars(normals(new Random(2), [20_000, D]) as Z);
  for (const { name, shares } of FACTORS) {
    const counts = shares.map((_, value) => asked.filter((avatar) => avatar[name] === value).length / asked.length);
    expect(counts).toBeAllclose([...shares], { atol: 0.015, rtol: 0 });
  }
});

it('has orthogonal codes', () => {
  const book = codeBook(D);
  const products = (tf.matMul(book, book, false, true) as tf.Tensor2D).arraySync();
  products.forEach((row, i) => row.forEach((x, j) => expect(x).toBeCloseTo(i === j ? D : 0, 2)));
});
