/** An official mapper's checkpoint: its generator and its edits, by our functions and by train-mapper's command. */
import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';
import {
  applyMapper,
  loadBundle,
  loadWeights,
  readSafetensors,
  saveWeights,
  styles,
  synthesize,
  type tf,
  type WPlus,
} from '@styleclip/core';
import { expect, it } from 'vitest';
import { importBundle } from './import-bundle.js';
import { expectGolden, fixture, golden, inTemporaryFolder } from './testing-golden.js';

const at = inTemporaryFolder();

it('imports mapper and decoder, so that edits are the original’s', async () => {
  const to = at('purple');
  const parts = await importBundle({ files: { mapper: fixture('official-mapper.pt') }, to });
  expect(parts.map(({ kind }) => kind)).toEqual(['generator', 'mapper']);
  const io = await golden('official-mapper.io.safetensors');
  const { generator, info } = await loadBundle(to, { parts: ['generator'] });
  const mapper = await loadWeights(at('purple/mapper.safetensors'));
  const edited = applyMapper(mapper, io['w_plus'] as WPlus, { pixelNorm: 'layers' });
  expectGolden(edited, io['w_hat']);
  expectGolden(synthesize(generator, styles(generator, io['w_plus'] as WPlus)), io['image']);
  expectGolden(synthesize(generator, styles(generator, edited)), io['image_hat']);

  const { metadata } = await readSafetensors(at('purple/mapper.safetensors'), () => false);
  expect(JSON.parse(metadata['styleclip.mapper'] ?? '')).toMatchObject({
    prompt: 'purple hair',
    bundle: to,
    generatorSha256: info.generator?.sha256,
    pixelNorm: 'layers',
    strength: 0.1,
    layerGroups: [4, 8],
  });

  // train-mapper takes the file as one of its own
  await saveWeights(at('latents.safetensors'), { w_plus: io['w_plus'] as tf.Tensor });
  const tsx = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href;
  const cli = fileURLToPath(new URL('../../../train-mapper/src/cli.ts', import.meta.url));
  const args = [
    '--mapper',
    at('purple/mapper.safetensors'),
    '--latents',
    at('latents.safetensors'),
    '--out',
    at('edit'),
  ];
  const { status, stderr } = spawnSync(
    process.execPath,
    ['--conditions=@styleclip/source', '--import', tsx, cli, 'edit', ...args, '--device', 'plain'],
    { encoding: 'utf8' },
  );
  expect(status, stderr).toBe(0);
  expectGolden((await loadWeights(at('edit/latents.safetensors')))['edited/x1'] as tf.Tensor, io['w_hat']);
});

it('gives the decoder alone as a generator too', async () => {
  await importBundle({ files: { generator: fixture('official-mapper.pt') }, to: at('decoder') });
  const { generator } = await loadBundle(at('decoder'), { parts: ['generator'] });
  const io = await golden('official-mapper.io.safetensors');
  expectGolden(synthesize(generator, styles(generator, io['w_plus'] as WPlus)), io['image']);
});
