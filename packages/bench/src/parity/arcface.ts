/** IR-SE50 ArcFace at full size, with the ID loss's preparation of pictures, against the PyTorch original. */
import {
  ARCFACE_INPUT,
  disposeAll,
  identity,
  prepareForIdentity,
  tf,
  type Device,
  type Weights,
} from '@styleclip/core';
import { golden, measure, type Measured, type ParityCheck } from './check.js';
import { formulaArcFace } from './formula-arcface.js';
import { formulaTensor } from './weight-formula.js';

/** Number of the formula's tensor that is the picture, and the picture's side. */
const PICTURE = 920;
const SIDE = 256;

export const arcfaceCheck: ParityCheck = {
  name: 'arcface',
  about: 'IR-SE50, two pictures of 256² prepared as the ID loss does, against the PyTorch original',
  part: 'identity',
  run,
};

async function run(device: Device, weights?: Weights): Promise<Measured[]> {
  const want = await golden('arcface-irse50-formula.io.safetensors');
  const arcface = weights ?? formulaArcFace();
  const image = picture();
  const embed = device.compile(
    (pixels: tf.Tensor4D) => {
      const face = prepareForIdentity(pixels, ARCFACE_INPUT);
      return { face, embedding: identity(arcface, face) };
    },
    { name: 'parity arcface' },
  );
  const got = await embed(image);
  await embed.dispose();
  const rows = tf.slice(image, [0, 0, 0, 0], [-1, 1, -1, -1]);
  const firstRow = tf.transpose(tf.reshape(rows, [2, SIDE, 3]), [0, 2, 1]); // [2,3,W]
  const face14 = tf.transpose(tf.avgPool(got.face, 8, 8, 'valid'), [0, 3, 1, 2]);
  const measured = [
    measure('picture', firstRow, want['image_formula_blurred_first_row'] as tf.Tensor),
    measure('prepared face', face14, want['face112_area_14'] as tf.Tensor),
    measure('embedding', got.embedding, want['embedding'] as tf.Tensor),
  ];
  disposeAll(arcface, want, got, { image, rows, firstRow, face14 });
  return measured;
}

/** 3·avgpool5×5(2u), zeros of the padding counted: [2,256,256,3]. */
function picture(): tf.Tensor4D {
  return tf.tidy(() => {
    const noise = formulaTensor(PICTURE, [2, 3, SIDE, SIDE], (u) => 2 * u);
    const nhwc = tf.transpose(noise, [0, 2, 3, 1]) as tf.Tensor4D;
    const padded = tf.pad(nhwc, [
      [0, 0],
      [2, 2],
      [2, 2],
      [0, 0],
    ]);
    return tf.mul(tf.avgPool(padded, 5, 1, 'valid'), 3);
  });
}
