/**
 * The networks with their gradients, the optimizers and a mapper's step on TensorFlow's native engine: against the golden
 * numbers and device `cpu`. The engine refuses what others take (padding by a number of pixels, for one), so that each
 * function of the models has to be tried on it.
 *
 * Skipped where its binding was not built; a line says so.
 */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadWeights } from '../files/weights-file.js';
import { cosineLoss } from '../losses/clip.js';
import { identityFeatures, identityLoss } from '../losses/identity.js';
import { attributeShapes, readAttributes } from '../models/attributes.js';
import { encodeImage, encodeText, fromOpenAI, prepareForClip, splitTrainable } from '../models/clip/index.js';
import { fromArcFace, identity, trainingBatchNorm, type IdentityInput } from '../models/identity/index.js';
import { applyMapper, initMapper, mapperOffset } from '../models/mapper/index.js';
import {
  activationsBefore,
  broadcastW,
  fromRosinality,
  mapping,
  styles,
  synthesize,
  truncate,
} from '../models/stylegan2/index.js';
import { adamInit, adamUpdate } from '../optim/adam.js';
import { rangerInit, rangerUpdate } from '../optim/ranger.js';
import { normals, Random } from '../tensors/random.js';
import { tf } from '../tensors/tf.js';
import { requireWeight, valueAndGrads, type Weights } from '../tensors/weights.js';
import { openDevice } from './device.js';
import { adviceFor, restoreUtil } from './tensorflow.js';

// As on Node 23 and later, which have neither: what the engine needs of them must come from us.
const util = createRequire(import.meta.url)('node:util') as Record<string, unknown>;
for (const gone of ['isNullOrUndefined', 'isArray']) delete util[gone];

const opened = await openDevice('tensorflow').catch((error: Error) => error.message);
await tf.setBackend('cpu');

const fixture = (name: string): Promise<Weights> =>
  loadWeights(fileURLToPath(new URL(`../../fixtures/${name}`, import.meta.url)));

/** Largest difference over the largest value of what is expected. */
function relativeError(got: tf.Tensor, want: tf.Tensor): number {
  expect(got.shape).toEqual(want.shape);
  const difference = tf.max(tf.abs(tf.sub(got, want))).dataSync()[0] as number;
  return difference / Math.max(1e-6, tf.max(tf.abs(want)).dataSync()[0] as number);
}

const absent = typeof opened === 'string';
if (absent) console.warn(`not tested: ${opened}`);

