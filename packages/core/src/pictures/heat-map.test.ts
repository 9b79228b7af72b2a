import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { filmStrip } from './film-strip.js';
import { renderHeatMap } from './heat-map.js';

/** How many pixels are this colour. */
async function count(png: Buffer, colour: readonly [number, number, number]): Promise<number> {
  const { data } = await sharp(png).removeAlpha().raw().toBuffer({ resolveWithObject: true });
  let found = 0;
  for (let i = 0; i < data.length; i += 3) if (colour.every((value, k) => data[i + k] === value)) found++;
  return found;
}

describe('renderHeatMap', () => {
  it('gives each place a square in the colour of its value, of a size that fills a table', async () => {
    const x = { label: 'l2', at: [0, 0.1, 0, 0.1], kind: 'steps' as const };
    const y = { label: 'id', at: [1, 1, 2, 2], kind: 'steps' as const };
    const png = await renderHeatMap({ title: 'hit', x, y, values: [0, 1, 1, NaN], width: 400, height: 400 });
    const cell = 138; // half the height between title and axis
    const [cold, hot] = [await count(png, [68, 1, 84]), await count(png, [253, 231, 37])];
    expect(cold).toBeGreaterThan(0.8 * cell ** 2); // but for the number in it
    expect(cold).toBeLessThan(1.1 * cell ** 2);
    expect(hot / cold).toBeGreaterThan(1.8);
    expect(hot / cold).toBeLessThan(2.2);
  });

  it('shows strewn places too', async () => {
    const at = [0.01, 0.1, 1];
    const axis = { label: 'l2', at, kind: 'logarithmic' as const };
    const png = await renderHeatMap({ title: 'hit', x: axis, y: axis, values: [1, 1, 1] });
    expect(await count(png, [253, 231, 37])).toBeGreaterThan(3 * 600);
  });
});

describe('filmStrip', () => {
  it('has a row a picture and a column a moment', async () => {
    const picture = (red: number) => ({ data: Uint8Array.from([red, 0, 0]), width: 1, height: 1 });
    const strip = await filmStrip([
      { label: '', pictures: [picture(10), picture(20)] },
      { label: '', pictures: [picture(30), picture(40)] },
    ]);
    const { data, info } = await sharp(strip).removeAlpha().raw().toBuffer({ resolveWithObject: true });
    const red = (column: number, row: number) => data[((4 + row * 100 + 5) * info.width + 4 + column * 100 + 5) * 3];
    expect([red(0, 0), red(1, 0), red(0, 1), red(1, 1)]).toEqual([10, 30, 20, 40]);
    await expect(
      filmStrip([
        { label: '', pictures: [picture(1)] },
        { label: '', pictures: [] },
      ]),
    ).rejects.toThrow('got 1 and 0');
  });
});
