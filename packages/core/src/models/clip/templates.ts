/**
 * Prompt templates: one text said in many ways, so that its direction in CLIP space depends less on the wording.
 *
 * The list is OpenAI's for ImageNet (github.com/openai/CLIP, notebooks/Prompt_Engineering_for_ImageNet.ipynb, MIT)
 * without "a photo of many {}.", which StyleCLIP's code leaves out: 79 of 80, where the paper says 80.
 */
import { tf } from '../../tensors/tf.js';
import type { Weights } from '../../tensors/weights.js';
import { unitRows } from '../unit-rows.js';
import { encodeText } from './text-encoder.js';
import { tokenTensor } from './tokenizer.js';

/** StyleCLIP's 79 templates; `{}` stands for the text. */
export const IMAGENET_TEMPLATES: readonly string[] = [
  'a bad photo of a {}.',
  'a sculpture of a {}.',
  'a photo of the hard to see {}.',
  'a low resolution photo of the {}.',
  'a rendering of a {}.',
  'graffiti of a {}.',
  'a bad photo of the {}.',
  'a cropped photo of the {}.',
  'a tattoo of a {}.',
  'the embroidered {}.',
  'a photo of a hard to see {}.',
  'a bright photo of a {}.',
  'a photo of a clean {}.',
  'a photo of a dirty {}.',
  'a dark photo of the {}.',
  'a drawing of a {}.',
  'a photo of my {}.',
  'the plastic {}.',
  'a photo of the cool {}.',
  'a close-up photo of a {}.',
  'a black and white photo of the {}.',
  'a painting of the {}.',
  'a painting of a {}.',
  'a pixelated photo of the {}.',
  'a sculpture of the {}.',
  'a bright photo of the {}.',
  'a cropped photo of a {}.',
  'a plastic {}.',
  'a photo of the dirty {}.',
  'a jpeg corrupted photo of a {}.',
  'a blurry photo of the {}.',
  'a photo of the {}.',
  'a good photo of the {}.',
  'a rendering of the {}.',
  'a {} in a video game.',
  'a photo of one {}.',
  'a doodle of a {}.',
  'a close-up photo of the {}.',
  'a photo of a {}.',
  'the origami {}.',
  'the {} in a video game.',
  'a sketch of a {}.',
  'a doodle of the {}.',
  'a origami {}.',
  'a low resolution photo of a {}.',
  'the toy {}.',
  'a rendition of the {}.',
  'a photo of the clean {}.',
  'a photo of a large {}.',
  'a rendition of a {}.',
  'a photo of a nice {}.',
  'a photo of a weird {}.',
  'a blurry photo of a {}.',
  'a cartoon {}.',
  'art of a {}.',
  'a sketch of the {}.',
  'a embroidered {}.',
  'a pixelated photo of a {}.',
  'itap of the {}.',
  'a jpeg corrupted photo of the {}.',
  'a good photo of a {}.',
  'a plushie {}.',
  'a photo of the nice {}.',
  'a photo of the small {}.',
  'a photo of the weird {}.',
  'the cartoon {}.',
  'art of the {}.',
  'a drawing of the {}.',
  'a photo of the large {}.',
  'a black and white photo of a {}.',
  'the plushie {}.',
  'a dark photo of a {}.',
  'itap of a {}.',
  'graffiti of the {}.',
  'a toy {}.',
  'itap of my {}.',
  'a photo of a cool {}.',
  'a photo of a small {}.',
  'a tattoo of the {}.',
];

/** The text in every template. */
export function fillTemplates(text: string, templates: readonly string[] = IMAGENET_TEMPLATES): string[] {
  return templates.map((template) => template.split('{}').join(text));
}

/**
 * The unit feature of a text averaged over templates: encode each, bring to unit length, average, bring to unit length
 * (StyleCLIP's `zeroshot_classifier`). Tokenizes, so call it on the host and not inside a compiled function.
 *
 * @returns [1, embed]
 */
export function templateFeatures(
  clip: Weights,
  text: string,
  templates: readonly string[] = IMAGENET_TEMPLATES,
): tf.Tensor2D {
  return tf.tidy(() => {
    const tokens = tokenTensor(clip, fillTemplates(text, templates), { length: 'longest' });
    const features = unitRows(encodeText(clip, tokens)); // [templates, E]
    return unitRows(tf.mean(features, 0, true) as tf.Tensor2D);
  });
}