describe.skipIf(absent)("TensorFlow's engine", () => {
  /** Runs a function on the engine, and checks that device `cpu` gives the same to 1e-5. @returns the engine's */
  async function run<Result extends Weights>(fn: () => Result, tolerance = 1e-5): Promise<Result> {
    await tf.setBackend('tensorflow');
    const { numTensors } = tf.memory();
    const step = (await openDevice('tensorflow')).compile(fn);
    const got = await step();
    expect(tf.memory().numTensors - numTensors).toBe(Object.keys(got).length);
    const compiled = (await openDevice('cpu', { threads: 1 })).compile(fn);
    const want = await compiled();
    await compiled.dispose();
    for (const [name, tensor] of Object.entries(got)) {
      expect(relativeError(tensor, requireWeight(want, name)), name).toBeLessThan(tolerance);
    }
    return got;
  }

  afterAll(() => tf.setBackend('cpu'));

  it('says which TensorFlow it is, and where it runs', async () => {
    expect((await openDevice('tensorflow')).why).toMatch(/^asked for: TensorFlow \d+\.\d+\.\d+ on (the CPU|a GPU)$/);
  });

  it('keeps TensorFlow from telling about the processor', () => {
    const module = new URL('./tensorflow.ts', import.meta.url).href;
    const script = `const { loadTensorflow } = await import('${module}'); console.log(await loadTensorflow());`;
    const flags = ['--import', 'tsx', '--conditions=@styleclip/source', '--input-type=module', '--eval', script];
    const { TF_CPP_MIN_LOG_LEVEL: _, ...env } = process.env;
    const { stdout, stderr } = spawnSync(process.execPath, flags, { encoding: 'utf8', env });
    expect(stdout).toMatch(/^TensorFlow \d/);
    expect(stderr).not.toMatch(/: I tensorflow|: I external|oneDNN/);
  });

  describe('StyleGAN2', () => {
    let g: Weights;
    let io: Weights;
    beforeAll(async () => {
      const { latent_avg: latentAvg, ...state } = await fixture('stylegan2-small.safetensors');
      g = fromRosinality(state, { latentAvg: latentAvg as tf.Tensor1D });
      io = await fixture('stylegan2-small.io.safetensors');
    });
    const golden = (name: string): tf.Tensor => requireWeight(io, name);

    it('maps, truncates and draws', async () => {
      const { w, image } = await run(() => {
        const all = mapping(g, golden('z') as tf.Tensor2D);
        const near = truncate(all, g['wAvg'] as tf.Tensor1D, 0.7);
        return { w: all, image: synthesize(g, styles(g, broadcastW(near, 10))) };
      });
      expect(relativeError(w, golden('w'))).toBeLessThan(1e-5);
      expect(relativeError(tf.transpose(image, [0, 3, 1, 2]), golden('image_trunc_0.7'))).toBeLessThan(1e-5);
    });

    it.each(['literal', 'phases', 'blurred'] as const)(
      'has the gradient by W+, and by every weight (%s)',
      async (upsampling) => {
        const trained = Object.fromEntries(Object.entries(g).filter(([name]) => /^b\d+\..*(weight|bias)$/.test(name)));
        expect(Object.keys(trained).length).toBeGreaterThan(40);
        const { value, wPlus } = await run((): Weights => {
          const loss = ({ wPlus: code, ...moved }: Weights): tf.Scalar => {
            const all = { ...g, ...moved };
            return tf.mean(tf.square(synthesize(all, styles(all, code as tf.Tensor3D), { upsampling })));
          };
          const { value: size, grads } = valueAndGrads(loss)({ wPlus: golden('w_plus'), ...trained });
          return { ...grads, value: size };
        });
        expect(relativeError(tf.reshape(value as tf.Tensor, [1]), golden('loss_mean_square'))).toBeLessThan(1e-5);
        expect(relativeError(wPlus as tf.Tensor, golden('grad_w_plus'))).toBeLessThan(1e-5);
      },
    );

    it('has the gradient of the mapping network by z and by every weight', async () => {
      const trained = Object.fromEntries(Object.entries(g).filter(([name]) => name.startsWith('mapping.')));
      expect(Object.keys(trained)).toHaveLength(8);
      await run(() => {
        const loss = ({ z, ...moved }: Weights): tf.Scalar => tf.mean(tf.square(mapping(moved, z as tf.Tensor2D)));
        return valueAndGrads(loss)({ z: golden('z'), ...trained }).grads;
      });
    });

    it('goes on from the activations of a layer', async () => {
      await run(() => {
        const code = styles(g, golden('w_plus') as tf.Tensor3D);
        return { image: synthesize(g, code, { from: activationsBefore(g, code, 'b16.conv0'), stopAt: 32 }) };
      });
    });
  });

  describe('CLIP', () => {
    it('has the features and gradients of the original, by the picture and every weight', async () => {
      const clip = fromOpenAI(await fixture('clip-small.safetensors'), { textHeads: 2 });
      const io = await fixture('clip-small.io.safetensors');
      const want = await fixture('clip-small.gradient.safetensors');
      const image = tf.transpose(requireWeight(io, 'image') as tf.Tensor4D, [0, 2, 3, 1]);
      const tokens = tf.cast(requireWeight(io, 'tokens'), 'int32') as tf.Tensor2D;
      const { trainable, fixed } = splitTrainable(clip);
      delete trainable['logit_scale'];
      const got = await run((): Weights => {
        const { value, grads } = valueAndGrads(({ picture, ...moved }) => {
          const weights = { ...fixed, ...moved };
          const texts = encodeText(weights, tf.slice(tokens, [0, 0], [2, -1]));
          return tf.mean(cosineLoss(encodeImage(weights, picture as tf.Tensor4D), texts));
        })({ picture: image, ...trainable });
        return { ...grads, value, images: encodeImage(clip, image), texts: encodeText(clip, tokens) };
      });
      expect(relativeError(got['images'] as tf.Tensor, requireWeight(io, 'image_features'))).toBeLessThan(1e-5);
      expect(relativeError(got['texts'] as tf.Tensor, requireWeight(io, 'text_features'))).toBeLessThan(1e-5);
      const byPicture = tf.transpose(got['picture'] as tf.Tensor, [0, 3, 1, 2]);
      expect(relativeError(byPicture, requireWeight(want, 'grad_image'))).toBeLessThan(1e-5);
    });

    it('takes a larger picture', async () => {
      const picture = normals(new Random(1), [2, 48, 48, 3]) as tf.Tensor4D;
      await run(() => ({
        grad: tf.grad((x) => tf.sum(tf.square(prepareForClip(x as tf.Tensor4D, { size: 32 }))))(picture),
      }));
    });
  });

  describe('IR-SE', () => {
    const input: IdentityInput = { size: 32, crop: { from: 40, top: 4, left: 3, height: 33, width: 33 } };

    it('has the loss and gradient of the original', async () => {
      const { arcface, io, image } = await identityFixture();
      const source = requireWeight(io, 'source_embedding') as tf.Tensor2D;
      const { embedding, value, grad } = await run(() => ({
        embedding: identityFeatures(arcface, image, input),
        ...tf.valueAndGrad((x) => identityLoss(arcface, x as tf.Tensor4D, source, input))(image),
      }));
      expect(relativeError(embedding, requireWeight(io, 'embedding'))).toBeLessThan(1e-5);
      expect(relativeError(value, tf.reshape(requireWeight(io, 'loss'), []))).toBeLessThan(1e-5);
      expect(relativeError(tf.transpose(grad, [0, 3, 1, 2]), requireWeight(io, 'grad_image'))).toBeLessThan(1e-5);
    });

    it('has the gradient by every weight, with the statistics of the batch', async () => {
      const { arcface } = await identityFixture();
      const { trained, stored } = splitStatistics(arcface);
      const pictures = normals(new Random(5), [8, 32, 32, 3]) as tf.Tensor4D;
      await run(() => {
        const loss = (moved: Weights): tf.Scalar => {
          const features = identity({ ...stored, ...moved }, pictures, { batchNorm: trainingBatchNorm({}) });
          return tf.sum(tf.mul(features, tf.reshape(tf.range(0, features.size), features.shape)));
        };
        const { value, grads } = valueAndGrads(loss)(trained);
        return { ...grads, value };
      }, 1e-4); // few pictures' statistics magnify roundings
    });

    async function identityFixture(): Promise<{ arcface: Weights; io: Weights; image: tf.Tensor4D }> {
      const io = await fixture('identity-small.safetensors');
      const net = Object.entries(io).filter(([name]) => name.startsWith('net.'));
      const arcface = fromArcFace(Object.fromEntries(net.map(([name, tensor]) => [name.slice('net.'.length), tensor])));
      return { arcface, io, image: tf.transpose(requireWeight(io, 'image') as tf.Tensor4D, [0, 2, 3, 1]) };
    }

    /** Apart from what is trained: statistics, and biases whose gradient is 0, as the mean of a batch is taken off after them. */
    function splitStatistics(arcface: Weights): { trained: Weights; stored: Weights } {
      const fixed = /\.running_|shortcut_layer\.1\.bias$|^output_layer\.[03]\.bias$/;
      const entries = Object.entries(arcface);
      return {
        trained: Object.fromEntries(entries.filter(([name]) => !fixed.test(name))),
        stored: Object.fromEntries(entries.filter(([name]) => fixed.test(name))),
      };
    }
  });

  it('reads attributes, with gradients', async () => {
    const random = new Random(9);
    const stages = [
      { patch: 2, channels: 4 },
      { patch: 2, channels: 6 },
    ];
    const shapes = attributeShapes({ resolution: 8, stages, hidden: 5, factors: { hair: 3, eyes: 2 } });
    const probe = Object.fromEntries(Object.entries(shapes).map(([name, shape]) => [name, normals(random, shape)]));
    const images = normals(random, [2, 8, 8, 3]);
    await run(() => {
      const loss = ({ picture, ...moved }: Weights): tf.Scalar => {
        const { hair, eyes } = readAttributes(moved, picture as tf.Tensor4D) as Record<'hair' | 'eyes', tf.Tensor2D>;
        return tf.add(tf.sum(tf.logSoftmax(hair)), tf.sum(tf.square(eyes)));
      };
      return valueAndGrads(loss)({ picture: images, ...probe }).grads;
    });
  });

  it.each(['adam', 'ranger'] as const)('moves a mapper by %s as device cpu does', async (optimizer) => {
    const mapper = initMapper({ wDim: 6 }, new Random(1));
    const wPlus = normals(new Random(2), [2, 10, 6]) as tf.Tensor3D;
    await run(() => {
      let parameters = mapper;
      let [adam, ranger] = [adamInit(mapper), rangerInit(mapper)];
      for (let step = 0; step < 7; step++) {
        const { grads } = valueAndGrads(
          (moved) => tf.sum(tf.square(tf.sub(mapperOffset(moved, wPlus), 1))) as tf.Scalar,
        )(parameters);
        const lr = tf.scalar(0.01);
        if (optimizer === 'adam') ({ params: parameters, state: adam } = adamUpdate(parameters, grads, adam, { lr }));
        else ({ params: parameters, state: ranger } = rangerUpdate(parameters, grads, ranger, { lr }));
      }
      return { ...parameters, edited: applyMapper(parameters, wPlus) };
    }, 5e-5); // each step divides by the root of a second moment, which magnifies roundings
  });
});

