/**
 * `nx run core:bench`: how long a picture, its gradient and a step of latent optimization take, and how
 * much memory.
 *
 *     nx run core:bench                                  the embedded bundle
 *     nx run core:bench --model=ffhq1024-formula         StyleGAN2 1024², CLIP ViT-B/32 and IR-SE50 at full size
 *
 * Each phase runs in a process of its own (phase.ts). The last line on stdout is JSON.
 */
import { spawn } from 'node:child_process';
import { failure, readBundleInfo } from '@styleclip/core';
import { FFHQ1024_FORMULA } from './networks.js';
import type { Phase, PhaseOptions, PhaseResult } from './phase.js';

export type BenchOptions = Omit<PhaseOptions, 'phase'> & { readonly phases: readonly Phase[] };

/** @throws UserError when a phase fails */
export async function bench({ phases, ...options }: BenchOptions): Promise<void> {
  if (options.model !== FFHQ1024_FORMULA) await readBundleInfo(options.model); // complains here, in one line
  const results: Partial<Record<Phase, PhaseResult>> = {};
  for (const phase of phases) {
    const result = await inOwnProcess({ ...options, phase });
    results[phase] = result;
    process.stderr.write(
      `${phase}: ${result.seconds} s (batch ${options.batch}, ${result.resolution}²; first run ${result.firstSeconds} s), peak ${result.peakGB} GB\n`,
    );
  }
  process.stdout.write(`${JSON.stringify({ ...options, ...results })}\n`);
}

/** Runs this same program for one phase; what it prints on stdout is its result. */
function inOwnProcess({ model, phase, device, threads, batch, runs }: PhaseOptions): Promise<PhaseResult> {
  const flags = { model, phase, device, threads, batch, runs };
  const args = Object.entries(flags).map(([name, value]) => `--${name}=${value}`);
  const program = ['--expose-gc', ...process.execArgv, process.argv[1] as string];
  const child = spawn(process.execPath, [...program, 'bench-phase', ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => {
      if (code === 0) resolve(JSON.parse(output.trim().split('\n').at(-1) ?? '') as PhaseResult);
      else reject(failure(`bench: the phase "${phase}" ended with ${signal ?? `exit code ${code}`}`));
    });
  });
}
