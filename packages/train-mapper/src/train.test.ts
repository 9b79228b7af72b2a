import { cp, mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Interrupted, loadWeights, normals, Random, saveWeights, tf } from '@styleclip/core';
import { watchSessions, writeTinyBundle } from '@styleclip/core/testing';
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

describe('a run that goes on', () => {
  it('stays as it is once it is finished', async () => {
    const settings = config('finished', { steps: 2 });
    const { dir: folder, summary } = await train(settings, { root: join(dir, 'runs') });
    const look = async () => {
      const files = (await readdir(folder, { recursive: true })).sort();
      return Promise.all(files.map(async (file) => [file, (await stat(join(folder, file))).mtimeMs]));
    };
    const before = await look();
    const again = await train(settings, { root: join(dir, 'runs'), resume: true });
    expect(again).toEqual({ dir: folder, summary, finished: true });
    expect(await look()).toEqual(before);
  });

  it('knows the last losses when it was killed between its last step and its summary', async () => {
    const settings = config('unmeasured', { steps: 3 });
    const { dir: folder, summary } = await train(settings, { root: join(dir, 'runs') });
    expect(summary.losses.total).toBeGreaterThan(0);
    await rm(join(folder, 'summary.json'));
    const { summary: measured } = await train(settings, { root: join(dir, 'runs'), resume: true });
    const timeless = ({ seconds: _, ...rest }: typeof summary) => rest;
    expect(timeless(measured)).toEqual(timeless(summary));
    expect(JSON.parse(await text('unmeasured', 'summary.json'))).toEqual(measured);
  });

  it('is refused when a network or the latents are not those that it was begun with', async () => {
    const [bundle, file] = [join(dir, 'mutable'), join(dir, 'latents.safetensors')];
    await cp(join(dir, 'bundle'), bundle, { recursive: true });
    await saveWeights(file, { w: normals(new Random(1), [12, 8]) });
    const latents = { source: 'file', file, validation: 3, heldOut: 5 };
    const settings = config('inputs', { bundle, latents, steps: 1000 });
    await trainInterrupted(settings, 3);
    const resume = () => train(settings, { root: join(dir, 'runs'), resume: true });

    await saveWeights(file, { w: normals(new Random(2), [12, 8]) });
    await expect(resume()).rejects.toThrow(
      /begun with other inputs \(latents [^;]*latents\.safetensors was \w{12}…, is/,
    );
    await saveWeights(file, { w: normals(new Random(1), [12, 8]) });
    await rm(bundle, { recursive: true });
    await writeTinyBundle(bundle, { seed: 2 });
    await expect(resume()).rejects.toThrow(
      /begun with other inputs \(generator [^;]*generator\.safetensors was .*; clip /,
    );
  });
});

describe('words that CLIP does not know', () => {
  it('are named in the summary, those of the neutral text too', async () => {
    const prompt = 'a mohawk person with purple 😀 hair';
    const losses = { directional: 0.5, neutral: 'a zebra face' };
    const { summary } = await train(config('words', { prompt, losses, steps: 1 }), { root: join(dir, 'runs') });
    expect(summary.unknownWords).toEqual(['mohawk', '😀', 'zebra']);
  });
});

describe('sessions', () => {
  it('are closed before the measuring opens its own, and all of them at the end', async () => {
    const { openBefore, open } = await watchSessions(() => train(config('sessions'), { root: join(dir, 'runs') }));
    // The mapping network stays, once for each size of batch: 2 in a step and on a sheet, 3 to validate, 5 held out.
    expect(openBefore.at(-1)).toBe(3);
    expect(open).toBe(0);
  });
});