describe('before the engine is there', () => {
  it('gives back what tfjs-node calls and newer Nodes lack, and leaves the rest', () => {
    const kept = (): boolean => true;
    const util: Record<string, unknown> = { isArray: kept };
    restoreUtil(util);
    const isNullOrUndefined = util['isNullOrUndefined'] as (x: unknown) => boolean;
    expect([null, undefined, 0, ''].map(isNullOrUndefined)).toEqual([true, true, false, false]);
    expect(util['isArray']).toBe(kept);
  });

  it('says what to do', () => {
    const absent = Object.assign(new Error("Cannot find package 'x'"), { code: 'ERR_MODULE_NOT_FOUND' });
    expect(adviceFor(absent, 'x')).toBe('the optional package x is not installed, "npm ci" brings it');
    const unbuilt = new Error('The addon module can not be found at path: /a.\nPlease run npm rebuild');
    expect(adviceFor(unbuilt, 'x')).toBe('its native binding is not built, tools/build-tfjs-native.sh builds it');
    expect(adviceFor(new Error('libtensorflow_cc.so.2: no such file'), 'x')).toMatch(
      /does not load \(libtensor.*builds it anew$/,
    );
    expect(existsSync(new URL('../../../../tools/build-tfjs-native.sh', import.meta.url))).toBe(true);
  });
});
