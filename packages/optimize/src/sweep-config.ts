/**
 * The configuration of a sweep: that of an optimization, and the weights to be tried. All of them run in the same batches, as
 * rows that are weighed differently, so a sweep takes as long as one edit of as many latents.
 */
import { usageError } from '@styleclip/core';
import { z } from 'zod';
import { optimizeFields, type Chooses } from './config.js';
import { defaultsOf } from './defaults.js';
import type { Weighting } from './rows.js';
import { sobolPoints } from './sobol.js';

const weight = z.number().min(0);

const axis = (name: string) =>
  z
    .union([
      z.array(weight).min(1),
      z.strictObject({
        from: weight.describe('the least'),
        to: weight.describe('the most'),
        count: z.number().int().min(2).default(3).describe('how many, in a grid'),
        scale: z.enum(['log', 'linear']).default('log').describe("how they are spaced; 'log' needs from above 0"),
      }),
    ])
    .optional()
    .describe(`values of losses.${name} to try: a list, or {from, to, count, scale}`);

/** A configuration of a sweep, with the defaults that two of its keys choose. */
export function sweepSchema({ space = 'w+', official = false }: Partial<Chooses> = {}) {
  return z.strictObject({
    ...optimizeFields(defaultsOf(space, official), 'sweep'),
    sweep: z
      .strictObject({
        kind: z
          .enum(['grid', 'sobol'])
          .default('grid')
          .describe("'grid': all combinations; 'sobol': evenly spread points"),
        points: z.number().int().min(1).max(4096).default(16).describe("how many points of 'sobol'"),
        clip: axis('clip'),
        directional: axis('directional'),
        id: axis('id'),
        l2: axis('l2'),
      })
      .prefault({})
      .describe('the weights that are tried; l2 and id around their defaults when none is named'),
  });
}

export type SweepConfig = z.infer<ReturnType<typeof sweepSchema>>;

/** Weights that a sweep may try. */
export const AXES = ['l2', 'id', 'directional', 'clip'] as const;
export type AxisName = (typeof AXES)[number];

/** Factors around a default where nothing is said. */
const AROUND = [0.25, 1, 4];

/** The sweep's axes and points, and how values are spaced on each axis. */
export interface Plan {
  axes: AxisName[];
  points: Weighting[];
  /** Whether values stand at steps (a grid, a list) or anywhere. */
  kind: 'steps' | 'linear' | 'logarithmic';
}

/** @throws UserError for ranges that are none */
export function planSweep({ losses, sweep }: Pick<SweepConfig, 'losses' | 'sweep'>): Plan {
  const named = AXES.filter((name) => sweep[name] !== undefined);
  const axes: AxisName[] = named.length > 0 ? named : ['l2', 'id'];
  const base: Weighting = { clip: losses.clip, directional: losses.directional, id: losses.id, l2: losses.l2 };
  const around = (name: AxisName) =>
    base[name] > 0 ? { from: base[name] * AROUND[0]!, to: base[name] * AROUND[2]! } : { from: 0.01, to: 1 };
  const ranges = axes.map((name) => {
    const range = sweep[name] ?? { ...around(name), count: AROUND.length, scale: 'log' as const };
    if (Array.isArray(range)) return range;
    const key = `sweep.${name}`;
    if (range.to <= range.from)
      throw usageError(`${key}: from ${range.from} to ${range.to} is no range; "to" must be larger`);
    if (range.scale === 'log' && range.from === 0)
      throw usageError(`${key}: scale log needs from above 0; write scale: linear`);
    return range;
  });
  const at = ({ from, to, scale }: { from: number; to: number; scale: 'log' | 'linear' }, t: number): number =>
    Number((scale === 'log' ? from * (to / from) ** t : from + (to - from) * t).toPrecision(6));

  if (sweep.kind === 'grid') {
    let points = [base];
    for (const [i, range] of ranges.entries()) {
      const values = Array.isArray(range)
        ? range
        : Array.from({ length: range.count }, (_, k) => at(range, k / (range.count - 1)));
      points = points.flatMap((point) => values.map((value) => ({ ...point, [axes[i]!]: value })));
    }
    return { axes, points, kind: 'steps' };
  }
  const spread = ranges.map((range, i) => {
    if (Array.isArray(range))
      throw usageError(`sweep.${axes[i]}: 'sobol' needs {from, to}, not a list; or take kind: grid`);
    return range;
  });
  const points = sobolPoints(sweep.points, axes.length).map((point) => ({
    ...base,
    ...Object.fromEntries(axes.map((name, i) => [name, at(spread[i]!, point[i]!)])),
  }));
  return { axes, points, kind: spread.every(({ scale }) => scale === 'log') ? 'logarithmic' : 'linear' };
}
