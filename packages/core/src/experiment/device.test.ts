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
      expect(error.message).toMatch(/^device "\w+" (does not work here|is not there): [^\n]+; use --device cpu$/);
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

  it('lists the known ones for an unknown name', async () => {
    await expect(openDevice('tpu')).rejects.toThrow(
      'unknown device "tpu" (known: auto, cpu, webgpu, cuda, tensorflow, wasm, plain)',
    );
  });
});
