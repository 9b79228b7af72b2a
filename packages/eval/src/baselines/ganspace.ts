/**
 * GANSpace (Härkönen et al., NeurIPS 2020): the principal components of W are directions to edit along.
 *
 * Its authors look at pictures and name components by hand, and give each a range of layers. Here the component is the one
 * whose coordinate goes most closely with the probe's logit over labelled latents, all layers move, and the unit of strength is the
 * component's standard deviation, as in the original.
 */
import { PCA } from 'ml-pca';
import { correlation } from './correlation.js';
import type { Rows } from '../seen.js';

/** Components that are tried. */
const COMPONENTS = 20;

/**
 * @param w [n,D]
 * @param scores how strongly each picture shows what is asked
 * @returns the step in W for strength 1 (σ of the component), and what it is
 */
export function ganspaceDirection(w: Rows, scores: readonly number[]): { step: Float32Array; note: string } {
  const rows = Array.from({ length: w.data.length / w.width }, (_, i) => [
    ...w.data.subarray(i * w.width, (i + 1) * w.width),
  ]);
  const pca = new PCA(rows, { method: 'covarianceMatrix', center: true, scale: false });
  const vectors = pca.getEigenvectors(); // columns
  const deviations = pca.getStandardDeviations();
  const tried = Math.min(COMPONENTS, vectors.columns);
  const coordinates = pca.predict(rows, { nComponents: tried });
  let best = { index: 0, correlation: 0 };
  for (let index = 0; index < tried; index++) {
    const found = correlation(coordinates.getColumn(index), scores);
    if (Math.abs(found) > Math.abs(best.correlation)) best = { index, correlation: found };
  }
  const sign = Math.sign(best.correlation) || 1;
  const step = Float32Array.from(vectors.getColumn(best.index), (value) => sign * value * deviations[best.index]!);
  return {
    step,
    note: `component ${best.index + 1}, correlation ${best.correlation.toFixed(2)} with the probe's logit`,
  };
}
