import { describe, expect, it } from 'vitest';
import { FACTORS, fromRow, valueIndex, type Avatar } from '../factors.js';
import { valueDirections } from './value-directions.js';

const plain = fromRow(FACTORS.map(({ name }) => (name === 'hair' ? valueIndex('hair', 'bob') : 0)));
const shaded: Avatar = { ...plain, glasses: valueIndex('glasses', 'shades'), eyes: valueIndex('eyes', 'wink') };
const first = (name: string): number =>
  FACTORS.slice(
    0,
    FACTORS.findIndex((factor) => factor.name === name),
  ).reduce((sum, { values }) => sum + values.length, 0);

describe('valueDirections', () => {
  const rows = valueDirections(Float32Array.of(1, 0, 3, 2, 1, 4), [plain, plain, shaded]).arraySync();

  it('point from the mean of a factor to the mean picture of a value', () => {
    // without glasses: mean (2, 1); with shades: (1, 4); their mean: (1.5, 2.5)
    expect(rows[first('glasses') + valueIndex('glasses', 'none')]).toEqual([0.5, -1.5]);
    expect(rows[first('glasses') + valueIndex('glasses', 'shades')]).toEqual([-0.5, 1.5]);
  });

  it('are zero for what no picture shows, and for what is hidden', () => {
    expect(rows[first('glasses') + valueIndex('glasses', 'round')]).toEqual([0, 0]);
    expect(rows[first('eyes') + valueIndex('eyes', 'wink')]).toEqual([0, 0]); // behind dark lenses
  });
});
