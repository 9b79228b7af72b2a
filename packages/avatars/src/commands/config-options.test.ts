/** Options that come from a schema: which of them wins, what help says, and what is refused. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import yargs, { type Argv } from 'yargs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { z } from 'zod';
import { attributesSchema } from '../train/attributes-config.js';
import { clipSchema } from '../train/clip-config.js';
import { generatorSchema } from '../train/generator-config.js';
import { identitySchema } from '../train/identity-config.js';
import { configOptions, readConfig } from './config-options.js';
import { latentsCommand } from './latents.js';
import { trainCommand } from './train.js';

let dir: string;
let file: string;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'avatars-options-'));
  file = join(dir, 'clip.yaml');
  await writeFile(file, 'steps: 30\nbatch: 6\ntext:\n  steps: 7\n');
});
afterAll(() => rm(dir, { recursive: true }));

async function read<S extends z.ZodType>(schema: S, ...argv: string[]): Promise<z.output<S>> {
  const args = await configOptions(yargs(argv).exitProcess(false), schema)
    .strict()
    .fail((message, error) => {
      throw error ?? new Error(message);
    })
    .parseAsync();
  return readConfig(schema, args);
}

describe('options of a configuration', () => {
  it('win over --set, --set over the file, the file over the defaults', async () => {
    const config = await read(clipSchema, '--config', file, '--set', 'batch=8', '--set', 'steps=31', '--steps', '32');
    expect(config).toMatchObject({ steps: 32, batch: 8, text: { steps: 7, batch: 192 }, learningRate: 1.5e-3 });
    expect(await read(clipSchema, '--set', 'text.learningRate=2e-3', '--learning-rate', '1e-3')).toMatchObject({
      learningRate: 1e-3,
      text: { learningRate: 2e-3 },
    });
  });

  it('read lists, groups and texts as the schema has them', async () => {
    const config = await read(attributesSchema, '--channels', '[8, 16]', '--name', '007', '--bundle', '');
    expect(config).toMatchObject({ channels: [8, 16], name: '007', bundle: '' });
    expect((await read(generatorSchema, '--channels', '{ 4: 8, 8: 4 }')).channels).toEqual({ 4: 8, 8: 4 });
  });

  it('are refused by name', async () => {
    await expect(read(clipSchema, '--steps', 'many', '--set', 'text.steps=0')).rejects.toThrow(
      '--steps: steps must be a positive integer, got "many"\n--text.steps: text.steps must be a positive integer, got 0',
    );
    await expect(read(clipSchema, '--stepz', '3')).rejects.toThrow('Unknown argument: stepz');
    await expect(read(clipSchema, '--set', 'stepz=3')).rejects.toThrow('--stepz: unknown key "stepz" (known: name,');
    await expect(read(clipSchema, '--device', 'gpu')).rejects.toThrow('device must be one of auto, cpu, webgpu, cuda');
    await expect(read(clipSchema, '--steps')).rejects.toThrow('Not enough arguments following: steps');
    for (const name of ['..', 'a b', '', 'con']) {
      await expect(read(identitySchema, '--name', name)).rejects.toThrow(/^--name: name:? /);
    }
    await expect(read(identitySchema, '--channels', '[8]')).rejects.toThrow(
      'must hold one number for each of channels',
    );
  });

  it('are told by help, with defaults, and the keys of groups too', async () => {
    const help = (await configOptions(yargs([]).scriptName('x').wrap(200), clipSchema).getHelp()).replace(/ +/g, ' ');
    expect(help).toContain('--learning-rate highest learning rate; a positive number [default: 0.0015]');
    expect(help).toContain(
      '--train folder of renders to train on; text that is not empty [default: datasets/avatars/train]',
    );
    expect(help).toContain('text.steps steps in all; a positive integer [default: 4000]');
  });
});

describe('the training of the whole bundle', () => {
  it.each([
    ['--seed', '1.5', '--seed must be a whole number'],
    ['--seed', 'x', '--seed must be a whole number'],
    ['--bundle', '', '--bundle must not be empty'],
  ])('refuses %s %j before anything is rendered', async (option, value, message) => {
    const build = trainCommand.builder as (y: Argv) => Argv;
    const parsed = build(yargs([option, value]).exitProcess(false)).fail((text, error) => {
      throw error ?? new Error(text);
    });
    await expect((async () => parsed.parseAsync())()).rejects.toThrow(message);
  });
});

describe('a file of latents', () => {
  it('has a name that says what it is', async () => {
    const handle = latentsCommand.handler as (args: object) => Promise<void>;
    await expect(handle({ out: 'x.txt', set: [] })).rejects.toThrow('--out must name a .safetensors file, got "x.txt"');
  });
});

describe('the second stage of the generator', () => {
  it('has defaults of its own, which what is given wins over', async () => {
    expect(await read(generatorSchema)).toMatchObject({ name: 'generator', steps: 9000, edits: false, square: 0 });
    expect(await read(generatorSchema, '--from', 'generator', '--square', '1')).toMatchObject({
      name: 'generator-directions',
      from: 'generator',
      steps: 11_000,
      learningRate: 3e-3,
      square: 1,
    });
  });
});
