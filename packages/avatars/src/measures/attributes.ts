/**
 * How well the attribute probe reads renders: for each factor, the share of held-out avatars on which the probe's most
 * likely value is the true one. Only avatars on which the factor is visible count (hair colour under a hat can't be read).
 */
import { readAttributes, tf, type Device, type Weights } from '@styleclip/core';
import type { AvatarDataset } from '../dataset.js';
import { FACTORS, type Avatar, type FactorName } from '../factors.js';
import { visible } from '../visible.js';
import { inBatches } from './in-batches.js';

export type PerFactor = Record<FactorName, number>;

/** What the probe sees in pictures: the index of the most likely value of each factor. */
export interface ProbeReader {
  /** @param images [N,R,R,3] in [-1,1] */
  read(images: tf.Tensor4D): Promise<Avatar[]>;
  dispose(): Promise<void>;
}

/** A compiled reader around a probe's weights, which are frozen into it. */
export function openProbe(device: Device, weights: Weights): ProbeReader {
  const forward = device.compile(
    (images: tf.Tensor4D) => {
      const logits = readAttributes(weights, images);
      return Object.fromEntries(FACTORS.map(({ name }): [string, tf.Tensor1D] => [name, tf.argMax(logits[name]!, 1)]));
    },
    { name: 'attribute-probe' },
  );
  return {
    async read(images) {
      const values = await forward(images);
      const columns = FACTORS.map(({ name }) => [name, values[name]!.dataSync()] as const);
      tf.dispose(values);
      return Array.from(
        { length: images.shape[0] },
        (_, n) => Object.fromEntries(columns.map(([name, column]) => [name, column[n]!])) as Avatar,
      );
    },
    dispose: () => forward.dispose(),
  };
}

/** Accuracy per factor over the first `count` pictures of a data set. */
export async function measureAttributes(
  device: Device,
  weights: Weights,
  dataset: AvatarDataset,
  { count = dataset.count } = {},
): Promise<PerFactor> {
  const probe = openProbe(device, weights);
  const tally = new FactorTally();
  for await (const { indices, images } of inBatches(dataset, count)) {
    const read = await probe.read(images);
    indices.forEach((index, n) => tally.add(dataset.factors(index), read[n]!));
  }
  await probe.dispose();
  return tally.shares();
}

/** Counts, per factor, how often a reading is right where the factor is visible. */
export class FactorTally {
  private readonly right = zeros();
  private readonly seen = zeros();

  add(truth: Avatar, read: Avatar): void {
    for (const { name } of FACTORS) {
      if (!visible(truth, name)) continue;
      this.seen[name]++;
      if (truth[name] === read[name]) this.right[name]++;
    }
  }

  /** Share of right readings; NaN for a factor that was never visible. */
  shares(): PerFactor {
    return Object.fromEntries(FACTORS.map(({ name }) => [name, this.right[name] / this.seen[name]])) as PerFactor;
  }
}

function zeros(): PerFactor {
  return Object.fromEntries(FACTORS.map(({ name }) => [name, 0])) as PerFactor;
}

/** The lowest and the mean accuracy of a table of factors. */
export function summary(accuracies: Readonly<Record<string, number>>): { mean: number; lowest: number } {
  const values = Object.values(accuracies);
  return { mean: values.reduce((sum, value) => sum + value, 0) / values.length, lowest: Math.min(...values) };
}
