/**
 * What the benchmark times: a picture from W+; the picture and the gradient of its mean square by W+; and a step of latent
 * optimization (StyleCLIP's method 1) on W+,
 *
 *     loss = 1 − cos(CLIP(G(w)), text) + 0.008·Σ(w − w₀)² + 0.005·(1 − ⟨ID(G(w)), ID(source)⟩),    then Adam, lr 0.1.
 *
 * Text and source features are arguments, as they are computed once before the first step; random unit vectors do as well here.
 */
import {
  adamInit,
  adamUpdate,
  clipFeatures,
  cosineLoss,
  disposeAll,
  embeddingLoss,
  identityFeatures,
  latentLoss,
  normals,
  Random,
  requireWeight,
  styles,
  synthesize,
  tf,
  unitRows,
  valueAndGrads,
  type AdamState,
  type Device,
  type Weights,
  type WPlus,
} from '@styleclip/core';
import { sizeOfPictures, type BenchNetworks } from './networks.js';

/** A piece of work that can be done again and again. */
export interface Work {
  run(): Promise<void>;
  dispose(): Promise<void>;
}

const random = new Random('bench');

/** `batch` pictures from W+. */
export function forwardWork(device: Device, networks: BenchNetworks, batch: number): Work {
  return generatorWork(device, networks, batch, (draw, wPlus) => draw(wPlus));
}

/** `batch` pictures from W+, and the gradient of their mean square. */
export function gradientWork(device: Device, networks: BenchNetworks, batch: number): Work {
  return generatorWork(device, networks, batch, (draw, wPlus) =>
    tf.grad((w) => tf.mean(tf.square(draw(w as WPlus))))(wPlus),
  );
}

function generatorWork(
  device: Device,
  networks: BenchNetworks,
  batch: number,
  work: (draw: (wPlus: WPlus) => tf.Tensor4D, wPlus: WPlus) => tf.Tensor,
): Work {
  const { generator } = networks;
  const { layers, wDim } = sizeOfPictures(networks);
  const w = normals(random, [batch, layers, wDim]) as WPlus;
  const draw = (wPlus: WPlus) => synthesize(generator, styles(generator, wPlus));
  const compiled = device.compile((wPlus: WPlus) => work(draw, wPlus), { name: 'bench generator' });
  return {
    run: async () => (await compiled(w)).dispose(),
    dispose: async () => {
      await compiled.dispose();
      w.dispose();
    },
  };
}

/** One step of latent optimization for `batch` pictures. @param networks with clip and identity */
export function stepWork(device: Device, networks: BenchNetworks, batch: number): Work {
  const { generator, clip, identity, clipInput, identityInput } = networks;
  if (!clip || !identity) throw new Error('an optimization step needs clip and identity');
  const { layers, wDim } = sizeOfPictures(networks);
  const start = normals(random, [batch, layers, wDim]) as WPlus;
  const text = unitRows(normals(random, [1, requireWeight(clip, 'visual.proj').shape[1] as number]) as tf.Tensor2D);
  const width = requireWeight(identity, 'output_layer.3.bias').shape[0] as number;
  const source = unitRows(normals(random, [batch, width]) as tf.Tensor2D);

  const loss = ({ w }: Weights, first: WPlus, goal: tf.Tensor2D, face: tf.Tensor2D): tf.Scalar => {
    const image = synthesize(generator, styles(generator, w as WPlus));
    const towards = tf.mean(cosineLoss(clipFeatures(clip, image, { input: clipInput }), goal));
    const near = tf.mul(latentLoss(w as WPlus, first, { reading: 'sum' }), 0.008);
    const same = tf.mul(embeddingLoss(identityFeatures(identity, image, identityInput), face), 0.005);
    return tf.add(tf.add(towards, near), same) as tf.Scalar;
  };
  const step = device.compile(
    (params: Weights, adam: AdamState, first: WPlus, goal: tf.Tensor2D, face: tf.Tensor2D) => {
      const { value, grads } = valueAndGrads((p: Weights) => loss(p, first, goal, face))(params);
      return { value, ...adamUpdate(params, grads, adam, { lr: 0.1 }) };
    },
    { name: 'bench step' },
  );
  let params: Weights = { w: start.clone() };
  let adam = adamInit(params);
  return {
    run: async () => {
      const result = await step(params, adam, start, text, source);
      disposeAll(params, adam, { value: result.value });
      ({ params, state: adam } = result);
    },
    dispose: async () => {
      await step.dispose();
      disposeAll(params, adam, { start, text, source });
    },
  };
}
