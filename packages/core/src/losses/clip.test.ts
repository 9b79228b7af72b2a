import { tf } from '../tensors/tf.js';
import { beforeAll, describe, expect, it } from 'vitest';
import { initClip } from '../models/clip/index.js';
import { Random } from '../tensors/random.js';
import { clipLoss, cosineLoss, directionalClipLoss, directionalClipRows } from './clip.js';

beforeAll(() => tf.setBackend('cpu'));

describe('CLIP losses', () => {
  it('is 1 - cos, whatever the lengths', () => {
    const text = tf.tensor2d([[3, 0]]);
    expect(
      cosineLoss(
        tf.tensor2d([
          [2, 0],
          [0, 5],
          [-1, 0],
        ]),
        text,
      ),
    ).toBeAllclose([0, 1, 2]);
  });

  it('sees another picture raw than normalised', () => {
    const size = { width: 16, layers: 1 };
    const text = { context: 4, vocabulary: 8, ...size };
    const clip = initClip({ embed: 8, image: { size: 16, patch: 8, ...size }, text }, new Random(1));
    const image = tf.randomUniform([2, 32, 32, 3], -1, 1, 'float32', 3) as tf.Tensor4D;
    const words = tf.ones([1, 8]) as tf.Tensor2D;
    const loss = (clipInput: 'normalised' | 'raw'): number =>
      clipLoss(clip, image, words, { input: { size: 16 }, clipInput }).dataSync()[0] as number;
    expect(Math.abs(loss('raw') - loss('normalised'))).toBeGreaterThan(1e-4);
  });

  it('directional: compares movements of unit features', () => {
    const source = tf.tensor2d([[2, 0, 0]]);
    const edited = tf.tensor2d([[0, 7, 0]]);
    const same = directionalClipLoss(edited, source, tf.tensor2d([[-1, 1, 0]]));
    const opposite = directionalClipLoss(edited, source, tf.tensor2d([[1, -1, 0]]));
    expect(same.dataSync()[0]).toBeCloseTo(0, 5);
    expect(opposite.dataSync()[0]).toBeCloseTo(2, 5);
  });

  it('directional: with a floor its gradient is bounded where nothing has moved, and far from there it is the same', () => {
    const source = tf.tensor2d([[1, 0, 0]]);
    const direction = tf.tensor2d([[0, 2, 0]]);
    const steepest = (floor: number): number => {
      const gradient = tf.grad((x) => tf.sum(directionalClipRows(x as tf.Tensor2D, source, direction, { floor })));
      return gradient(source.clone()).abs().max().dataSync()[0]!; // a clone: else the source moves along
    };
    expect(steepest(0.1)).toBeCloseTo(1 / 0.1, 3);
    expect(steepest(0)).toBeGreaterThan(1e4);
    const edited = tf.tensor2d([[0, 1, 0]]); // moved by (-1, 1, 0), of length √2
    expect(directionalClipRows(edited, source, direction)).toBeAllclose([1 - Math.SQRT1_2], { rtol: 1e-5 });
    expect(directionalClipRows(edited, source, direction, { floor: 0.1 })).toBeAllclose([1 - 1 / Math.sqrt(2.01)], {
      rtol: 1e-5,
    });
  });
});
