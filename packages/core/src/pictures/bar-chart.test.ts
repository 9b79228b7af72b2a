import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { renderBarChart } from './bar-chart.js';

const BLUE = [0, 114, 178];
const ORANGE = [213, 94, 0];
const BLACK = [0, 0, 0];

async function countPixels(png: Buffer, colour: readonly number[]): Promise<number> {
  const { data } = await sharp(png).removeAlpha().raw().toBuffer({ resolveWithObject: true });
  let count = 0;
  for (let i = 0; i < data.length; i += 3) if (colour.every((value, k) => data[i + k] === value)) count++;
  return count;
}

describe('renderBarChart', () => {
  const chart = { title: 'Hits', names: ['a', 'b'], width: 400, height: 300 };
  const one = { name: 'mapper', y: [0.5, 1] };
  const two = { name: 'directions', y: [0.25, NaN] };

  it('draws bars in the colours of the series, as high as they are, with gaps', async () => {
    const png = await renderBarChart({ ...chart, series: [one, two] });
    const [blue, orange] = [await countPixels(png, BLUE), await countPixels(png, ORANGE)];
    expect(orange).toBeGreaterThan(500);
    // 0.5 + 1 against 0.25, all of one width.
    expect(blue / orange).toBeGreaterThan(5);
    expect(blue / orange).toBeLessThan(7);
  });

  it('draws an interval over its bar, and nothing where there is none', async () => {
    const plain = await countPixels(await renderBarChart({ ...chart, series: [one] }), BLACK);
    const intervals = [[0.4, 0.6] as const, undefined];
    const drawn = await countPixels(await renderBarChart({ ...chart, series: [{ ...one, intervals }] }), BLACK);
    expect(drawn - plain).toBeGreaterThan(60);
    expect(drawn - plain).toBeLessThan(400);
  });

  it('refuses a series of another length', async () => {
    await expect(renderBarChart({ ...chart, series: [{ name: 'x', y: [1] }] })).rejects.toThrow(
      'chart "Hits": "x" has 1 bars for 2 names',
    );
  });
});
