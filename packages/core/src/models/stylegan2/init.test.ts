import { tf } from '../../tensors/tf.js';
import { beforeAll, describe, expect, it } from 'vitest';
import { Random } from '../../tensors/random.js';
import { disposeAll, valueAndGrads, type Weights } from '../../tensors/weights.js';
import {
  asWPlus, broadcastW, effectiveGenerator, flattenStyles, generatorSize, initGenerator, isBuffer, mapping, randomNoise, styles, styleSlots,
  synthesize, truncate, unflattenStyles, wPlusFromArray, wPlusLayers, type GeneratorConfig,
} from './index.js'; // prettier-ignore

const config: GeneratorConfig = {
  resolution: 8, zDim: 6, wDim: 5, channels: { 4: 4, 8: 3 }, mappingLayers: 2, mappingWidth: 7,
}; // prettier-ignore

beforeAll(() => tf.setBackend('cpu'));

describe('initGenerator', () => {
  it('makes a generator of the asked sizes, the same one for the same seed', () => {
    const raw = initGenerator(config, new Random(1));
    expect(generatorSize(raw)).toEqual({ resolution: 8, zDim: 6, wDim: 5, layers: 4, mappingLayers: 2, channels: { 4: 4, 8: 3 } });
    expect(raw['b8.conv0.weight']?.shape).toEqual([3, 3, 4, 3]);
    const again = initGenerator(config, new Random(1));
    for (const [name, tensor] of Object.entries(raw)) expect(tensor).toBeAllclose(again[name] as tf.Tensor);
  });

  it('says which block has no channels', () => {
    expect(() => initGenerator({ ...config, channels: { 4: 4 } }, new Random(1))).toThrow('channels of block 8 are missing');
    expect(() => initGenerator({ ...config, resolution: 12 }, new Random(1))).toThrow('power of two of at least 4, got 12');
  });

  it('keeps variance through the network', () => {
    const wide = { ...config, zDim: 64, wDim: 64, channels: { 4: 64, 8: 64 }, mappingLayers: 4, mappingWidth: 64 };
    const g = effectiveGenerator(initGenerator(wide, new Random(2)));
    const w = mapping(g, tf.randomNormal([16, 64], 0, 1, 'float32', 3));
    const meanSquare = (x: tf.Tensor): number => tf.mean(tf.square(x)).dataSync()[0] as number;
    expect(meanSquare(w)).toBeGreaterThan(0.2);
    expect(meanSquare(w)).toBeLessThan(5);
    const image = synthesize(g, styles(g, broadcastW(w, 4)));
    expect(meanSquare(image)).toBeGreaterThan(0.1);
    expect(meanSquare(image)).toBeLessThan(20);
  });

  it('trains through its gains and leaves no tensor behind', () => {
    const raw = initGenerator(config, new Random(4));
    const buffers: Weights = {};
    const params: Weights = {};
    for (const [name, tensor] of Object.entries(raw)) (isBuffer(name) || name.startsWith('mapping.') ? buffers : params)[name] = tensor;
    const wPlus = tf.ones([2, 4, 5]) as tf.Tensor3D;
    const before = tf.memory().numTensors;
    const { value, grads } = valueAndGrads((p) => {
      const g = effectiveGenerator({ ...buffers, ...p });
      return tf.mean(tf.square(synthesize(g, styles(g, wPlus)))) as tf.Scalar;
    })(params);
    expect(Object.keys(grads)).toEqual(Object.keys(params).sort());
    for (const [name, gradient] of Object.entries(grads)) {
      expect(tf.tidy(() => tf.max(tf.abs(gradient)).dataSync()[0]), name).toBeGreaterThan(0);
    }
    disposeAll(grads, value);
    expect(tf.memory().numTensors).toBe(before);
  });
});

