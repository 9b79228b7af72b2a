/**
 * Texts as CLIP features, by a compiled text encoder: a full-size one takes ten seconds a text where each op runs by itself.
 */
import { encodeText, tokenTensor } from '../models/clip/index.js';
import { unitRows } from '../models/unit-rows.js';
import type { Weights } from '../tensors/weights.js';
import type { tf } from '../tensors/tf.js';
import type { Device } from './device.js';

/**
 * Unit features of texts, one row each, [N,E]. The caller disposes them.
 * @throws UserError when a text is longer than CLIP's context
 */
export async function encodeTexts(device: Device, clip: Weights, texts: readonly string[]): Promise<tf.Tensor2D> {
  const tokens = tokenTensor(clip, texts, { length: 'longest' }); // [N,T]
  const encode = device.compile((rows: tf.Tensor2D) => unitRows(encodeText(clip, rows)), { name: 'encode-texts' });
  try {
    return await encode(tokens);
  } finally {
    tokens.dispose();
    await encode.dispose();
  }
}
