/** Edits from end to end on tiny networks: the folder that is left, what may not happen, and playing. */
import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openFile, readRelevance, readSafetensors, tf, toFloats, writeRelevance } from '@styleclip/core';
import { writeTinyBundle } from '@styleclip/core/testing';
import { applySchema, type ApplyConfig } from './apply-config.js';
import { apply } from './apply.js';
import { precomputeSchema } from './config.js';
import { openEditing, type Editing } from './editing.js';
import { play } from './play.js';
import { precompute } from './precompute.js';
import { addScaled, styleStep } from './style-direction.js';

let dir: string;
let table: string;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'apply-'));
  await writeTinyBundle(join(dir, 'bundle'));
  const config = { bundle: join(dir, 'bundle'), images: 1, statistics: 40, device: 'cpu' };
  const { summary } = await precompute(precomputeSchema.parse(config), { root: dir });
  table = summary.file!;
});
afterAll(() => rm(dir, { recursive: true }));

const purple = { target: 'a person with purple hair', alpha: 2, topK: 5 };

const configOf = (changes: object): ApplyConfig =>
  applySchema.parse({
    ...{
      bundle: join(dir, 'bundle'),
      relevance: table,
      device: 'cpu',
      templates: 'none',
      tuning: 2,
      heldOut: 4,
      samples: 2,
    },
    ...{ edits: [purple], ...changes },
  });

describe('apply', () => {
  it('leaves pictures, direction, channels and numbers', async () => {
    const ask = { factor: 'hairColor', values: ['purple'] };
    const { dir: folder, summary } = await apply(configOf({ edits: [{ ...purple, ask }] }), { root: dir });
    expect(folder).toBe(join(dir, 'directions', 'a-person-with-purple-hair'));
    const files = await readdir(folder);
    for (const file of [
      'before-after.png',
      'strengths-1.png',
      'channels-1.csv',
      'direction.safetensors',
      'config.yaml',
    ])
      expect(files).toContain(file);
    expect(await readdir(join(folder, 'samples'))).toHaveLength(4);
    const [edit] = summary.edits;
    expect(edit).toMatchObject({ alpha: 2, channels: 5, strength: 'told', latents: 4, beta: null });
    expect(edit!.hit).not.toBeNull();
    expect(JSON.parse(await readFile(join(folder, 'summary.json'), 'utf8'))).toEqual(summary);

    const lines = (await readFile(join(folder, 'channels-1.csv'), 'utf8')).trim().split('\n');
    expect(lines).toHaveLength(6);
    const [layer = '', , channel = '', , weight, sign] = lines[1]!.split(',');
    expect(weight).toBe('1.000000');
    const { tensors } = await readSafetensors(join(folder, 'direction.safetensors'));
    const values = toFloats(tensors[`1/${layer}`]!).data;
    expect(Math.sign(values[Number(channel)]!)).toBe(sign === '+' ? 1 : -1);
    expect(Object.keys(tensors).some((name) => name.includes('torgb'))).toBe(false);
    await expect(apply(configOf({}), { root: dir })).rejects.toThrow(/exists already/);
  });

  it('makes several edits in order, each measured after those before it', async () => {
    const edits = [purple, { target: 'a face', neutral: 'a person', topK: 3 }];
    const { summary } = await apply(configOf({ edits, name: 'two' }), { root: dir });
    expect(summary.edits.map(({ strength }) => strength)).toEqual(['told', 'measured']);
    expect(summary.edits[1]!.clipBefore).not.toBeCloseTo(summary.edits[0]!.clipBefore, 3);
  });

  it('needs no table when it derives', async () => {
    const config = configOf({ name: 'direct', direct: true, directImages: 3, relevance: 'nowhere.arrow' });
    const { summary } = await apply(config, { root: dir });
    expect(summary).toMatchObject({ method: 'direct', edits: [{ channels: 5 }] });
  });

  it('refuses what it can not follow, and leaves nothing', async () => {
    const attempt = (changes: object): Promise<unknown> =>
      apply(configOf({ name: 'refused', ...changes }), { root: dir });
    await expect(attempt({ relevance: join(dir, 'none.arrow') })).rejects.toThrow(
      /no relevance file there; make it by/,
    );
    await expect(attempt({ edits: [{ ...purple, topK: undefined, beta: 1 }] })).rejects.toThrow(
      /beta 1 leaves no channel/,
    );
    await expect(attempt({ edits: [{ ...purple, neutral: purple.target }] })).rejects.toThrow(/the same text to CLIP/);
    await expect(attempt({ edits: [{ ...purple, ask: { factor: 'shoes', values: ['red'] } }] })).rejects.toThrow(
      /"shoes"/,
    );
    await writeTinyBundle(join(dir, 'other'), { seed: 2 });
    await expect(attempt({ bundle: join(dir, 'other') })).rejects.toThrow(/measured with another generator/);
    await expect(stat(join(dir, 'directions', 'refused'))).rejects.toThrow(/ENOENT/);
  });
});

