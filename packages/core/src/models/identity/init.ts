/**
 * Fresh IR-SE weights of any depth and width.
 *
 * Convolutions N(0, 2/fan_in) as for rectifiers, PReLU 0.25, batch normalisation at the identity, the embedding layer
 * N(0, 1/fan_in). IR-SE50 is `{ size: 112, channels: [64,128,256,512], blocks: [3,4,14,3], embed: 512 }`.
 */
import { tf } from '../../tensors/tf.js';
import { type Random, normals } from '../../tensors/random.js';
import type { Weights } from '../../tensors/weights.js';

export type IdentityConfig = {
  /** Side of the input in pixels; every stage halves it. */
  readonly size: number;
  /** Channels of each stage; the first is the stem's too, and later ones must differ from the one before. */
  readonly channels: readonly number[];
  /** Residual blocks of each stage. */
  readonly blocks: readonly number[];
  /** Length of the embedding. */
  readonly embed: number;
  /** Bottleneck of squeeze and excitation: channels / reduction. Default 16. */
  readonly reduction?: number;
};

/** Fresh weights, with the statistics of batch normalisation at mean 0 and variance 1. */
export function initIdentity(config: IdentityConfig, random: Random): Weights {
  const { size, channels, blocks, embed, reduction = 16 } = config;
  const stages = channels.length;
  if (blocks.length !== stages || stages === 0) {
    throw new Error(`initIdentity: ${stages} stages of channels but ${blocks.length} of blocks`);
  }
  if (size % 2 ** stages !== 0) {
    throw new Error(`initIdentity: input size ${size} cannot be halved ${stages} times`);
  }
  const weights: Weights = {};
  const conv = (name: string, k: number, inputs: number, outputs: number): void => {
    const std = Math.sqrt(2 / (k * k * inputs));
    weights[`${name}.weight`] = tf.tidy(() => tf.mul(normals(random.fork(name), [k, k, inputs, outputs]), std));
  };
  const norm = (name: string, width: number): void => {
    weights[`${name}.weight`] = tf.ones([width]);
    weights[`${name}.bias`] = tf.zeros([width]);
    weights[`${name}.running_mean`] = tf.zeros([width]);
    weights[`${name}.running_var`] = tf.ones([width]);
  };
  const prelu = (name: string, width: number): void => {
    weights[`${name}.weight`] = tf.fill([width], 0.25);
  };

  let inputs = channels[0] ?? 0;
  conv('input_layer.0', 3, 3, inputs);
  norm('input_layer.1', inputs);
  prelu('input_layer.2', inputs);
  let block = 0;
  for (let stage = 0; stage < stages; stage++) {
    const outputs = channels[stage] ?? 0;
    if (stage > 0 && outputs === inputs) {
      throw new Error(`initIdentity: stage ${stage} keeps ${inputs} channels; strides are read off changing widths`);
    }
    for (let i = 0; i < (blocks[stage] ?? 0); i++, block++) {
      const name = `body.${block}`;
      norm(`${name}.res_layer.0`, inputs);
      conv(`${name}.res_layer.1`, 3, inputs, outputs);
      prelu(`${name}.res_layer.2`, outputs);
      conv(`${name}.res_layer.3`, 3, outputs, outputs);
      norm(`${name}.res_layer.4`, outputs);
      const bottleneck = Math.max(1, Math.floor(outputs / reduction));
      conv(`${name}.res_layer.5.fc1`, 1, outputs, bottleneck);
      conv(`${name}.res_layer.5.fc2`, 1, bottleneck, outputs);
      if (inputs !== outputs) {
        conv(`${name}.shortcut_layer.0`, 1, inputs, outputs);
        norm(`${name}.shortcut_layer.1`, outputs);
      }
      inputs = outputs;
    }
  }
  const features = (size / 2 ** stages) ** 2 * inputs;
  norm('output_layer.0', inputs);
  weights['output_layer.3.weight'] = tf.tidy(() =>
    tf.mul(normals(random.fork('output_layer.3'), [features, embed]), features ** -0.5),
  );
  weights['output_layer.3.bias'] = tf.zeros([embed]);
  norm('output_layer.4', embed);
  return weights;
}
