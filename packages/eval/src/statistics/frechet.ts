/**
 * The Fréchet distance between two sets of features, each taken for a normal distribution (Dowson and Landau 1982):
 *
 *     d² = |μ₁ − μ₂|² + tr( C₁ + C₂ − 2·(C₁^½ C₂ C₁^½)^½ )
 *
 * FID (Heusel et al. 2017) is this number in features of Inception-v3 over tens of thousands of pictures. Here features come
 * from another network and pictures number in the hundreds, which makes every distance too large; so it is not called
 * FID, and only numbers with the same features and the same count can be compared.
 */
import { EigenvalueDecomposition, Matrix } from 'ml-matrix';

/**
 * @param a [n,width], row-major; n at least 2
 * @param b [m,width]
 * @returns d², not its root, as FID is given
 * @throws RangeError when a set has fewer than two rows
 */
export function frechetDistance(a: Float32Array, b: Float32Array, width: number): number {
  const [first, second] = [normalOf(a, width), normalOf(b, width)];
  let between = 0;
  for (let i = 0; i < width; i++) between += (first.mean[i]! - second.mean[i]!) ** 2;
  const root = rootOf(first.covariance);
  const product = root.mmul(second.covariance).mmul(root);
  const cross = eigenvalues(product).reduce((sum, value) => sum + Math.sqrt(Math.max(0, value)), 0);
  return between + Math.max(0, first.covariance.trace() + second.covariance.trace() - 2 * cross);
}

/** Mean and covariance (divided by n − 1, as numpy.cov does). */
function normalOf(rows: Float32Array, width: number): { mean: Float64Array; covariance: Matrix } {
  const n = rows.length / width;
  if (!Number.isInteger(n) || n < 2) throw new RangeError(`frechetDistance: ${n} rows of ${width}; two at least`);
  const mean = new Float64Array(width);
  for (let row = 0; row < n; row++) for (let i = 0; i < width; i++) mean[i]! += rows[row * width + i]! / n;
  const centred = Matrix.zeros(n, width);
  for (let row = 0; row < n; row++)
    for (let i = 0; i < width; i++) centred.set(row, i, rows[row * width + i]! - mean[i]!);
  const covariance = centred
    .transpose()
    .mmul(centred)
    .mul(1 / (n - 1));
  return { mean, covariance };
}

/** The symmetric root of a symmetric matrix that is not negative. */
function rootOf(matrix: Matrix): Matrix {
  const { realEigenvalues, eigenvectorMatrix: vectors } = decompose(matrix);
  const roots = Matrix.diag(realEigenvalues.map((value) => Math.sqrt(Math.max(0, value))));
  return vectors.mmul(roots).mmul(vectors.transpose());
}

function eigenvalues(matrix: Matrix): number[] {
  return decompose(matrix).realEigenvalues;
}

/** Rounding makes the matrix a little asymmetric; its symmetric part is taken. */
function decompose(matrix: Matrix): EigenvalueDecomposition {
  const symmetric = Matrix.add(matrix, matrix.transpose()).mul(0.5);
  return new EigenvalueDecomposition(symmetric, { assumeSymmetric: true });
}
