/** The small CLIP fixture: features and gradients against PyTorch, plain and compiled. */
import { fileURLToPath } from 'node:url';
import { compile } from '@styleclip/jit';
import { tf } from '../../tensors/tf.js';
import { beforeAll, describe, expect, it } from 'vitest';
import { Random } from '../../tensors/random.js';
import { loadWeights } from '../../files/weights-file.js';
import { disposeAll, type Weights } from '../../tensors/weights.js';
import { cosineLoss } from '../../losses/clip.js';
import {
  contextOf, encodeImage, encodeText, END_OF_TEXT, fromOpenAI, imageSizeOf, initClip, prepareForClip, splitTrainable,
  tokenize, tokenTensor, unknownWords,
} from './index.js';

const fixture = (name: string): Promise<Weights> =>
  loadWeights(fileURLToPath(new URL(`../../../fixtures/${name}`, import.meta.url)));

let state: Weights;
let clip: Weights;
let io: Weights;
let golden: Weights;
let image: tf.Tensor4D;
let tokens: tf.Tensor2D;

const get = (record: Weights, name: string): tf.Tensor => record[name] as tf.Tensor;

/** Largest difference over the largest value of what is expected. */
function relativeError(got: tf.Tensor, want: tf.Tensor): number {
  expect(got.shape).toEqual(want.shape);
  const difference = tf.max(tf.abs(tf.sub(got, want))).dataSync()[0] as number;
  return difference / (tf.max(tf.abs(want)).dataSync()[0] as number);
}

beforeAll(async () => {
  await tf.setBackend('cpu');
  state = await fixture('clip-small.safetensors');
  io = await fixture('clip-small.io.safetensors');
  golden = await fixture('clip-small.gradient.safetensors');
  clip = fromOpenAI(state, { textHeads: 2 });
  image = tf.transpose(get(io, 'image') as tf.Tensor4D, [0, 2, 3, 1]);
  tokens = tf.cast(get(io, 'tokens'), 'int32') as tf.Tensor2D;
});

const loss = (weights: Weights, pixels: tf.Tensor4D, ids: tf.Tensor2D): tf.Scalar =>
  tf.mean(cosineLoss(encodeImage(weights, pixels), encodeText(weights, tf.slice(ids, [0, 0], [2, -1]))));

describe('CLIP of the small fixture, plain', () => {
  it('reads sizes off the weights', () => {
    expect(imageSizeOf(clip)).toBe(32);
    expect(contextOf(clip)).toBe(77);
  });

  it('encodes images', () => {
    expect(relativeError(encodeImage(clip, image), get(io, 'image_features'))).toBeLessThan(1e-5);
  });

  it('encodes texts', () => {
    expect(relativeError(encodeText(clip, tokens), get(io, 'text_features'))).toBeLessThan(1e-5);
  });

  it('gives the same features for a batch cut to its longest text', () => {
    const ends = tokens.argMax(1).dataSync();
    const cut = tf.slice(tokens, [0, 0], [-1, Math.max(...ends) + 1]);
    expect(relativeError(encodeText(clip, cut), get(io, 'text_features'))).toBeLessThan(1e-5);
  });

  it('has the gradient of the original by picture and weights', () => {
    const names = ['visual.conv1.weight', 'visual.class_embedding', 'visual.transformer.resblocks.1.attn.in_proj_weight'];
    names.push('transformer.resblocks.1.attn.in_proj_weight', 'token_embedding.weight');
    const parts = names.map((name) => get(clip, name));
    const { value, grads } = tf.valueAndGrads((...[pixels, ...moved]: tf.Tensor[]) => {
      const weights = { ...clip };
      names.forEach((name, i) => (weights[name] = moved[i] as tf.Tensor));
      return loss(weights, pixels as tf.Tensor4D, tokens);
    })([image, ...parts]);
    expect(value.dataSync()[0]).toBeCloseTo(get(golden, 'loss').dataSync()[0] as number, 5);
    const [byImage, conv, token0, visual, text, embedding] = grads as [tf.Tensor, tf.Tensor, tf.Tensor, tf.Tensor, tf.Tensor, tf.Tensor];
    expect(relativeError(tf.transpose(byImage, [0, 3, 1, 2]), get(golden, 'grad_image'))).toBeLessThan(1e-4);
    expect(relativeError(tf.transpose(conv, [3, 2, 0, 1]), get(golden, 'grad.visual.conv1.weight'))).toBeLessThan(1e-4);
    expect(relativeError(token0, get(golden, 'grad.visual.class_embedding'))).toBeLessThan(1e-4);
    expect(relativeError(tf.transpose(visual), get(golden, `grad.${names[2]}`))).toBeLessThan(1e-4);
    expect(relativeError(tf.transpose(text), get(golden, `grad.${names[3]}`))).toBeLessThan(1e-4);
    const rows = tf.gather(embedding, get(golden, 'token_rows') as tf.Tensor1D);
    expect(relativeError(rows, get(golden, 'grad.token_embedding.weight'))).toBeLessThan(1e-4);
  });
});

