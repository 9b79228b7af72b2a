import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { disposeNetworks, loadNetworks, type Networks } from '../experiment/networks.js';
import { latentsOfSeeds } from '../latents/index.js';
import { styles } from '../models/stylegan2/index.js';
import { tf } from '../tensors/tf.js';
import { disposeAll, valueAndGrads } from '../tensors/weights.js';
import { writeTinyBundle } from '../testing/tiny-bundle.js';
import {
  objective,
  objectiveRows,
  sourceFeatures,
  textTarget,
  type LatentCode,
  type ObjectiveOptions,
  type TextTarget,
} from './objective.js';

let dir: string;
let networks: Networks;
let original: tf.Tensor3D;
let edited: tf.Tensor3D;

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'objective-'));
  await writeTinyBundle(dir);
  networks = await loadNetworks(dir);
  original = latentsOfSeeds(networks.generator, [1, 2], 1); // [2,6,8]
  edited = latentsOfSeeds(networks.generator, [3, 4], 1);
});
afterAll(async () => {
  disposeNetworks(networks);
  disposeAll(original, edited);
  await rm(dir, { recursive: true });
});

const all: ObjectiveOptions = {
  clip: 1,
  directional: 0.5,
  id: 0.1,
  l2: 0.8,
  clipInput: 'normalised',
  l2Reading: 'mean',
};

/** The terms as numbers. */
function terms(losses: ObjectiveOptions, edited: LatentCode, original: LatentCode): Record<string, number> {
  const numbers: Record<string, number> = {};
  tf.tidy(() => {
    const text = textTarget(networks.clip, { prompt: 'purple hair', neutral: 'a face' });
    const source = sourceFeatures(networks, losses, original);
    for (const [name, term] of Object.entries(objective(networks, losses, { edited, original, source, text }))) {
      numbers[name] = term.dataSync()[0]!;
    }
  });
  return numbers;
}

describe('objective', () => {
  it('is the weighted sum of its terms', () => {
    const { total, clip, directional, id, l2 } = terms(all, edited, original) as Required<Record<string, number>>;
    for (const term of [clip, directional, id, l2]) expect(term).toBeGreaterThan(0.001);
    expect(total).toBeAllclose(clip! + 0.5 * directional! + 0.1 * id! + 0.8 * l2!, { rtol: 1e-5 });
  });

  it('is the mean of what each picture has by itself, each with a text of its own', () => {
    tf.tidy(() => {
      const texts = ['purple hair', 'a face'].map((prompt) =>
        textTarget(networks.clip, { prompt, neutral: 'a person' }),
      );
      const rowsOf = (from: number, count: number, text: TextTarget) => {
        const [some, before] = [edited.slice(from, count), original.slice(from, count)];
        const source = sourceFeatures(networks, all, before);
        return objectiveRows(networks, all, { edited: some, original: before, source, text });
      };
      const both = rowsOf(0, 2, {
        prompt: tf.concat(texts.map(({ prompt }) => prompt)),
        direction: tf.concat(texts.map(({ direction }) => direction!)),
      });
      const alone = texts.map((text, i) => rowsOf(i, 1, text));
      for (const name of ['clip', 'directional', 'id', 'l2'] as const)
        expect(both[name]).toBeAllclose(
          alone.map((rows) => rows[name].dataSync()[0]!),
          { rtol: 1e-4, atol: 1e-6 },
        );
      const { clip } = terms(all, edited, original);
      const { clip: first } = rowsOf(0, 2, texts[0]!);
      expect(tf.mean(first)).toBeAllclose(clip!, { rtol: 1e-5 });
    });
  });

  it('sees the same pictures through W+ and through their styles, and measures the distance where the code lives', () => {
    const codes = [edited, original].map((wPlus) => styles(networks.generator, wPlus));
    const { l2, total: _, ...pictures } = terms(all, edited, original);
    const { l2: inS, total: __, ...picturesOfS } = terms(all, codes[0]!, codes[1]!);
    expect(picturesOfS).toEqual(pictures);
    const means = codes[0]!.map(({ style }, i) => {
      const [a, b] = [[...style.dataSync()], codes[1]![i]!.style.dataSync()];
      return a.reduce((sum, value, j) => sum + (value - b[j]!) ** 2, 0) / a.length;
    });
    expect(inS).toBeAllclose(
      means.reduce((sum, mean) => sum + mean, 0),
      { rtol: 1e-4 },
    );
    expect(inS).not.toBeCloseTo(l2!, 4);
    disposeAll(codes.flat().map(({ style }) => style));
  });

  it('reads 0 where a term has no weight, and can be followed down to a style', () => {
    const only = { ...all, directional: 0, id: 0, l2: 0 };
    expect(terms(only, edited, original)).toMatchObject({ directional: 0, id: 0, l2: 0 });
    const code = styles(networks.generator, original);
    const text = textTarget(networks.clip, { prompt: 'purple hair' });
    const { grads } = valueAndGrads(
      ({ first }) =>
        objective(networks, only, {
          edited: code.map((vector, i) => (i === 0 ? { ...vector, style: first as tf.Tensor2D } : vector)),
          original: code,
          source: {},
          text,
        }).total,
    )({ first: code[0]!.style });
    expect(grads['first']!.shape).toEqual(code[0]!.style.shape);
    expect(Math.max(...grads['first']!.abs().dataSync())).toBeGreaterThan(0);
  });
});
