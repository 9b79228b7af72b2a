/** What decides a CLIP's activation, and in which order. */
import { expect, it } from 'vitest';
import { KNOWN_FILES, knownByHash } from '../fetch/known-files.js';
import type { FoundNetwork } from '../layouts/layout.js';
import { type ActivationClues, clipActivation } from './clip-activation.js';

const network = (layout: string): FoundNetwork => ({
  kind: 'clip',
  layout,
  what: `x: ${layout}`,
  state: new Map(),
  table: [],
  ignored: () => false,
});

const decide = async (layout: string, clues: Partial<ActivationClues>): Promise<string> => {
  const all = { path: 'x.bin', format: 'torch-zip', known: async () => undefined, ...clues };
  const { activation, because } = await clipActivation(network(layout), all);
  return `${activation}, ${because}`;
};

const config = { from: 'config.json', program: 'Hugging Face', activation: 'gelu' } as const;

it('is the user, then the configuration, then the known file, then OpenAI\u2019s layout', async () => {
  const clip = KNOWN_FILES.files['clip-vit-b-32-hf']!;
  const known = async () => clip;
  expect(await decide('Hugging Face CLIP', { told: 'quick_gelu', config, known })).toBe(
    'quick_gelu, as --activation says, against config.json, which says gelu',
  );
  expect(await decide('Hugging Face CLIP', { told: 'gelu', config })).toBe('gelu, as --activation says');
  expect(await decide('Hugging Face CLIP', { config, known })).toBe('gelu, as config.json says');
  expect(await decide('Hugging Face CLIP', { known })).toMatch(/^quick_gelu, .* of which this is one by its hash$/);
  expect(await decide('Hugging Face CLIP', { repository: 'openai/clip-vit-base-patch32' })).toBe(
    "quick_gelu, as in OpenAI's own models, being from openai/clip-vit-base-patch32",
  );
  await expect(decide('Hugging Face CLIP', { repository: 'openai-fans/clip-x' })).rejects.toThrow('nothing says');
  expect(await decide('OpenAI CLIP', {})).toMatch(/^quick_gelu, as in OpenAI's own models, since nothing beside/);
  await expect(decide('Hugging Face CLIP', {})).rejects.toMatchObject({ exitCode: 2 });
});

it('knows the files of the table by their hash', () => {
  for (const name of ['clip-vit-b-32-hf', 'clip-vit-l-14']) {
    const file = KNOWN_FILES.files[name]!;
    expect(knownByHash((file.proof as { sha256: string }).sha256)).toBe(file);
  }
  expect(knownByHash('0'.repeat(64))).toBeUndefined();
});
