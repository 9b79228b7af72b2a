import { describe, expect, it } from 'vitest';
import { Random } from '@styleclip/core';
import { IDENTITIES, IDENTITY_FACTORS, identityOf, identityValues, sampleIdentities } from './identities.js';
import { FACTORS } from './factors.js';

describe('identities', () => {
  it('numbers every combination once', () => {
    const ids = Array.from({ length: IDENTITIES }, (_, id) => identityOf(identityValues(id)));
    expect(ids).toEqual(ids.map((_, id) => id));
    expect(() => identityValues(IDENTITIES)).toThrow(/there are 1680/);
  });

  it('samples different identities whose views share the identity and vary in everything else', () => {
    const sampled = sampleIdentities(40, 24, new Random(7));
    expect(new Set(sampled.map(({ id }) => id)).size).toBe(40);
    for (const { id, avatars } of sampled) {
      for (const avatar of avatars) expect(identityOf(avatar)).toBe(id);
    }
    const kept: readonly string[] = IDENTITY_FACTORS;
    for (const { name } of FACTORS.filter((factor) => !kept.includes(factor.name))) {
      expect(new Set(sampled[0]!.avatars.map((avatar) => avatar[name])).size).toBeGreaterThan(2);
    }
    expect(() => sampleIdentities(IDENTITIES + 1, 1, new Random(7))).toThrow(RangeError);
  });
});
