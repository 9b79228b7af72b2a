import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  encodePng,
  Interrupted,
  latentsOfSeeds,
  loadBundle,
  loadWeights,
  normals,
  Random,
  saveWeights,
  tf,
} from '@styleclip/core';
import { writeTinyBundle } from '@styleclip/core/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseOptimizeConfig, type OptimizeConfig } from './config.js';
import { invert } from './invert.js';
import { invertSchema } from './invert-config.js';
import { optimize } from './optimize.js';
import { sweep } from './sweep.js';
import { sweepSchema } from './sweep-config.js';

let dir: string;
let runs: { root: string };
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'optimize-'));
  runs = { root: join(dir, 'runs') };
  await writeTinyBundle(join(dir, 'bundle'));
});
afterAll(() => rm(dir, { recursive: true }));

const settings = (name: string, changes: object = {}) => ({
  name,
  bundle: join(dir, 'bundle'),
  prompt: 'a person with purple hair',
  ask: { factor: 'hairColor', values: ['purple'] },
  latents: { seeds: '1-3' },
  optimizer: { lr: 0.05 },
  ...{ steps: 6, batch: 2, filmEvery: 2, metricsEvery: 1, checkpointEvery: 2, samples: 2, threads: 1 },
  ...changes,
});

const config = (name: string, changes: object = {}): OptimizeConfig => parseOptimizeConfig(settings(name, changes));

const text = (name: string, file: string, owner = 'optimize') => readFile(join(dir, 'runs', owner, name, file), 'utf8');

async function tensors(name: string, file: string, owner = 'optimize'): Promise<Record<string, number[]>> {
  const loaded = await loadWeights(join(dir, 'runs', owner, name, file));
  const numbers = Object.fromEntries(Object.entries(loaded).map(([key, tensor]) => [key, [...tensor.dataSync()]]));
  tf.dispose(loaded);
  return numbers;
}

type Told = { latent: string; prompt: string; steps: number; stopped: string; losses: Record<string, number> }[];
const told = async (name: string) => JSON.parse(await text(name, 'rows.json')) as Told;

