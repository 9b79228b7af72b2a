/**
 * Batches of augmented pictures with their avatars, drawn from a data set of renders.
 *
 * The batch of a step depends on the seed and the step alone, not on what was drawn before; that is what makes a resumed
 * training see the same batches without saving any random state. Pictures are drawn with replacement.
 */
import { Random, tf } from '@styleclip/core';
import type { Avatar } from '../factors.js';
import type { AvatarDataset } from '../dataset.js';
import { Augmenter, type Augmentation } from './augment.js';

export interface Batch {
  /** [N,R,R,3] around [-1,1]. */
  readonly images: tf.Tensor4D;
  readonly avatars: readonly Avatar[];
  /** For further choices about this batch, such as its captions. */
  readonly random: Random;
}

export class BatchSampler {
  private readonly dataset: AvatarDataset;
  private readonly augmenter: Augmenter;
  private readonly random: Random;

  constructor(dataset: AvatarDataset, augmentation: Augmentation, seed: number) {
    this.dataset = dataset;
    this.random = new Random(seed);
    this.augmenter = new Augmenter(dataset.size, augmentation, this.random.fork('noise'));
  }

  /** The `count` pictures of step `step`. The caller disposes `images`. */
  draw(step: number, count: number): Batch {
    const { dataset } = this;
    const random = this.random.fork(`step-${step}`);
    const length = dataset.size * dataset.size * 3;
    const values = new Float32Array(count * length);
    const avatars: Avatar[] = [];
    for (let n = 0; n < count; n++) {
      const i = random.int(dataset.count);
      this.augmenter.write(dataset.image(i), values, n * length, random);
      avatars.push(dataset.factors(i));
    }
    return { images: tf.tensor4d(values, [count, dataset.size, dataset.size, 3]), avatars, random };
  }
}
