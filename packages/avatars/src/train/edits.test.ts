/** Edits as training examples: what they ask for and what they let through. */
import { Random } from '@styleclip/core';
import { describe, expect, it } from 'vitest';
import { sampleAvatar } from '../factors.js';
import { COLUMNS, FIRST_COLUMN } from './codes.js';
import { drawEdit, edited, writeChange, writeMask, type Edit } from './edits.js';
import { channelsOf, ownedLayers } from './ownership.js';

const layers = ownedLayers(64, () => 64);
const width = layers.length * 64;

describe('drawn edits', () => {
  const random = new Random(3);
  const drawn = Array.from({ length: 2000 }, () => {
    const avatar = sampleAvatar(random);
    return { avatar, edit: drawEdit(avatar, random) };
  });

  it('always ask for another value', () => {
    for (const { avatar, edit } of drawn) expect(edit.value).not.toBe(avatar[edit.factor]);
  });

  it('change the picture only forwards, and then one factor', () => {
    for (const { avatar, edit } of drawn) {
      const result = edited(avatar, edit);
      expect(result).toEqual(edit.amount < 0 ? avatar : { ...avatar, [edit.factor]: edit.value });
    }
    const backwards = drawn.filter(({ edit }) => edit.amount < 0).length / drawn.length;
    expect(backwards).toBeGreaterThan(0.11);
    expect(backwards).toBeLessThan(0.19);
  });
});

describe('an edit', () => {
  const avatar = sampleAvatar(new Random(5));
  const value = avatar.glasses === 0 ? 1 : 0;
  const edit: Edit = {
    factor: 'glasses',
    value,
    amount: 1.5,
    removed: 0.25,
    everywhere: false,
    passage: { kind: 'own', count: 3 },
  };

  it('adds to its value and takes from the old one', () => {
    const columns = new Float32Array(2 * COLUMNS);
    writeChange(edit, avatar, columns, COLUMNS);
    const at = COLUMNS + FIRST_COLUMN.glasses;
    expect(columns[at + value]).toBe(1.5);
    expect(columns[at + avatar.glasses]).toBe(-0.25);
    expect(columns.filter((x) => x !== 0).length).toBe(2);
  });

  it('passes as many of its own channels as it says, and few others', () => {
    const own = new Set(channelsOf(layers, FIRST_COLUMN.glasses + value));
    let others = 0;
    for (let i = 0; i < 50; i++) {
      const mask = new Float32Array(width);
      writeMask(edit, layers, new Random(i), mask, 0);
      const open = Array.from(mask.keys()).filter((channel) => mask[channel] === 1);
      expect(open.filter((channel) => own.has(channel)).length).toBeGreaterThanOrEqual(3);
      others += open.filter((channel) => !own.has(channel)).length / 50;
    }
    expect(others / (width - own.size)).toBeGreaterThan(0.01);
    expect(others / (width - own.size)).toBeLessThan(0.03);
  });

  it('passes everything, or a share, when it says so', () => {
    const share = (passage: Edit['passage']): number => {
      const mask = new Float32Array(width);
      writeMask({ ...edit, passage }, layers, new Random(1), mask, 0);
      return mask.reduce((a, b) => a + b) / width;
    };
    expect(share({ kind: 'all' })).toBe(1);
    expect(share({ kind: 'share', share: 0.3 })).toBeCloseTo(0.3, 1);
  });
});
