/**
 * Where a picture must be right: pixels count by how much they tell the values of a factor apart.
 *
 * A tear is six pixels of 4,096; a plain mean of errors never asks for it. For each value of each factor this draws
 * avatars that differ in that factor alone, takes the value that looks most like it (for *tearful* eyes the *open*
 * ones), and keeps where the two pictures differ. A map's peak is high where the difference is small in area:
 *
 *     map = D / max D · min(60, 600 / Σ(D / max D)),      D = mean over avatars of |render(v) − render(nearest v)|
 *
 * A picture's weights are 1 plus the maps of its visible values, scaled to a mean of 1.
 */
import type { Random } from '@styleclip/core';
import { FACTORS, sampleAvatar, type Avatar, type FactorName } from '../factors.js';
import { renderAvatar } from '../render.js';
import { visible } from '../visible.js';
import { COLUMNS, FIRST_COLUMN } from './codes.js';

/** Avatars that each factor is varied on. */
const BASES = 16;
const HIGHEST = 60;
/** A map's sum, in pixels, unless `HIGHEST` bounds it. */
const MASS = 600;

export interface DetailMaps {
  /** Adds 1 and the maps of an avatar's visible values, times `share`, to `target` [size·size] from `offset` on. */
  add(avatar: Avatar, share: number, target: Float32Array, offset: number): void;
}

export function detailMaps(size: number, random: Random): DetailMaps {
  const maps = new Array<Float32Array>(COLUMNS);
  for (const { name, values } of FACTORS) {
    const bases = Array.from({ length: BASES }, () => drawBase(name, random));
    const pictures = bases.map((base) => values.map((_, value) => renderAvatar({ ...base, [name]: value }, size)));
    values.forEach((_, value) => (maps[FIRST_COLUMN[name] + value] = mapOf(pictures, value, size)));
  }
  return {
    add(avatar, share, target, offset) {
      const shown = FACTORS.filter(({ name }) => visible(avatar, name)).map(
        ({ name }) => maps[FIRST_COLUMN[name] + avatar[name]]!,
      );
      for (let i = 0; i < size * size; i++) {
        let sum = 1;
        for (const map of shown) sum += map[i]!;
        target[offset + i]! += share * sum;
      }
    },
  };
}

/** A random avatar on which the factor can be seen, whatever its value. */
function drawBase(name: FactorName, random: Random): Avatar {
  const count = FACTORS.find((f) => f.name === name)!.values.length;
  for (;;) {
    const avatar = sampleAvatar(random);
    if (Array.from({ length: count }, (_, value) => ({ ...avatar, [name]: value })).every((a) => visible(a, name)))
      return avatar;
  }
}

/** The map of one value from `pictures[base][value]`, RGB bytes. */
function mapOf(pictures: readonly (readonly Uint8Array[])[], value: number, size: number): Float32Array {
  const others = pictures[0]!.map((_, other) => other).filter((other) => other !== value);
  let nearest = new Float32Array(size * size);
  let least = Infinity;
  for (const other of others) {
    const difference = new Float32Array(size * size);
    let total = 0;
    for (const drawn of pictures) {
      const [a, b] = [drawn[value]!, drawn[other]!];
      for (let i = 0; i < a.length; i++) {
        const d = Math.abs(a[i]! - b[i]!);
        difference[Math.floor(i / 3)]! += d;
        total += d;
      }
    }
    if (total < least) [nearest, least] = [difference, total];
  }
  const peak = nearest.reduce((a, b) => Math.max(a, b), 1e-9);
  const area = nearest.reduce((sum, d) => sum + d / peak, 0);
  const height = Math.min(HIGHEST, MASS / Math.max(area, 1e-9));
  return nearest.map((d) => (d / peak) * height);
}
