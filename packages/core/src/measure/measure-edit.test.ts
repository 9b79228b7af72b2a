import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openDevice } from '../experiment/device.js';
import { disposeNetworks, loadNetworks, type Networks } from '../experiment/networks.js';
import { latentsOfSeeds } from '../latents/index.js';
import { encodeTexts } from '../experiment/encode-texts.js';
import { render, textTarget } from '../losses/objective.js';
import { tf } from '../tensors/tf.js';
import { disposeAll } from '../tensors/weights.js';
import { writeTinyBundle } from '../testing/tiny-bundle.js';
import { openEditLooks } from './look-at-edits.js';
import { batchesOf, measureEdit } from './measure-edit.js';

let dir: string;
let networks: Networks;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'measure-'));
  await writeTinyBundle(dir);
  networks = await loadNetworks(dir);
});
afterAll(async () => {
  disposeNetworks(networks);
  await rm(dir, { recursive: true });
});

const ask = { factor: 'hairColor', values: ['brown', 'black', 'purple'] };

describe('measureEdit', () => {
  it('measures pictures that are given, and finds nothing where nothing was edited', async () => {
    const before = tf.tidy(() => render(networks.generator, latentsOfSeeds(networks.generator, [1, 2, 3], 1)));
    const { prompt } = textTarget(networks.clip, { prompt: 'purple hair' });
    const batches: [tf.Tensor4D, tf.Tensor4D][] = [[before, before]];
    const pictures = (before: tf.Tensor4D, after: tf.Tensor4D) => ({ before, after });
    const device = await openDevice('plain');
    const kept = tf.memory().numTensors;
    const measured = await measureEdit(device, networks, { pictures, batches }, { prompt, ask });
    expect(tf.memory().numTensors).toBe(kept);
    expect(measured).toMatchObject({ latents: 3, hit: 1, hitBefore: 1, leak: 0, clipGain: 0 });
    expect(measured.identity).toBeCloseTo(1, 5);
    const { clip, clipInput, attributes } = networks;
    const unasked = await measureEdit(
      device,
      { clip, clipInput, attributes: attributes! },
      { pictures, batches },
      { prompt },
    );
    expect(unasked).toMatchObject({ hit: null, leak: null, identity: null, clipBefore: measured.clipBefore });
    disposeAll(before, prompt);
  });

  it('measures functions of latents batch by batch, to the same numbers whatever the batch', async () => {
    const latents = latentsOfSeeds(networks.generator, [1, 2, 3, 4], 1);
    const shift = tf.randomNormal([1, 1, 8], 0, 1, 'float32', 5);
    const { prompt } = textTarget(networks.clip, { prompt: 'purple hair' });
    const device = await openDevice('cpu');
    const measure = (size: number) =>
      measureEdit(
        device,
        networks,
        {
          pictures: (shift: tf.Tensor, wPlus: tf.Tensor3D) => ({
            before: render(networks.generator, wPlus),
            after: render(networks.generator, tf.add(wPlus, shift) as tf.Tensor3D),
          }),
          batches: (function* (): Generator<[tf.Tensor, tf.Tensor3D]> {
            for (const batch of batchesOf(latents, size)) yield [shift, batch];
          })(),
        },
        { prompt, ask, ignore: ['glasses'] },
      );
    const [whole, parts] = [await measure(20), await measure(2)];
    expect(whole.latents).toBe(4);
    expect(Object.keys(whole.leakByFactor!)).toEqual(['mouth']);
    expect(parts.clipAfter).toBeAllclose(whole.clipAfter, { rtol: 1e-4 });
    expect(parts).toMatchObject({ hit: whole.hit, leak: whole.leak });
    disposeAll(latents, shift, prompt);
  });

  it('compares each picture with a text of its own, encoded by the device', async () => {
    const device = await openDevice('cpu');
    const texts = ['purple hair', 'a face'];
    const features = await encodeTexts(device, networks.clip, texts);
    const latents = latentsOfSeeds(networks.generator, [1, 2], 1);
    const looks = openEditLooks(device, networks, (wPlus: tf.Tensor3D) => {
      const image = render(networks.generator, wPlus);
      return { before: image, after: image };
    });
    const seen = await looks.look(features, latents);
    for (const [i, text] of texts.entries()) {
      const { prompt } = textTarget(networks.clip, { prompt: text });
      expect(features.slice(i, 1)).toBeAllclose(prompt, { rtol: 1e-3, atol: 1e-5 });
      const [alone] = await looks.look(prompt, latents.slice(i, 1));
      expect(seen[i]!.clipAfter).toBeAllclose(alone!.clipAfter, { rtol: 1e-3, atol: 1e-5 });
      expect(seen[i]!.before).toEqual(seen[i]!.after);
      prompt.dispose();
    }
    await looks.dispose();
    disposeAll(features, latents);
  });
});
