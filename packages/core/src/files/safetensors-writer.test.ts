import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RawTensor } from '../tensors/raw-tensor.js';
import { readSafetensors, writeSafetensors } from './safetensors.js';
import { createSafetensors } from './safetensors-writer.js';

let dir: string;
beforeAll(async () => (dir = await mkdtemp(join(tmpdir(), 'safetensors-writer-'))));
afterAll(() => rm(dir, { recursive: true }));

const TENSORS: Record<string, RawTensor> = {
  half: { dtype: 'F16', shape: [3], data: Uint16Array.of(1, 2, 3) },
  scalar: { dtype: 'F32', shape: [], data: Float32Array.of(7) },
  matrix: { dtype: 'F32', shape: [2, 2], data: Float32Array.of(1, 2, 3, 4) },
};

describe('createSafetensors', () => {
  it('writes the very file that writeSafetensors writes, in any order', async () => {
    const writer = await createSafetensors(join(dir, 'a', 'streamed'), TENSORS, { metadata: { by: 'test' } });
    for (const name of ['matrix', 'half', 'scalar']) await writer.write(name, TENSORS[name]!);
    await writer.finish();
    await writeSafetensors(join(dir, 'whole'), { tensors: TENSORS, metadata: { by: 'test' } });
    expect(await readFile(join(dir, 'a', 'streamed'))).toEqual(await readFile(join(dir, 'whole')));
    expect((await readSafetensors(join(dir, 'a', 'streamed'))).tensors['matrix']).toEqual(TENSORS['matrix']);
  });

  it('leaves nothing when it is given up, and no half file', async () => {
    const writer = await createSafetensors(join(dir, 'b', 'x'), TENSORS);
    await writer.write('half', TENSORS['half']!);
    await expect(writer.finish()).rejects.toThrow('"matrix" was not written');
    await expect(writer.write('half', TENSORS['half']!)).rejects.toThrow('"half" is not to be written');
    await expect(writer.write('scalar', TENSORS['matrix']!)).rejects.toThrow('planned as F32 [], got F32 [2,2]');
    await writer.discard();
    expect(await readdir(join(dir, 'b'))).toEqual([]);
  });
});
