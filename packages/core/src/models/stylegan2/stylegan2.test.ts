import { fileURLToPath } from 'node:url';
import { tf } from '../../tensors/tf.js';
import { beforeAll, describe, expect, it } from 'vitest';
import { openDevice } from '../../experiment/device.js';
import { loadWeights } from '../../files/weights-file.js';
import { mapWeights, type Weights } from '../../tensors/weights.js';
import { activationsBefore, broadcastW, fromRosinality, generatorSize, mapping, styles, synthesize, truncate } from './index.js';

const fixture = (name: string): string => fileURLToPath(new URL(`../../../fixtures/${name}`, import.meta.url));

let state: Weights;
let latentAvg: tf.Tensor1D;
let g: Weights;
let io: Weights;
const want = (name: string): tf.Tensor => io[name] as tf.Tensor;
const nhwc = (x: tf.Tensor): tf.Tensor => tf.transpose(x, [0, 2, 3, 1]);

/** Largest difference over the largest value of what is expected. */
function relativeError(got: tf.Tensor, wanted: tf.Tensor): number {
  expect(got.shape).toEqual(wanted.shape);
  const difference = tf.max(tf.abs(tf.sub(got, wanted))).dataSync()[0] as number;
  return difference / (tf.max(tf.abs(wanted)).dataSync()[0] as number);
}

beforeAll(async () => {
  await tf.setBackend('cpu');
  const all = await loadWeights(fixture('stylegan2-small.safetensors'));
  ({ latent_avg: latentAvg, ...state } = all as Weights & { latent_avg: tf.Tensor1D });
  g = fromRosinality(state, { latentAvg });
  io = await loadWeights(fixture('stylegan2-small.io.safetensors'));
});

describe.each(['plain', 'cpu'])('StyleGAN2 64² against the original, device %s', (choice) => {
  /** Runs a function on tensors on the device: as it is, or compiled. */
  const run =
    <Args extends tf.Tensor[], Result>(fn: (...args: Args) => Result) =>
    async (...args: Args): Promise<Result> => {
      const compiled = (await openDevice(choice)).compile(fn);
      const result = await compiled(...args);
      await compiled.dispose();
      return result;
    };

  it('maps z to w and truncates', async () => {
    const w = await run((z: tf.Tensor2D) => mapping(g, z))(want('z') as tf.Tensor2D);
    expect(relativeError(w, want('w'))).toBeLessThan(1e-4);
    const near = await run((x: tf.Tensor2D) => truncate(x, g['wAvg'] as tf.Tensor1D, 0.7))(w);
    expect(relativeError(near, want('w_trunc_0.7'))).toBeLessThan(1e-4);
    const image = await run((x: tf.Tensor2D) => synthesize(g, styles(g, broadcastW(x, 10))))(near);
    expect(relativeError(image, nhwc(want('image_trunc_0.7')))).toBeLessThan(1e-4);
  });

  it('makes every style vector', async () => {
    const code = await run((wPlus: tf.Tensor3D) => styles(g, wPlus))(want('w_plus') as tf.Tensor3D);
    expect(code).toHaveLength(14);
    for (const [i, { style }] of code.entries()) {
      expect(relativeError(style, want(`s.${String(i).padStart(2, '0')}`))).toBeLessThan(1e-4);
    }
  });

  it.each(['literal', 'phases', 'blurred'] as const)('draws the picture (%s)', async (upsampling) => {
    const draw = run((wPlus: tf.Tensor3D) => synthesize(g, styles(g, wPlus), { upsampling }));
    const image = await draw(want('w_plus') as tf.Tensor3D);
    expect(relativeError(image, nhwc(want('image')))).toBeLessThan(1e-4);
  });

  it('has the gradient of mean(image²) by W+', async () => {
    const loss = (wPlus: tf.Tensor): tf.Scalar => tf.mean(tf.square(synthesize(g, styles(g, wPlus as tf.Tensor3D))));
    const { value, grad } = await run((wPlus: tf.Tensor) => tf.valueAndGrad(loss)(wPlus))(want('w_plus'));
    expect(relativeError(tf.reshape(value, [1]), want('loss_mean_square'))).toBeLessThan(1e-4);
    expect(relativeError(grad, want('grad_w_plus'))).toBeLessThan(1e-4);
  });
});

