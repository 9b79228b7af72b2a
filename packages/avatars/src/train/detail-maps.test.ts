/** Pixels that tell values apart count for more. */
import { Random } from '@styleclip/core';
import { describe, expect, it } from 'vitest';
import { sampleAvatar, valueIndex, type Avatar } from '../factors.js';
import { detailMaps } from './detail-maps.js';

const SIZE = 32;
const maps = detailMaps(SIZE, new Random('maps'));
const weightsOf = (avatar: Avatar): Float32Array => {
  const target = new Float32Array(SIZE * SIZE);
  maps.add(avatar, 1, target, 0);
  return target;
};
const plain: Avatar = { ...sampleAvatar(new Random(1)), glasses: 0, beard: 0, hair: valueIndex('hair', 'short') };

describe('detail maps', () => {
  it('count every pixel at least once', () => {
    expect(Math.min(...weightsOf(plain))).toBeGreaterThanOrEqual(1);
  });

  it('count a tear far above the rest, under an eye', () => {
    const tearful = weightsOf({ ...plain, eyes: valueIndex('eyes', 'tearful') });
    const closed = weightsOf({ ...plain, eyes: valueIndex('eyes', 'closed') });
    const more = tearful.map((x, i) => x - closed[i]!);
    const peak = more.indexOf(Math.max(...more));
    expect(more[peak]).toBeGreaterThan(20);
    const [y, x] = [Math.floor(peak / SIZE) / SIZE, (peak % SIZE) / SIZE];
    expect(y).toBeGreaterThan(0.35);
    expect(y).toBeLessThan(0.75);
    expect(Math.abs(x - 0.5)).toBeLessThan(0.25);
  });

  it('leave out what is hidden', () => {
    const dark = { ...plain, glasses: valueIndex('glasses', 'sunglasses') };
    expect(weightsOf({ ...dark, eyes: 0 })).toEqual(weightsOf({ ...dark, eyes: valueIndex('eyes', 'tearful') }));
  });
});
