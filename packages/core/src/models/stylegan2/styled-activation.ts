/**
 * What follows a modulated convolution, as one operation that remembers little:
 *
 *     z = lrelu(y·d + n + b)        y [N,r,r,O], demodulation d [N,O], noise n [1|N,r,r,1], bias b [O]
 *
 * Taken apart, the backward pass needs y, y·d + n + b and z: at 1024² a layer's three tensors take 400 MB. But the leaky ReLU
 * can be undone, a = min(z, z/slope), and with it y·d = a − n − b. So z alone is kept, which the next layer keeps
 * anyway, and memory of a whole synthesis falls to about a third. `literalActivation` is the definition, and the test compares.
 *
 * NVIDIA's networks may also clamp z to ±c (`conv_clamp` of stylegan2-ada-pytorch). Where z was clamped its gradient is
 * zero, so that it can't be undone there does not matter.
 */
import { tf } from '../../tensors/tf.js';
import { lrelu, LRELU_SLOPE } from './activation.js';

export interface StyledActivationOptions {
  /** What the layer's noise adds, strength and gain included, [1|N,r,r,1]. */
  readonly noise?: tf.Tensor4D;
  /** Bound of |z|, a scalar. */
  readonly clamp?: tf.Scalar;
}

/**
 * @param y output of the convolution, [N,r,r,O]
 * @param d demodulation times gain, [1|N,O], positive
 * @param bias times gain, [O]
 * @returns z [N,r,r,O]
 */
export function styledActivation(
  y: tf.Tensor4D,
  d: tf.Tensor2D,
  bias: tf.Tensor1D,
  { noise, clamp }: StyledActivationOptions = {},
): tf.Tensor4D {
  const inputs = noise ? [y, spread(d), bias, noise] : [y, spread(d), bias];
  const activate = tf.customGrad((...args) => {
    const [conv, factor, shift, map] = args as [tf.Tensor4D, tf.Tensor4D, tf.Tensor1D, tf.Tensor4D?];
    const save = args[args.length - 1] as unknown as tf.GradSaveFunc;
    const z = literal(conv, factor, shift, noise ? map : undefined, clamp);
    save(noise ? [z, factor, shift, map as tf.Tensor] : [z, factor, shift]);
    return { value: z, gradFunc: (dz: tf.Tensor, saved: tf.Tensor[]) => backward(dz, saved, clamp) };
  });
  return activate(...inputs) as tf.Tensor4D;
}

/** The definition, with TensorFlow.js's own gradient. */
export function literalActivation(
  y: tf.Tensor4D,
  d: tf.Tensor2D,
  bias: tf.Tensor1D,
  { noise, clamp }: StyledActivationOptions = {},
): tf.Tensor4D {
  return literal(y, spread(d), bias, noise, clamp);
}

/** Bounds |x| by `limit`, where there is one. */
export function clampTo<T extends tf.Tensor>(x: T, limit: tf.Scalar | undefined): T {
  return limit ? tf.minimum(tf.maximum(x, tf.neg(limit)), limit) : x;
}

function literal(
  y: tf.Tensor4D,
  factor: tf.Tensor4D,
  bias: tf.Tensor1D,
  noise: tf.Tensor4D | undefined,
  clamp: tf.Scalar | undefined,
): tf.Tensor4D {
  const scaled = tf.mul(y, factor);
  const noisy = noise ? tf.add(scaled, noise) : scaled;
  return clampTo(lrelu(tf.add(noisy, bias) as tf.Tensor4D), clamp);
}

function backward(dz: tf.Tensor, saved: tf.Tensor[], clamp: tf.Scalar | undefined): tf.Tensor[] {
  const [z, factor, bias, noise] = saved as [tf.Tensor, tf.Tensor, tf.Tensor, tf.Tensor?];
  const sloped = tf.where(tf.greater(z, 0), dz, tf.mul(dz, LRELU_SLOPE));
  const da = clamp ? tf.where(tf.less(tf.abs(z), clamp), sloped, tf.zerosLike(sloped)) : sloped;
  const a = tf.minimum(z, tf.mul(z, 1 / LRELU_SLOPE)); // before the activation
  const unshifted = tf.sub(noise ? tf.sub(a, noise) : a, bias); // y·d
  const dFactor = tf.div(sumTo(tf.mul(da, unshifted), factor.shape), factor);
  const grads = [tf.mul(da, factor), dFactor, sumTo(da, bias.shape)];
  return noise ? [...grads, sumTo(da, noise.shape)] : grads;
}

/** [N,O] → [N,1,1,O] */
function spread(d: tf.Tensor2D): tf.Tensor4D {
  return tf.reshape(d, [d.shape[0], 1, 1, d.shape[1]]);
}

/** Sums over the axes along which `shape` was broadcast. */
function sumTo(x: tf.Tensor, shape: number[]): tf.Tensor {
  const axes = tf.broadcast_util.getReductionAxes(shape, x.shape);
  return tf.reshape(axes.length > 0 ? tf.sum(x, axes) : x, shape);
}
