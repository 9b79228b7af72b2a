/**
 * W+ → S: every modulated layer's affine map of its row of W+ (StyleSpace, Wu et al. 2021).
 *
 * A style vector scales the *input* channels of its convolution. toRGB layers have styles as well and are marked, since
 * edits leave them alone. The rows are shared as in the original: conv1 of 4² reads w0, toRGB of 4² reads w1, and every
 * further block reads w[i], w[i+1], w[i+2] with i growing by 2.
 */
import { tf } from '../../tensors/tf.js';
import { requireWeight, type Weights } from '../../tensors/weights.js';
import { generatorSize, synthesisLayers } from './architecture.js';
import type { StyleCode, WPlus } from './spaces.js';
import { expectShape } from './shapes.js';

/**
 * @param g generator weights
 * @param wPlus [N,L,D]
 * @returns one style [N,C] per modulated layer, in the order of execution
 */
export function styles(g: Weights, wPlus: WPlus): StyleCode {
  const { resolution, layers, wDim } = generatorSize(g);
  expectShape('styles: wPlus', wPlus, ['N', layers, wDim]);
  const n = wPlus.shape[0];
  const rows = Array.from(
    { length: layers },
    (_, i) => tf.reshape(tf.slice(wPlus, [0, i, 0], [n, 1, wDim]), [n, wDim]) as tf.Tensor2D,
  );
  return synthesisLayers(resolution).map(({ name, layer, resolution: r, toRGB }) => {
    const product = tf.matMul(rows[layer] as tf.Tensor2D, requireWeight(g, `${name}.affine.weight`) as tf.Tensor2D);
    const style = tf.add(product, requireWeight(g, `${name}.affine.bias`)) as tf.Tensor2D; // [N,C]
    return { name, layer, resolution: r, toRGB, style };
  });
}
