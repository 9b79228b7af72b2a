/**
 * InterFaceGAN (Shen et al., CVPR 2020): a linear support vector machine separates latents whose pictures have an attribute from
 * those that have not; the normal of the plane between them is the direction.
 *
 * As in its code (`train_boundary`), the latents with the highest and the lowest scores are taken as positive and negative
 * examples. The editor moves W (its authors: Z or W; faces of StyleGAN in W), all layers. The unit of strength is the
 * deviation of the labelled latents along the normal.
 */
import { failure } from '@styleclip/core';
import type { Rows } from '../seen.js';

/** Share of the latents that are taken at either end. */
const ENDS = 0.2;

/**
 * @param w [n,D]
 * @param scores how strongly each picture shows what is asked
 * @returns the step in W for strength 1, and what it is
 */
export async function interfaceganDirection(
  w: Rows,
  scores: readonly number[],
): Promise<{ step: Float32Array; note: string }> {
  const SVM = await loadSvm();
  const rowOf = (i: number) => [...w.data.subarray(i * w.width, (i + 1) * w.width)];
  const order = [...scores.keys()].sort((a, b) => scores[b]! - scores[a]!);
  const each = Math.max(2, Math.floor(order.length * ENDS));
  const chosen = [...order.slice(0, each), ...order.slice(-each)];
  const svm = new SVM({ type: SVM.SVM_TYPES.C_SVC, kernel: SVM.KERNEL_TYPES.LINEAR, cost: 1, quiet: true });
  let normal: Float64Array;
  try {
    svm.train(
      chosen.map(rowOf),
      chosen.map((_, i) => (i < each ? 1 : -1)),
    );
    normal = normalOf(svm.serializeModel(), w.width);
  } finally {
    svm.free();
  }
  const length = Math.sqrt(normal.reduce((sum, value) => sum + value * value, 0));
  if (!(length > 0)) throw failure('InterFaceGAN: no plane separates the labelled latents');
  const unit = normal.map((value) => value / length);
  const sigma = deviationAlong(w, unit);
  return {
    step: Float32Array.from(unit, (value) => value * sigma),
    note: `normal of a linear SVM between the ${each} highest and ${each} lowest of ${order.length} labelled latents`,
  };
}

/**
 * The normal of a linear model from libsvm's text: the sum of coefficient · support vector, turned so that label 1 lies on its
 * positive side.
 */
export function normalOf(model: string, width: number): Float64Array {
  const [head = '', vectors = ''] = model.split(/^SV\s*$/m);
  const firstLabel = Number(/^label\s+(-?\d+)/m.exec(head)?.[1] ?? 1);
  const normal = new Float64Array(width);
  for (const line of vectors.split('\n')) {
    const [coefficient, ...entries] = line.trim().split(/\s+/);
    if (!coefficient) continue;
    for (const entry of entries) {
      const [index, value] = entry.split(':');
      // libsvm counts features from 1.
      normal[Number(index) - 1]! += Number(coefficient) * Number(value);
    }
  }
  return normal.map((value) => value * Math.sign(firstLabel));
}

/** Loads libsvm without the handler that it installs, which ends the process in silence where a promise is rejected. */
async function loadSvm() {
  const before = new Set(process.listeners('unhandledRejection'));
  const { default: SVM } = await import('libsvm-js/asm.js');
  for (const listener of process.listeners('unhandledRejection'))
    if (!before.has(listener)) process.off('unhandledRejection', listener);
  return SVM;
}

function deviationAlong(w: Rows, unit: Float64Array): number {
  const n = w.data.length / w.width;
  const along = Array.from({ length: n }, (_, row) =>
    unit.reduce((sum, u, i) => sum + u * w.data[row * w.width + i]!, 0),
  );
  const mean = along.reduce((sum, value) => sum + value, 0) / n;
  return Math.sqrt(along.reduce((sum, value) => sum + (value - mean) ** 2, 0) / n);
}
