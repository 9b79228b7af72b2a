/**
 * The filter of StyleGAN2's up-sampling. Core's synthesis has [1,3,3,1] built in, so a network that was trained with
 * another one would draw wrong pictures in silence; where a file stores its filters they are held against it.
 */
import { failure, toTensor } from '@styleclip/core';
import type { StateDict } from '../tensor.js';

const TAPS = [1, 3, 3, 1];

/** Deviation from the sum that passes: float16 keeps three digits. */
const TOLERANCE = 1e-3;

/**
 * Checks every stored filter, up to its gain.
 *
 * @param isFilter which names are filters, [4,4] or [4]
 * @throws UserError for another filter
 */
export async function requireFilters(
  what: string,
  state: StateDict,
  isFilter: (name: string) => boolean,
): Promise<void> {
  for (const [name, lazy] of state) {
    if (!isFilter(name)) continue;
    if (!['4,4', '4'].includes(lazy.shape.join())) {
      throw failure(`${what}: the filter "${name}" has shape [${lazy.shape.join(',')}], expected [4,4]`);
    }
    const tensor = toTensor(await lazy.read(), `${what}: "${name}"`);
    const values = [...tensor.dataSync()];
    tensor.dispose();
    if (!isBinomial(values)) {
      throw failure(`${what}: the filter "${name}" is not [1,3,3,1], the only one that is supported`);
    }
  }
}

/** Whether a filter is [1,3,3,1], in one or two dimensions, times any factor above zero. */
export function isBinomial(values: readonly number[]): boolean {
  const want = values.length === TAPS.length ? TAPS : TAPS.flatMap((a) => TAPS.map((b) => a * b));
  if (values.length !== want.length) return false;
  const sum = values.reduce((a, b) => a + b, 0);
  const wanted = want.reduce((a, b) => a + b, 0);
  return sum > 0 && values.every((value, i) => Math.abs(value / sum - (want[i] as number) / wanted) < TOLERANCE);
}
