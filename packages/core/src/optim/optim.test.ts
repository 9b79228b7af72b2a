/**
 * Adam and Ranger against slow float64 references written straight from their definitions, plain and compiled.
 */
import { compile } from '@styleclip/jit';
import { tf } from '../tensors/tf.js';
import { describe, expect, it } from 'vitest';
import { normalArray, Random } from '../tensors/random.js';
import { disposeAll, valueAndGrads, type Weights } from '../tensors/weights.js';
import { adamInit, type AdamState, adamUpdate } from './adam.js';
import { rangerInit, type RangerState, rangerUpdate } from './ranger.js';

const SHAPES: Record<string, number[]> = { kernel: [2, 3, 4], weight: [3, 2], bias: [5], scale: [] };
const sizeOf = (shape: number[]) => shape.reduce((product, size) => product * size, 1);

/** The same pseudo-random gradients for the reference and the tensors. */
function gradientsAt(step: number): Record<string, Float32Array> {
  const random = new Random(`gradients/${step}`);
  return Object.fromEntries(
    Object.entries(SHAPES).map(([name, shape]) => [
      name,
      normalArray(random, sizeOf(shape)).map((g) => g * 10 ** -(step % 3)),
    ]),
  );
}

const START = Object.fromEntries(
  Object.entries(SHAPES).map(([name, shape]) => [name, normalArray(new Random(name), sizeOf(shape))]),
);
const toTensors = (arrays: Record<string, Float32Array>): Weights =>
  Object.fromEntries(Object.entries(arrays).map(([name, values]) => [name, tf.tensor(values, SHAPES[name]!)]));

type Reference = (gradient: Float64Array, shape: number[], step: number, p: Float64Array) => Float64Array;

/** Runs a one-parameter reference on each parameter. */
function reference(steps: number, make: () => Reference): Record<string, Float64Array> {
  return Object.fromEntries(
    Object.entries(SHAPES).map(([name, shape]) => {
      const update = make();
      let p = Float64Array.from(START[name]!);
      for (let step = 1; step <= steps; step++)
        p = update(Float64Array.from(gradientsAt(step)[name]!), shape, step, p) as Float64Array<ArrayBuffer>;
      return [name, p];
    }),
  );
}

function slowAdam({
  lr,
  beta1,
  beta2,
  eps,
}: {
  lr: number;
  beta1: number;
  beta2: number;
  eps: number;
}): () => Reference {
  return () => {
    let m: Float64Array | undefined;
    let v: Float64Array | undefined;
    return (g, _, step, p) => {
      const [oldM, oldV] = [m ?? g.map(() => 0), v ?? g.map(() => 0)];
      m = g.map((x, i) => beta1 * oldM[i]! + (1 - beta1) * x);
      v = g.map((x, i) => beta2 * oldV[i]! + (1 - beta2) * x * x);
      return p.map(
        (x, i) => x - (lr * (m![i]! / (1 - beta1 ** step))) / (Math.sqrt(v![i]! / (1 - beta2 ** step)) + eps),
      );
    };
  };
}

function slowRanger({
  lr,
  beta1,
  beta2,
  eps,
  k,
  alpha,
}: {
  lr: number;
  beta1: number;
  beta2: number;
  eps: number;
  k: number;
  alpha: number;
}): () => Reference {
  return () => {
    let m: Float64Array | undefined;
    let v: Float64Array | undefined;
    let slow: Float64Array | undefined;
    return (gradient, shape, step, p) => {
      slow ??= p.slice();
      let g = gradient;
      if (shape.length > 1) {
        const outputs = shape.at(-1)!;
        const means = Array.from(
          { length: outputs },
          (_, o) => g.filter((_, i) => i % outputs === o).reduce((a, b) => a + b, 0) / (g.length / outputs),
        );
        g = g.map((x, i) => x - means[i % outputs]!);
      }
      const [oldM, oldV] = [m ?? g.map(() => 0), v ?? g.map(() => 0)];
      m = g.map((x, i) => beta1 * oldM[i]! + (1 - beta1) * x);
      v = g.map((x, i) => beta2 * oldV[i]! + (1 - beta2) * x * x);
      const nMax = 2 / (1 - beta2) - 1;
      const n = nMax - (2 * step * beta2 ** step) / (1 - beta2 ** step);
      const adaptive = n > 5;
      const size = adaptive
        ? Math.sqrt((((1 - beta2 ** step) * (n - 4)) / (nMax - 4)) * ((n - 2) / n) * (nMax / (nMax - 2))) /
          (1 - beta1 ** step)
        : 1 / (1 - beta1 ** step);
      let next = p.map((x, i) => x - lr * size * (adaptive ? m![i]! / (Math.sqrt(v![i]!) + eps) : m![i]!));
      if (step % k === 0) {
        slow = slow.map((s, i) => s + alpha * (next[i]! - s));
        next = slow.slice();
      }
      return next;
    };
  };
}

const adam = { lr: 0.02, beta1: 0.9, beta2: 0.999, eps: 1e-8 };
const ranger = { lr: 0.02, beta1: 0.95, beta2: 0.999, eps: 1e-5, k: 6, alpha: 0.5 };
const close = { rtol: 1e-4, atol: 2e-5 };

