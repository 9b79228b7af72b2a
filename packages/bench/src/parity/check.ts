/**
 * What a parity check is: a full-size network, its golden numbers, and the distance between the two.
 *
 * The error of a quantity is its largest absolute difference over its largest absolute value, so one number judges a
 * picture, a style vector or an embedding alike.
 */
import { fileURLToPath } from 'node:url';
import { loadWeights, type BundleKind, type Device, type tf, type Weights } from '@styleclip/core';

/** A quantity and how far off it is. */
export interface Measured {
  quantity: string;
  /** max |got − want| / max |want|; NaN or infinite counts as failed. */
  error: number;
}

export interface ParityCheck {
  /** Key in the result, name on the command line. */
  name: string;
  /** For the table: what is compared with what. */
  about: string;
  /** The part of a bundle that this network is; none where a bundle has no such part. */
  part?: BundleKind;
  /**
   * Computes on the device and compares.
   * @param weights the network, read from a bundle; made by the formula when left out. Disposed.
   */
  run(device: Device, weights?: Weights): Promise<Measured[]>;
}

/** Largest relative error that passes, for every quantity. */
export const TOLERANCE = 1e-3;

/**
 * Compares a tensor with its golden number.
 * @throws when the shapes differ
 */
export function measure(quantity: string, got: tf.Tensor, want: tf.Tensor): Measured {
  if (got.shape.join() !== want.shape.join()) {
    throw new Error(`${quantity}: got [${got.shape.join(',')}], the golden number is [${want.shape.join(',')}]`);
  }
  const a = got.dataSync();
  const b = want.dataSync();
  let difference = 0;
  let scale = 0;
  for (let i = 0; i < b.length; i++) {
    const d = Math.abs((a[i] as number) - (b[i] as number));
    if (Number.isNaN(d)) return { quantity, error: NaN };
    difference = Math.max(difference, d);
    scale = Math.max(scale, Math.abs(b[i] as number));
  }
  return { quantity, error: difference / scale };
}

/** Golden numbers from packages/core/fixtures. */
export function golden(file: string): Promise<Weights> {
  return loadWeights(fileURLToPath(new URL(`../../fixtures/${file}`, import.meta.url)));
}