describe('CLIP of the small fixture, compiled', () => {
  it('encodes images and texts', async () => {
    const encode = compile((pixels: tf.Tensor4D, ids: tf.Tensor2D) => ({
      image: encodeImage(clip, pixels),
      text: encodeText(clip, ids),
    }));
    const out = await encode(image, tokens);
    expect(relativeError(out.image, get(io, 'image_features'))).toBeLessThan(1e-4);
    expect(relativeError(out.text, get(io, 'text_features'))).toBeLessThan(1e-4);
    await encode.dispose();
  });

  it('has the gradient of the original by the picture', async () => {
    const gradient = compile((pixels: tf.Tensor4D, ids: tf.Tensor2D) =>
      tf.valueAndGrad((x) => loss(clip, x as tf.Tensor4D, ids))(pixels),
    );
    const { value, grad } = await gradient(image, tokens);
    expect(value.dataSync()[0]).toBeCloseTo(get(golden, 'loss').dataSync()[0] as number, 4);
    expect(relativeError(tf.transpose(grad, [0, 3, 1, 2]), get(golden, 'grad_image'))).toBeLessThan(1e-4);
    await gradient.dispose();
  });

  it('has the gradient by every weight, as a training step wants it', async () => {
    const { trainable, fixed } = splitTrainable(clip);
    delete trainable['logit_scale'];
    const names = Object.keys(trainable);
    const step = (weights: Weights, pixels: tf.Tensor4D, ids: tf.Tensor2D): tf.Tensor[] =>
      tf.grads((...moved: tf.Tensor[]) => {
        const all: Weights = { ...fixed };
        names.forEach((name, i) => (all[name] = moved[i] as tf.Tensor));
        return loss(all, pixels, ids);
      })(names.map((name) => get(weights, name)));
    const compiled = compile(step);
    const got = await compiled(trainable, image, tokens);
    const want = step(trainable, image, tokens);
    names.forEach((name, i) => {
      const scale = Math.max(1e-4, tf.max(tf.abs(want[i] as tf.Tensor)).dataSync()[0] as number);
      expect(got[i], name).toBeAllclose(want[i] as tf.Tensor, { rtol: 1e-3, atol: 1e-4 * scale });
    });
    await compiled.dispose();
  });
});