describe('synthesize', () => {
  it('reads its sizes off the weights', () => {
    expect(generatorSize(g)).toEqual({
      resolution: 64, zDim: 64, wDim: 64, layers: 10, mappingLayers: 4, channels: { 4: 32, 8: 32, 16: 24, 32: 16, 64: 8 },
    }); // prettier-ignore
  });

  it('stops at a block, and goes on from the activations of any layer', () => {
    const code = styles(g, tf.slice(want('w_plus') as tf.Tensor3D, [0, 0, 0], [1, 10, 64]));
    const whole = synthesize(g, code, { stopAt: 16 });
    expect(whole.shape).toEqual([1, 16, 16, 3]);
    for (const layer of ['b4.torgb', 'b8.conv0', 'b8.torgb', 'b16.conv1']) {
      const from = activationsBefore(g, code, layer);
      expect(from.layer).toBe(layer);
      expect(synthesize(g, code, { stopAt: 16, from })).toBeAllclose(whole);
    }
  });

  it('lets several changes of one layer share the activations of one picture', () => {
    const one = styles(g, tf.slice(want('w_plus') as tf.Tensor3D, [0, 0, 0], [1, 10, 64]));
    const from = activationsBefore(g, one, 'b8.conv1');
    const probes = one.map((vector) =>
      vector.name === 'b8.conv1' ? { ...vector, style: tf.concat([vector.style, tf.mul(vector.style, 2)]) as tf.Tensor2D } : vector,
    );
    const images = synthesize(g, probes, { from, stopAt: 8 });
    expect(images.shape).toEqual([2, 8, 8, 3]);
    expect(tf.slice(images, [0, 0, 0, 0], [1, 8, 8, 3])).toBeAllclose(synthesize(g, one, { stopAt: 8 }));
  });

  it('says what is wrong with its input', () => {
    const code = styles(g, tf.zeros([1, 10, 64]));
    expect(() => mapping(g, tf.zeros([1, 32]))).toThrow('mapping: z must be [N,64], got [1,32]');
    expect(() => styles(g, tf.zeros([1, 18, 512]))).toThrow('styles: wPlus must be [N,10,64], got [1,18,512]');
    expect(() => synthesize(g, code.slice(1))).toThrow('the generator has 14 styles, the style code has 13');
    expect(() => synthesize(g, code, { stopAt: 128 })).toThrow('stopAt 128 is not one of 4, 8, 16, 32, 64');
    expect(() => activationsBefore(g, code, 'b128.conv0')).toThrow('unknown layer "b128.conv0", known: b4.conv1');
    const wrong = code.map((vector, i) => (i === 3 ? { ...vector, style: tf.zeros([1, 7]) as tf.Tensor2D } : vector));
    expect(() => synthesize(g, wrong)).toThrow('style 3 (b8.conv1) must be [N,32], got [1,7]');
  });
});

describe('fromRosinality', () => {
  it('refuses names that are missing or left over', () => {
    const { 'noises.noise_3': gone, ...less } = state;
    expect(gone).toBeDefined();
    expect(() => fromRosinality(less)).toThrow('missing: noises.noise_3');
    expect(() => fromRosinality({ ...state, 'extra.weight': tf.zeros([1]) })).toThrow('not known: extra.weight');
    expect(() => fromRosinality({})).toThrow('expected the names of a `g_ema` state dict');
    const bad = mapWeights(state, (tensor, name) => (name === 'convs.0.conv.weight' ? tf.zeros([2, 4]) : tensor));
    expect(() => fromRosinality(bad)).toThrow('"convs.0.conv.weight" has shape [2,4], expected [1,c8,32,3,3]');
  });
});
