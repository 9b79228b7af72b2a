/** Who owns what and when: calls in flight, disposal, and the backend that is current afterwards. */
import { spawnSync } from 'node:child_process';
import { tf } from '#tf';
import { beforeEach, describe, expect, it } from 'vitest';
import { compile } from './index.js';
import { nodeRuntime } from './runtime/node.js';
import type { Runtime } from './runtime/runtime.js';

beforeEach(async () => {
  await tf.setBackend('cpu');
});

/** The node runtime, with a record of what was opened, run and released. */
function watched(): { runtime: Runtime; log: string[] } {
  const log: string[] = [];
  const runtime: Runtime = {
    async open(...args) {
      const session = await nodeRuntime.open(...args);
      log.push('open');
      return {
        async run(inputs) {
          log.push('run');
          await new Promise((resolve) => setTimeout(resolve, 20));
          const results = await session.run(inputs);
          log.push('done');
          return results;
        },
        async release() {
          log.push('release');
          await session.release();
        },
      };
    },
  };
  return { runtime, log };
}

describe('a call', () => {
  it('takes the values of its arguments at once: they may be disposed before it is done', async () => {
    const f = compile((a: tf.Tensor, b: tf.Tensor) => tf.add(a, b));
    for (const n of [1, 2]) {
      const [a, b] = [tf.tensor1d([n, n]), tf.variable(tf.tensor1d([10, 20]))];
      const sum = f(a, b); // the first call traces, the second only runs
      a.dispose();
      b.assign(tf.zeros([2]));
      b.dispose();
      expect(await sum).toBeAllclose([10 + n, 20 + n]);
    }
    await f.dispose();
  });

  it('takes copies: the array that an argument was made from may be filled again at once', async () => {
    const f = compile((t: tf.Tensor) => tf.mul(t, 10));
    const buffer = new Float32Array(2);
    const batch = tf.tensor1d(buffer);
    for (const n of [1, 2]) {
      buffer.fill(n);
      const product = f(batch);
      buffer.fill(9);
      expect(await product).toBeAllclose([10 * n, 10 * n]);
    }
    await f.dispose();
  });

  it.each(['before', 'after'])('waits for a backend that is being loaded, chosen %s it', async (when) => {
    const slow = `slow ${when}`;
    const load = () =>
      new Promise<tf.KernelBackend>((resolve) => setTimeout(() => resolve(tf.findBackend('cpu')), 100));
    tf.registerBackend(slow, load, 0);
    tf.getKernelsForBackend('cpu').forEach((kernel) => tf.registerKernel({ ...kernel, backendName: slow }));
    const x = tf.tensor1d([1, 2]);
    const f = compile((t: tf.Tensor) => tf.mul(t, 2));
    const chosenBefore = when === 'before' && tf.setBackend(slow);
    const product = f(x);
    const chosen = chosenBefore || tf.setBackend(slow);
    expect(await product).toBeAllclose([2, 4]);
    await chosen;
    expect(tf.getBackend()).toBe(slow);
    await tf.setBackend('cpu');
    await f.dispose();
  });

  it('is not broken by dispose, whether it is traced, opened or run just then', async () => {
    const { runtime, log } = watched();
    for (const wait of [0, 1, 30]) {
      const f = compile((t: tf.Tensor) => tf.mul(t, 2), { runtime });
      const calls = [f(tf.tensor1d([1])), f(tf.tensor1d([2])), f(tf.tensor2d([[3]]))];
      if (wait) await new Promise((resolve) => setTimeout(resolve, wait));
      const disposed = Promise.all([f.dispose(), f.dispose()]);
      await expect(f(tf.tensor1d([1]))).rejects.toThrow(/was disposed/);
      expect((await Promise.all(calls)).map((t) => t.dataSync()[0])).toEqual([2, 4, 6]);
      await disposed;
    }
    expect(log.filter((what) => what === 'release')).toHaveLength(log.filter((what) => what === 'open').length);
    expect(log.at(-1)).toBe('release');
  });

  it('of a first signature traces once, however many begin together', async () => {
    const { runtime, log } = watched();
    let traces = 0;
    const f = compile((t: tf.Tensor) => (traces++, tf.square(t)), { runtime });
    const results = await Promise.all([1, 2, 3].map((n) => f(tf.tensor1d([n]))));
    expect(results.map((t) => t.dataSync()[0])).toEqual([1, 4, 9]);
    expect([traces, log.filter((what) => what === 'open').length]).toEqual([1, 1]);
    await f.dispose();
  });

  it('of a function that throws fails alone, leaks nothing, and may be tried again', async () => {
    let fails = true;
    const f = compile((t: tf.Tensor) => {
      const y = tf.grad((u: tf.Tensor) => {
        if (fails) throw new Error('mine');
        return tf.sum(tf.square(u));
      })(t);
      return y;
    });
    const t = tf.tensor1d([1, 2]);
    const before = tf.memory().numTensors;
    const both = await Promise.allSettled([f(t), f(t)]);
    expect(both.map((p) => (p.status === 'rejected' ? (p.reason as Error).message : ''))).toEqual(['mine', 'mine']);
    expect([tf.getBackend(), tf.memory().numTensors, f.traces]).toEqual(['cpu', before, 0]);
    fails = false;
    expect(await f(t)).toBeAllclose([2, 4]);
    await f.dispose();
  });

  it('of a function that chooses a backend fails, and the one before is current again', async () => {
    const f = compile((t: tf.Tensor) => {
      void tf.setBackend('cpu');
      return tf.square(t);
    });
    await expect(f(tf.tensor1d([1, 2]))).rejects.toThrow(/chooses the backend "cpu"; choose it outside/);
    expect([tf.getBackend(), tf.add(1, 1).dataSync()[0]]).toEqual(['cpu', 2]);
    await f.dispose();
  });

  it('gives results that share nothing with its arguments or with each other', async () => {
    const weight = tf.tensor1d([3]);
    const f = compile((t: tf.Tensor) => [t, t, weight]);
    const t = tf.tensor1d([1]);
    const results = await f(t);
    (results[0]!.dataSync() as Float32Array)[0] = 99;
    expect([t, results[1]!, weight].map((r) => r.dataSync()[0])).toEqual([1, 1, 3]);
    await f.dispose();
  });
});