describe('noise', () => {
  it('is stored, absent or given', () => {
    const g = effectiveGenerator(initGenerator(config, new Random(5)));
    const code = styles(g, tf.ones([2, 4, 5]));
    const none = synthesize(g, code, { noise: 'none' });
    expect(synthesize(g, code)).toBeAllclose(none); // strengths begin at zero
    for (const name of Object.keys(g)) if (name.endsWith('noiseStrength')) g[name] = tf.scalar(0.5);
    expect(synthesize(g, code)).not.toBeAllclose(none, { atol: 1e-3 });
    const given = synthesize(g, code, { noise: randomNoise(g, new Random(6), 2) });
    const [first, second] = tf.split(given, 2);
    expect(first as tf.Tensor).not.toBeAllclose(second as tf.Tensor, { atol: 1e-3 }); // same styles, noise of their own
    expect(() => synthesize(g, code, { noise: {} })).toThrow('noise of layer "b4.conv1" is missing');
    expect(() => synthesize(g, code, { noise: { 'b4.conv1': tf.zeros([8, 8]) } })).toThrow('must be [4,4] or [N,4,4], got [8,8]');
  });

  it('may be left out of a generator', () => {
    const g = effectiveGenerator(initGenerator({ ...config, noise: false }, new Random(5)));
    expect(Object.keys(g).some((name) => name.includes('noise'))).toBe(false);
    expect(synthesize(g, styles(g, tf.ones([1, 4, 5]))).shape).toEqual([1, 8, 8, 3]);
  });
});

describe('latent spaces', () => {
  it('count their layers and channels', () => {
    expect([wPlusLayers(64), wPlusLayers(256), wPlusLayers(1024)]).toEqual([10, 14, 18]);
    const g = initGenerator(config, new Random(7));
    expect(styleSlots(g).map(({ name, offset, channels }) => [name, offset, channels])).toEqual([
      ['b4.conv1', 0, 4], ['b4.torgb', 4, 4], ['b8.conv0', 8, 4], ['b8.conv1', 12, 3], ['b8.torgb', 15, 3],
    ]); // prettier-ignore
  });

  it('go to flat arrays and back', () => {
    const g = effectiveGenerator(initGenerator(config, new Random(7)));
    const code = styles(g, tf.randomNormal([2, 4, 5], 0, 1, 'float32', 1));
    const flat = flattenStyles(code);
    expect(flat.shape).toEqual([2, 18]);
    expect(unflattenStyles(g, flat).map(({ name }) => name)).toEqual(code.map(({ name }) => name));
    for (const [i, { style }] of unflattenStyles(g, flat).entries()) expect(style).toBeAllclose(code[i]?.style as tf.Tensor);

    const edited = flattenStyles(code, { toRGB: false });
    expect(edited.shape).toEqual([2, 11]);
    const back = unflattenStyles(g, tf.mul(edited, 2) as tf.Tensor2D, code);
    expect(back[1]?.style as tf.Tensor).toBeAllclose(code[1]?.style as tf.Tensor);
    expect(back[3]?.style as tf.Tensor).toBeAllclose(tf.mul(code[3]?.style as tf.Tensor, 2));
    expect(() => unflattenStyles(g, edited)).toThrow('needs a base code');
    expect(() => unflattenStyles(g, tf.zeros([1, 9]))).toThrow('has 18 columns (11 without toRGB), got [1,9]');

    expect(wPlusFromArray(new Float32Array(40), 4, 5).shape).toEqual([2, 4, 5]);
    expect(() => wPlusFromArray(new Float32Array(41), 4, 5)).toThrow('41 numbers are no whole number of W+ codes [4,5]');
  });

  it('widen w to W+ and truncate some of its rows', () => {
    const w = tf.tensor2d([[1, 2], [3, 4]]); // prettier-ignore
    const wPlus = asWPlus(w, 3);
    expect(wPlus).toBeAllclose([[[1, 2], [1, 2], [1, 2]], [[3, 4], [3, 4], [3, 4]]]); // prettier-ignore
    expect(() => asWPlus(wPlus, 4)).toThrow('latents must be [N,4,D], got [2,3,2]');
    const near = truncate(wPlus, tf.tensor1d([1, 0]), 0.5, { cutoff: 2 });
    expect(near).toBeAllclose([[[1, 1], [1, 1], [1, 2]], [[2, 2], [2, 2], [3, 4]]]); // prettier-ignore
    expect(() => truncate(w, tf.tensor1d([1, 0]), 0.5, { cutoff: 2 })).toThrow('a cutoff needs W+');
  });
});
