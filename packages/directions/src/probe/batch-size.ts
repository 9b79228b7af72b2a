/** How many pictures go through the networks at once. */
import { generatorSize, type Weights } from '@styleclip/core';

/** Of one layer's activations for a whole batch. Larger batches gain nothing once a layer has left the processor's caches. */
const BUDGET_BYTES = 64 * 2 ** 20;
const MOST = 64;

/** @param stopAt resolution of the widest layer that is computed */
export function batchSize(generator: Weights, stopAt: number): number {
  const { channels } = generatorSize(generator);
  const widest = Math.max(
    ...Object.entries(channels).map(([side, width]) => (Number(side) > stopAt ? 0 : 4 * width * Number(side) ** 2)),
  );
  return Math.max(2, Math.min(MOST, Math.floor(BUDGET_BYTES / widest)));
}
