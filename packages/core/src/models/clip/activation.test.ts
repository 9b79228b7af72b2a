/** GELU and QuickGELU: values and gradients by their definitions, and which one a CLIP's weights ask for. */
import { compile } from '@styleclip/jit';
import { beforeAll, describe, expect, it } from 'vitest';
import { Random } from '../../tensors/random.js';
import { tf } from '../../tensors/tf.js';
import type { Weights } from '../../tensors/weights.js';
import { activationMarkers, gelu, quickGelu } from './activation.js';
import { encodeImage, encodeText, initClip, splitTrainable, tokenTensor } from './index.js';

beforeAll(() => tf.setBackend('cpu'));

/** erf by its Taylor series in float64: good to 1e-12 up to 4. */
function erf(x: number): number {
  let term = x;
  let sum = x;
  for (let n = 1; n < 120; n++) {
    term *= (-x * x) / n;
    sum += term / (2 * n + 1);
  }
  return (2 / Math.sqrt(Math.PI)) * sum;
}

const points = Array.from({ length: 33 }, (_, i) => (i - 16) / 4);
const phi = (x: number): number => (1 + erf(x / Math.SQRT2)) / 2;
const density = (x: number): number => Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI);

const forms: [string, typeof gelu, (x: number) => number, (x: number) => number][] = [
  ['GELU', gelu, (x) => x * phi(x), (x) => phi(x) + x * density(x)],
  [
    'QuickGELU',
    quickGelu,
    (x) => x / (1 + Math.exp(-1.702 * x)),
    (x) => {
      const s = 1 / (1 + Math.exp(-1.702 * x));
      return s + 1.702 * x * s * (1 - s);
    },
  ],
];

describe.each(forms)('%s', (_, activation, value, slope) => {
  it('has the values and the gradient of its definition', async () => {
    const x = tf.tensor1d(points);
    const gradient = (y: tf.Tensor): tf.Tensor => tf.grad((z: tf.Tensor) => tf.sum(activation(z)))(y);
    expect(activation(x)).toBeAllclose(points.map(value), { rtol: 1e-5, atol: 1e-6 });
    expect(gradient(x)).toBeAllclose(points.map(slope), { rtol: 1e-5, atol: 1e-6 });
    const compiled = compile((y: tf.Tensor) => ({ value: activation(y), slope: gradient(y) }));
    const out = await compiled(x);
    expect(out.value).toBeAllclose(points.map(value), { rtol: 1e-5, atol: 1e-6 });
    expect(out.slope).toBeAllclose(points.map(slope), { rtol: 1e-5, atol: 1e-6 });
    await compiled.dispose();
  });
});

describe('a CLIP with markers', () => {
  const size = { width: 32, layers: 2, heads: 2 };
  const quick = initClip(
    { embed: 8, image: { size: 16, patch: 8, ...size }, text: { context: 12, vocabulary: 49408, ...size } },
    new Random(5),
  );
  const far = (a: tf.Tensor, b: tf.Tensor): number => tf.max(tf.abs(tf.sub(a, b))).dataSync()[0] as number;

  it('runs plain GELU on both sides, compiled too; without them QuickGELU', async () => {
    const plain: Weights = { ...quick, ...activationMarkers('gelu') };
    const image = tf.randomNormal([1, 16, 16, 3], 0, 1, 'float32', 3) as tf.Tensor4D;
    const tokens = tokenTensor(quick, ['purple hair']);
    expect(far(encodeImage(quick, image), encodeImage(plain, image))).toBeGreaterThan(1e-4);
    expect(far(encodeText(quick, tokens), encodeText(plain, tokens))).toBeGreaterThan(1e-5);
    const encode = compile((w: Weights, x: tf.Tensor4D) => encodeImage(w, x));
    for (const weights of [quick, plain]) {
      const out = await encode(weights, image);
      expect(out).toBeAllclose(encodeImage(weights, image), { rtol: 1e-4, atol: 1e-6 });
    }
    await encode.dispose();
  });

  it('keeps them apart from what is trained', () => {
    const { trainable, fixed } = splitTrainable({ ...quick, ...activationMarkers('gelu') });
    expect(Object.keys(fixed)).toEqual(expect.arrayContaining(['visual.transformer.gelu', 'transformer.gelu']));
    expect(Object.keys(trainable).filter((name) => name.endsWith('gelu'))).toEqual([]);
    expect(activationMarkers('quick_gelu')).toEqual({});
  });
});
