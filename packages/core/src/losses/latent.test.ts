import { tf } from '../tensors/tf.js';
import { beforeAll, describe, expect, it } from 'vitest';
import { latentLoss } from './latent.js';

beforeAll(() => tf.setBackend('cpu'));

describe('latentLoss', () => {
  const w = tf.zeros([2, 2, 2]);
  const edited = tf.tensor3d([
    [
      [1, 1],
      [1, 1],
    ],
    [
      [3, 0],
      [0, 0],
    ],
  ]); // squares add up to 4 and 9 // prettier-ignore

  it.each([
    ['mean', (4 / 4 + 9 / 4) / 2],
    ['sum', (4 + 9) / 2],
    ['norm', (2 + 3) / 2],
  ] as const)('reads %s', (reading, expected) => {
    expect(latentLoss(edited, w, { reading })).toBeAllclose(expected);
  });

  it('takes the mean by default, and one original for all', () => {
    expect(latentLoss(edited, tf.zeros([1, 2, 2]))).toBeAllclose((4 / 4 + 9 / 4) / 2);
  });

  it('adds up the layers of a style code', () => {
    const styles = [tf.tensor2d([[1, 1]]), tf.tensor2d([[2, 0, 0, 0]])];
    const zeros = styles.map((s) => tf.zerosLike(s));
    expect(latentLoss(styles, zeros)).toBeAllclose(1 + 1);
    expect(latentLoss(styles, zeros, { reading: 'sum' })).toBeAllclose(2 + 4);
    expect(latentLoss(styles, zeros, { reading: 'norm' })).toBeAllclose(Math.sqrt(6));
  });

  it('has a finite gradient at the start', () => {
    const gradient = tf.grad((x: tf.Tensor) => latentLoss(x, w, { reading: 'norm' }))(w);
    expect(gradient).toBeAllclose(tf.zeros([2, 2, 2]));
  });

  it('refuses shapes that differ', () => {
    expect(() => latentLoss(edited, tf.zeros([2, 3, 2]))).toThrow('shapes [2,2,2] and [2,3,2] differ');
    expect(() => latentLoss([edited], [])).toThrow('1 styles against 0');
  });
});
