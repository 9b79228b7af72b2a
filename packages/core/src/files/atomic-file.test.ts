import { mkdtemp, readdir, readFile, rm, writeFile, mkdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeFileAtomic, writeJsonAtomic } from './atomic-file.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'atomic-'));
});
afterAll(async () => rm(folder, { recursive: true }));

describe('writeFileAtomic', () => {
  it('makes the folder, writes all pieces in order, and replaces what was there', async () => {
    const path = join(folder, 'new', 'deep', 'file');
    await writeFileAtomic(path, 'first');
    await writeFileAtomic(path, [Buffer.from('ab'), new Uint8Array(0), Buffer.from('c')]);
    expect(await readFile(path, 'utf8')).toBe('abc');
    await writeJsonAtomic(path, { a: 1 });
    expect(await readFile(path, 'utf8')).toBe('{\n  "a": 1\n}\n');
    expect(await readdir(join(folder, 'new', 'deep'))).toEqual(['file']);
  });

  it('leaves no temporary file behind when it fails', async () => {
    const path = join(folder, 'taken');
    await mkdir(path); // a folder can't be replaced by a file
    await writeFile(join(path, 'kept'), '');
    await expect(writeFileAtomic(path, 'x')).rejects.toThrow();
    expect((await readdir(folder)).filter((name) => name.endsWith('.tmp'))).toEqual([]);
    expect(await readdir(path)).toEqual(['kept']);
  });
});
