/**
 * StyleGAN2 1024², config-f, through the official names and back: mapping, average w, styles and a picture.
 *
 * The state dict is made with the original's names and shapes and is read by `fromRosinality`, so the declared table is
 * checked at full size as well. The picture is compared as a whole at 32² (area average), at every 64th pixel, in a
 * crop of full resolution, and in its mean and deviation. The network runs compiled: uncompiled it would take an hour.
 */
import { disposeAll, mapping, styles, synthesize, tf, type Device, type Weights } from '@styleclip/core';
import { golden, measure, type Measured, type ParityCheck } from './check.js';
import { formulaGenerator, RESOLUTION, W_DIM } from './formula-generator.js';
import { formulaTensor, UNIT_VARIANCE } from './weight-formula.js';

export const stylegan2Check: ParityCheck = {
  name: 'stylegan2',
  about: 'StyleGAN2 1024² config-f against the PyTorch original',
  part: 'generator',
  run,
};

async function run(device: Device, weights?: Weights): Promise<Measured[]> {
  const want = await golden('stylegan2-ffhq1024-formula.io.safetensors');
  const g = weights ?? formulaGenerator();
  const measured: Measured[] = [];
  const compare = (quantity: string, got: tf.Tensor, key = quantity): void => {
    measured.push(measure(quantity, got, want[key] as tf.Tensor));
  };

  const mapZ = device.compile((z: tf.Tensor) => mapping(g, z as tf.Tensor2D), { name: 'parity mapping' });
  const w = await mapZ(want['z'] as tf.Tensor);
  const many = await mapZ(formulaTensor(901, [256, W_DIM], (u) => UNIT_VARIANCE * u));
  await mapZ.dispose();
  compare('w', w);
  compare('w_avg', tf.mean(many, 0));
  if (g['wAvg']) compare('stored w_avg', g['wAvg'], 'w_avg');

  const draw = device.compile(
    (wPlus: tf.Tensor) => {
      const code = styles(g, wPlus as tf.Tensor3D);
      return { code: code.map(({ style }) => style), image: synthesize(g, code) };
    },
    { name: 'parity synthesis' },
  );
  const { code, image } = await draw(want['w_plus'] as tf.Tensor);
  await draw.dispose();
  for (const [i, style] of code.entries()) compare(`s.${String(i).padStart(2, '0')}`, style);

  const nchw = tf.transpose(image, [0, 3, 1, 2]); // [1,3,R,R]
  const side = RESOLUTION / 32;
  const blocks = tf.reshape(nchw, [3 * 32, side, 32, side]);
  compare('image_area_32', tf.reshape(tf.mean(blocks, [1, 3]), [1, 3, 32, 32]));
  compare('image_every_64th', tf.stridedSlice(nchw, [0, 0, 0, 0], nchw.shape, [1, 1, 64, 64]));
  compare('image_crop_500_532', tf.slice(nchw, [0, 0, 500, 500], [1, 3, 32, 32]));
  const { mean, variance } = tf.moments(nchw, [0, 2, 3]);
  compare('image_mean_std', tf.stack([mean, tf.sqrt(variance)]));
  disposeAll(g, want);
  return measured;
}
