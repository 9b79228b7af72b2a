/**
 * The network that `jit bench` times: StyleGAN2's synthesis at 64×64 with random weights, written out here since this
 * package knows no model. Same work as core's: input-scaled modulated convolutions, demodulation, the upsampling
 * convolution as one convolution into four phases, skip toRGB.
 */
import { tf } from '#tf';

const resolutions = [4, 8, 16, 32, 64];

export interface BenchNetwork {
  /** Mean square of the picture for W+ [N, 10, D]. */
  loss(wPlus: tf.Tensor3D): tf.Scalar;
  readonly layers: number;
}

/** Deterministic numbers in [-√3, √3): unit variance. */
function pseudoRandom(shape: number[], salt: number): tf.Tensor {
  const size = shape.reduce((a, b) => a * b, 1);
  const values = Float32Array.from({ length: size }, (_, i) => {
    const h = Math.imul(i ^ Math.imul(salt + 1, 0x9e3779b1), 0x85ebca6b);
    return (((h ^ (h >>> 13)) >>> 0) / 2 ** 32 - 0.5) * Math.sqrt(12);
  });
  return tf.tensor(values, shape);
}

export function benchNetwork(channels: number, wDim: number): BenchNetwork {
  let salt = 0;
  const weight = (...shape: number[]) =>
    tf.tidy(() => tf.div(pseudoRandom(shape, salt++), Math.sqrt(shape.slice(0, -1).reduce((a, b) => a * b, 1))));
  const layer = (kernel: number, outputs: number) => ({
    kernel: weight(kernel, kernel, channels, outputs) as tf.Tensor4D,
    affine: weight(wDim, channels) as tf.Tensor2D,
  });
  const constant = pseudoRandom([1, 4, 4, channels], salt++) as tf.Tensor4D;
  const blocks = resolutions.map((r) => ({
    up: r > 4 ? layer(3, 4 * channels) : undefined,
    conv: layer(3, channels),
    rgb: layer(1, 3),
  }));

  const modulated = (
    x: tf.Tensor4D,
    w: tf.Tensor2D,
    { kernel, affine }: ReturnType<typeof layer>,
    demodulate = true,
  ): tf.Tensor4D => {
    const style = tf.add(tf.matMul(w, affine), 1); // [N,C]
    const n = w.shape[0];
    const y = tf.conv2d(tf.mul(x, tf.reshape(style, [n, 1, 1, channels])) as tf.Tensor4D, kernel, 1, 'same');
    if (!demodulate) return y;
    const norm = tf.rsqrt(tf.add(tf.matMul(tf.square(style), tf.sum(tf.square(kernel), [0, 1])), 1e-8));
    return tf.leakyRelu(tf.mul(y, tf.reshape(norm, [n, 1, 1, kernel.shape[3]])) as tf.Tensor4D, 0.2);
  };
  const depthToSpace = (x: tf.Tensor4D): tf.Tensor4D => {
    const [n, h, w, c] = x.shape;
    return tf.reshape(tf.transpose(tf.reshape(x, [n * h, w, 2, c / 2]), [0, 2, 1, 3]), [n, 2 * h, 2 * w, c / 4]);
  };
  const double = (x: tf.Tensor4D): tf.Tensor4D => {
    const [n, h, w, c] = x.shape;
    const rows = tf.reshape(tf.concat([tf.reshape(x, [n * h, 1, w * c]), tf.reshape(x, [n * h, 1, w * c])], 1), [
      n * 2 * h * w,
      1,
      c,
    ]);
    return tf.reshape(tf.concat([rows, rows], 1), [n, 2 * h, 2 * w, c]);
  };

  return {
    layers: 2 * resolutions.length,
    loss(wPlus) {
      const [n, , d] = wPlus.shape;
      const row = (i: number) => tf.reshape(tf.slice(wPlus, [0, i, 0], [n, 1, d]), [n, d]) as tf.Tensor2D;
      let x = constant;
      let picture: tf.Tensor4D | undefined;
      blocks.forEach(({ up, conv, rgb }, i) => {
        if (up) x = depthToSpace(modulated(x, row(2 * i - 1), up));
        x = modulated(x, row(2 * i), conv);
        const y = modulated(x, row(2 * i + 1), rgb, false);
        picture = picture ? (tf.add(double(picture), y) as tf.Tensor4D) : y;
      });
      return tf.mean(tf.square(picture!)) as tf.Scalar;
    },
  };
}
