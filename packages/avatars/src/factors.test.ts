import { describe, expect, it } from 'vitest';
import { Random } from '@styleclip/core';
import { factor, FACTORS, fromRow, sampleAvatar, toRow, valueAt, valueIndex, type Avatar } from './factors.js';
import { hasHat, visible } from './visible.js';

const avatars = Array.from(
  { length: 20_000 },
  (
    (random) => () =>
      sampleAvatar(random)
  )(new Random(11)),
);

describe('factors', () => {
  it('has the three groups of a generator, and value names that are unique within a factor', () => {
    expect(new Set(FACTORS.map(({ group }) => group))).toEqual(new Set(['coarse', 'medium', 'fine']));
    for (const { values } of FACTORS) expect(new Set(values).size).toBe(values.length);
  });

  it('names the known ones when a name is unknown', () => {
    expect(() => factor('nose')).toThrow(/no factor is called "nose"; there are hair, /);
    expect(() => factor('toString')).toThrow(RangeError);
    // @ts-expect-error: the type already knows that there is no such value
    expect(() => valueIndex('beard', 'goatee')).toThrow(/it has none, short/);
  });

  it('samples each value with its share', () => {
    for (const { name, shares } of FACTORS) {
      shares.forEach((share, value) => {
        const seen = avatars.filter((avatar) => avatar[name] === value).length / avatars.length;
        expect(Math.abs(seen - share), `${name} ${value}`).toBeLessThan(
          5 * Math.sqrt((share * (1 - share)) / avatars.length),
        );
      });
    }
    expect(avatars.filter(hasHat).length / avatars.length).toBeLessThan(0.2);
  });

  it('inverts the cumulative shares', () => {
    for (const { name, shares } of FACTORS) {
      let below = 0;
      shares.forEach((share, value) => {
        expect(valueAt(name, below + share / 2)).toBe(value);
        below += share;
      });
      expect(valueAt(name, 0)).toBe(0);
      expect(valueAt(name, 1 - 2 ** -53)).toBe(shares.length - 1);
    }
  });

  it('writes and reads rows', () => {
    for (const avatar of avatars.slice(0, 100)) expect(fromRow(toRow(avatar))).toEqual(avatar);
    expect(() => fromRow([0, 1])).toThrow(/10 values, not 2/);
    expect(() => fromRow(new Array(10).fill(200))).toThrow(/"hair" has 19 values/);
  });

  it('says what hides what', () => {
    const plain = fromRow([valueIndex('hair', 'short'), 0, 0, 0, 0, 0, 0, 0, 0, 0]);
    const see = (change: Partial<Avatar>, name: Parameters<typeof visible>[1]): boolean =>
      visible({ ...plain, ...change }, name);
    expect(see({}, 'hairColor')).toBe(true);
    expect(see({ hair: valueIndex('hair', 'bald') }, 'hairColor')).toBe(false);
    expect(see({ hair: valueIndex('hair', 'bald'), beard: valueIndex('beard', 'full') }, 'hairColor')).toBe(true);
    expect(see({ hair: valueIndex('hair', 'turban') }, 'hairColor')).toBe(false);
    expect(see({ hair: valueIndex('hair', 'hijab'), beard: valueIndex('beard', 'full') }, 'hairColor')).toBe(false);
    expect(see({ hair: valueIndex('hair', 'hijab') }, 'beard')).toBe(false);
    expect(see({ glasses: valueIndex('glasses', 'round') }, 'eyes')).toBe(true);
    expect(see({ glasses: valueIndex('glasses', 'sunglasses') }, 'eyes')).toBe(false);
    expect(see({ glasses: valueIndex('glasses', 'shades') }, 'eyes')).toBe(false);
  });
});
