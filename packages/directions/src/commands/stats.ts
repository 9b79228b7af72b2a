/** `directions stats`: mean and standard deviation of every style channel, as a file and a line of JSON. */
import { join } from 'node:path';
import type { CommandModule } from 'yargs';
import { DEVICES, disposeAll, loadBundle, openDevice, progress, usageError, type DeviceChoice } from '@styleclip/core';
import { measureStatistics, saveStatistics } from '../statistics.js';
import { openStyleSource } from '../style-source.js';

interface StatsArguments {
  bundle: string;
  samples: number;
  seed: number;
  truncation: number;
  out?: string;
  device: DeviceChoice;
}

export const statsCommand: CommandModule<object, StatsArguments> = {
  command: 'stats',
  describe: 'measure mean and standard deviation of every style channel',
  builder: (y) =>
    y
      .option('bundle', { type: 'string', default: 'models/avatars', describe: 'folder of the generator' })
      .option('samples', {
        type: 'number',
        default: 10_000,
        describe: 'latents to count over; the original takes 100000',
      })
      .option('seed', { type: 'number', default: 1, describe: 'seed of the latents' })
      .option('truncation', { type: 'number', default: 1, describe: 'ψ of the latents; the original takes 0.7' })
      .option('out', {
        type: 'string',
        describe: 'the .safetensors file to write; runs/directions/statistics.safetensors unless told',
      })
      .option('device', { choices: DEVICES, default: 'auto' as const, describe: 'where it runs' }),
  handler: async ({ bundle, samples, seed, truncation, out, device: choice }) => {
    if (!Number.isInteger(samples) || samples < 2)
      throw usageError(`--samples: expected a whole number from 2 on, got ${samples}`);
    if (!Number.isInteger(seed) || seed < 0) throw usageError(`--seed: expected a whole number from 0 on, got ${seed}`);
    if (!(truncation >= 0 && truncation <= 2)) throw usageError(`--truncation: expected 0 to 2, got ${truncation}`);
    const file = out ?? join('runs', 'directions', 'statistics.safetensors');
    if (!file.endsWith('.safetensors'))
      throw usageError(`--out: expected the name of a .safetensors file, got "${file}"`);
    const { generator, info } = await loadBundle(bundle, { parts: ['generator'] });
    const device = await openDevice(choice);
    const networks = { generator, layerGroups: info.generator!.layerGroups };
    const source = openStyleSource(networks, device, { seed, truncation });
    const bar = progress({ total: samples, label: 'statistics', unit: 'latents' });
    try {
      const began = performance.now();
      const statistics = await measureStatistics(source, samples, (done) => bar.update(done));
      bar.stop();
      const seconds = (performance.now() - began) / 1000;
      await saveStatistics(file, generator, statistics, {
        generatorSha256: info.generator!.sha256,
        seed: String(seed),
        truncation: String(truncation),
      });
      const { width: channels } = source;
      process.stdout.write(
        `${JSON.stringify({ channels, samples, seed, truncation, seconds, samplesPerSecond: samples / seconds, file })}\n`,
      );
    } finally {
      bar.stop();
      await source.dispose();
      disposeAll(generator);
    }
  },
};
