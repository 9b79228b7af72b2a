/** CLIP ViT-B/32 at full size: tokens, image and text features and logits against OpenAI's own program. */
import {
  disposeAll,
  encodeImage,
  encodeText,
  tf,
  tokenTensor,
  unitRows,
  type Device,
  type Weights,
} from '@styleclip/core';
import { golden, measure, type Measured, type ParityCheck } from './check.js';
import { CLIP_SIDE, formulaClip } from './formula-clip.js';
import { formulaTensor } from './weight-formula.js';

const TEXTS = ['a photo of a face', 'a person with purple hair', 'mohawk hairstyle'];

/** Number of the formula's tensor that is the picture. */
const PICTURE = 930;

export const clipCheck: ParityCheck = {
  name: 'clip',
  about: 'CLIP ViT-B/32, two images and three texts, against the PyTorch original',
  part: 'clip',
  run,
};

async function run(device: Device, weights?: Weights): Promise<Measured[]> {
  const want = await golden('clip-vitb32-formula.io.safetensors');
  const clip = weights ?? formulaClip();
  const side = CLIP_SIDE;
  const nchw = formulaTensor(PICTURE, [2, 3, side, side], (u) => 4 * u);
  const image = tf.transpose(nchw, [0, 2, 3, 1]) as tf.Tensor4D;
  const tokens = tokenTensor(clip, TEXTS);
  const encode = device.compile(
    (pixels: tf.Tensor4D, ids: tf.Tensor2D) => {
      const features = { image: encodeImage(clip, pixels), text: encodeText(clip, ids) };
      const cosines = tf.matMul(unitRows(features.image), unitRows(features.text), false, true);
      return { ...features, logits: tf.mul(cosines, tf.exp(clip['logit_scale'] as tf.Tensor)) };
    },
    { name: 'parity clip' },
  );
  const got = await encode(image, tokens);
  await encode.dispose();
  const measured = [
    measure('tokens', tokens, want['tokens'] as tf.Tensor),
    measure('image features', got.image, want['image_features'] as tf.Tensor),
    measure('text features', got.text, want['text_features'] as tf.Tensor),
    measure('logits per image', got.logits, want['logits_per_image'] as tf.Tensor),
  ];
  disposeAll(clip, want, got, { nchw, image, tokens });
  return measured;
}
