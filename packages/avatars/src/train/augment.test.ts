import { Random } from '@styleclip/core';
import { describe, expect, it } from 'vitest';
import { Augmenter, NO_AUGMENTATION } from './augment.js';

const size = 8;
const picture = Uint8Array.from({ length: size * size * 3 }, (_, i) => (i * 37) % 256);

function augmented(options: Partial<typeof NO_AUGMENTATION>, seed: number): Float32Array {
  const target = new Float32Array(picture.length);
  new Augmenter(size, { ...NO_AUGMENTATION, ...options }, new Random('noise')).write(
    picture,
    target,
    0,
    new Random(seed),
  );
  return target;
}

describe('Augmenter', () => {
  it('only rescales when every augmentation is off', () => {
    const target = augmented({}, 1);
    expect(target[5]).toBeCloseTo(picture[5]! / 127.5 - 1, 6);
    expect(Math.min(...target)).toBeGreaterThanOrEqual(-1);
    expect(Math.max(...target)).toBeLessThanOrEqual(1);
  });

  it('is the same for the same seed, another for another', () => {
    const options = { shift: 2, blur: 1, noise: 0.1 };
    expect(augmented(options, 3)).toEqual(augmented(options, 3));
    expect(augmented(options, 3)).not.toEqual(augmented(options, 4));
  });

  it('keeps the mean when it blurs and makes the picture smoother', () => {
    const roughness = (p: Float32Array) => p.slice(3).reduce((sum, v, i) => sum + Math.abs(v - p[i]!), 0);
    expect(roughness(augmented({ blur: 1 }, 5))).toBeLessThan(roughness(augmented({}, 5)));
  });
});
