/**
 * One phase of the benchmark, in a process of its own, so that its peak of memory is its own too.
 *
 * The first run traces the function and opens the session; the runs after it are timed, and their median counts.
 */
import { openDevice, progress } from '@styleclip/core';
import { benchNetworks, sizeOfPictures } from './networks.js';
import { forwardWork, gradientWork, stepWork } from './work.js';

const WORK = { forward: forwardWork, gradient: gradientWork, step: stepWork } as const;
export type Phase = keyof typeof WORK;
export const PHASES = Object.keys(WORK) as Phase[];

export function isPhase(name: string): name is Phase {
  return Object.hasOwn(WORK, name);
}

export interface PhaseOptions {
  readonly model: string;
  readonly phase: Phase;
  readonly device: string;
  readonly threads: number;
  readonly batch: number;
  /** Timed runs after the first. */
  readonly runs: number;
}

export interface PhaseResult {
  /** Height and width of the pictures. */
  readonly resolution: number;
  /** Seconds to load or make the networks. */
  readonly loadSeconds: number;
  /** Seconds of the first run: tracing, opening the session, running. */
  readonly firstSeconds: number;
  /** Median seconds of a later run. */
  readonly seconds: number;
  /** Largest resident memory of the process, in GB (10⁹ bytes). */
  readonly peakGB: number;
}

export async function runPhase({
  model,
  phase,
  device: choice,
  threads,
  batch,
  runs,
}: PhaseOptions): Promise<PhaseResult> {
  const device = await openDevice(choice, { threads });
  const load = await seconds(() => benchNetworks(model, phase === 'step'));
  globalThis.gc?.(); // what making the networks left over is no part of the phase
  const work = WORK[phase](device, load.result, batch);
  const bar = progress({ total: runs + 1, label: phase, unit: 'runs' });
  const times: number[] = [];
  for (let i = 0; i <= runs; i++) {
    times.push((await seconds(() => work.run())).seconds);
    bar.update(i + 1);
  }
  bar.stop();
  await work.dispose();
  const [first = 0, ...later] = times;
  return {
    resolution: sizeOfPictures(load.result).resolution,
    loadSeconds: round(load.seconds),
    firstSeconds: round(first),
    seconds: round(median(later)),
    peakGB: round((process.resourceUsage().maxRSS * 1024) / 1e9),
  };
}

async function seconds<T>(work: () => Promise<T>): Promise<{ seconds: number; result: T }> {
  const begin = performance.now();
  const result = await work();
  return { seconds: (performance.now() - begin) / 1000, result };
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}

function round(value: number): number {
  return Number(value.toFixed(value < 1 ? 4 : 2));
}
