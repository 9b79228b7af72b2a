import { Random } from '@styleclip/core';
import { describe, expect, it } from 'vitest';
import { assemble, text } from '../pickle/testing/assembler.js';
import { editInstructions, splitInstructions } from './instructions.js';
import { mutate } from './mutate.js';
import { makeCase, readSeeds } from './seeds.js';

const bytes = Uint8Array.from({ length: 1000 }, (_, i) => i % 251);

describe('mutations', () => {
  it('are the same for the same seed, and others for another', () => {
    const make = (seed: number) => Array.from({ length: 50 }, (_, i) => mutate(bytes, new Random(`${seed}/${i}`)));
    expect(make(1)).toEqual(make(1));
    expect(make(1)).not.toEqual(make(2));
  });

  it('leave the file they start from alone, and change something', () => {
    const before = bytes.slice();
    const random = new Random(3);
    let changed = 0;
    for (let i = 0; i < 500; i++) if (Buffer.compare(mutate(bytes, random), bytes) !== 0) changed++;
    expect(bytes).toEqual(before);
    expect(changed).toBeGreaterThan(450);
  });

  it('make files shorter and longer, within bounds', () => {
    const random = new Random(4);
    const sizes = Array.from({ length: 500 }, () => mutate(bytes, random).length);
    expect(Math.min(...sizes)).toBeLessThan(500);
    expect(Math.max(...sizes)).toBeGreaterThan(1000);
    expect(Math.max(...sizes)).toBeLessThan(2 * bytes.length + 70_000);
  });

  it('work on next to nothing', () => {
    const random = new Random(5);
    for (let i = 0; i < 500; i++) expect(mutate(new Uint8Array(i % 3), random)).toBeInstanceOf(Uint8Array);
  });
});

describe('instructions', () => {
  const program = assemble(['PROTO', [2]], 'EMPTY_DICT', text('key'), ['BININT1', [1]], 'SETITEM', 'STOP');

  it('of a pickle are found, and what follows it', () => {
    const { instructions, rest } = splitInstructions(Uint8Array.from([...program, 1, 2, 3]));
    expect(instructions).toHaveLength(6);
    expect(rest).toEqual(Uint8Array.of(1, 2, 3));
  });

  it('of all that Python wrote are found', async () => {
    for (const { bytes: pickle, name } of await readSeeds(['pickles.bin']))
      expect(splitInstructions(pickle).rest, name).toHaveLength(0);
  });

  it('of other files are none', () => {
    expect(splitInstructions(bytes)).toEqual({ instructions: [], rest: bytes });
    expect(editInstructions(bytes, new Random(1))).toBe(bytes);
  });

  it('are edited whole', () => {
    const random = new Random(6);
    for (let i = 0; i < 200; i++) {
      const edited = editInstructions(program, random);
      // The STOP may be lost, and then nothing counts as a pickle; whole it is otherwise.
      if (edited.at(-1) === program.at(-1)) expect(splitInstructions(edited).rest).toHaveLength(0);
    }
  });
});

describe('archives', () => {
  it('are damaged as they are, or inside and packed anew', async () => {
    const seeds = await readSeeds(['latents.pt']);
    expect(seeds[0]?.entries?.map(({ name }) => name)).toContain('latents/data.pkl');
    const random = new Random(7);
    const cases = Array.from({ length: 50 }, () => makeCase(seeds, random));
    const starts = cases.map((damaged) => Buffer.from(damaged.subarray(0, 4)).toString('latin1'));
    expect(starts.filter((start) => start === 'PK\x03\x04').length).toBeGreaterThan(25);
  });
});