/** Runs `update` for `steps` steps, plain or compiled, and disposes what is replaced. */
async function runSteps<S extends { step: tf.Tensor }>(
  steps: number,
  init: (params: Weights) => S,
  update: (
    params: Weights,
    grads: Weights,
    state: S,
  ) => { params: Weights; state: S } | Promise<{ params: Weights; state: S }>,
): Promise<{ params: Weights; state: S }> {
  let params = toTensors(START);
  let state = init(params);
  for (let step = 1; step <= steps; step++) {
    const grads = toTensors(gradientsAt(step));
    const next = await update(params, grads, state);
    disposeAll(params, grads, state as never);
    ({ params, state } = next);
  }
  return { params, state };
}

describe('optimizers', () => {
  it.each([1, 2, 40])('Adam equals the float64 reference after %i steps', async (steps) => {
    const before = tf.memory().numTensors;
    const { params, state } = await runSteps(steps, adamInit, (p, g, s: AdamState) => adamUpdate(p, g, s, adam));
    const expected = reference(steps, slowAdam(adam));
    for (const name of Object.keys(SHAPES)) expect(params[name]!).toBeAllclose(expected[name]!, close);
    expect(state.step.dataSync()[0]).toBe(steps);
    disposeAll(params, state);
    expect(tf.memory().numTensors).toBe(before);
  });

  it.each([1, 5, 6, 7, 12, 40])('Ranger equals the float64 reference after %i steps', async (steps) => {
    const before = tf.memory().numTensors;
    const { params, state } = await runSteps(steps, rangerInit, (p, g, s: RangerState) =>
      rangerUpdate(p, g, s, ranger),
    );
    const expected = reference(steps, slowRanger(ranger));
    for (const name of Object.keys(SHAPES)) expect(params[name]!).toBeAllclose(expected[name]!, close);
    disposeAll(params, state);
    expect(tf.memory().numTensors).toBe(before);
  });

  it('one compiled graph serves all steps, with the learning rate as a tensor', async () => {
    const adamStep = compile((p: Weights, g: Weights, s: AdamState, lr: tf.Tensor) =>
      adamUpdate(p, g, s, { ...adam, lr }),
    );
    const rangerStep = compile((p: Weights, g: Weights, s: RangerState, lr: tf.Tensor) =>
      rangerUpdate(p, g, s, { ...ranger, lr }),
    );
    const lr = tf.scalar(0.02);
    const a = await runSteps(13, adamInit, (p, g, s: AdamState) => adamStep(p, g, s, lr));
    const r = await runSteps(13, rangerInit, (p, g, s: RangerState) => rangerStep(p, g, s, lr));
    const [expectedAdam, expectedRanger] = [reference(13, slowAdam(adam)), reference(13, slowRanger(ranger))];
    for (const name of Object.keys(SHAPES)) {
      expect(a.params[name]!).toBeAllclose(expectedAdam[name]!, close);
      expect(r.params[name]!).toBeAllclose(expectedRanger[name]!, close);
    }
    await adamStep.dispose();
    await rangerStep.dispose();
    disposeAll(a.params, a.state, r.params, r.state, lr);
  });

  it('a whole training step (loss, gradients, Adam) is the same compiled and plain', async () => {
    const x = tf.tensor2d(normalArray(new Random('x'), 12), [4, 3]);
    const y = tf.tensor2d(normalArray(new Random('y'), 8), [4, 2]);
    const step = (params: Weights, state: AdamState) => {
      const { value, grads } = valueAndGrads(
        (p) =>
          tf
            .matMul(x, p['weight'] as tf.Tensor2D)
            .add(p['bias']!)
            .tanh()
            .sub(y)
            .square()
            .mean() as tf.Scalar,
      )(params);
      return { value, ...adamUpdate(params, grads, state, adam) };
    };
    const train = async (
      run: (params: Weights, state: AdamState) => ReturnType<typeof step> | Promise<ReturnType<typeof step>>,
    ) => {
      let params: Weights = { weight: tf.tensor2d(normalArray(new Random('w'), 6), [3, 2]), bias: tf.zeros([2]) };
      let state = adamInit(params);
      const losses: number[] = [];
      for (let i = 0; i < 10; i++) {
        const next = await run(params, state);
        losses.push(next.value.dataSync()[0]!);
        disposeAll(params, state, next.value);
        ({ params, state } = next);
      }
      return { params, losses };
    };
    const plain = await train(step);
    const compiled = compile(step);
    const fast = await train(compiled);
    expect(fast.losses).toBeAllclose(plain.losses, { rtol: 1e-4, atol: 1e-6 });
    expect(fast.params['weight']!).toBeAllclose(plain.params['weight']!, close);
    expect(fast.losses.at(-1)!).toBeLessThan(fast.losses[0]!);
    expect(compiled.traces).toBe(1);
    await compiled.dispose();
    disposeAll(plain.params, fast.params, x, y);
  });
});
