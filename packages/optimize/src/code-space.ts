/**
 * The space that an optimization moves in: which numbers of a latent are free, and how a code is made of them again.
 *
 *     w+   all of W+ [B,L,D]: the paper's
 *     s    the styles of all layers but toRGB, side by side [B,S]: `--work_in_stylespace` of the original, whose toRGB
 *          styles stay those of the start as well
 *
 * Groups of layers that are off stay as they are, in S by the row of W+ that a layer reads.
 */
import {
  flattenStyles,
  flatWidth,
  generatorSize,
  groupRows,
  MAPPER_GROUPS,
  styles,
  styleSlots,
  tf,
  unflattenStyles,
  usageError,
  type LatentCode,
  type LayerGroups,
  type MapperGroup,
  type Weights,
  type WPlus,
} from '@styleclip/core';

export const SPACES = ['w+', 's'] as const;
export type Space = (typeof SPACES)[number];

export interface CodeSpace {
  /** The free numbers of a latent: [B,L,D] or [B,S]. */
  free(wPlus: WPlus): tf.Tensor;
  /** What the free numbers stand for; the rest comes from the latent they began as. */
  code(free: tf.Tensor, start: WPlus): LatentCode;
  /** 1 for what may change, broadcast to the free numbers; undefined where all may. The caller disposes it. */
  mask: tf.Tensor | undefined;
}

/** @throws UserError when no layer is left to change */
export function codeSpace(
  space: Space,
  {
    generator,
    layerGroups,
    groups,
  }: { generator: Weights; layerGroups: LayerGroups; groups: Readonly<Record<MapperGroup, boolean>> },
): CodeSpace {
  const { layers } = generatorSize(generator);
  const rows = groupRows(layers, layerGroups);
  const isFree = (layer: number): boolean =>
    MAPPER_GROUPS.some((group) => groups[group] && layer >= rows[group][0] && layer < rows[group][1]);
  const open = Array.from({ length: layers }, (_, layer) => isFree(layer));
  if (!open.includes(true)) {
    throw usageError(`groups: this generator has ${layers} layers, and none of them belongs to a group that is on`);
  }
  const whole = !open.includes(false);
  if (space === 'w+') {
    return {
      free: (wPlus) => wPlus,
      code: (free) => free as WPlus,
      mask: whole
        ? undefined
        : tf.tensor(
            open.map((free) => (free ? 1 : 0)),
            [1, layers, 1],
          ),
    };
  }
  const slots = styleSlots(generator, { toRGB: false });
  const columns = slots.flatMap(({ layer, channels }) => new Array<number>(channels).fill(open[layer] ? 1 : 0));
  return {
    free: (wPlus) => flattenStyles(styles(generator, wPlus), { toRGB: false }),
    code: (free, start) => unflattenStyles(generator, free as tf.Tensor2D, styles(generator, start)),
    mask: whole ? undefined : tf.tensor(columns, [1, flatWidth(slots)]),
  };
}
