import { describe, expect, it } from 'vitest';
import { planSweep, sweepSchema } from './sweep-config.js';
import { bestOf, csvOf, markdownOf, type SweepPoint } from './sweep-table.js';

const plan = (sweep: object) => planSweep(sweepSchema().parse({ name: 'x', prompt: 'hair', sweep }));

describe('planSweep', () => {
  it('combines all values of a grid, the rest as it is', () => {
    const { axes, points, kind } = plan({ l2: [0.01, 0.1], id: { from: 0, to: 1, count: 3, scale: 'linear' } });
    expect(axes).toEqual(['l2', 'id']);
    expect(kind).toBe('steps');
    expect(points.map(({ l2, id }) => [l2, id])).toEqual([
      [0.01, 0],
      [0.01, 0.5],
      [0.01, 1],
      [0.1, 0],
      [0.1, 0.5],
      [0.1, 1],
    ]);
    expect(new Set(points.map(({ clip, directional }) => `${clip}/${directional}`)).size).toBe(1);
  });

  it('spaces a logarithmic range evenly in its logarithm', () => {
    const { points } = plan({ l2: { from: 0.001, to: 0.1 } });
    expect(points.map(({ l2 }) => l2)).toBeAllclose([0.001, 0.01, 0.1], { rtol: 1e-6 });
  });

  it('strews points evenly', () => {
    const { points, kind } = plan({
      kind: 'sobol',
      points: 16,
      l2: { from: 0.001, to: 0.1 },
      id: { from: 0.01, to: 1 },
    });
    expect(kind).toBe('logarithmic');
    expect(points).toHaveLength(16);
    expect(points.filter(({ l2 }) => l2 < 0.0099).length).toBe(8); // half of them, in the logarithm
    for (const { l2, id } of points) expect(l2 >= 0.001 && l2 <= 0.1 && id >= 0.01 && id <= 1).toBe(true);
  });

  it('goes around the defaults when nothing is named', () => {
    const { axes, points } = plan({});
    expect([axes, points.length]).toEqual([['l2', 'id'], 9]);
  });

  it.each([
    [{ l2: { from: 1, to: 0.5 } }, /sweep.l2: from 1 to 0.5 is no range/],
    [{ id: { from: 0, to: 0.5 } }, /sweep.id: scale log needs from above 0/],
    [{ kind: 'sobol', l2: [1, 2] }, /sweep.l2: 'sobol' needs \{from, to\}/],
  ])('refuses %j', (sweep, line) => {
    expect(() => plan(sweep)).toThrow(line);
  });
});

describe('the table', () => {
  const point = (l2: number, hit: number | null, leak: number | null): SweepPoint => {
    const measures = {
      ...{ latents: 2, hit, leak, hitBefore: 0, leakByFactor: null, identity: 0.9, clipGain: l2 },
      ...{ clipBefore: 0, clipAfter: l2 },
    };
    return { weights: { clip: 1, directional: 0, id: 0, l2 }, ...measures, edits: [{ prompt: 'a, b', ...measures }] };
  };

  it('chooses the highest hit of those that leak little, else the best difference', () => {
    expect(bestOf([point(1, 1, 0.3), point(2, 0.8, 0.05), point(3, 0.8, 0.02), point(4, 0.5, 0)])).toBe(2);
    expect(bestOf([point(1, 1, 0.6), point(2, 0.9, 0.2)])).toBe(1);
    expect(bestOf([point(1, null, null), point(3, null, null), point(2, null, null)])).toBe(1);
  });

  it('is CSV and Markdown', () => {
    const points = [point(0.5, 1, 0.3), point(0.1, 0.9, 0.1)];
    expect(csvOf(points).split('\n').slice(0, 3)).toEqual([
      'point,clip,directional,id,l2,prompt,latents,hit,leak,identity,clipGain',
      '0,1,0,0,0.5,,2,1,0.3,0.9,0.5',
      '0,1,0,0,0.5,"a, b",2,1,0.3,0.9,0.5',
    ]);
    expect(markdownOf(points, ['l2']).trimEnd().split('\n').at(-1)).toBe(
      '| **1** | 0.1 | 0.900 | 0.100 | 0.900 | 0.100 |',
    );
  });
});
