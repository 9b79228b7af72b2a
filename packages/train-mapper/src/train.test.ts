import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Interrupted, loadWeights, tf } from '@styleclip/core';
import { writeTinyBundle } from '@styleclip/core/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { trainMapperSchema, type TrainMapperConfig } from './config.js';
import { loadMapper } from './mapper-file.js';
import { train } from './train.js';

let dir: string;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'train-mapper-'));
  await writeTinyBundle(join(dir, 'bundle'));
});
afterAll(() => rm(dir, { recursive: true }));

type Input = Parameters<typeof trainMapperSchema.parse>[0];

function config(name: string, changes: Record<string, Input> = {}): TrainMapperConfig {
  return trainMapperSchema.parse({
    name,
    bundle: join(dir, 'bundle'),
    prompt: 'a person with purple hair',
    ask: { factor: 'hairColor', values: ['purple'] },
    latents: { validation: 3, heldOut: 5 },
    steps: 8,
    batch: 2,
    metricsEvery: 1,
    validateEvery: 4,
    checkpointEvery: 3,
    sampleEvery: 0,
    samples: 2,
    threads: 1,
    ...changes,
  });
}

const text = (name: string, file: string) => readFile(join(dir, 'runs/train-mapper', name, file), 'utf8');
const weights = async (name: string, file: string) => {
  const loaded = await loadWeights(join(dir, 'runs/train-mapper', name, file));
  return Object.fromEntries(Object.entries(loaded).map(([key, tensor]) => [key, tensor.dataSync()]));
};

/** Trains until step `at`, where Ctrl-C comes. */
async function trainInterrupted(settings: TrainMapperConfig, at: number): Promise<void> {
  const metrics = join(dir, 'runs/train-mapper', settings.name, 'metrics.jsonl');
  const running = train(settings, { root: join(dir, 'runs') });
  const stop = (async () => {
    for (;;) {
      const lines = await readFile(metrics, 'utf8').catch(() => '');
      if (lines.includes(`"step":${at}`)) break;
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
    process.emit('SIGINT');
  })();
  await expect(running).rejects.toBeInstanceOf(Interrupted);
  await stop;
}

describe('train', () => {
  it.each([
    { name: 'adam', lr: 0.05 },
    { name: 'ranger', lr: 0.5 },
  ])('goes on after Ctrl-C to the same numbers ($name)', async (optimizer) => {
    const whole = config(`whole-${optimizer.name}`, { optimizer });
    const { summary } = await train(whole, { root: join(dir, 'runs') });

    const parts = config(`parts-${optimizer.name}`, { optimizer });
    await trainInterrupted(parts, 4);
    const resumed = await train(parts, { root: join(dir, 'runs'), resume: true });

    expect(await text(parts.name, 'metrics.jsonl')).toBe(await text(whole.name, 'metrics.jsonl'));
    for (const file of [
      'checkpoints/step-000008/mapper.safetensors',
      'checkpoints/step-000008/optimizer.safetensors',
      'best.safetensors',
    ]) {
      expect(await weights(parts.name, file)).toEqual(await weights(whole.name, file));
    }
    const timeless = ({ seconds: _, stepsPerSecond: __, ...rest }: typeof summary) => rest;
    expect(timeless(resumed.summary)).toEqual(timeless(summary));
  });

  it('lowers its loss', async () => {
    await train(config('lower', { steps: 60, losses: { l2: 0, id: 0 }, optimizer: { lr: 0.5 }, validateEvery: 20 }), {
      root: join(dir, 'runs'),
    });
    const heldOut = (await text('lower', 'metrics.jsonl'))
      .trim()
      .split('\n')
      .map((line) => (JSON.parse(line) as { heldOut?: number }).heldOut)
      .filter((loss) => loss !== undefined);
    expect(heldOut.at(-1)!).toBeLessThan(heldOut[0]! - 0.001);
  });

  it('leaves nothing in memory and writes the whole run folder', async () => {
    const before = tf.memory().numTensors;
    const { summary } = await train(config('memory', { ignore: ['mouth'], losses: { directional: 0.5 } }), {
      root: join(dir, 'runs'),
    });
    expect(tf.memory().numTensors).toBe(before);
    expect(summary).toMatchObject({ latents: 5, steps: 8, device: 'cpu', prompt: 'a person with purple hair' });
    expect(Object.keys(summary.leakByFactor!)).toEqual(['glasses']);
    for (const file of [
      'config.yaml',
      'environment.json',
      'losses.png',
      'before-after.png',
      'samples/step-000008.png',
      'summary.json',
    ]) {
      expect((await text('memory', file)).length, file).toBeGreaterThan(0);
    }
    const { header } = await loadMapper(join(dir, 'runs/train-mapper/memory/best.safetensors'));
    expect(header).toMatchObject({
      pixelNorm: 'features',
      strength: 0.1,
      layerGroups: [2, 4],
      step: summary.best.step,
    });
  });

  it('leaves the layers of a group that is off alone', async () => {
    await train(config('coarse', { mapper: { groups: { medium: false, fine: false } }, steps: 1 }), {
      root: join(dir, 'runs'),
    });
    const names = Object.keys(await weights('coarse', 'best.safetensors'));
    expect(names.length).toBe(8);
    expect(names.every((name) => name.startsWith('coarse.'))).toBe(true);
  });

  it('stops with a clear line when the loss is not a number', async () => {
    await expect(
      train(config('nan', { optimizer: { lr: 1e30, warmup: 0 } }), { root: join(dir, 'runs') }),
    ).rejects.toThrow(/the loss is .* lower optimizer.lr/);
  });
});
