/**
 * The engine's benchmark: forward + backward by W+ of a 64×64 StyleGAN2, batch 1 and 8, compiled and plain on the WASM
 * backend (SIMD), in one process. Times go to stderr, the ratios are returned. The gradients of the two must agree.
 */
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { tf } from '#tf';
import wasm from '@tensorflow/tfjs-backend-wasm';
import { benchNetwork } from './bench-network.js';
import { compile } from './compile.js';

export interface BenchOptions {
  threads: number;
  runs: number;
  wasmRuns: number;
}

export interface BenchResult {
  speedupOverWasm: Record<'batch1' | 'batch8', number>;
  compiledMs: Record<'batch1' | 'batch8', number>;
  wasmMs: Record<'batch1' | 'batch8', number>;
  /** Largest difference of the two gradients, relative to the largest element. */
  gradientDifference: number;
  threads: number;
}

const median = (list: number[]): number => [...list].sort((a, b) => a - b)[Math.floor(list.length / 2)]!;

async function milliseconds(runs: number, f: () => Promise<tf.Tensor>): Promise<{ ms: number; last: Float32Array }> {
  const times: number[] = [];
  let last = new Float32Array();
  for (let i = 0; i <= runs; i++) {
    const begin = performance.now();
    const result = await f();
    last = (await result.data()) as Float32Array<ArrayBuffer>;
    if (i > 0 || runs === 1) times.push(performance.now() - begin); // the first run warms up
    result.dispose();
    if (runs === 1) break;
  }
  return { ms: median(times), last: last.slice() };
}

export async function bench({ threads, runs, wasmRuns }: BenchOptions): Promise<BenchResult> {
  const result: BenchResult = {
    speedupOverWasm: { batch1: 0, batch8: 0 },
    compiledMs: { batch1: 0, batch8: 0 },
    wasmMs: { batch1: 0, batch8: 0 },
    gradientDifference: 0,
    threads,
  };
  wasm.setWasmPaths(
    join(dirname(createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm/package.json')), 'dist/'),
  );
  for (const batch of [1, 8] as const) {
    const key = `batch${batch}` as const;
    await tf.setBackend('cpu');
    const network = benchNetwork(128, 128);
    const values = Float32Array.from(
      { length: batch * network.layers * 128 },
      (_, i) => Math.sin(i * 1.7) * Math.SQRT2,
    );
    const wPlus = () => tf.tensor3d(values, [batch, network.layers, 128]);
    const gradient = (w: tf.Tensor3D) => tf.grad((x: tf.Tensor) => network.loss(x as tf.Tensor3D))(w);

    const step = compile(gradient, { threads, name: 'bench' });
    const compiled = await milliseconds(runs, () => step(wPlus()));
    await step.dispose();

    await tf.setBackend('wasm');
    const input = wPlus();
    const plain = await milliseconds(batch === 1 ? wasmRuns + 1 : wasmRuns, () =>
      Promise.resolve(tf.tidy(() => gradient(input))),
    );
    await tf.setBackend('cpu');

    const largest = plain.last.reduce((m, x) => Math.max(m, Math.abs(x)), 0);
    const difference = plain.last.reduce((m, x, i) => Math.max(m, Math.abs(x - compiled.last[i]!)), 0) / largest;
    result.gradientDifference = Math.max(result.gradientDifference, difference);
    result.compiledMs[key] = Math.round(compiled.ms * 10) / 10;
    result.wasmMs[key] = Math.round(plain.ms);
    result.speedupOverWasm[key] = Math.round((plain.ms / compiled.ms) * 10) / 10;
    console.error(
      `batch ${batch}: compiled ${compiled.ms.toFixed(1)} ms, WASM ${plain.ms.toFixed(0)} ms, ratio ${(plain.ms / compiled.ms).toFixed(1)}, gradients differ by ${difference.toExponential(1)}`,
    );
  }
  return result;
}
