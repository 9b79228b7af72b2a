/** Directions in the embedded generator's style space. */
import { disposeAll, loadBundle, openDevice } from '@styleclip/core';
import { describe, expect, it } from 'vitest';
import { valueIndex } from '../factors.js';
import { hiddenBy, measureDirections, strongest } from './directions.js';

describe('what a value hides', () => {
  it.each([
    ['glasses', 'sunglasses', ['eyes']],
    ['hair', 'bald', ['hairColor']],
    ['hair', 'hijab', ['clothing', 'beard', 'hairColor']],
    ['mouth', 'open', []],
  ] as const)('%s %s', (factor, value, hidden) => {
    expect(hiddenBy(factor, [valueIndex(factor, value as never)]).sort()).toEqual([...hidden].sort());
  });
});

describe('the strongest channels', () => {
  it('are moved by their share of the largest, times σ, with their sign', () => {
    const direction = strongest(Float32Array.of(0.1, -0.4, 0.2, 0.3), Float32Array.of(1, 2, 3, 4), 2);
    expect(direction).toBeAllclose([0, -2, 0, 3]);
  });

  it('are none, and no NaN, where nothing agrees', () => {
    expect([...strongest(new Float32Array(3), Float32Array.of(1, 1, 1), 2)]).toEqual([0, 0, 0]);
  });
});

describe('measureDirections', () => {
  it('finds that the mean style of a beard gives beards', async () => {
    const { info, generator, clip, attributes } = await loadBundle('models/avatars');
    const { inputResolution: size, mean, std } = info.clip!;
    const networks = { generator: generator!, clip: clip!, clipInput: { size, mean, std }, probe: attributes! };
    const device = await openDevice('cpu');
    const { oracle, finiteDifferences } = await measureDirections(device, networks, {
      prompts: [],
      factors: ['beard'],
      statistics: 160,
      tuning: 16,
      heldOut: 24,
    });
    const { full } = oracle['beard']!;
    expect(full!.hit).toBeGreaterThan(full!.hitBefore + 0.5);
    expect(full!.leak).toBeLessThan(0.3);
    expect(finiteDifferences).toEqual({});
    disposeAll(generator, clip, attributes);
  });
});
