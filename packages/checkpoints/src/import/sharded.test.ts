/** Models in parts: the index decides, and what it says is not believed. */
import { copyFile, mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { beforeEach, describe, expect, it } from 'vitest';
import { readSafetensors, UserError } from '@styleclip/core';
import { forgeCheckpoint } from '../testing/forge-checkpoint.js';
import { openNetwork } from './network-source.js';
import { MAX_SHARDS } from './sharded.js';
import { fixture, inTemporaryFolder } from './testing-golden.js';

const at = inTemporaryFolder();
const PARTS = ['model-00001-of-00002.safetensors', 'model-00002-of-00002.safetensors'] as const;
const INDEX = 'model.safetensors.index.json';
let folder = 0;
let here: (name: string) => string;
let map: Record<string, unknown>;

beforeEach(async () => {
  const name = `parts-${folder++}`;
  here = (file) => at(`${name}/${file}`);
  await mkdir(here('.'));
  for (const part of PARTS) await copyFile(fixture(`clip-sharded/${part}`), here(part));
  const index = JSON.parse(await readFile(fixture(`clip-sharded/${INDEX}`), 'utf8')) as { weight_map: typeof map };
  map = index.weight_map;
});

const write = (json: unknown): Promise<void> =>
  writeFile(here(INDEX), typeof json === 'string' ? json : JSON.stringify(json));

async function open(path = here(INDEX)): Promise<string[]> {
  const source = await openNetwork(path, 'clip');
  await source.close();
  return [...source.found[0]!.state.keys()];
}

async function refusal(path?: string): Promise<string> {
  const error: unknown = await open(path).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(UserError);
  expect((error as UserError).message).not.toContain('\n');
  return (error as UserError).message;
}

describe('an index', () => {
  it('is enough, whatever it says of sizes; so is its folder, and an index of another name', async () => {
    await write({ metadata: { total_size: -1 }, weight_map: map });
    expect(await open()).toHaveLength(Object.keys(map).length);
    expect(await open(here('.'))).toHaveLength(Object.keys(map).length);
    await writeFile(here('x.json'), `\ufeff \n${JSON.stringify({ weight_map: map })}`);
    expect(await open(here('x.json'))).toHaveLength(Object.keys(map).length);
  });

  it('may stand in a cache of links', async () => {
    await mkdir(here('snapshot'));
    await write({ weight_map: map });
    for (const name of [...PARTS, INDEX]) await symlink(here(name), here(`snapshot/${name}`));
    expect(await open(here('snapshot'))).toHaveLength(Object.keys(map).length);
  });

  it('names its missing parts, all of them', async () => {
    await write({
      weight_map: { ...map, a: 'model-00003-of-00004.safetensors', b: 'model-00004-of-00004.safetensors' },
    });
    expect(await refusal()).toContain(
      '2 of its 4 files are missing beside it: model-00003-of-00004.safetensors, model-00004-of-00004.safetensors; download them',
    );
  });

  it('says which tensor is not where it has it', async () => {
    await write({ weight_map: { ...map, logit_scale: PARTS[1] } });
    expect(await refusal()).toContain(`the tensor "logit_scale" is not in ${PARTS[1]}, where the index has it`);
  });

  it.each([
    '../secret.safetensors',
    '/etc/passwd',
    '..',
    'sub/model.safetensors',
    'sub\\model.safetensors',
    'C:\\model.safetensors',
    '.hidden.safetensors',
    'model.pkl.txt',
    'a\u0000.safetensors',
    `${'a'.repeat(300)}.safetensors`,
    '',
    7,
    null,
    ['model.safetensors'],
  ])('may not lead out of its folder: %j', async (shard) => {
    await write({ weight_map: { ...map, logit_scale: shard } });
    expect(await refusal()).toMatch(
      /refused: the tensor "logit_scale" is in .*, which is not the name of a weights file/,
    );
  });

  it.each([
    ['{"weight_map": {', 'not valid JSON'],
    [{ weight_map: {} }, 'JSON without a "weight_map"'],
    [{ weight_map: ['a.safetensors'] }, 'JSON without a "weight_map"'],
    [{ model_type: 'clip' }, 'not the index of a model in parts; give the weights themselves'],
    [`{"x": "${'a'.repeat(16_000_001)}"}`, 'are more than an index of weights has'],
  ])('that is none is refused: %.40j', async (json, message) => {
    await write(json);
    expect(await refusal()).toContain(message);
  });

  it('may not name more files than can be open', async () => {
    const many = Array.from({ length: MAX_SHARDS + 1 }, (_, i) => [`t${i}`, `m-${i}.safetensors`]);
    await write({ weight_map: Object.fromEntries(many) });
    expect(await refusal()).toContain(`names ${MAX_SHARDS + 1} files, more than ${MAX_SHARDS}`);
  });

  it('is what to give instead of one part', async () => {
    expect(await refusal(here(PARTS[0]))).toContain('it is one part of a model: give its index, or the folder');
  });

  it('has parts that are checked like any file', async () => {
    await write({ weight_map: map });
    await writeFile(here(PARTS[0]), (await readFile(here(PARTS[0]))).subarray(0, 5000));
    expect(await refusal()).toContain(PARTS[0]);
    await writeFile(here(PARTS[0]), '<!DOCTYPE html><html>');
    expect(await refusal()).toContain('is a web page, not a checkpoint');
    await copyFile(fixture(`clip-sharded/${PARTS[0]}`), here(PARTS[0]));
    await mkdir(here('model-9.safetensors'));
    await write({ weight_map: { ...map, logit_scale: 'model-9.safetensors' } });
    expect(await refusal()).toContain('is not a file');
  });
});

it('a model in parts may be torch\u2019s, too', async () => {
  const { tensors } = await readSafetensors(fixture('clip-tiny-hf/model.safetensors'));
  const names = Object.keys(tensors);
  const half = (from: number, to?: number) => Object.fromEntries(Object.entries(tensors).slice(from, to));
  await writeFile(here('pytorch_model-1.bin'), forgeCheckpoint(half(0, 20)));
  await writeFile(here('pytorch_model-2.bin'), forgeCheckpoint({ state_dict: half(20) }));
  const weight_map = Object.fromEntries(names.map((name, i) => [name, `pytorch_model-${i < 20 ? 1 : 2}.bin`]));
  await writeFile(here('pytorch_model.bin.index.json'), JSON.stringify({ weight_map }));
  expect(await refusal(here('pytorch_model.bin.index.json'))).toContain('is not in pytorch_model-2.bin');
  await writeFile(here('pytorch_model-2.bin'), forgeCheckpoint(half(20)));
  expect((await open(here('pytorch_model.bin.index.json'))).sort()).toEqual(names.sort());
});

describe('a folder', () => {
  it('with one file of a usual name is that file', async () => {
    await mkdir(here('one'));
    await copyFile(fixture('clip-tiny-hf/pytorch_model.bin'), here('one/pytorch_model.bin'));
    await writeFile(here('one/training_args.bin'), 'x');
    expect(await open(here('one'))).toContain('logit_scale');
  });

  it('without one is told which names are looked for', async () => {
    await mkdir(here('none'));
    expect(await refusal(here('none'))).toContain('a folder without model.safetensors.index.json, model.safetensors');
  });
});
