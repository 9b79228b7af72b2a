/** Tables that don't fit, and what a table does with tensors in memory and with tensors in a file. */
import { tf } from '../tensors/tf.js';
import { beforeAll, describe, expect, it } from 'vitest';
import { UserError } from '../errors.js';
import type { RawTensor } from '../tensors/raw-tensor.js';
import { applyNameTable, checkTable, type NameRow } from './name-table.js';
import { type LoadableTensor, loadByTable, planTensors } from './convert-tensors.js';
import { arrange, HALF_TURN, LINEAR, linearAfterFlatten, type Turn } from './turns.js';

beforeAll(() => tf.setBackend('cpu'));

const TABLE: readonly NameRow[] = [
  { from: 'fc.weight', to: 'weight', shape: ['out', 'in'], turn: LINEAR, gain: ([inputs = 1]) => 1 / inputs },
  { from: ['q', 'k'], to: 'both', shape: ['in', 'out'], turn: LINEAR },
  { from: 'fc.bias', to: 'bias', shape: ['out'], offset: 1 },
  { from: 'triple', to: 'triple', shape: ['3·in'] },
];

const STATE = {
  'fc.weight': tf.tensor2d([1, 2, 3, 4, 5, 6], [2, 3]),
  q: tf.tensor2d([1, 2, 3, 4, 5, 6], [3, 2]),
  k: tf.tensor2d([7, 8, 9, 10, 11, 12], [3, 2]),
  'fc.bias': tf.tensor1d([1, 2]),
  triple: tf.zeros([9]),
};

/** A tensor that is read when it is asked for, and how often that was. */
function loadable(tensor: tf.Tensor, dtype: 'F32' | 'F16' = 'F32'): LoadableTensor & { reads: number } {
  const data = dtype === 'F32' ? (tensor.dataSync() as Float32Array) : new Uint16Array(tensor.size);
  return {
    dtype,
    shape: tensor.shape,
    reads: 0,
    async read(): Promise<RawTensor> {
      this.reads++;
      return { dtype, shape: [...tensor.shape], data };
    },
  };
}

describe('a name table', () => {
  it('turns, joins, scales and shifts', () => {
    const got = applyNameTable('x', STATE, TABLE);
    expect(got['weight']!).toBeAllclose(tf.tensor2d([1 / 3, 4 / 3, 2 / 3, 5 / 3, 1, 2], [3, 2]));
    expect(got['both']!).toBeAllclose(
      tf.tensor2d(
        [
          [1, 3, 5, 7, 9, 11],
          [2, 4, 6, 8, 10, 12],
        ],
        [2, 6],
      ),
    );
    expect(got['bias']!).toBeAllclose([2, 3]);
  });

  it('gives the same from a file, tensor by tensor, and reports progress', async () => {
    const state = new Map(Object.entries(STATE).map(([name, tensor]) => [name, loadable(tensor)]));
    const progress: number[][] = [];
    const before = tf.memory().numTensors;
    const got = await loadByTable('x', state, TABLE, { onProgress: (...numbers) => progress.push(numbers) });
    expect(tf.memory().numTensors - before).toBe(4);
    const want = applyNameTable('x', STATE, TABLE);
    for (const name of Object.keys(want)) expect(got[name]!).toBeAllclose(want[name]!);
    expect(progress).toEqual([[24, 116], [72, 116], [80, 116], [116, 116]]); // prettier-ignore
  });

  it('plans shapes and dtypes before it reads, and keeps float16 only where no number changes', () => {
    const state = new Map(Object.entries(STATE).map(([name, tensor]) => [name, loadable(tensor, 'F16')]));
    expect(planTensors('x', state, TABLE).map(({ name, shape, dtype }) => [name, shape, dtype])).toEqual([
      ['weight', [3, 2], 'F32'],
      ['both', [2, 6], 'F16'],
      ['bias', [2], 'F32'],
      ['triple', [9], 'F16'],
    ]);
    expect([...state.values()].map(({ reads }) => reads)).toEqual([0, 0, 0, 0, 0]);
  });

  it('lists names that are missing or left over', () => {
    const { k: _gone, ...less } = STATE;
    const state = { ...less, extra: tf.zeros([1]), known: tf.zeros([1]) };
    expect(() => applyNameTable('x.pt', state, TABLE, (name) => name === 'known')).toThrow(
      "x.pt: the weights' names do not fit (missing: k; not known: extra)",
    );
    const many = new Map(Array.from({ length: 9 }, (_, i) => [`n${i}`, [1]]));
    expect(() => checkTable('x.pt', many, [])).toThrow('not known: n0, n1, n2, n3, n4, n5, … (9 in all)');
  });

  it('refuses sizes that do not go together, as the user’s error', () => {
    const wrong = (shapes: Partial<Record<keyof typeof STATE, tf.Tensor>>): (() => unknown) => {
      return () => applyNameTable('x.pt', { ...STATE, ...shapes }, TABLE);
    };
    expect(wrong({ 'fc.bias': tf.zeros([3]) })).toThrow('"fc.bias" has shape [3], expected [2]');
    expect(wrong({ triple: tf.zeros([10]) })).toThrow('"triple" has shape [10], expected [9]');
    expect(wrong({ 'fc.weight': tf.zeros([6]) })).toThrow('"fc.weight" has shape [6], expected [out,in]');
    expect(wrong({ 'fc.weight': tf.zeros([0, 3]) })).toThrow('"fc.weight" has shape [0,3], expected [out,in]');
    expect(wrong({ q: tf.zeros([1]) })).toThrow(UserError);
  });

  it('refuses whole numbers where real ones belong', () => {
    const state = new Map(Object.entries(STATE).map(([name, tensor]) => [name, loadable(tensor)]));
    state.set('triple', { ...loadable(STATE.triple), dtype: 'I64' } as never);
    expect(() => planTensors('x.pt', state, TABLE)).toThrow('x.pt: "triple" holds I64 numbers');
  });
});

describe('turns', () => {
  const numbers = (shape: number[]): tf.Tensor => tf.range(0, tf.util.sizeFromShape(shape)).reshape(shape);

  /** What a turn makes of a tensor. */
  function turned(turn: Turn, tensor: tf.Tensor): tf.Tensor {
    return tf.tensor(turn.move(tensor.dataSync() as Float32Array, tensor.shape), turn.shape(tensor.shape));
  }

  it.each([
    ['1 o i y x -> y x i o', [1, 2, 3, 4, 5], [0, 3, 4, 2, 1]],
    ['out in -> in out', [3, 7], [1, 0]],
    ['1 c y x -> y x c', [1, 5, 2, 3], [0, 2, 3, 1]],
    ['1 c 1 1 -> c', [1, 4, 1, 1], [0, 1, 2, 3]],
    ['1 ->', [1], [0]],
  ])('%s is the transposition', (pattern, shape, order) => {
    const turn = arrange(pattern);
    const tensor = numbers(shape);
    expect(turned(turn, tensor)).toBeAllclose(tf.reshape(tf.transpose(tensor, order), turn.shape(shape)));
  });

  it('turn kernels by half, and linear layers behind a picture', () => {
    const kernel = numbers([3, 3, 1, 2]);
    expect(turned(HALF_TURN, kernel)).toBeAllclose(tf.reverse(kernel, [0, 1]));
    const flat = tf.reshape(tf.transpose(numbers([3, 2, 4]), [2, 1, 0]), [8, 3]);
    expect(turned(linearAfterFlatten(2), numbers([3, 8]))).toBeAllclose(flat);
    expect(() => arrange('a b -> a')).toThrow('loses an axis');
  });
});
