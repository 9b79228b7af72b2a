/** A small random IR-SE network: embedding, ID loss and gradient against PyTorch, plain and compiled. */
import { fileURLToPath } from 'node:url';
import { compile } from '@styleclip/jit';
import { tf } from '../../tensors/tf.js';
import { beforeAll, describe, expect, it } from 'vitest';
import { identityFeatures, identityLoss } from '../../losses/identity.js';
import { Random } from '../../tensors/random.js';
import { loadWeights } from '../../files/weights-file.js';
import type { Weights } from '../../tensors/weights.js';
import { subsample } from './ir-se.js';
import {
  fromArcFace, identity, identitySizeOf, initIdentity, prepareForIdentity, trainingBatchNorm, type IdentityInput,
} from './index.js';

const input: IdentityInput = { size: 32, crop: { from: 40, top: 4, left: 3, height: 33, width: 33 } };
const state: Weights = {};
let arcface: Weights;
let io: Weights;
let image: tf.Tensor4D;

const nhwc = (name: string): tf.Tensor4D => tf.transpose(io[name] as tf.Tensor4D, [0, 2, 3, 1]);
const golden = (name: string): tf.Tensor => io[name] as tf.Tensor;

beforeAll(async () => {
  await tf.setBackend('cpu');
  io = await loadWeights(fileURLToPath(new URL('../../../fixtures/identity-small.safetensors', import.meta.url)));
  for (const [name, tensor] of Object.entries(io)) if (name.startsWith('net.')) state[name.slice(4)] = tensor;
  arcface = fromArcFace(state);
  image = nhwc('image');
});

describe('the small identity network', () => {
  it('reads its input size off the weights', () => expect(identitySizeOf(arcface)).toBe(32));

  it('prepares pictures as the ID loss does', () => {
    expect(prepareForIdentity(image, input)).toBeAllclose(nhwc('prepared'));
  });

  it('embeds', () => {
    expect(identityFeatures(arcface, image, input)).toBeAllclose(golden('embedding'), { rtol: 1e-4 });
  });

  it('has the loss and gradient of the original, plain and compiled', async () => {
    const step = (pixels: tf.Tensor4D, source: tf.Tensor2D): { value: tf.Tensor; grad: tf.Tensor } =>
      tf.valueAndGrad((x) => identityLoss(arcface, x as tf.Tensor4D, source, input))(pixels);
    const compiled = compile(step);
    const source = golden('source_embedding') as tf.Tensor2D;
    for (const { value, grad } of [step(image, source), await compiled(image, source)]) {
      expect(value.dataSync()).toBeAllclose(golden('loss').dataSync(), { rtol: 1e-4 });
      expect(tf.transpose(grad, [0, 3, 1, 2])).toBeAllclose(golden('grad_image'), { rtol: 1e-4, atol: 1e-7 });
    }
    await compiled.dispose();
  });

  it('takes batch statistics in training and hands them out', () => {
    const collected: Weights = {};
    const embedding = identity(arcface, nhwc('prepared'), { batchNorm: trainingBatchNorm(collected) });
    // batch normalisation of two embeddings leaves little but signs: a loose bound
    expect(embedding).toBeAllclose(golden('embedding_batch_statistics'), { rtol: 1e-2, atol: 1e-3 });
    const name = 'input_layer.1.running_var';
    const mixed = tf.add(tf.mul(arcface[name] as tf.Tensor, 0.9), tf.mul(collected[name] as tf.Tensor, 0.1));
    expect(mixed).toBeAllclose(golden('running_var_after.input_layer.1'), { rtol: 1e-4 });
  });

  it('names weights that do not fit', () => {
    const broken: Weights = { ...state, surplus: golden('loss') };
    delete broken['output_layer.3.bias'];
    expect(() => fromArcFace(broken)).toThrow('missing: output_layer.3.bias; not known: surplus');
    expect(() => identity(arcface, image)).toThrow(/take \[N,32,32,3\], got \[2,48,48,3\]/);
  });
});

describe('fresh identity weights', () => {
  it('make unit vectors of the asked length', () => {
    const fresh = initIdentity({ size: 16, channels: [8, 16], blocks: [1, 2], embed: 12 }, new Random(3));
    const vectors = identity(fresh, tf.randomUniform([2, 16, 16, 3], -1, 1, 'float32', 5) as tf.Tensor4D);
    expect(vectors.shape).toEqual([2, 12]);
    expect(tf.norm(vectors, 2, 1)).toBeAllclose([1, 1]);
  });

  it('refuse sizes that cannot be halved', () => {
    expect(() => initIdentity({ size: 10, channels: [8, 16], blocks: [1, 1], embed: 4 }, new Random(3))).toThrow(/cannot be halved/);
  });
});

describe('subsampling', () => {
  it.each([[4, 6], [5, 7]])('keeps every second row and column of %i x %i', (height, width) => {
    const x = tf.reshape(tf.range(0, 2 * height * width * 3), [2, height, width, 3]) as tf.Tensor4D;
    expect(subsample(x)).toBeAllclose(tf.stridedSlice(x, [0, 0, 0, 0], [2, height, width, 3], [1, 2, 2, 1]));
  });
});
