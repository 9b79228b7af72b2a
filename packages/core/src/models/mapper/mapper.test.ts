import { tf } from '../../tensors/tf.js';
import { beforeAll, describe, expect, it } from 'vitest';
import { openDevice } from '../../experiment/device.js';
import { normals, Random } from '../../tensors/random.js';
import { valueAndGrads, type Weights } from '../../tensors/weights.js';
import {
  applyMapper, fromOfficialMapper, groupRows, initMapper, mapperGroups, mapperOffset, OFFICIAL_MAPPER_TABLE, type MapperOptions,
} from './index.js'; // prettier-ignore

const D = 6;
const LAYERS = 10;
const mapper = initMapper({ wDim: D }, new Random(1));
const wPlus = normals(new Random(2), [2, LAYERS, D]) as tf.Tensor3D;

beforeAll(() => tf.setBackend('cpu'));

/** The original's arithmetic on plain numbers: PixelNorm, then four EqualLinear with fused √2·lrelu. */
function literal(weights: Weights, codes: number[][][], norm: 'features' | 'layers'): number[][][] {
  const ranges = [['coarse', 0, 4], ['medium', 4, 8], ['fine', 8, LAYERS]] as const; // prettier-ignore
  return codes.map((code) =>
    ranges.flatMap(([group, begin, end]) => {
      const rows = code.slice(begin, end);
      const meanSquare = (values: number[]): number => values.reduce((sum, v) => sum + v * v, 0) / values.length;
      return rows.map((row) => {
        let x = row.map((v, i) => v / Math.sqrt(meanSquare(norm === 'features' ? row : rows.map((r) => r[i] as number)) + 1e-8));
        for (let l = 0; l < 4; l++) {
          const weight = weights[`${group}.${l}.weight`]?.arraySync() as number[][]; // [in][out]
          const bias = weights[`${group}.${l}.bias`]?.arraySync() as number[];
          x = bias.map((b, o) => {
            const sum = x.reduce((s, v, i) => s + v * ((weight[i]?.[o] as number) * (0.01 / Math.sqrt(D))), 0) + b * 0.01;
            return Math.SQRT2 * (sum > 0 ? sum : 0.2 * sum);
          });
        }
        return x;
      });
    }),
  );
}

describe('mapperOffset', () => {
  it.each(['features', 'layers'] as const)('is the original’s arithmetic, PixelNorm over %s', (pixelNorm) => {
    const biased = { ...mapper, 'medium.1.bias': normals(new Random(3), [D], { std: 20 }) };
    expect(mapperOffset(biased, wPlus, { pixelNorm })).toBeAllclose(literal(biased, wPlus.arraySync(), pixelNorm), { rtol: 1e-4, atol: 1e-5 });
  });

  it('begins with steps of order one', () => {
    const wide = initMapper({ wDim: 128 }, new Random(4));
    const meanSquare = tf.mean(tf.square(mapperOffset(wide, normals(new Random(5), [4, 10, 128]) as tf.Tensor3D))).dataSync()[0];
    expect(meanSquare).toBeGreaterThan(0.2);
    expect(meanSquare).toBeLessThan(5);
  });

  it('gives zero in groups that are off, and the same as before in the others', () => {
    const partial = initMapper({ wDim: D, groups: ['coarse', 'medium'] }, new Random(1));
    expect(mapperGroups(partial)).toEqual(['coarse', 'medium']);
    const all = mapperOffset(mapper, wPlus);
    const some = mapperOffset(partial, wPlus);
    expect(tf.slice(some, [0, 0, 0], [2, 8, D])).toBeAllclose(tf.slice(all, [0, 0, 0], [2, 8, D]));
    expect(tf.slice(some, [0, 8, 0], [2, 2, D])).toBeAllclose(tf.zeros([2, 2, D]));
  });

  it('takes groups of other sizes, and short codes', () => {
    expect(groupRows(10)).toEqual({ coarse: [0, 4], medium: [4, 8], fine: [8, 10] });
    expect(groupRows(18, [6, 12])).toEqual({ coarse: [0, 6], medium: [6, 12], fine: [12, 18] });
    const short = tf.slice(wPlus, [0, 0, 0], [2, 6, D]);
    expect(mapperOffset(mapper, short).shape).toEqual([2, 6, D]);
    expect(() => groupRows(10, [8, 4])).toThrow('layer groups must rise, got [8,4]');
  });

  it('says what is wrong with its input', () => {
    expect(() => mapperOffset({}, wPlus)).toThrow('none of coarse, medium, fine');
    expect(() => mapperOffset(mapper, tf.zeros([1, 10, 8]))).toThrow('mapper "coarse" takes w of 6, got [1,4,8]');
    expect(() => initMapper({ wDim: D, groups: [] }, new Random(1))).toThrow('at least one of coarse, medium, fine');
  });
});

describe('applyMapper', () => {
  it('adds a tenth of the step unless told otherwise', () => {
    const offset = mapperOffset(mapper, wPlus);
    expect(applyMapper(mapper, wPlus)).toBeAllclose(tf.add(wPlus, tf.mul(offset, 0.1)));
    expect(applyMapper(mapper, wPlus, { strength: -0.3 })).toBeAllclose(tf.sub(wPlus, tf.mul(offset, 0.3)));
  });

  it('has the same gradients compiled and plain', async () => {
    const options: MapperOptions = { pixelNorm: 'layers' };
    const step = (weights: Weights, w: tf.Tensor3D): { value: tf.Scalar; grads: Weights } =>
      valueAndGrads((m) => tf.mean(tf.square(applyMapper(m, w, options))) as tf.Scalar)(weights);
    const plain = step(mapper, wPlus);
    const compiled = (await openDevice('cpu')).compile(step);
    const { value, grads } = await compiled(mapper, wPlus);
    await compiled.dispose();
    expect(value).toBeAllclose(plain.value, { rtol: 1e-5 });
    for (const [name, gradient] of Object.entries(plain.grads)) {
      expect(grads[name] as tf.Tensor).toBeAllclose(gradient, { rtol: 1e-4, atol: 1e-9 });
    }
  });
});

describe('fromOfficialMapper', () => {
  const official = Object.fromEntries(
    Object.entries(OFFICIAL_MAPPER_TABLE).map(([from, to]) => {
      const ours = mapper[to] as tf.Tensor;
      return [from, ours.rank === 2 ? tf.transpose(ours) : ours.clone()];
    }),
  );

  it('turns weights and keeps raw values', () => {
    const read = fromOfficialMapper(official);
    expect(Object.keys(read).sort()).toEqual(Object.keys(mapper).sort());
    expect(read['coarse.2.weight'] as tf.Tensor).toBeAllclose(mapper['coarse.2.weight'] as tf.Tensor);
  });

  it('takes checkpoints without a group, but no half ones', () => {
    const without = Object.fromEntries(Object.entries(official).filter(([name]) => !name.startsWith('fine')));
    expect(mapperGroups(fromOfficialMapper(without))).toEqual(['coarse', 'medium']);
    const { 'course_mapping.mapping.3.bias': gone, ...half } = official;
    expect(gone).toBeDefined();
    expect(() => fromOfficialMapper(half)).toThrow('missing: course_mapping.mapping.3.bias');
    expect(() => fromOfficialMapper({ 'coarse_mapping.x': tf.zeros([1]) })).toThrow('it begins with "coarse_mapping.x"');
    expect(() => fromOfficialMapper({})).toThrow('the state dict is empty');
  });
});
