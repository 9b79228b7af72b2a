/** A hash of weights in memory: what a training goes on from, told apart by content. */
import { createHash } from 'node:crypto';
import { requireWeight, sortedNames, type Weights } from '@styleclip/core';

/** SHA-256 over names and numbers, in the order of the names; 64 hexadecimal digits. */
export function fingerprint(weights: Weights): string {
  const hash = createHash('sha256');
  for (const name of sortedNames(weights)) {
    const values = requireWeight(weights, name).dataSync();
    hash.update(name).update(new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
  }
  return hash.digest('hex');
}