describe('a fresh CLIP with its own vocabulary', () => {
  const texts = ['a person with purple hair', 'bald'];
  const ids = [...new Set(tokenize(texts).flat())].sort((a, b) => a - b);
  const size = { width: 32, layers: 2, heads: 2 };
  const make = (vocabulary: number | number[]): Weights =>
    initClip({ embed: 8, image: { size: 16, patch: 8, ...size }, text: { context: 12, vocabulary, ...size } }, new Random(7));

  it('finds the end of text though ids outside the vocabulary have the last row', () => {
    const small = make(ids);
    expect(small['token_embedding.weight']?.shape).toEqual([ids.length + 1, 32]);
    const known = tokenTensor(small, ['bald']);
    const padded = tokenTensor(small, ['bald unheard-of']);
    const rows = padded.arraySync()[0] as number[];
    expect(rows).toContain(ids.length);
    expect(rows).toContain(ids.indexOf(END_OF_TEXT));
    const [a, b] = [encodeText(small, known), encodeText(small, padded)];
    expect(unknownWords(small, 'bald unheard-of')).toEqual(['unheard', '-', 'of']);
    expect(unknownWords(clip, 'bald unheard-of')).toEqual([]);
    expect(relativeError(a, b)).toBeGreaterThan(1e-3); // the unknown word is read, so the end was found after it
  });

  it('equals a CLIP with all rows, up to the choice of rows', () => {
    const small = make(ids);
    const full: Weights = { ...small };
    delete full['vocabulary'];
    const rows = 49408; // past the one-hot limit: the gather path
    const table = tf.buffer([rows, 32]);
    const values = (small['token_embedding.weight'] as tf.Tensor2D).arraySync();
    ids.forEach((id, row) => values[row]?.forEach((value, column) => table.set(value, id, column)));
    full['token_embedding.weight'] = table.toTensor();
    const a = encodeText(small, tokenTensor(small, texts));
    const b = encodeText(full, tokenTensor(full, texts, { length: 'longest' }));
    expect(relativeError(a, b)).toBeLessThan(1e-5);
  });

  it('is the same for the same seed, and keeps what is not trained apart', () => {
    const [a, b] = [make(ids), make(ids)];
    expect(a['visual.proj']).toBeAllclose(b['visual.proj'] as tf.Tensor);
    const { trainable, fixed } = splitTrainable(a);
    expect(Object.keys(fixed).sort()).toEqual(['transformer.heads', 'visual.transformer.heads', 'vocabulary']);
    expect(Object.keys(trainable)).toHaveLength(Object.keys(a).length - 3);
    disposeAll(b);
  });

  it('refuses sizes that do not fit', () => {
    expect(() => make([5, 3])).toThrow(/not sorted/);
    expect(() => encodeImage(make(ids), tf.zeros([1, 32, 32, 3]))).toThrow(/take \[N,16,16,3\], got \[1,32,32,3\]/);
    expect(() => encodeText(make(ids), tf.zeros([1, 13], 'int32'))).toThrow(/13 tokens exceed the context of 12/);
    expect(() => tokenTensor(make(ids), 'one two three four five six seven eight nine ten eleven')).toThrow(/prompt too long/);
  });
});

describe('reading OpenAI names', () => {
  it('lists what is missing and what is left over', () => {
    const broken: Weights = { ...state, 'visual.attnpool.proj': get(state, 'logit_scale') };
    delete broken['visual.proj'];
    expect(() => fromOpenAI(broken)).toThrow(/missing: visual\.proj; not known: visual\.attnpool\.proj/);
  });

  it('drops the scalars of a TorchScript archive', () => {
    const scalar = get(state, 'logit_scale');
    const all = fromOpenAI({ ...state, input_resolution: scalar, context_length: scalar, vocab_size: scalar });
    expect(Object.keys(all)).toHaveLength(Object.keys(state).length);
  });
});

describe('preparing a picture', () => {
  it('normalises, or leaves it raw', () => {
    const white = tf.ones([1, 8, 8, 3]) as tf.Tensor4D;
    const [red] = prepareForClip(white, { size: 4 }).dataSync();
    expect(red).toBeCloseTo((1 - 0.48145466) / 0.26862954, 5);
    expect(prepareForClip(white, { size: 4, raw: true })).toBeAllclose(tf.ones([1, 4, 4, 3]));
  });
});
