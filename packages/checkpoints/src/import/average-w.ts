/**
 * The average w of a generator whose file has none: rosinality's training checkpoints leave it out and compute it whenever
 * they draw, from 4096 z. So does this, with z of a fixed seed, once and for all.
 */
import {
  disposeAll,
  loadByTable,
  mapping,
  normals,
  openDevice,
  Random,
  tf,
  toRaw,
  type RawTensor,
  type Weights,
} from '@styleclip/core';
import type { FoundNetwork } from '../layouts/layout.js';

/** How many w are averaged. */
export const AVERAGED = 4096;

/** Seed of their z. */
export const AVERAGE_SEED = 0;

/** Codes that are mapped at once. */
const BATCH = 1024;

/** @returns `wAvg` [D]; undefined where the file has it, or there is no mapping network */
export async function averageW({ what, state, table }: FoundNetwork): Promise<RawTensor | undefined> {
  const rows = table.filter(({ to }) => to.startsWith('mapping.'));
  if (rows.length === 0 || table.some(({ to }) => to === 'wAvg')) return undefined;
  const network = await loadByTable(what, state, rows, { ignored: () => true });
  const device = await openDevice('cpu');
  const map = device.compile((g: Weights, z: tf.Tensor2D) => tf.sum(mapping(g, z), 0), { name: 'average w' });
  const random = new Random(AVERAGE_SEED);
  const zDim = network['mapping.0.weight']?.shape[0] ?? 0;
  const sums: tf.Tensor[] = [];
  for (let done = 0; done < AVERAGED; done += BATCH) {
    const z = normals(random, [BATCH, zDim]) as tf.Tensor2D;
    sums.push(await map(network, z));
    z.dispose();
  }
  await map.dispose();
  const average = tf.tidy(() => tf.div(tf.addN(sums), AVERAGED));
  const raw = await toRaw(average, { name: 'wAvg' });
  disposeAll(network, sums, average);
  return raw;
}
