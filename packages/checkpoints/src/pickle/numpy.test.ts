import { describe, expect, it } from 'vitest';
import { assemble, type Instruction, name, text, u32 } from './testing/assembler.js';
import { read, refusal } from './testing/refusal.js';
import type { PyTensor } from './values.js';

describe('numpy arrays', () => {
  const make: Instruction[] = [
    name('numpy.core.multiarray', '_reconstruct'),
    name('numpy', 'ndarray'),
    ['BININT1', [0]],
    'TUPLE1',
    ['SHORT_BINBYTES', [1], 'b'],
    'TUPLE3',
    'REDUCE',
  ];
  const dtype = (descr: string): Instruction[] => [name('numpy', 'dtype'), text(descr), 'TUPLE1', 'REDUCE'];
  const state = (shape: Instruction[], descr: string, data: Instruction): Instruction[] => [
    'MARK',
    ['BININT1', [1]],
    ...shape,
    ...dtype(descr),
    'NEWFALSE',
    data,
    'TUPLE',
    'BUILD',
  ];
  const four: Instruction = ['SHORT_BINBYTES', [4], 'abcd'];

  it('are read when all fits', () => {
    const value = read(assemble(...make, ...state([['BININT1', [1]], 'TUPLE1'], 'f4', four), 'STOP')) as PyTensor;
    expect(value.tensor.shape).toEqual([1]);
  });

  it.each<[string, Instruction[], string]>([
    [
      'too little data',
      [...make, ...state([['BININT1', [2]], 'TUPLE1'], 'f4', four)],
      'needs 8 bytes, and 4 are there',
    ],
    ['negative sizes', [...make, ...state([['BININT', u32(0xffffffff)], 'TUPLE1'], 'f4', four)], 'whole number'],
    [
      'huge sizes',
      [...make, ...state([['LONG1', [7], [0, 0, 0, 0, 0, 0, 16]], 'DUP', 'TUPLE2'], 'f4', four)],
      'too large',
    ],
    ['sizes that are texts', [...make, ...state([text('2'), 'TUPLE1'], 'f4', four)], 'whole number'],
    ['no shape', [...make, ...state(['NONE'], 'f4', four)], 'the shape of a numpy array is None'],
    ['complex numbers', [...make, ...state(['EMPTY_TUPLE'], 'c8', four)], 'type "c8"'],
    ['text', [...make, ...state(['EMPTY_TUPLE'], 'U1', four)], 'type "U1"'],
    ['inherited names', [...make, ...state(['EMPTY_TUPLE'], 'constructor', four)], 'type "constructor"'],
    ['objects without a list', [...make, ...state(['EMPTY_TUPLE'], 'O8', four)], 'holds bytes'],
    ['data that is no data', [...make, ...state(['EMPTY_TUPLE'], 'f4', 'NONE')], 'the data of a numpy array is None'],
    ['no state', [...make, 'NONE', 'BUILD'], 'the state of a numpy array is None'],
    ['a short state', [...make, 'EMPTY_TUPLE', 'BUILD'], 'has 0 parts'],
    ['never being filled', make, 'never fills it'],
    ['an unfilled twin', [...make, 'DUP', ...state(['EMPTY_TUPLE'], 'f4', four), 'TUPLE2'], 'never fills it'],
    [
      'another class',
      [name('numpy.core.multiarray', '_reconstruct'), name('builtins', 'object'), 'TUPLE1', 'REDUCE'],
      'another class',
    ],
    [
      'an endless scalar',
      [name('numpy.core.multiarray', 'scalar'), ...dtype('f8'), four, 'TUPLE2', 'REDUCE'],
      'needs 8 bytes',
    ],
  ])('with %s are refused', (_kind, instructions, message) => {
    expect(refusal(...instructions, 'STOP')).toContain(message);
  });
});
