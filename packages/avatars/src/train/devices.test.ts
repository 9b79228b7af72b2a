/**
 * The trainings on other devices than the compiled CPU: the same functions, run op by op by TensorFlow.js's own backends, end
 * at the same weights to rounding.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadWeights, openDevice, tf, type DeviceChoice } from '@styleclip/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { renderDataset } from '../dataset.js';
import { attributesSchema } from './attributes-config.js';
import { trainAttributes } from './attributes.js';
import { clipSchema } from './clip-config.js';
import { trainClip } from './clip.js';
import { identitySchema } from './identity-config.js';
import { trainIdentity } from './identity.js';
import type { TrainingOptions } from './open-training.js';

let dir: string;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'avatars-devices-'));
  await renderDataset(join(dir, 'set'), 40, 1, 16, { log: null, workers: 1 });
});
afterAll(async () => {
  await tf.setBackend('cpu');
  await rm(dir, { recursive: true });
});

type Training = (fields: { name: string; device: DeviceChoice }, options: TrainingOptions) => Promise<unknown>;

const common = () => ({
  train: join(dir, 'set'),
  bundle: '',
  steps: 3,
  warmup: 1,
  batch: 4,
  threads: 1,
});
const TRAININGS: Record<string, Training> = {
  attributes: (fields, options) =>
    trainAttributes(
      attributesSchema.parse({ ...common(), ...fields, heldOut: join(dir, 'set'), channels: [4], hidden: 8 }),
      options,
    ),
  identity: (fields, options) =>
    trainIdentity(
      identitySchema.parse({
        ...common(),
        ...fields,
        ...{ channels: [4, 8], blocks: [1, 1], embed: 8, pairs: 2, finalPairs: 2 },
      }),
      options,
    ),
  clip: (fields, options) =>
    trainClip(
      clipSchema.parse({
        ...common(),
        ...fields,
        heldOut: join(dir, 'set'),
        text: { steps: 2, batch: 4, pictures: 8, descriptions: 2, warmup: 1 },
        ...{ descriptions: 2, embed: 8, patch: 8, imageWidth: 8, imageLayers: 1, textWidth: 16, textLayers: 1 },
      }),
      options,
    ),
};

/** TensorFlow's native engine is an optional package. */
const native = await openDevice('tensorflow').then(
  () => true,
  () => false,
);

async function finalWeights(
  training: Training,
  name: string,
  device: DeviceChoice,
): Promise<Record<string, Float32Array>> {
  const root = join(dir, 'runs');
  await training({ name: `${name}-${device}`, device }, { root, resume: true }); // the CPU's serves several cases
  const found = await loadWeights(
    join(root, 'avatars', `${name}-${device}`, 'checkpoints', 'step-000003', 'params.safetensors'),
  );
  return Object.fromEntries(Object.entries(found).map(([key, tensor]) => [key, tensor.dataSync<'float32'>()]));
}

describe('trainings on other devices', () => {
  // TensorFlow.js's JavaScript backend takes a minute for each of the larger ones.
  const cases = [['attributes', 'plain'], ...Object.keys(TRAININGS).map((name) => [name, 'tensorflow'])] as [
    string,
    DeviceChoice,
  ][];
  it.for(cases)('%s on %s: to the weights of the compiled CPU', async ([name, device], { skip }) => {
    skip(device === 'tensorflow' && !native, 'the native engine of TensorFlow.js is not installed');
    const compiled = await finalWeights(TRAININGS[name]!, name, 'cpu');
    const others = await finalWeights(TRAININGS[name]!, name, device);
    expect(Object.keys(others)).toEqual(Object.keys(compiled));
    // Adam's first steps are ±lr whatever the gradient's size, so where one is all but 0 its sign may differ: a few numbers.
    for (const [key, values] of Object.entries(compiled)) {
      const [ours, theirs] = [withoutKeyBias(key, values), withoutKeyBias(key, others[key]!)];
      const far = ours.filter((value, i) => Math.abs(value - theirs[i]!) > 1e-4).length;
      expect(far, key).toBeLessThanOrEqual(0.01 * ours.length);
    }
  });
});

/** The bias of attention's keys moves all scores of a query alike, which softmax does not see: its gradient is rounding. */
function withoutKeyBias(key: string, values: Float32Array): Float32Array {
  const third = values.length / 3;
  return key.endsWith('in_proj_bias') ? values.filter((_, i) => i < third || i >= 2 * third) : values;
}