/** Works until metrics.jsonl has a line of this step, where Ctrl-C comes. */
async function interrupt(work: () => Promise<unknown>, folder: string, at: number): Promise<void> {
  const running = work();
  const stop = (async () => {
    for (;;) {
      const lines = await readFile(join(dir, 'runs', folder, 'metrics.jsonl'), 'utf8').catch(() => '');
      if (lines.includes(`"step":${at},`)) break;
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
    process.emit('SIGINT');
  })();
  await expect(running).rejects.toBeInstanceOf(Interrupted);
  await stop;
}

const timeless = ({ seconds: _, stepsPerSecond: __, ...rest }: { seconds: number; stepsPerSecond: number }) => rest;

describe('optimize', () => {
  it.each(['w+', 's'])('goes on after Ctrl-C to the same digits, in %s', async (space) => {
    const tag = space === 's' ? 's' : 'w';
    const { summary } = await optimize(config(`whole-${tag}`, { space }), runs);
    const parts = config(`parts-${tag}`, { space });
    await interrupt(() => optimize(parts, runs), `optimize/parts-${tag}`, 9); // in the second batch
    const resumed = await optimize(parts, { ...runs, resume: true });
    for (const file of ['metrics.jsonl', 'rows.json'])
      expect(await text(parts.name, file)).toBe(await text(`whole-${tag}`, file));
    expect(await tensors(parts.name, 'latents-after.safetensors')).toEqual(
      await tensors(`whole-${tag}`, 'latents-after.safetensors'),
    );
    expect(timeless(resumed.summary)).toEqual(timeless(summary));
    expect((await optimize(parts, { ...runs, resume: true })).finished).toBe(true);
  });

  it('lowers the loss of each row, leaves nothing in memory, and writes the whole run folder', async () => {
    const before = tf.memory().numTensors;
    const { summary } = await optimize(config('lower', { steps: 30, losses: { directional: 0.5, l2: 0.001 } }), runs);
    expect(tf.memory().numTensors).toBe(before);
    expect(summary).toMatchObject({ latents: 3, rows: 3, meanSteps: 30, space: 'w+', device: 'cpu' });
    expect(summary.edits[0]).toMatchObject({ prompt: 'a person with purple hair', hit: summary.hit });
    expect(summary.clipGain).toBeGreaterThan(0);
    const lines = (await text('lower', 'metrics.jsonl')).trim().split('\n');
    const first = JSON.parse(lines[0]!) as { total: number };
    for (const { losses } of await told('lower')) expect(losses['total']).toBeLessThan(first.total);
    for (const file of ['before-after.png', 'film.png', 'losses.png', 'pictures/seed-0003-1.png', 'config.yaml'])
      expect((await text('lower', file)).length, file).toBeGreaterThan(0);
    const { w_plus: source } = await tensors('lower', 'latents-before.safetensors');
    const { generator } = await loadBundle(join(dir, 'bundle'), { parts: ['generator'] });
    expect(source).toEqual([...latentsOfSeeds(generator, [1, 2, 3], 0.7).dataSync()]);
  });

  it('gives a row what it would get alone, whatever is in its batch', async () => {
    const edits = [
      { prompt: 'a person with purple hair', ask: { factor: 'hairColor', values: ['purple'] } },
      { prompt: 'a face', ignore: ['mouth'] },
    ];
    const together = { prompt: undefined, ask: undefined, edits, batch: 8 };
    const { summary } = await optimize(config('together', together), runs);
    await optimize(config('alone', { prompt: 'a face', ask: undefined, latents: { seeds: 2 }, batch: 1 }), runs);
    expect(summary.edits.map(({ latents, hit }) => [latents, hit === null])).toEqual([
      [3, false],
      [3, true],
    ]);
    const all = (await tensors('together', 'latents-after.safetensors'))['w_plus']!;
    const own = (await tensors('alone', 'latents-after.safetensors'))['w_plus']!;
    expect(all.slice(4 * own.length, 5 * own.length)).toBeAllclose(own, { rtol: 1e-3, atol: 1e-4 });
  });

  it('stops each row by itself', async () => {
    await optimize(config('whole', { steps: 12, batch: 3 }), runs);
    const reached = (await told('whole')).map(({ losses }) => losses['clip']!);
    const at = Math.max(...reached) + 1e-4; // what the worst row comes to: the others come there earlier
    await optimize(config('early', { steps: 12, batch: 3, stop: { at } }), runs);
    const rows = await told('early');
    expect(rows.some(({ stopped, steps }) => stopped === 'reached' && steps < 12)).toBe(true);
    for (const { stopped, losses } of rows) if (stopped === 'reached') expect(losses['clip']).toBeLessThanOrEqual(at);
  });

  it('moves only the layers of groups that are on', async () => {
    await optimize(config('fine', { groups: { coarse: false, medium: false } }), runs);
    const [before, after] = [
      await tensors('fine', 'latents-before.safetensors'),
      await tensors('fine', 'latents-after.safetensors'),
    ];
    const moved = (layer: number) =>
      before['w_plus']!.slice(layer * 8, layer * 8 + 8).some((value, i) => value !== after['w_plus']![layer * 8 + i]);
    expect([0, 1, 2, 3, 4, 5].map(moved)).toEqual([false, false, false, false, true, true]); // fine is 4 and up
  });

  it('keeps the styles of toRGB in S', async () => {
    await optimize(config('styles', { space: 's', latents: { seeds: 1 } }), runs);
    const { s } = await tensors('styles', 'latents-after.safetensors');
    expect(s).toHaveLength(8 * 2 + 8 * 3 + 8 + 4 + 4); // conv1, toRGB of 4²; conv0, conv1, toRGB of 8²; the same of 16²
  });

  it('begins at the mean face when it is free, and follows the text alone', async () => {
    const { summary } = await optimize(config('free', { mode: 'free', ask: undefined }), runs);
    expect(summary.rows).toBe(1);
    const [row] = await told('free');
    expect(row).toMatchObject({ latent: 'mean', losses: { id: 0, l2: 0, directional: 0 } });
    expect(row!.losses['total']).toBeCloseTo(row!.losses['clip']!, 6);
  });

  it('stops with a clear line when a loss is not a number', async () => {
    await expect(optimize(config('nan', { optimizer: { lr: 1e30, decay: 'constant' } }), runs)).rejects.toThrow(
      /the loss "total" is .* at step .*: lower optimizer.lr/,
    );
  });

  it('goes on only with the latents it was begun with', async () => {
    const file = join(dir, 'latents.safetensors');
    await saveWeights(file, { w: normals(new Random(1), [4, 8]) });
    const some = config('file', { latents: { file, rows: '1,3' }, steps: 1000 });
    await interrupt(() => optimize(some, runs), 'optimize/file', 2);
    await saveWeights(file, { w: normals(new Random(2), [4, 8]) });
    await expect(optimize(some, { ...runs, resume: true })).rejects.toThrow(/begun with other inputs \(latents/);
    await expect(optimize(config('beyond', { latents: { file, rows: '4' } }), runs)).rejects.toThrow(
      /holds 4 latents, number 0 to 3; latents.rows asks for 4/,
    );
  });
});

describe('the configuration', () => {
  it('has other defaults where it is official, but for what is given', () => {
    const official = config('x', { official: true, steps: undefined, losses: { id: 0.2 }, optimizer: {} });
    expect(official).toMatchObject({
      steps: 300,
      keep: 'last',
      losses: { l2: 0.008, id: 0.2, clipInput: 'raw', directional: 0 },
    });
    expect(official.optimizer).toMatchObject({ name: 'adam', lr: 0.1, decay: 'ramp' });
  });

  it.each([
    [{ prompt: undefined }, /prompt: say what/],
    [{ edits: [{ prompt: 'hair' }] }, /edits: prompt, ask and ignore stand in each edit/],
    [{ losses: { clip: 0, directional: 0 } }, /clip and directional are both 0/],
    [{ latents: { seeds: '1', file: 'x' } }, /one of seeds, file and images/],
    [{ latents: { seeds: 'one' } }, /latents.seeds: expected numbers and ranges/],
    [{ prompt: 'a zebra' }, /prompt: .*knows no content word of "a zebra"/],
    [{ ask: { factor: 'hat', values: ['any'] } }, /knows no factor "hat"/],
  ])('refuses %j in one line', async (changes, line) => {
    await expect((async () => optimize(config('refused', changes), runs))()).rejects.toThrow(line);
    expect(await readdir(join(dir, 'runs/optimize'))).not.toContain('refused');
  });
});

describe('invert', () => {
  const inversion = (name: string, images: string[], changes: object = {}) =>
    invertSchema.parse({
      ...{
        name,
        images,
        bundle: join(dir, 'bundle'),
        threads: 1,
        candidates: 4,
        batch: 2,
        metricsEvery: 1,
        checkpointEvery: 2,
      },
      ...{ steps: { w: 4, wPlus: 4 }, optimizer: { lr: 0.05 } },
      ...changes,
    });

  const pictures = (...names: string[]) =>
    names.map((name) => join(dir, 'runs/optimize/lower/pictures', `${name}.png`));

  it('comes nearer to pictures, and the same after Ctrl-C', async () => {
    const images = pictures('seed-0001', 'seed-0002', 'seed-0003');
    const steps = { w: 10, wPlus: 10 };
    const { summary } = await invert(inversion('whole', images, { steps }), runs);
    const lines = (await text('whole', 'metrics.jsonl', 'invert')).trim().split('\n');
    const first = JSON.parse(lines[0]!) as { step: number; pixel: number };
    expect(first.step).toBe(1);
    expect(summary.images[0]!.pixel).toBeLessThan(first.pixel);
    for (const image of summary.images) {
      expect(image.pixel).toBeLessThan(image.pixelW * 1.01);
      expect(image.steps).toEqual([10, 10]);
    }
    const parts = inversion('parts', images, { steps });
    await interrupt(() => invert(parts, runs), 'invert/parts', 14); // in W+ of the first batch
    const resumed = await invert(parts, { ...runs, resume: true });
    expect(timeless(resumed.summary)).toEqual(timeless(summary));
    const latents = (name: string) => tensors(name, 'latents.safetensors', 'invert');
    expect(await latents('parts')).toEqual(await latents('whole'));
  });

  it('finds latents that can be edited', async () => {
    const images = pictures('seed-0001');
    const { summary } = await optimize(config('pictures', { latents: { images }, steps: 2 }), runs);
    expect(summary.rows).toBe(1);
    expect((await told('pictures'))[0]!.latent).toBe('seed-0001');
    expect(await tensors('pictures', 'latents-before.safetensors')).toEqual({
      w_plus: (await tensors('pictures', 'latents.safetensors', 'invert'))['w_plus'],
    });
  });

  it('refuses what is no picture, before anything is written', async () => {
    await writeFile(join(dir, 'no.png'), 'hello');
    const good = join(dir, 'good.png');
    await writeFile(good, await encodePng({ data: new Uint8Array(48), width: 4, height: 4 }));
    await expect(invert(inversion('refused', [good, join(dir, 'no.png')]), runs)).rejects.toThrow(
      /no\.png: can't be read as a picture/,
    );
    await expect(invert(inversion('refused', ['nowhere.png']), runs)).rejects.toThrow(/nowhere\.png: no such/);
    expect(await readdir(join(dir, 'runs/invert'))).not.toContain('refused');
  });
});

describe('sweep', () => {
  it('gives each point what an optimization with its weights gives, and a table and charts', async () => {
    const alone = { latents: { seeds: 1 }, batch: 4, steps: 4 };
    const whole = sweepSchema().parse(settings('all', { ...alone, sweep: { l2: [0.001, 1], id: [0, 0.5] } }));
    const { summary } = await sweep(whole, runs);
    expect(summary.points.map(({ weights: { l2, id } }) => [l2, id])).toEqual([
      [0.001, 0],
      [0.001, 0.5],
      [1, 0],
      [1, 0.5],
    ]);
    const { summary: one } = await optimize(
      config('point', { ...alone, losses: { ...whole.losses, l2: 1, id: 0.5 } }),
      runs,
    );
    expect(summary.points[3]!.clipAfter).toBeAllclose(one.clipAfter, { rtol: 1e-3, atol: 1e-4 });
    expect(Math.abs(summary.points[0]!.clipAfter - one.clipAfter)).toBeGreaterThan(1e-3);
    expect(summary.rows).toBe(4);
    expect((await text('all', 'sweep.csv', 'sweep')).trim().split('\n')).toHaveLength(1 + 4 * 2);
    for (const file of ['hit.png', 'leak.png', 'sweep.md'])
      expect((await text('all', file, 'sweep')).length, file).toBeGreaterThan(100);
  });

  it('goes on after Ctrl-C', async () => {
    const make = (name: string) =>
      sweepSchema().parse(settings(name, { latents: { seeds: 1 }, sweep: { kind: 'sobol', points: 3 } }));
    const { summary } = await sweep(make('sobol'), runs);
    await interrupt(() => sweep(make('halted'), runs), 'sweep/halted', 8);
    const resumed = await sweep(make('halted'), { ...runs, resume: true });
    expect(timeless(resumed.summary)).toEqual(timeless(summary));
    expect(await text('halted', 'sweep.csv', 'sweep')).toBe(await text('sobol', 'sweep.csv', 'sweep'));
  });
});

describe('a run that was killed', () => {
  it('is measured from its last checkpoint', async () => {
    const { dir: folder, summary } = await optimize(config('killed'), runs);
    await rm(join(folder, 'summary.json'));
    const again = await optimize(config('killed'), { ...runs, resume: true });
    expect(timeless(again.summary)).toEqual(timeless(summary));
  });
});
