import { tf } from '../../tensors/tf.js';
import { beforeAll, expect, it } from 'vitest';
import { Random } from '../../tensors/random.js';
import { fillTemplates, IMAGENET_TEMPLATES, initClip, templateFeatures } from './index.js';

beforeAll(() => tf.setBackend('cpu'));

it("has OpenAI's list without the one that StyleCLIP leaves out", () => {
  expect(IMAGENET_TEMPLATES).toHaveLength(79);
  expect(new Set(IMAGENET_TEMPLATES).size).toBe(79);
  expect(IMAGENET_TEMPLATES).not.toContain('a photo of many {}.');
  expect(fillTemplates('face')[0]).toBe('a bad photo of a face.');
});

it('averages unit features to a unit feature', () => {
  const size = { width: 16, layers: 1 };
  const text = { context: 16, vocabulary: [320, 1710, 49406, 49407], ...size };
  const clip = initClip({ embed: 8, image: { size: 16, patch: 8, ...size }, text }, new Random(1));
  const one = templateFeatures(clip, 'face', ['a {}']);
  expect(one.shape).toEqual([1, 8]);
  expect(tf.norm(templateFeatures(clip, 'face'))).toBeAllclose(1);
  expect(templateFeatures(clip, 'face', ['a {}', 'a {}'])).toBeAllclose(one);
});
