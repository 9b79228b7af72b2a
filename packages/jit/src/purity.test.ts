/** Random draws and other impure code in a trace: refused by name, and nothing is left behind. */
import { tf } from '#tf';
import { beforeAll, describe, expect, it } from 'vitest';
import { compile, TraceError } from './index.js';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

const x = () => tf.tensor1d([1, 2, 3, 4]);
const earlier = Math.random;

describe('a trace', () => {
  it.each<[string, (t: tf.Tensor1D) => unknown]>([
    ['tf.dropout', (t) => tf.dropout(t, 0.5)],
    ['tf.rand', () => tf.rand([2], Math.random)],
    ['tf.rand', () => tf.rand([2], earlier)],
    ['tf.rand', () => tf.rand([2], () => 0.5, 'int32')],
    ['tf.randomNormal', () => tf.randomNormal([2])],
    ['tf.randomNormal', () => tf.randomNormal([2], 0, 1, 'float32', 0)], // to TensorFlow.js, a seed of 0 is none
    ['tf.randomStandardNormal', () => tf.randomStandardNormal([2])],
    ['tf.randomUniform', () => tf.randomUniform([2])],
    ['tf.randomUniformInt', () => tf.randomUniformInt([2], 0, 9)],
    ['tf.truncatedNormal', () => tf.truncatedNormal([2])],
    ['tf.randomGamma', () => tf.randomGamma([2], 1)],
    ['tf.multinomial', (t) => tf.multinomial(t, 2)],
    ['tf.dropout', (t) => tf.grad((u: tf.Tensor) => tf.sum(tf.dropout(u, 0.5)))(t)],
    ['tf.dropout', (t) => tf.layers.dropout({ rate: 0.5 }).apply(t, { training: true })],
    ['Math.random', (t) => tf.mul(t, Math.random())],
    ['Math.random', (t) => (tf.util.shuffle([1, 2]), t)],
    ['crypto.getRandomValues', () => tf.tensor(crypto.getRandomValues(new Int32Array(2)))],
  ])('refuses %s', async (name, draw) => {
    const error: unknown = await compile(draw)(x()).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(TraceError);
    expect((error as Error).message).toMatch(
      new RegExp(`^${name.replace('.', '\\.')} draws random numbers, .*pass random numbers in as an argument`),
    );
    expect((error as Error).message).toMatch(/purity\.test\.ts:\d+:\d+\)$/);
    // The generators are back.
    expect(Math.random).toBe(earlier);
    expect(crypto.getRandomValues(new Uint8Array(1))).toHaveLength(1);
  });

  it('lets draws with a seed pass, which are the same at every call, compiled or not', async () => {
    const draws = (t: tf.Tensor) => [
      tf.dropout(t, 0.5, undefined, 3),
      tf.randomNormal([2], 0, 1, 'float32', 3),
      tf.randomUniform([2], 0, 1, 'float32', 3),
      tf.truncatedNormal([2], 0, 1, 'float32', 3),
      tf.randomGamma([2], 1, 1, 'float32', 3),
    ];
    const f = compile(draws);
    const [expected, got] = [draws(x()), await f(x())];
    got.forEach((t, i) => expect(t).toBeAllclose(expected[i]!));
    await f.dispose();
  });

  it('names the user’s line where values are read by promise, and fails alone where nobody waits for them', async () => {
    let failure = '';
    const f = compile((t: tf.Tensor) => {
      void t.data().catch((e: Error) => (failure = e.message));
      return t;
    });
    await f(x());
    expect(failure).toMatch(/reads the values of a tensor.*purity\.test\.ts:\d+:\d+\)$/);
    await f.dispose();
  });

  it('draws nothing where nothing is dropped', async () => {
    const f = compile((t: tf.Tensor) => tf.dropout(t, 0));
    expect(await f(x())).toBeAllclose([1, 2, 3, 4]);
    await f.dispose();
  });

  it('refuses to assign a variable, and leaves it whole', async () => {
    const v = tf.variable(tf.tensor1d([1, 2]), true, 'moving');
    const f = compile((t: tf.Tensor) => {
      v.assign(tf.add(t, 1));
      return t;
    });
    await expect(f(tf.ones([2]))).rejects.toThrow(/assigns the variable "moving"; return the new value instead/);
    expect(v).toBeAllclose([1, 2]);
    v.assign(tf.tensor1d([3, 4]));
    expect(v).toBeAllclose([3, 4]);
    v.dispose();
  });

  it('keeps what a literal array held when the tensor was made', async () => {
    const f = compile((t: tf.Tensor) => {
      const values = new Float32Array(2);
      return [1, 2].map((n) => tf.mul(t, tf.tensor1d(values.fill(n).map((v, i) => v + i))));
    });
    const shared = compile((t: tf.Tensor) => {
      const values = Float32Array.of(1, 2);
      const y = tf.mul(t, tf.tensor1d(values));
      values[0] = 7;
      return y;
    });
    expect((await f(tf.ones([2])))[1]!).toBeAllclose([2, 3]);
    expect(await shared(tf.ones([2]))).toBeAllclose([1, 2]);
    await f.dispose();
    await shared.dispose();
  });
});
