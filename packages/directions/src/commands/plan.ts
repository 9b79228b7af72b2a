/** `directions plan`: see ../plan.ts. It reads the rate off a finished run, and prints a table and a line of JSON. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { CommandModule } from 'yargs';
import { parse } from 'yaml';
import { z } from 'zod';
import { disposeAll, failure, generatorSize, loadBundle, oneLine, usageError } from '@styleclip/core';
import { precomputeSchema } from '../config.js';
import { officialNetworks, planFor } from '../plan.js';
import { clipCost, layerCosts, passCost } from '../work.js';

interface PlanArguments {
  run: string;
  resolution: number;
  images: number;
  'up-to': number;
  projections: number;
}

const summarySchema = z.object({ generatorPasses: z.number().positive(), seconds: z.number().positive() });

export const planCommand: CommandModule<object, PlanArguments> = {
  command: 'plan',
  describe: 'say what a full-size generator would take, at the rate of a run that was made here',
  builder: (y) =>
    y
      .option('run', {
        type: 'string',
        default: 'runs/directions/avatars',
        describe: 'folder of a finished measurement',
      })
      .option('resolution', {
        type: 'number',
        default: 1024,
        describe: 'of the StyleGAN2 (config-f) that is planned for',
      })
      .option('images', { type: 'number', default: 100, describe: 'pictures that each channel is probed on' })
      .option('up-to', { type: 'number', default: 256, describe: 'resolution at which pictures are looked at' })
      .option('projections', { type: 'number', default: 32, describe: 'of the Jacobian by random directions' }),
  handler: async ({ run, resolution, images, 'up-to': upTo, projections }) => {
    for (const [name, side] of Object.entries({ resolution, 'up-to': upTo }))
      if (side < 8 || !Number.isInteger(Math.log2(side)) || side > 4096)
        throw usageError(`--${name}: expected a power of two from 8 to 4096, got ${side}`);
    for (const [name, count] of Object.entries({ images, projections }))
      if (!Number.isInteger(count) || count < 1)
        throw usageError(`--${name}: expected a whole number from 1 on, got ${count}`);
    const rate = await rateOf(run);
    const rows = planFor(officialNetworks(resolution), { images, upTo: Math.min(upTo, resolution), projections, rate });
    process.stderr.write(`at ${(rate / 1e9).toFixed(1)} billion multiplications a second, as in ${run}:\n`);
    for (const { way, channels, pictures, multiplications, hours } of rows) {
      const time = hours >= 1 ? `${hours.toFixed(1)} h` : `${(hours * 3600).toFixed(0)} s`;
      process.stderr.write(
        `${way.padEnd(52)} ${String(channels).padStart(5)} channels ${String(pictures).padStart(8)} pictures ${multiplications.toExponential(2)} multiplications ${time.padStart(10)}\n`,
      );
    }
    process.stdout.write(
      `${JSON.stringify({ resolution, images, upTo, multiplicationsPerSecond: rate, plan: rows })}\n`,
    );
  },
};

/** Multiplications a second of a run. */
async function rateOf(run: string): Promise<number> {
  let summary: z.output<typeof summarySchema>;
  let config: { bundle: string; upTo: number };
  try {
    summary = summarySchema.parse(JSON.parse(await readFile(join(run, 'summary.json'), 'utf8')));
    config = precomputeSchema.parse(parse(await readFile(join(run, 'config.yaml'), 'utf8')));
  } catch (error) {
    throw failure(
      `${run}: not a finished measurement (${oneLine(error).slice(0, 120)}); make one by: nx run directions:precompute`,
      error,
    );
  }
  const { generator, clip } = await loadBundle(config.bundle, { parts: ['generator', 'clip'] });
  const { channels, resolution } = generatorSize(generator);
  const stopAt = Math.min(resolution, config.upTo);
  const pass = passCost(layerCosts(channels, resolution, stopAt), clipCost(clip));
  disposeAll(generator, clip);
  return (summary.generatorPasses * pass) / summary.seconds;
}
