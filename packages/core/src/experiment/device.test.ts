import { tf } from '../tensors/tf.js';
import { afterAll, describe, expect, it } from 'vitest';
import { DEVICES, openDevice } from './device.js';

afterAll(async () => {
  await tf.setBackend('cpu');
});

const gradient = (w: tf.Tensor, more: { scale: tf.Tensor }) => {
  const { value, grad } = tf.valueAndGrad((x: tf.Tensor) => x.square().mul(more.scale).sum())(w);
  return { value, grad };
};

describe('devices', () => {
  // Those that need a GPU or an optional package are skipped where they are not there.
  it.each(DEVICES)('%s computes values and gradients, and its results belong to the caller', async (choice) => {
    const device = await openDevice(choice, { threads: 1 }).catch((error: Error) => {
      expect(error.message).toMatch(/^device "\w+" (does not work here|is not there): [^\n]+; use device cpu$/);
      expect(['webgpu', 'cuda', 'tensorflow', 'wasm']).toContain(choice);
      return undefined;
    });
    if (device === undefined) return;
    expect(device.why).not.toBe('');
    const [w, scale] = [tf.tensor1d([1, 2, 3]), tf.scalar(2)];
    const step = device.compile(gradient, { name: 'gradient' });
    const before = tf.memory().numTensors;
    const { value, grad } = await step(w, { scale });
    expect(tf.memory().numTensors).toBe(before + 2);
    expect([...(await value.data())]).toEqual([28]);
    expect([...(await grad.data())]).toEqual([4, 8, 12]);
    await step.dispose();
    tf.dispose([w, scale, value, grad]);
  });

  // On a backend that runs functions as they are, a result could be an argument or another result, and die with it.
  it.each(['plain', 'wasm', 'cpu'])('%s gives tensors of their own, whatever the function returns', async (choice) => {
    const device = await openDevice(choice, { threads: 1 });
    const [x, weight] = [tf.tensor1d([1, 2]), tf.tensor1d([3, 4])];
    const same = device.compile((t: tf.Tensor) => {
      const twice = t.mul(2);
      return { argument: t, captured: weight, list: [twice, twice] };
    });
    const before = tf.memory().numTensors;
    const call = same(x);
    x.dispose(); // its values were taken with the call
    const { argument, captured, list } = await call;
    expect(tf.memory().numTensors).toBe(before + 4 - 1);
    tf.dispose([captured, list[0]!]);
    expect([...(await argument.data())]).toEqual([1, 2]);
    expect([...(await weight.data())]).toEqual([3, 4]);
    expect([...(await list[1]!.data())]).toEqual([2, 4]);
    await same.release();
    tf.dispose([argument, list[1]!]);
    expect(tf.memory().numTensors).toBe(before - 1);
    const y = tf.tensor1d([5]);
    const again = await same(y);
    expect([...(await again.list[0]!.data())]).toEqual([10]);
    tf.dispose([y, again.argument, again.captured, again.list, weight]);
    await same.dispose();
    await expect(same(tf.tensor1d([5]))).rejects.toThrow('was disposed');
  });

  it('lists the known ones for an unknown name', async () => {
    await expect(openDevice('tpu')).rejects.toThrow(
      'unknown device "tpu" (known: auto, cpu, webgpu, cuda, tensorflow, wasm, plain)',
    );
  });
});
