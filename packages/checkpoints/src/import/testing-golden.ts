/** For tests: the small real files, what they must compute, and a folder to import into. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { loadWeights, tf, type Weights } from '@styleclip/core';
import { afterAll, beforeAll, expect } from 'vitest';

/** A file of this package's fixtures. */
export const fixture = (name: string): string => fileURLToPath(new URL(`../../fixtures/${name}`, import.meta.url));

/** Golden numbers, from this package's fixtures or from core's. */
export async function golden(name: string, from: 'checkpoints' | 'core' = 'checkpoints'): Promise<Weights> {
  return loadWeights(
    from === 'core' ? fileURLToPath(new URL(`../../../core/fixtures/${name}`, import.meta.url)) : fixture(name),
  );
}

/** Asserts max |got − want| / max |want| < 1e-4. Pictures are given as core makes them, [N,H,W,C]. */
export function expectGolden(got: tf.Tensor, want: tf.Tensor | undefined): void {
  if (want === undefined) throw new Error('there is no such golden number');
  const turned = got.rank === 4 ? tf.transpose(got, [0, 3, 1, 2]) : got;
  expect(turned.shape).toEqual(want.shape);
  const difference = tf.max(tf.abs(tf.sub(turned, want))).dataSync()[0] as number;
  const scale = tf.max(tf.abs(want)).dataSync()[0] as number;
  expect(difference / scale).toBeLessThan(1e-4);
}

/** Uses a temporary folder and the plain backend in a test file. @returns paths in the folder */
export function inTemporaryFolder(): (name: string) => string {
  let dir = '';
  beforeAll(async () => {
    await tf.setBackend('cpu');
    dir = await mkdtemp(join(tmpdir(), 'checkpoints-'));
  });
  afterAll(() => rm(dir, { recursive: true }));
  return (name) => join(dir, name);
}
