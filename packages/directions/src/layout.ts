/**
 * Where channels stand: in a flat style code (toRGB counted), in a direction (toRGB left out), and in the rows of a
 * relevance file, which are those of a direction.
 */
import { flatWidth, styleSlots, type StyleSlot, type Weights } from '@styleclip/core';

/** One layer whose channels are edited. */
export interface EditedLayer extends StyleSlot {
  /** First column in a flat code that counts toRGB; `offset` is the one that does not. */
  readonly offsetInAll: number;
}

export interface Layout {
  readonly layers: readonly EditedLayer[];
  /** Channels without toRGB, and all of them. */
  readonly channels: number;
  readonly all: number;
  /** For each channel of a direction its column in a flat code that counts toRGB. */
  readonly columns: Int32Array;
}

/** Reads the layout off a generator's weights. */
export function layoutOf(generator: Weights): Layout {
  const everything = styleSlots(generator);
  const edited = styleSlots(generator, { toRGB: false });
  const first = new Map(everything.map(({ name, offset }) => [name, offset]));
  const layers = edited.map((slot) => ({ ...slot, offsetInAll: first.get(slot.name)! }));
  const columns = Int32Array.from(
    layers.flatMap(({ channels, offsetInAll }) => Array.from({ length: channels }, (_, c) => offsetInAll + c)),
  );
  return { layers, channels: flatWidth(edited), all: flatWidth(everything), columns };
}

/** The channels of a direction, out of flat codes that count toRGB. @param flat [n,all] @returns [n,channels] */
export function withoutToRgb(flat: Float32Array, { columns, all }: Layout): Float32Array {
  const rows = flat.length / all;
  const some = new Float32Array(rows * columns.length);
  for (let row = 0; row < rows; row++)
    for (let c = 0; c < columns.length; c++) some[row * columns.length + c] = flat[row * all + columns[c]!]!;
  return some;
}
