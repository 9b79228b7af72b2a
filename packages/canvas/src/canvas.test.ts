import { createRequire } from 'node:module';
import { ChartJSNodeCanvas } from 'chartjs-node-canvas';
import { describe, expect, it } from 'vitest';

const PNG_SIGNATURE = '89504e470d0a1a0a';

/** A fresh configuration each time, since chart.js writes into it. */
function bars() {
  return { type: 'bar' as const, data: { labels: ['a', 'b'], datasets: [{ data: [1, 2], backgroundColor: '#808' }] } };
}

describe('the canvas that chartjs-node-canvas finds', () => {
  it('is the one of this workspace', () => {
    const resolved = createRequire(createRequire(import.meta.url).resolve('chartjs-node-canvas')).resolve('canvas');
    expect(resolved).toMatch(/packages\/canvas\/src\/index\.cjs$/);
  });

  it('renders to a buffer with a callback and without', async () => {
    const chart = new ChartJSNodeCanvas({ width: 120, height: 80, backgroundColour: 'white' });
    const png = await chart.renderToBuffer(bars());
    expect(png.subarray(0, 8).toString('hex')).toBe(PNG_SIGNATURE);
    expect(chart.renderToBufferSync(bars()).equals(png)).toBe(true);
    expect(await chart.renderToDataURL(bars())).toMatch(/^data:image\/png;base64,/);
  });
});
