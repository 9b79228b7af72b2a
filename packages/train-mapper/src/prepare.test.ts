import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describeConfig, loadConfig, UserError, type Overrides } from '@styleclip/core';
import { writeTinyBundle } from '@styleclip/core/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { trainMapperSchema } from './config.js';
import { describePlan } from './describe-plan.js';
import { prepare, release } from './prepare.js';

let dir: string;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'prepare-'));
  await writeTinyBundle(join(dir, 'bundle'));
});
afterAll(() => rm(dir, { recursive: true }));

const config = (overrides: Overrides = {}) =>
  loadConfig(trainMapperSchema, undefined, {
    name: 'x',
    bundle: join(dir, 'bundle'),
    prompt: 'purple hair',
    ...overrides,
  });

describe('prepare', () => {
  it('says what it would do', async () => {
    const settings = await config({ 'mapper.groups.fine': 'false' });
    const prepared = await prepare(settings);
    const plan = describePlan(settings, prepared, 'runs/train-mapper/x');
    expect(plan).toContain('generator 16×16, W+ 6×8; mappers: coarse, medium');
    expect(plan).toContain('would write runs/train-mapper/x; nothing was written');
    await release(prepared);
  });

  it.each<[string, Overrides, 1 | 2, RegExp]>([
    ['an unknown key', { 'losses.clp': 1 }, 2, /unknown key "losses.clp" \(known: clip, /],
    ['an unknown value', { 'optimizer.name': 'sgd' }, 2, /optimizer.name must be .*adam.*ranger.*got "sgd"/],
    [
      'an unknown factor',
      { ask: { factor: 'hat', values: ['any'] } },
      2,
      /ask.factor: .*"hat".*hairColor, glasses, mouth/,
    ],
    [
      'an unknown value of a factor',
      { ask: { factor: 'hairColor', values: ['green'] } },
      2,
      /"green" \(it has: brown, black, purple\)/,
    ],
    ['an unknown factor to ignore', { ignore: ['hat'] }, 2, /ignore: .*"hat"/],
    [
      'nothing to train',
      { 'mapper.groups': { coarse: false, medium: false, fine: false } },
      2,
      /at least one of coarse, medium and fine/,
    ],
    ['a source without its file', { 'latents.source': 'file' }, 2, /latents.file/],
    [
      'a missing file of latents',
      { latents: { source: 'file', file: 'none.safetensors' } },
      1,
      /none.safetensors: no such file/,
    ],
    ['a missing bundle', { bundle: 'nowhere' }, 2, /nowhere: no bundle there/],
    ['a prompt that is too long', { prompt: 'hair '.repeat(80) }, 1, /prompt too long: 82 tokens .*CLIP takes 77/],
    ['an unknown device', { device: 'tpu' }, 2, /device must be .*"tpu"/],
  ])('refuses %s in one line', async (_, overrides, code, line) => {
    const refusal: unknown = await config(overrides)
      .then(prepare)
      .then(release, (error: unknown) => error);
    expect(refusal).toBeInstanceOf(UserError);
    expect((refusal as UserError).message).toMatch(line);
    expect((refusal as UserError).message).not.toContain('\n');
    expect((refusal as UserError).exitCode).toBe(code);
  });
});

describe('the schema', () => {
  it('shows defaults and a description for every key', () => {
    const keys = describeConfig(trainMapperSchema);
    expect(keys.find(({ key }) => key === 'losses.clip')).toMatchObject({ default: 1, required: false });
    expect(keys.filter(({ description }) => description === '')).toEqual([]);
  });
});
