/**
 * A bundle of tiny untrained networks, for tests: a StyleGAN2 of 16×16, a CLIP, an IR-SE and a probe with random weights.
 *
 * Everything runs on it as on a real one, in milliseconds. What comes out means nothing.
 */
import { writeBundlePart } from '../experiment/bundle.js';
import { attributeShapes } from '../models/attributes.js';
import { encodeTokens, END_OF_TEXT, initClip, START_OF_TEXT } from '../models/clip/index.js';
import { initIdentity } from '../models/identity/index.js';
import { effectiveGenerator, generatorSize, initGenerator } from '../models/stylegan2/index.js';
import { normals, Random } from '../tensors/random.js';
import { tf } from '../tensors/tf.js';
import type { Weights } from '../tensors/weights.js';

const RESOLUTION = 16;
const FACTORS = [
  { name: 'hairColor', values: ['brown', 'black', 'purple'] },
  { name: 'glasses', values: ['none', 'round'] },
  { name: 'mouth', values: ['smile', 'serious', 'open'] },
];

/** Texts whose words the tiny CLIP has embeddings for; all others share one. */
const WORDS = 'a person with purple hair, a face';

/** Writes the bundle into `dir`; the same seed gives the same files. */
export async function writeTinyBundle(dir: string, { seed = 1 }: { seed?: number } = {}): Promise<void> {
  const random = new Random(seed);
  const raw = initGenerator(
    { resolution: RESOLUTION, zDim: 8, wDim: 8, channels: { 4: 8, 8: 8, 16: 4 }, mappingLayers: 2, mappingWidth: 8 },
    random.fork('generator'),
  );
  raw['wAvg'] = normals(random.fork('wAvg'), [8]);
  const generator = effectiveGenerator(raw);
  const { zDim, wDim, resolution } = generatorSize(generator);
  await writeBundlePart(dir, 'generator', generator, { resolution, zDim, wDim, layerGroups: [2, 4] }, { dtype: 'F32' });

  const vocabulary = [...new Set([START_OF_TEXT, END_OF_TEXT, ...encodeTokens(WORDS)])].sort((a, b) => a - b);
  const clip = initClip(
    {
      embed: 8,
      image: { size: RESOLUTION, patch: 8, width: 16, layers: 1 },
      text: { context: 77, vocabulary, width: 16, layers: 1 },
    },
    random.fork('clip'),
  );
  const grey = [0.5, 0.5, 0.5] as [number, number, number];
  await writeBundlePart(dir, 'clip', clip, { inputResolution: RESOLUTION, mean: grey, std: grey }, { dtype: 'F32' });

  const identity = initIdentity(
    { size: RESOLUTION, channels: [4, 8], blocks: [1, 1], embed: 8, reduction: 2 },
    random.fork('identity'),
  );
  await writeBundlePart(dir, 'identity', identity, { input: { size: RESOLUTION } }, { dtype: 'F32' });

  const shapes = attributeShapes({
    resolution: RESOLUTION,
    stages: [{ patch: 4, channels: 4 }],
    hidden: 8,
    factors: Object.fromEntries(FACTORS.map(({ name, values }) => [name, values.length])),
  });
  const probe: Weights = {};
  for (const [name, shape] of Object.entries(shapes))
    probe[name] = normals(random.fork(`probe/${name}`), shape, { std: 0.3 });
  await writeBundlePart(dir, 'attributes', probe, { factors: FACTORS }, { dtype: 'F32' });
  tf.dispose([raw, generator, clip, identity, probe]);
}