describe('an editing', () => {
  let editing: Editing;
  beforeAll(async () => {
    editing = await openEditing(configOf({}));
  });
  afterAll(() => editing.dispose());

  it('takes a table that ends at a lower resolution, and leaves the layers above alone', async () => {
    const file = await openFile(table);
    const whole = await readRelevance(file);
    await file.close();
    const rows = [...whole.resolution].filter((side) => side <= 8).length;
    const { width, name } = whole;
    const part = <T extends Int16Array | Float32Array>(values: T, each = 1): T => values.slice(0, rows * each) as T;
    const short = join(dir, 'short.arrow');
    await writeRelevance(short, {
      ...{ layer: part(whole.layer), name: name.slice(0, rows), channel: part(whole.channel) },
      ...{ resolution: part(whole.resolution), mean: part(whole.mean), std: part(whole.std) },
      ...{
        direction: part(whole.direction, width),
        magnitude: part(whole.magnitude!),
        width,
        metadata: whole.metadata,
      },
    });
    const other = await openEditing(configOf({ relevance: short }));
    const { relevances } = await other.lookUp('a person', purple.target);
    expect(relevances.weight).toHaveLength(whole.layer.length);
    expect(relevances.weight.subarray(rows).every((value) => value === 0)).toBe(true);
    expect(relevances.weight.subarray(0, rows).some((value) => value !== 0)).toBe(true);
    await other.dispose();
  });

  it('plays: each line draws the picture anew, wrong ones change nothing', async () => {
    const preview = join(dir, 'preview.png');
    const said: string[] = [];
    const kept = tf.memory().numTensors;
    await play(
      editing,
      { neutral: 'a person', target: undefined, alpha: 3, choice: { topK: 4 }, seeds: '1-2' },
      {
        input: Readable.from([
          'a person with purple hair\n',
          'beta 1\n',
          'alpha 5\n',
          'keep\n',
          'a face\n',
          'quit\n',
          'alpha 1\n',
        ]),
        say: (line) => said.push(line),
        preview,
        truncation: 1,
      },
    );
    expect(said[0]).toMatch(/"a person" → "a person with purple hair", alpha 3, 4 channels/);
    expect(said[1]).toMatch(/error: beta 1 leaves no channel/);
    expect(said[2]).toMatch(/alpha 5, 4 channels/);
    expect(said[3]).toMatch(/kept/);
    expect(said[4]).toMatch(/→ "a face", alpha 5/);
    expect(said).toHaveLength(5);
    expect((await readFile(preview)).subarray(1, 4).toString()).toBe('PNG');
    expect(tf.memory().numTensors).toBe(kept);
  });

  it('moves styles and nothing else', async () => {
    const { relevances } = await editing.lookUp('a person', purple.target);
    const { direction } = styleStep(relevances, { topK: 4 });
    const wPlus = await editing.source.latents('heldOut', 0, 2);
    const nothing = new Float32Array(direction.length);
    const [plain, there, back] = [
      await editing.trial.see(wPlus, nothing),
      await editing.trial.see(wPlus, addScaled(nothing, direction, 3)),
      await editing.trial.see(wPlus, addScaled(addScaled(nothing, direction, 3), direction, -3)),
    ];
    expect(back.clip).toBeAllclose([...plain.clip], { atol: 1e-4 });
    expect(Math.max(...there.clip.map((x, i) => Math.abs(x - plain.clip[i]!)))).toBeGreaterThan(1e-3);
    wPlus.dispose();
  });
});
