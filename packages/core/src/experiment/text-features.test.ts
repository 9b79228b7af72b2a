import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { templateFeatures } from '../models/clip/index.js';
import { tf } from '../tensors/tf.js';
import { writeTinyBundle } from '../testing/tiny-bundle.js';
import { openDevice } from './device.js';
import { disposeNetworks, loadNetworks, type Networks } from './networks.js';
import { openTextFeatures } from './text-features.js';

let dir: string;
let networks: Networks;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'texts-'));
  await writeTinyBundle(dir);
  networks = await loadNetworks(dir);
});
afterAll(async () => {
  disposeNetworks(networks);
  await rm(dir, { recursive: true });
});

describe('openTextFeatures', () => {
  it('says the same of a text as templateFeatures, and keeps nothing', async () => {
    const texts = openTextFeatures(await openDevice('cpu'), networks.clip);
    const kept = tf.memory().numTensors;
    for (const [text, templates] of [
      ['a person with purple hair', ['a {}.', 'the face of a {} with hair']],
      ['a face', ['{}']],
    ] as const) {
      const expected = templateFeatures(networks.clip, text, templates);
      expect(await texts.of(text, templates)).toBeAllclose([...expected.dataSync()], { atol: 1e-5 });
      expected.dispose();
    }
    expect(tf.memory().numTensors).toBe(kept);
    await expect(texts.of('purple '.repeat(80))).rejects.toThrow(/prompt too long/);
    await texts.dispose();
  });
});
