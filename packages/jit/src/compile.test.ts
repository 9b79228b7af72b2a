import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { tf } from '#tf';
import * as ort from 'onnxruntime-node';
import { beforeAll, describe, expect, it } from 'vitest';
import { compile, exportOnnx, TraceError } from './index.js';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

describe('compile', () => {
  it('takes and returns nested records and arrays, and traces once per signature', async () => {
    const f = compile((p: { w: tf.Tensor; list: tf.Tensor[] }, power: number) => ({
      sum: tf.addN([p.w, ...p.list]),
      power,
      pair: [tf.pow(p.w, power)],
    }));
    const args = { w: tf.tensor1d([1, 2]), list: [tf.tensor1d([3, 4]), tf.tensor1d([5, 6])] };
    const first = await f(args, 2);
    expect(first.sum).toBeAllclose([9, 12]);
    expect(first.pair[0]).toBeAllclose([1, 4]);
    expect(first.power).toBe(2);
    await f(args, 2);
    expect(f.traces).toBe(1);
    expect((await f(args, 3)).pair[0]).toBeAllclose([1, 8]); // another static value, another trace
    await f({ w: tf.zeros([3]), list: [tf.ones([3])] }, 3);
    expect(f.traces).toBe(3);
    await f.dispose();
  });

  it('differentiates: value and gradient of a composed function', async () => {
    const f = (x: tf.Tensor) => tf.sum(tf.mul(tf.sigmoid(x), x)) as tf.Scalar;
    const x = tf.tensor1d([-1, 0.5, 2]);
    const plain = tf.valueAndGrad(f)(x);
    const compiled = compile((t: tf.Tensor) => tf.valueAndGrad(f)(t));
    const { value, grad } = await compiled(x);
    expect(value).toBeAllclose(plain.value, { rtol: 1e-6 });
    expect(grad).toBeAllclose(plain.grad, { rtol: 1e-6 });
    await compiled.dispose();
  });

  it('freezes captured tensors and leaves them to their owner', async () => {
    const weight = tf.tensor1d([2, 3]);
    const f = compile((x: tf.Tensor) => tf.mul(x, weight));
    expect(await f(tf.tensor1d([1, 1]))).toBeAllclose([2, 3]);
    expect(weight.dataSync()).toEqual(Float32Array.of(2, 3));
    await f.dispose();
  });

  it('leaves no tensors behind but the results', async () => {
    const f = compile((x: tf.Tensor) => tf.grad((t) => tf.sum(tf.square(t)))(x));
    const x = tf.tensor1d([1, 2]);
    const before = tf.memory().numTensors;
    const y = await f(x);
    expect(tf.memory().numTensors).toBe(before + 1);
    y.dispose();
    await f.dispose();
  });

  it('refuses a captured variable by name', async () => {
    const v = tf.variable(tf.ones([2]), true, 'scale');
    await expect(compile((x: tf.Tensor) => tf.mul(x, v))(tf.ones([2]))).rejects.toThrow(
      /captures the variable "scale"; pass it in/,
    );
    v.dispose();
  });

  it('refuses to read values, naming the line', async () => {
    const f = compile((x: tf.Tensor) => tf.scalar(tf.sum(x).dataSync()[0]!));
    const error = await f(tf.ones([2])).then(
      () => undefined,
      (e: unknown) => e,
    );
    expect(error).toBeInstanceOf(TraceError);
    expect((error as Error).message).toMatch(/reads the values of a tensor.*compile\.test\.ts:\d+/s);
  });

  it('refuses a kernel without a lowering by name', async () => {
    await expect(compile((x: tf.Tensor1D) => tf.spectral.fft(tf.complex(x, x)))(tf.ones([4]))).rejects.toThrow(
      /kernel Complex has no ONNX lowering/,
    );
  });

  it('refuses asynchronous functions, foreign values, disposed tensors and calls after dispose', async () => {
    await expect(compile(() => Promise.resolve(1))()).rejects.toThrow(/must return at once/);
    await expect(compile((m: Map<string, number>) => m.size)(new Map())).rejects.toThrow(/is a Map/);
    const gone = tf.ones([1]);
    gone.dispose();
    await expect(compile((x: tf.Tensor) => tf.neg(x))(gone)).rejects.toThrow(/disposed/);
    const f = compile((x: tf.Tensor) => tf.neg(x));
    await f.dispose();
    await expect(f(tf.ones([1]))).rejects.toThrow(/was disposed/);
  });

  it('restores the backend when a trace fails', async () => {
    await expect(
      compile(() => {
        throw new Error('mine');
      })(),
    ).rejects.toThrow('mine');
    expect(tf.getBackend()).toBe('cpu');
  });
});

describe('the runtime', () => {
  it('is the only file that imports ONNX Runtime, so that graphs can be made where it is not', () => {
    const files = readdirSync(import.meta.dirname, { recursive: true, encoding: 'utf8' });
    const importing = files
      .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
      .filter((file) => readFileSync(join(import.meta.dirname, file), 'utf8').includes("from 'onnxruntime"));
    expect(importing).toEqual([join('runtime', 'node.ts')]);
  });

  it('can be another one, which gets the model, its ports and the options', async () => {
    const asked: unknown[] = [];
    const f = compile((x: tf.Tensor, y: tf.Tensor) => [tf.add(x, y), tf.greater(x, y)], {
      threads: 3,
      runtime: {
        open: ({ model }, { inputs, outputs }, { threads }) => {
          asked.push(
            model.length > 0,
            inputs,
            outputs.map(({ dtype }) => dtype),
            threads,
          );
          return Promise.resolve({
            run: (elements) => Promise.resolve([elements[0]!, Uint8Array.of(1, 0)]),
            release: () => Promise.resolve(),
          });
        },
      },
    });
    const [sum, greater] = await f(tf.tensor1d([1, 2]), tf.tensor1d([3, 4]));
    expect([sum, greater].map((t) => [t!.dtype, ...t!.dataSync()])).toEqual([
      ['float32', 1, 2],
      ['bool', 1, 0],
    ]);
    expect(asked[0]).toBe(true);
    expect(asked[1]).toMatchObject([
      { name: 'arg_0', shape: [2], dtype: 'float32' },
      { name: 'arg_1', shape: [2], dtype: 'float32' },
    ]);
    expect(asked.slice(2)).toEqual([['float32', 'bool'], 3]);
    await f.dispose();
  });

  it('lists the known providers for an unknown name', async () => {
    const f = compile((x: tf.Tensor) => tf.neg(x), { provider: 'nowhere' as 'cpu' });
    await expect(f(tf.ones([1]))).rejects.toThrow('unknown provider "nowhere" (known: cpu, webgpu, cuda)');
  });
});

describe('exportOnnx', () => {
  it('gives a file that plain ONNX Runtime loads', async () => {
    const weight = tf.tensor2d([
      [1, 2],
      [3, 4],
    ]);
    const bytes = exportOnnx((x: tf.Tensor2D) => tf.relu(tf.matMul(x, weight)), [tf.tensor2d([[0, 0]])]);
    const session = await ort.InferenceSession.create(bytes);
    const { result_0 } = await session.run({ arg_0: new ort.Tensor('float32', Float32Array.of(1, -1), [1, 2]) });
    expect([...(result_0!.data as Float32Array)]).toEqual([0, 0]);
    await session.release();
  });
});
