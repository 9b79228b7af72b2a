import { describe, expect, it } from 'vitest';
import { normalArray, normals, Random, type RandomState } from './random.js';

const draw = (random: Random, count: number) => Array.from({ length: count }, () => random.uniform());
const mean = (values: ArrayLike<number>) => Array.from(values).reduce((sum, value) => sum + value, 0) / values.length;

describe('Random', () => {
  it('gives these numbers on every machine', () => {
    // Computed by an independent program in Python.
    const random = new Random(1);
    expect([random.bits(), random.bits(), random.bits()]).toEqual([1843106851, 4031596134, 3266422125]);
    expect(random.uniform()).toBe(0.2863264544417967);
    expect([random.normal(), random.normal(), random.normal()]).toEqual([
      0.6912544795631191, -0.9603187780521076, -0.3718880785420546,
    ]);
  });

  it('is xoshiro128**: the first outputs of the published state 1, 2, 3, 4', () => {
    const random = Random.fromState({ key: '', words: [1, 2, 3, 4], spareNormal: null });
    expect([random.bits(), random.bits(), random.bits(), random.bits()]).toEqual([11520, 0, 5927040, 70819200]);
  });

  it('takes numbers and words as seeds, and tells them apart', () => {
    expect(draw(new Random(1), 4)).toEqual(draw(new Random('1'), 4));
    expect(draw(new Random(1), 4)).not.toEqual(draw(new Random(2), 4));
    expect(draw(new Random('a'), 4)).not.toEqual(draw(new Random('b'), 4));
    expect(() => new Random(NaN)).toThrow('a seed must be a finite number, got NaN');
  });

  it('goes on exactly from a state that went through JSON', () => {
    const random = new Random('resume');
    draw(random, 7);
    random.normal(); // leaves a spare
    const copy = Random.fromState(JSON.parse(JSON.stringify(random.state())) as RandomState);
    expect([copy.normal(), copy.normal(), copy.uniform()]).toEqual([
      random.normal(),
      random.normal(),
      random.uniform(),
    ]);
    expect(copy.fork('x').uniform()).toBe(random.fork('x').uniform());
    expect(() => Random.fromState({ key: 'x', words: [1, 2], spareNormal: null })).toThrow('not a random state');
  });

  it('forks by label, whatever was drawn before', () => {
    const used = new Random(3);
    draw(used, 100);
    expect(draw(used.fork('latents'), 3)).toEqual(draw(new Random(3).fork('latents'), 3));
    expect(draw(used.fork('latents'), 3)).not.toEqual(draw(used.fork('noise'), 3));
  });

  it('is uniform and normal by mean, variance and correlation of neighbours', () => {
    const random = new Random(4);
    const uniform = draw(random, 100_000);
    expect(Math.min(...uniform.slice(0, 1000))).toBeGreaterThanOrEqual(0);
    expect(mean(uniform)).toBeCloseTo(0.5, 2);
    expect(mean(uniform.map((u) => (u - 0.5) ** 2))).toBeCloseTo(1 / 12, 3);
    const normal = normalArray(random, 100_000);
    expect(mean(normal)).toBeCloseTo(0, 1.7);
    expect(mean(normal.map((n) => n * n))).toBeCloseTo(1, 1.7);
    expect(mean(normal.map((n) => n ** 4))).toBeCloseTo(3, 0.7);
    expect(mean(normal.map((n, i) => n * (normal[i + 1] ?? 0)))).toBeCloseTo(0, 1.7);
  });

  it('picks each of a few with equal chance, and shuffles without losing any', () => {
    const random = new Random(5);
    const counts = [0, 0, 0];
    for (let i = 0; i < 30_000; i++) counts[random.int(3)]!++;
    for (const count of counts) expect(Math.abs(count - 10_000)).toBeLessThan(300);
    expect(random.shuffle([1, 2, 3, 4, 5]).sort()).toEqual([1, 2, 3, 4, 5]);
    expect([...random.shuffle(Uint32Array.of(7, 8, 9))].sort()).toEqual([7, 8, 9]);
    expect(['x', 'y']).toContain(random.pick(['x', 'y']));
    expect(() => random.int(0)).toThrow('got 0');
    expect(() => random.pick([])).toThrow('at least one item');
  });

  it('fills tensors', () => {
    const tensor = normals(new Random(6), [2, 3], { mean: 10, std: 0.1 });
    expect(tensor.shape).toEqual([2, 3]);
    expect(tensor).toBeAllclose(normalArray(new Random(6), 6).map((value) => 10 + 0.1 * value));
    tensor.dispose();
  });
});
