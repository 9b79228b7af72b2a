/**
 * What CLIP makes of texts, on the device: the mean over prompt templates (templates.ts) in one call of a compiled graph.
 * A text in 79 templates takes seconds on TensorFlow.js's own backend.
 */
import {
  CLIP_CONTEXT,
  contextOf,
  encodeText,
  fillTemplates,
  IMAGENET_TEMPLATES,
  tokenTensor,
} from '../models/clip/index.js';
import { unitRows } from '../models/unit-rows.js';
import { tf } from '../tensors/tf.js';
import type { Weights } from '../tensors/weights.js';
import type { Device } from './device.js';

/** Texts are padded to a multiple of so many tokens: one graph serves texts of nearly the same length. */
const TOKEN_STEP = 8;

/** CLIP's text side, made ready for a device. */
export interface TextFeatures {
  /**
   * The unit feature of a text: each filled template encoded and brought to length 1, averaged, brought to length 1
   * (StyleCLIP's `zeroshot_classifier`).
   * @param templates `['{}']` for the text alone
   * @returns [E]
   * @throws UserError when the text is longer than CLIP's context
   */
  of(text: string, templates?: readonly string[]): Promise<Float32Array>;
  dispose(): Promise<void>;
}

/** Opens them; the weights must live as long as they are used. */
export function openTextFeatures(device: Device, clip: Weights): TextFeatures {
  const encode = device.compile(
    (tokens: tf.Tensor2D) => unitRows(tf.mean(unitRows(encodeText(clip, tokens)), 0, true) as tf.Tensor2D), // [1,E]
    { name: 'text-features' },
  );
  const context = Math.min(CLIP_CONTEXT, contextOf(clip));
  return {
    async of(text, templates = IMAGENET_TEMPLATES) {
      const texts = fillTemplates(text, templates);
      const longest = tokenTensor(clip, texts, { length: 'longest' });
      const length = Math.min(context, Math.ceil(longest.shape[1] / TOKEN_STEP) * TOKEN_STEP);
      longest.dispose();
      const tokens = tokenTensor(clip, texts, { length });
      const features = await encode(tokens);
      const values = (await features.data<'float32'>()).slice();
      tokens.dispose();
      features.dispose();
      return values;
    },
    dispose: () => encode.dispose(),
  };
}
