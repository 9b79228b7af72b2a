/** The measures of this package as plain loops over plain pictures, for tests. Slow on purpose. */
import {
  clipFeatures,
  styles,
  synthesize,
  tf,
  unitRows,
  type Networks,
  type StyleCode,
  type WPlus,
} from '@styleclip/core';
import type { PrecomputeConfig } from './config.js';
import type { Layout } from './layout.js';
import type { StyleStatistics } from './statistics.js';

/** CLIP's unit feature of one picture, whose styles are given layer by layer. */
function feature(
  { generator, clip, clipInput }: Networks,
  code: StyleCode,
  values: readonly Float32Array[],
  stopAt: number,
) {
  return tf.tidy(() => {
    const changed = code.map((vector, i) => ({ ...vector, style: tf.tensor2d(values[i]!, [1, values[i]!.length]) }));
    const image = synthesize(generator, changed, { stopAt });
    return unitRows(clipFeatures(clip, image, { input: clipInput }))
      .dataSync<'float32'>()
      .slice();
  });
}

const unit = (vector: readonly number[]): number[] => {
  const length = Math.hypot(...vector);
  return vector.map((x) => (length > 1e-6 ? x / length : 0));
};

/** Equation 7 of the paper, one channel and one picture at a time. @returns rows of directions and their lengths */
export function slowDirections(
  networks: Networks,
  wPlus: WPlus,
  { mean, std }: Pick<StyleStatistics, 'mean' | 'std'>,
  layout: Layout,
  config: Pick<PrecomputeConfig, 'amplitude' | 'around' | 'aliasing' | 'upTo'>,
): { direction: number[][]; magnitude: number[] } {
  const codes = Array.from({ length: wPlus.shape[0] }, (_, n) =>
    styles(networks.generator, wPlus.slice([n, 0, 0], [1, -1, -1])),
  );
  const values = codes.map((code) => code.map(({ style }) => style.dataSync<'float32'>().slice()));
  const direction: number[][] = [];
  const magnitude: number[] = [];
  for (const layer of layout.layers) {
    for (let c = 0; c < layer.channels; c++) {
      const at = layer.offsetInAll + c;
      let sum: number[] | undefined;
      let length = 0;
      for (const [n, code] of codes.entries()) {
        const own = values[n]![layer.index]!;
        const from = config.around === 'mean' ? mean[at]! : own[c]!;
        const [up, down] = [1, -1].map((sign) => {
          const moved = values[n]!.map((style) => style.slice());
          moved[layer.index]![c] = from + sign * config.amplitude * std[at]!;
          return feature(networks, code, moved, config.upTo);
        }) as [Float32Array, Float32Array];
        const step = [...up].map((x, i) => x - down[i]!);
        length += Math.hypot(...step) / codes.length;
        const one = unit(step);
        sum = sum ? sum.map((x, i) => x + one[i]!) : one;
        if (config.aliasing && n === codes.length - 1) for (const own of values) own[layer.index]![c] = mean[at]!;
      }
      direction.push(layer.resolution > config.upTo ? sum!.map(() => 0) : unit(sum!));
      magnitude.push(layer.resolution > config.upTo ? 0 : length);
    }
  }
  tf.dispose(codes.flatMap((code) => code.map(({ style }) => style)));
  return { direction, magnitude };
}
