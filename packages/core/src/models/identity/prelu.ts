/**
 * PReLU with one slope per channel: x where x > 0, slope·x elsewhere.
 *
 * TensorFlow.js's own kernel and its gradient select between two arrays, which runtimes do element by element. Here the
 * local slope, 1 or `slope`, is made by arithmetic once and multiplies x forward and dy backward: several times faster,
 * and tested against the kernel.
 */
import tf from '@tensorflow/tfjs';

/**
 * @param x [..., C]
 * @param slope [C]
 * @returns [..., C]
 */
export function prelu<T extends tf.Tensor>(x: T, slope: tf.Tensor): T {
  const op = tf.customGrad((...args: unknown[]) => {
    const [input, alpha] = args as [tf.Tensor, tf.Tensor];
    const save = args[2] as (tensors: tf.Tensor[]) => void;
    const positive = tf.step(input); // 1 or 0
    const local = tf.add(tf.mul(positive, tf.sub(1, alpha)), alpha); // 1 or alpha
    save([input, positive, local]);
    const gradFunc = (dy: tf.Tensor, saved: tf.Tensor[]): tf.Tensor[] => {
      const [before, mask, factor] = saved as [tf.Tensor, tf.Tensor, tf.Tensor];
      const axes = before.shape.slice(0, -1).map((_, i) => i);
      const byAlpha = tf.sum(tf.mul(tf.mul(dy, before), tf.sub(1, mask)), axes);
      return [tf.mul(dy, factor), byAlpha];
    };
    return { value: tf.mul(input, local), gradFunc };
  });
  return op(x, slope) as T;
}