describe('release', () => {
  it('frees the sessions after the calls in flight; later calls open new ones', async () => {
    const { runtime, log } = watched();
    const f = compile((t: tf.Tensor) => tf.mul(t, 2), { runtime });
    const first = f(tf.tensor1d([1]));
    const released = f.release();
    const second = f(tf.tensor1d([2]));
    expect([(await first).dataSync()[0], (await second).dataSync()[0]]).toEqual([2, 4]);
    await released;
    expect(f.traces).toBe(1);
    expect(log.filter((what) => what === 'open')).toHaveLength(2);
    await f.release();
    expect([f.traces, log.filter((what) => what === 'release').length]).toEqual([0, 2]);
    await f.dispose();
  });
});

describe('before there is a backend', () => {
  const run = (code: string) => {
    const args = ['--import', 'tsx', '--conditions=@styleclip/source', '--input-type=module', '-e', code];
    const { stdout, stderr, status } = spawnSync(process.execPath, args, {
      encoding: 'utf8',
      cwd: import.meta.dirname,
    });
    return { failure: status === 0 ? '' : stderr, last: stdout.trim().split('\n').at(-1) };
  };
  const imports = `import { compile, exportOnnx } from '@styleclip/jit'; import { tf } from '@styleclip/jit/tf';`;

  it('a function compiles all the same, and the default backend is current afterwards', () => {
    const { failure, last } = run(`${imports}
      const y = await compile(() => tf.tensor1d([1, 2]))();
      console.log(tf.getBackend(), [...y.dataSync()], tf.add(y, 1).dataSync()[1]);`);
    expect({ failure, last }).toEqual({ failure: '', last: 'cpu [ 1, 2 ] 3' });
  });

  it('a function is exported, and a failing one leaves no trace', () => {
    const { failure, last } = run(`${imports}
      try { exportOnnx(() => { throw new Error('mine'); }, []); } catch (e) { if (e.message !== 'mine') throw e; }
      const bytes = exportOnnx(() => tf.tensor1d([1, 2]), []);
      console.log(tf.getBackend(), bytes.length > 20, tf.add(1, 1).dataSync()[0]);`);
    expect({ failure, last }).toEqual({ failure: '', last: 'cpu true 2' });
  });
});
