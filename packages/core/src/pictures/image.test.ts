import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { tf } from '../tensors/tf.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fitText, textWidth } from './bitmap-text.js';
import { encodePng, imagesToPng, readImage, toRgbImages, type RgbImage } from './image.js';
import { grid, layOut } from './image-grid.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'image-'));
});
afterAll(async () => rm(folder, { recursive: true }));

const plain = (width: number, height: number, value: number): RgbImage => ({
  data: new Uint8Array(width * height * 3).fill(value),
  width,
  height,
});
const pixel = ({ data, width }: RgbImage, x: number, y: number): number => data[(y * width + x) * 3]!;

describe('pictures', () => {
  it('maps [-1,1] to bytes, clips, and turns one channel into grey', async () => {
    const batch = tf.tensor4d([-1, 0, 1, -3, 3, NaN], [2, 1, 1, 3]);
    expect((await toRgbImages(batch)).map(({ data }) => [...data])).toEqual([[0, 128, 255], [0, 255, 0]]); // prettier-ignore
    const grey = { data: Float32Array.of(-1, 1), shape: [1, 1, 2, 1] } as const;
    expect([...(await toRgbImages(grey))[0]!.data]).toEqual([0, 0, 0, 255, 255, 255]);
    const bytes = { data: Uint8Array.of(7, 8, 9), shape: [1, 1, 1, 3] } as const;
    expect([...(await toRgbImages(bytes))[0]!.data]).toEqual([7, 8, 9]);
    await expect(toRgbImages({ data: new Float32Array(4), shape: [1, 1, 1, 4] })).rejects.toThrow(
      '[N,H,W,1 or 3], got [1, 1, 1, 4]',
    );
    await expect(toRgbImages({ data: new Float32Array(5), shape: [1, 1, 2, 3] })).rejects.toThrow(
      'need 6 values, got 5',
    );
    batch.dispose();
  });

  it('comes back from a PNG file', async () => {
    const batch = tf.tensor4d(
      Array.from({ length: 4 * 4 * 3 }, (_, i) => i / 24 - 1),
      [1, 4, 4, 3],
    );
    const path = join(folder, 'x.png');
    await writeFile(path, (await imagesToPng(batch))[0]!);
    const back = await readImage(path, 4);
    expect(back).toBeAllclose(batch, { atol: 1.001 / 255, rtol: 0 });
    tf.dispose([batch, back]);
  });

  it('cuts the middle square, and lays transparency on white', async () => {
    const wide = sharp({ create: { width: 30, height: 10, channels: 4, background: { r: 0, g: 0, b: 0, alpha: 0 } } });
    const path = join(folder, 'wide.png');
    await writeFile(path, await wide.png().toBuffer());
    const image = await readImage(path, 5);
    expect(image.shape).toEqual([1, 5, 5, 3]);
    expect(image).toBeAllclose(tf.ones([1, 5, 5, 3]));
    image.dispose();
  });

  it('says in one line what is wrong with a file', async () => {
    await expect(readImage(join(folder, 'none.png'), 4)).rejects.toThrow('none.png: no such picture');
    const path = join(folder, 'text.png');
    await writeFile(path, 'not a picture');
    await expect(readImage(path, 4)).rejects.toThrow(/^.*text\.png: can't be read as a picture: [^\n]+$/);
  });
});

describe('grids', () => {
  it('lays pictures out in rows with gaps', () => {
    const sheet = layOut([plain(2, 3, 10), plain(2, 3, 20), plain(2, 3, 30)], { columns: 2, gap: 1 });
    expect([sheet.width, sheet.height]).toEqual([1 + 2 * 3, 1 + 2 * 4]);
    expect([
      pixel(sheet, 0, 0),
      pixel(sheet, 1, 1),
      pixel(sheet, 4, 1),
      pixel(sheet, 1, 5),
      pixel(sheet, 4, 5),
    ]).toEqual([255, 10, 20, 30, 255]);
  });

  it('enlarges by whole factors and gives room to labels only where there are some', () => {
    const images = [plain(32, 32, 100), plain(32, 32, 100)];
    const without = layOut(images, { columns: 1, zoom: 2 });
    const first = layOut(images, { columns: 1, zoom: 2, labels: ['before', ''] });
    const both = layOut(images, { columns: 1, zoom: 2, labels: ['before', 'after'] });
    expect(first.height - without.height).toBe(both.height - first.height);
    expect(without.width).toBe(64 + 8);
    expect(first.data.filter((value) => value === 32).length).toBeGreaterThan(100); // ink
  });

  it('keeps a label inside its picture', () => {
    expect(fitText('short', 100)).toBe('short');
    expect(fitText('a rather long label', 40)).toMatch(/^a ra?.*\.\.$/);
    expect(textWidth(fitText('a rather long label', 40))).toBeLessThanOrEqual(40);
    expect(textWidth('ü')).toBe(textWidth('?'));
  });

  it('gives a PNG, and refuses what does not make a grid', async () => {
    const png = await grid([plain(4, 4, 0)], { columns: 3 });
    expect(await sharp(png).metadata()).toMatchObject({ format: 'png', width: 12, height: 12 });
    expect((await sharp(await encodePng(plain(3, 2, 9))).metadata()).width).toBe(3);
    expect(() => layOut([], { columns: 1 })).toThrow('at least one picture');
    expect(() => layOut([plain(4, 4, 0), plain(4, 5, 0)], { columns: 1 })).toThrow('got 4×4 and 4×5');
    expect(() => layOut([plain(4, 4, 0)], { columns: 0 })).toThrow('columns must be a positive integer, got 0');
    expect(() => layOut([plain(4, 4, 0)], { columns: 1, labels: ['a', 'b'] })).toThrow('2 labels for 1 pictures');
  });
});
