import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fits, fromBytes, openFile, partOf } from './byte-source.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'byte-source-'));
});
afterAll(async () => rm(folder, { recursive: true }));

const digits = Uint8Array.of(0, 1, 2, 3, 4, 5, 6, 7, 8, 9);

describe.each(['file', 'bytes'])('a source of %s', (kind) => {
  const open = async () => {
    if (kind === 'bytes') return fromBytes('ten', digits);
    const path = join(folder, 'ten');
    await writeFile(path, digits);
    return openFile(path);
  };

  it('gives any range, in any order', async () => {
    const source = await open();
    expect(source.size).toBe(10);
    expect([...(await source.read(7, 3))]).toEqual([7, 8, 9]);
    expect([...(await source.read(0, 2))]).toEqual([0, 1]);
    expect((await source.read(10, 0)).length).toBe(0);
    await source.close();
  });

  it.each([
    [8, 3],
    [11, 0],
    [-1, 2],
    [0, -1],
    [0.5, 1],
    [NaN, 1],
    [0, 2 ** 53],
    [2 ** 53, 1],
  ])('refuses bytes from %d, %d of them', async (offset, length) => {
    const source = await open();
    await expect(source.read(offset, length)).rejects.toThrow(
      `${source.name}: cut short: ${length} bytes from byte ${offset} are needed, but it has 10 bytes`,
    );
    await source.close();
  });

  it('has parts, which are sources as well', async () => {
    const source = await open();
    const part = partOf(source, 'part', 4, 4);
    expect([...(await part.read(1, 2))]).toEqual([5, 6]);
    await expect(part.read(3, 2)).rejects.toThrow('part: cut short');
    expect(() => partOf(source, 'part', 8, 3)).toThrow('part: cut short');
    await part.close();
    expect([...(await source.read(0, 1))]).toEqual([0]);
    await source.close();
  });
});

describe('files', () => {
  it('that are missing, folders or pipes are refused', async () => {
    const missing = join(folder, 'missing.pt');
    await expect(openFile(missing)).rejects.toThrow(`${missing}: no such file`);
    await writeFile(join(folder, 'plain'), 'x');
    await expect(openFile(join(folder, 'plain', 'x.pt'))).rejects.toThrow('no such file');
    await mkdir(join(folder, 'sub'));
    await expect(openFile(join(folder, 'sub'))).rejects.toThrow(`${join(folder, 'sub')}: is not a file`);
    execFileSync('mkfifo', [join(folder, 'pipe')]);
    await expect(openFile(join(folder, 'pipe'))).rejects.toThrow('pipe: is not a file');
    await expect(openFile('/dev/zero')).rejects.toThrow('/dev/zero: is not a file');
  });

  it('that shrink while they are read, or are closed, are an error of one line', async () => {
    const path = join(folder, 'shrinking');
    await writeFile(path, digits);
    const source = await openFile(path);
    await truncate(path, 4);
    await expect(source.read(0, 10)).rejects.toThrow(`${path}: cut short: it shrank to 4 bytes while it was read`);
    await source.close();
    await expect(source.read(0, 1)).rejects.toMatchObject({ name: 'UserError' });
  });

  it('of any size give at most 2 GiB in one piece', async () => {
    const path = join(folder, 'sparse');
    await writeFile(path, '');
    await truncate(path, 2 ** 33);
    const source = await openFile(path);
    await expect(source.read(0, 2 ** 32)).rejects.toThrow('more than can be read (at most 2147483647)');
    expect((await source.read(2 ** 33 - 4, 4)).length).toBe(4);
    await source.close();
  });
});

it('fits: whole ranges inside only', () => {
  expect(fits(10, 0, 10)).toBe(true);
  expect(fits(10, 10, 0)).toBe(true);
  expect(fits(10, 10, 1)).toBe(false);
  expect(fits(Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER)).toBe(false);
});
