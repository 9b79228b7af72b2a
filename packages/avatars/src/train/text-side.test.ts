/** The text stage on a tiny bundle: what it changes, what it leaves alone, and that it goes on where it stopped. */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CLIP_CONTEXT, initClip, loadBundle, Random, writeBundlePart, type Weights } from '@styleclip/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { renderDataset } from '../dataset.js';
import { CLIP_INPUT } from '../measures/clip.js';
import { isVisual } from './alignment.js';
import { captionVocabulary } from './caption-batch.js';
import { textSideSchema, type TextSideConfig } from './text-side-config.js';
import { trainTextSide } from './text-side.js';

const vocabulary = captionVocabulary();
const few = vocabulary.filter((_, i) => i % 5 === 0 || i >= vocabulary.length - 2);
const home = process.cwd();
let dir: string;
let config: TextSideConfig;

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'text-side-'));
  process.chdir(dir); // runs/ is made where the command is given
  await renderDataset('renders', 24, 5, 64);
  const clip = initClip(
    {
      embed: 8,
      image: { size: 64, patch: 32, width: 8, layers: 1, heads: 1 },
      text: { context: CLIP_CONTEXT, vocabulary: few, width: 8, layers: 1, heads: 1 },
    },
    new Random(1),
  );
  await writeBundlePart('bundle', 'clip', clip, {
    inputResolution: 64,
    mean: [...CLIP_INPUT.mean],
    std: [...CLIP_INPUT.std],
    embedding: 8,
    context: CLIP_CONTEXT,
  });
  config = textSideSchema.parse({
    train: 'renders',
    heldOut: 'renders',
    bundle: 'bundle',
    steps: 2,
    batch: 12,
    threads: 1,
  });
});
afterAll(async () => {
  process.chdir(home);
  await rm(dir, { recursive: true, force: true });
});

const numbers = (clip: Weights, name: string): number[] => Array.from(clip[name]!.dataSync());

describe('trainTextSide', () => {
  it('teaches the bundle all words and leaves the picture side as it is; a second run goes on', async () => {
    const { clip: before } = await loadBundle('bundle');
    await trainTextSide(config);
    const { clip: after } = await loadBundle('bundle');
    expect(numbers(after!, 'vocabulary')).toEqual(vocabulary);
    expect(after!['prototypes']).toBeUndefined();
    for (const name of Object.keys(before!).filter(isVisual))
      expect(numbers(after!, name), name).toEqual(numbers(before!, name));
    expect(numbers(after!, 'text_projection')).not.toEqual(numbers(before!, 'text_projection'));

    await expect(trainTextSide({ ...config, steps: 3 })).rejects.toThrow(/exists already/);
    await trainTextSide(config, { resume: true });
    const { clip: again } = await loadBundle('bundle');
    expect(numbers(again!, 'text_projection')).toEqual(numbers(after!, 'text_projection'));
    expect((await readFile('runs/avatars/clip-words/metrics.jsonl', 'utf8')).trim().split('\n')).toHaveLength(1);
  }, 240_000);

  it('says when there is no CLIP to begin with', async () => {
    await expect(trainTextSide({ ...config, bundle: 'elsewhere', name: 'other' })).rejects.toThrow(/elsewhere/);
  });
});
