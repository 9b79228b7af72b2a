import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openDataset, renderDataset } from './dataset.js';
import { renderAvatar } from './render.js';
import { avatarNumber } from './sample.js';

const COUNT = 520; // two whole blocks and a part of one
const SIZE = 16;

describe('data sets', () => {
  let dir: string;
  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'avatars-'));
    await renderDataset(join(dir, 'set'), COUNT, 9, SIZE, { log: null, workers: 1 });
  });
  afterAll(() => rm(dir, { recursive: true, force: true }));

  it('hold the avatars of a seed and their pictures, in order', async () => {
    const set = await openDataset(join(dir, 'set'));
    expect([set.count, set.size, set.seed]).toEqual([COUNT, SIZE, 9]);
    for (const i of [0, 249, 250, 519]) {
      expect(set.factors(i)).toEqual(avatarNumber(i, 9));
      expect(set.image(i)).toEqual(renderAvatar(avatarNumber(i, 9), SIZE));
    }
    expect(() => set.image(COUNT)).toThrow(/picture 520 of a data set of 520/);
    set.close();
  });

  it('give batches in [-1,1]', async () => {
    const set = await openDataset(join(dir, 'set'));
    const { images, avatars } = set.batch([3, 501]);
    expect(images.shape).toEqual([2, SIZE, SIZE, 3]);
    expect(avatars[1]).toEqual(avatarNumber(501, 9));
    const values = await images.data();
    expect(values[0]).toBeCloseTo(set.image(3)[0]! / 127.5 - 1, 6);
    images.dispose();
    set.close();
  });

  it('go on where they stopped, and are refused until they are complete', async () => {
    const path = join(dir, 'set', 'dataset.json');
    const complete = await readFile(path, 'utf8');
    const images = await readFile(join(dir, 'set', 'images.u8'));
    await writeFile(path, JSON.stringify({ ...JSON.parse(complete), blocksDone: [0, 2] }));
    await writeFile(
      join(dir, 'set', 'images.u8'),
      Buffer.from(images).fill(0, 250 * SIZE * SIZE * 3, 500 * SIZE * SIZE * 3),
    );
    await expect(openDataset(join(dir, 'set'))).rejects.toThrow(/only 2 of 3 blocks are rendered/);
    await renderDataset(join(dir, 'set'), COUNT, 9, SIZE, { log: null, workers: 1 });
    expect(await readFile(join(dir, 'set', 'images.u8'))).toEqual(images);
    expect(await readFile(path, 'utf8')).toBe(complete);
  });

  it('need a place where a folder can be', async () => {
    await writeFile(join(dir, 'file'), '');
    await expect(renderDataset(join(dir, 'file'), 1, 9, SIZE, { log: null })).rejects.toThrow(
      /file: can't be made a folder for the data set: EEXIST[^\n]*; choose another$/,
    );
  });

  it('are not overwritten with others, and need a folder that holds one', async () => {
    await expect(renderDataset(join(dir, 'set'), COUNT, 10, SIZE, { log: null, workers: 1 })).rejects.toThrow(
      /other settings \(520 pictures, size 16, seed 9\)/,
    );
    await expect(openDataset(join(dir, 'nowhere'))).rejects.toThrow(
      /no data set; make it by nx run avatars:render --out .*nowhere$/,
    );
    await writeFile(join(dir, 'dataset.json'), '{"count": "many"}');
    await expect(openDataset(dir)).rejects.toThrow(/not the description of a data set/);
  });
});
