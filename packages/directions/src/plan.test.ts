import { describe, expect, it } from 'vitest';
import { officialNetworks, planFor } from './plan.js';
import { layerCosts } from './work.js';

describe('a plan for FFHQ at 1024²', () => {
  const networks = officialNetworks(1024);
  const rows = planFor(networks, { images: 100, upTo: 256, projections: 32, rate: 1e11 });

  it("counts the paper's channels and pictures", () => {
    // 6048 channels · 100 pictures · 2: what the paper's preprocessing draws.
    expect(rows[0]).toMatchObject({ channels: 6048, pictures: 1_209_600 });
    // The layers up to 256²: 6048 without 128 + 64 of 512² and 64 + 32 of 1024².
    expect(rows[1]!.channels).toBe(5760);
  });

  it('carries the rate over', () => {
    for (const { hours, multiplications } of rows) expect(hours).toBeCloseTo(multiplications / 1e11 / 3600);
    expect(rows[0]!.multiplications).toBeGreaterThan(rows[1]!.multiplications);
    expect(rows[2]!.multiplications / rows[3]!.multiplications).toBeCloseTo(512 / 32);
  });

  it('counts multiplications as the convolutions have them', () => {
    const costs = layerCosts({ 4: 2, 8: 3 }, 8, 8);
    expect(costs.map(({ name, cost }) => [name, cost])).toEqual([
      ['b4.conv1', 9 * 2 * 2 * 16],
      ['b4.torgb', 2 * 3 * 16],
      ['b8.conv0', (9 / 4) * 2 * 3 * 64],
      ['b8.conv1', 9 * 3 * 3 * 64],
      ['b8.torgb', 3 * 3 * 64],
    ]);
    expect(layerCosts({ 4: 2, 8: 3 }, 8, 4).reduce((sum, { cost }) => sum + cost, 0)).toBe(9 * 2 * 2 * 16 + 2 * 3 * 16);
  });
});
