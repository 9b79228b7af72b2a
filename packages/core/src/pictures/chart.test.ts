import { spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { renderLineChart } from './chart.js';

describe('renderLineChart', () => {
  it('draws a picture of the asked size, with lines in the colours of the series', async () => {
    const x = Float32Array.from({ length: 50 }, (_, i) => i);
    const png = await renderLineChart({
      title: 'Loss',
      x,
      series: [
        { name: 'clip', y: x.map((v) => Math.exp(-v / 10)), colour: '#ff0000' },
        { name: 'identity', y: x.map((v) => v / 50) },
      ],
      xLabel: 'step',
      width: 400,
      height: 300,
    });
    const { data, info } = await sharp(png).removeAlpha().raw().toBuffer({ resolveWithObject: true });
    expect([info.width, info.height, info.channels]).toEqual([400, 300, 3]);
    expect([...data.subarray(0, 3)]).toEqual([255, 255, 255]);
    expect(countPixels(data, [255, 0, 0])).toBeGreaterThan(200);
    expect(countDark(data.subarray(0, 400 * 30 * 3))).toBeGreaterThan(20);
  });

  it('gives the same bytes for the same chart, drawn again on the same canvas', async () => {
    const chart = { title: 'again', x: [1, 2, 3], series: [{ name: 'a', y: [1, NaN, 2] }], logarithmic: true };
    expect((await renderLineChart(chart)).equals(await renderLineChart(chart))).toBe(true);
  });

  it('refuses a series of another length', async () => {
    await expect(renderLineChart({ title: 'T', x: [1, 2], series: [{ name: 'a', y: [1] }] })).rejects.toThrow(
      'chart "T": "a" has 1 values for 2 positions',
    );
  });

  it('says in one line that there is no canvas that works', async () => {
    const dir = await mkdtemp(join(tmpdir(), 'no-canvas-'));
    try {
      // A `canvas` whose binary was never built fails as it is loaded.
      const broken = join(dir, 'broken.cjs');
      await writeFile(broken, `throw new Error("Cannot find module '../build/Release/canvas.node'");`);
      const preload = join(dir, 'preload.cjs');
      await writeFile(
        preload,
        `const Module = require('node:module'); const resolve = Module._resolveFilename;
         Module._resolveFilename = (name, ...rest) => (name === 'canvas' ? ${JSON.stringify(broken)} : resolve(name, ...rest));`,
      );
      const program = `
        import { renderLineChart } from ${JSON.stringify(new URL('./chart.ts', import.meta.url).href)};
        await renderLineChart({ title: 'T', x: [1], series: [] }).catch((error) => console.log(error.name, error.message));`;
      const { stdout } = spawnSync(
        process.execPath,
        [
          '--require',
          preload,
          '--import',
          'tsx',
          '--conditions=@styleclip/source',
          '--input-type=module',
          '-e',
          program,
        ],
        { encoding: 'utf8' },
      );
      expect(stdout).toMatch(
        /^UserError charts can't be drawn: the package "canvas" [^\n]*npm:@styleclip\/canvas[^\n]*\n$/m,
      );
    } finally {
      await rm(dir, { recursive: true });
    }
  });
});

function countPixels(rgb: Buffer, [r, g, b]: [number, number, number]): number {
  let count = 0;
  for (let i = 0; i < rgb.length; i += 3) if (rgb[i] === r && rgb[i + 1] === g && rgb[i + 2] === b) count += 1;
  return count;
}

/** Pixels of text: much darker than the background. */
function countDark(rgb: Buffer): number {
  let count = 0;
  for (let i = 0; i < rgb.length; i += 3) if ((rgb[i] ?? 255) < 160) count += 1;
  return count;
}
