/** The descriptions in datasets/, and what the commands make of descriptions. */
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import yargs, { type CommandModule } from 'yargs';
import {
  disposeAll,
  effectiveGenerator,
  initGenerator,
  loadConfig,
  loadWeights,
  normals,
  Random,
  readSafetensors,
  writeBundlePart,
} from '@styleclip/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { latentsCommand } from './commands/latents.js';
import { renderCommand } from './commands/render.js';
import { openDataset } from './dataset.js';
import { latentsSchema, madeFrom, rendersSchema, specFiles } from './dataset-spec.js';
import { attributesSchema } from './train/attributes-config.js';
import { DEFAULT_BUNDLE } from './train/training-config.js';

let dir: string;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'avatars-datasets-'));
  await writeFile(join(dir, 'small.yaml'), 'kind: renders\ncount: 5\nseed: 3\nsize: 16\n');
  await writeFile(
    join(dir, 'codes.yaml'),
    `kind: latents\nbundle: ${join(dir, 'bundle')}\ncount: 4\nseed: 5\ntruncation: 0.5\n`,
  );
});
afterAll(() => rm(dir, { recursive: true }));

/** Runs a command with its options, as the command line does. */
async function call(command: unknown, ...argv: string[]): Promise<void> {
  await yargs(argv)
    .command(command as CommandModule)
    .strict()
    .exitProcess(false)
    .fail((message, error) => {
      throw error ?? new Error(message);
    })
    .parseAsync();
}

async function writeGenerator(seed: number): Promise<void> {
  const raw = initGenerator(
    { resolution: 16, zDim: 8, wDim: 8, channels: { 4: 4, 8: 4, 16: 4 }, mappingLayers: 2, mappingWidth: 8 },
    new Random(seed),
  );
  const weights = { ...effectiveGenerator(raw), wAvg: normals(new Random(seed).fork('wAvg'), [8]) };
  await writeBundlePart(join(dir, 'bundle'), 'generator', weights, { resolution: 16, zDim: 8, wDim: 8 });
  disposeAll(raw, weights);
}

describe('datasets/', () => {
  it("describes what the trainings take, the measured apart from the trained, for the project's bundle", async () => {
    const renders = await specFiles('renders');
    const defaults = attributesSchema.parse({});
    expect(renders.map((file) => madeFrom(file, 'renders')).sort()).toEqual([defaults.heldOut, defaults.train].sort());
    const sets = await Promise.all(renders.map((file) => loadConfig(rendersSchema, file)));
    expect(new Set(sets.map(({ seed }) => seed)).size).toBe(sets.length);
    expect(sets.map(({ count, size }) => [count, size])).toEqual([
      [4000, 64],
      [60_000, 64],
    ]);

    const latents = await Promise.all((await specFiles('latents')).map((file) => loadConfig(latentsSchema, file)));
    expect(latents.map(({ bundle }) => bundle)).toEqual([DEFAULT_BUNDLE, DEFAULT_BUNDLE]);
    expect(new Set(latents.map(({ seed }) => seed)).size).toBe(2);
  });

  it('is looked for where the command is called, and every file in it says its kind', async () => {
    await expect(specFiles('renders', join(dir, 'nowhere'))).rejects.toThrow(/nowhere: no descriptions of data sets/);
    const bad = join(dir, 'bad');
    await mkdir(bad);
    await writeFile(join(bad, 'x.yaml'), 'count: 3\n');
    await expect(specFiles('renders', bad)).rejects.toThrow(
      `${join(bad, 'x.yaml')}: kind is missing (it must be one of renders, latents)`,
    );
  });
});

describe('render', () => {
  it('makes what a description says, beside it', async () => {
    await call(renderCommand, 'render', '--config', join(dir, 'small.yaml'), '--workers', '1');
    const set = await openDataset(join(dir, 'small'));
    expect([set.count, set.seed, set.size]).toEqual([5, 3, 16]);
    set.close();
  });

  it('makes another elsewhere only', async () => {
    await expect(call(renderCommand, 'render', '--config', join(dir, 'small.yaml'), '--count', '6')).rejects.toThrow(
      /say where by --out/,
    );
    const out = join(dir, 'mine');
    await call(renderCommand, 'render', '--config', join(dir, 'small.yaml'), '--set', 'count=6', '--out', out);
    const set = await openDataset(out);
    expect([set.count, set.seed]).toEqual([6, 3]);
    set.close();
    await expect(call(renderCommand, 'render', '--config', join(dir, 'codes.yaml'))).rejects.toThrow(
      `${join(dir, 'codes.yaml')}:1: kind must be renders, got "latents"`,
    );
  });

  it('is named by a training that misses its data set', async () => {
    await writeFile(join(dir, 'later.yaml'), 'kind: renders\n');
    await expect(openDataset(join(dir, 'later'))).rejects.toThrow(
      `make it by nx run avatars:render --config ${join(dir, 'later.yaml')}`,
    );
  });
});

describe('latents', () => {
  it('makes W+ codes of the generator and notes where they come from; another generator makes others', async () => {
    await writeGenerator(1);
    const path = join(dir, 'codes.safetensors');
    const make = () => call(latentsCommand, 'latents', '--config', join(dir, 'codes.yaml'), '--threads', '1');
    await make();
    const { tensors, metadata } = await readSafetensors(path);
    const info = JSON.parse(await readFile(join(dir, 'bundle', 'bundle.json'), 'utf8')) as {
      generator: { sha256: string };
    };
    expect(metadata).toEqual({
      bundle: join(dir, 'bundle'),
      generator: info.generator.sha256,
      count: '4',
      seed: '5',
      truncation: '0.5',
    });
    expect(tensors['w_plus']).toMatchObject({ dtype: 'F32', shape: [4, 6, 8] });

    const first = await readFile(path);
    await make();
    expect(await readFile(path)).toEqual(first);
    await writeGenerator(2);
    await make();
    expect((await readSafetensors(path)).metadata['generator']).not.toBe(info.generator.sha256);
  });

  it('are the same z whatever their number and truncation', async () => {
    await writeGenerator(1);
    const codes = async (name: string, ...options: string[]): Promise<Float32Array> => {
      const path = join(dir, `${name}.safetensors`);
      await call(latentsCommand, 'latents', '--config', join(dir, 'codes.yaml'), ...options, '--out', path);
      return (await readSafetensors(path)).tensors['w_plus']!.data as Float32Array;
    };
    const [few, many] = [await codes('few'), await codes('many', '--count', '7')];
    expect(many).toHaveLength(7 * 6 * 8);
    expect(many.subarray(0, few.length)).toBeAllclose(few, { rtol: 1e-6, atol: 1e-6 });
    const [none, all] = [await codes('none', '--truncation', '0'), await codes('all', '--truncation', '1')];
    expect(few).toBeAllclose(
      few.map((_, i) => (none[i]! + all[i]!) / 2),
      { rtol: 1e-5, atol: 1e-5 },
    );
    const average = (await loadWeights(join(dir, 'bundle', 'generator.safetensors')))['wAvg']!;
    expect(none).toBeAllclose(Array.from({ length: 4 * 6 }, () => Array.from(average.dataSync())).flat(), {
      rtol: 1e-6,
      atol: 1e-6,
    });
    const another = await codes('another', '--seed', '6');
    expect(another).not.toEqual(few);
  });
});
