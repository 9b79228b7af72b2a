import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
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
  await cp(join(dir, 'bundle'), join(dir, 'bare'), { recursive: true });
  const info = JSON.parse(await readFile(join(dir, 'bare/bundle.json'), 'utf8')) as Record<string, unknown>;
  const { identity: _, attributes: __, ...rest } = info;
  await writeFile(join(dir, 'bare/bundle.json'), JSON.stringify(rest));
});
afterAll(() => rm(dir, { recursive: true }));

const config = (overrides: Overrides = {}) =>
  loadConfig(trainMapperSchema, undefined, {
    name: 'x',
    bundle: join(dir, 'bundle'),
    prompt: 'purple hair',
    ...overrides,
    // A bundle that can only draw and compare with text.
    ...(overrides['bundle'] === 'BARE' && {
      bundle: join(dir, 'bare'),
      ...(overrides['ask'] || overrides['ignore'] ? { 'losses.id': 0 } : {}),
    }),
  });

describe('prepare', () => {
  it('says what it would do', async () => {
    const settings = await config({ 'mapper.groups.fine': 'false' });
    const prepared = await prepare(settings);
    const plan = describePlan(settings, prepared, 'runs/train-mapper/x');
    expect(plan).toContain('generator 16×16, W+ 6×8; mappers: coarse, medium');
    expect(plan).not.toContain('does not know');
    expect(plan).toContain('would write runs/train-mapper/x; nothing was written');
    await release(prepared);
  });

  it('names words that CLIP does not know, of the texts that are used', async () => {
    const settings = await config({
      prompt: 'a purple mohawk',
      'losses.neutral': 'a zebra face',
      'losses.directional': 0, // so nothing begins at the neutral text
    });
    const prepared = await prepare(settings);
    expect(prepared.unknownWords).toEqual(['mohawk']);
    expect(describePlan(settings, prepared, '')).toContain(
      `CLIP does not know "mohawk": the edit can't follow that word`,
    );
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
    ['a prompt of blanks', { prompt: ' \u200b\t' }, 2, /prompt: holds nothing but blanks/],
    ['a neutral text of blanks', { 'losses.neutral': '\u00a0' }, 2, /losses.neutral: holds nothing but blanks/],
    ['a prompt of unknown words', { prompt: 'a zebra' }, 2, /prompt: .*"a zebra" \(unknown: zebra\)/],
    [
      'a neutral text of unknown words',
      { losses: { directional: 1, neutral: 'a zebra' } },
      2,
      /losses.neutral: .*"a zebra"/,
    ],
    ['a name with a way out', { name: '..' }, 2, /name: must begin with/],
    [
      'a question without a probe',
      { bundle: 'BARE', ask: { factor: 'hairColor', values: ['purple'] } },
      1,
      /no attributes, which "ask"/,
    ],
    ['factors to ignore without a probe', { bundle: 'BARE', ignore: ['mouth'] }, 1, /no attributes, which "ask"/],
    ['an identity loss without its network', { bundle: 'BARE' }, 1, /no identity, which losses.id above 0 needs/],
    ['a missing bundle', { bundle: 'nowhere' }, 2, /nowhere: no bundle there/],
    ['a prompt that is too long', { prompt: 'hair '.repeat(80) }, 2, /prompt too long: 82 tokens .*CLIP takes 77/],
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
    expect(keys.filter(({ required }) => required).map(({ key, within }) => [key, within])).toEqual([
      ['name', undefined],
      ['prompt', undefined],
      ['ask.factor', 'ask'],
      ['ask.values', 'ask'],
    ]);
    expect(keys.filter(({ description }) => description === '')).toEqual([]);
  });
});
