import { execFileSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { tf } from '../tensors/tf.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { normals, Random } from '../tensors/random.js';
import { readSafetensors, writeSafetensors } from './safetensors.js';
import { disposeAll } from '../tensors/weights.js';
import { loadWeights, saveWeights } from './weights-file.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'weights-'));
});
afterAll(async () => rm(folder, { recursive: true }));

describe('weights in files', () => {
  it('keeps float32, int32 and bool exactly', async () => {
    const weights = {
      'b.w': normals(new Random(1), [3, 2]),
      a: tf.tensor1d([1, -2147483648], 'int32'),
      c: tf.tensor1d([true, false], 'bool'),
      s: tf.scalar(0.1),
    };
    const path = join(folder, 'exact.safetensors');
    await saveWeights(path, weights, { metadata: { who: 'test' } });
    const back = await loadWeights(path);
    expect(Object.keys(back)).toEqual(['a', 'b.w', 'c', 's']);
    for (const [name, tensor] of Object.entries(weights)) {
      expect(back[name]!.dtype).toBe(tensor.dtype);
      expect(back[name]!.shape).toEqual(tensor.shape);
      expect([...back[name]!.dataSync()]).toEqual([...tensor.dataSync()]);
    }
    expect((await readSafetensors(path)).metadata).toEqual({ who: 'test' });
    disposeAll(weights, back);
  });

  it('halves floats only, to 2^-11 relative', async () => {
    const weights = { w: normals(new Random(2), [100]), ids: tf.tensor1d([70000], 'int32') };
    const path = join(folder, 'half.safetensors');
    await saveWeights(path, weights, { dtype: 'F16' });
    expect((await readSafetensors(path)).tensors['w']!.dtype).toBe('F16');
    const back = await loadWeights(path);
    expect(back['w']!).toBeAllclose(weights.w, { rtol: 2 ** -11, atol: 1e-7 });
    expect(back['ids']!.dataSync()[0]).toBe(70000);
    disposeAll(weights, back);
  });

  it('refuses numbers that the target type can not hold', async () => {
    const big = { w: tf.tensor1d([1, 1e5]) };
    await expect(saveWeights(join(folder, 'big'), big, { dtype: 'F16' })).rejects.toThrow(
      '"w" holds 100000, too large for float16',
    );
    const path = join(folder, 'i64.safetensors');
    await writeSafetensors(path, { tensors: { id: { dtype: 'I64', shape: [1], data: BigInt64Array.of(2n ** 31n) } } });
    await expect(loadWeights(path)).rejects.toThrow('"id" holds 2147483648, which does not fit into 32 bits');
    disposeAll(big);
  });

  it('leaks no tensor when a file is bad', async () => {
    const path = join(folder, 'i64.safetensors');
    const before = tf.memory().numTensors;
    await expect(loadWeights(path)).rejects.toThrow();
    expect(tf.memory().numTensors).toBe(before);
  });

  const python = ((): boolean => {
    try {
      execFileSync('python3', ['-c', 'import safetensors.numpy'], { stdio: 'ignore' });
      return true;
    } catch {
      return false;
    }
  })();

  it.skipIf(!python)('is read by the original library (skipped where Python has no safetensors)', async () => {
    const weights = { w: tf.tensor2d([[1, 2], [3, 4]]), i: tf.scalar(7, 'int32') }; // prettier-ignore
    const path = join(folder, 'python.safetensors');
    await saveWeights(path, weights, { dtype: 'F16', metadata: { a: 'b' } });
    const script =
      'import sys, safetensors.numpy as s; t = s.load_file(sys.argv[1]); print(t["w"].tolist(), t["w"].dtype, t["i"].item())';
    expect(execFileSync('python3', ['-c', script, path], { encoding: 'utf8' }).trim()).toBe(
      '[[1.0, 2.0], [3.0, 4.0]] float16 7',
    );
    disposeAll(weights);
  });
});
