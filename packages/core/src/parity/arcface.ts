/** IR-SE50 ArcFace at full size, with the ID loss's preparation of pictures, against the PyTorch original. */
import tf from '@tensorflow/tfjs';
import type { Device } from '../device.js';
import { ARCFACE_INPUT, fromArcFace, identity, prepareForIdentity } from '../models/identity/index.js';
import { disposeAll } from '../weights.js';
import { golden, measure, type Measured, type ParityCheck } from './check.js';
import { formulaTensor, formulaWeights, type Rule, UNIT_VARIANCE } from './weight-formula.js';

const CHANNELS = [64, 128, 256, 512];
const BLOCKS = [3, 4, 14, 3];
const EMBED = 512;
const REDUCTION = 16;

/** Number of the formula's tensor that is the picture, and the picture's side. */
const PICTURE = 920;
const SIDE = 256;

export const arcfaceCheck: ParityCheck = {
  name: 'arcface',
  about: 'IR-SE50, two pictures of 256² prepared as the ID loss does, against the PyTorch original',
  run,
};

async function run(device: Device): Promise<Measured[]> {
  const want = await golden('arcface-irse50-formula.io.safetensors');
  const all = shapes();
  const state = formulaWeights(all, (name, shape) => ruleOf(name, shape, all));
  const arcface = fromArcFace(state);
  disposeAll(state);
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

/** Every counted name of the state dict with its shape. */
function shapes(): Record<string, number[]> {
  const all: Record<string, number[]> = {};
  const norm = (name: string, width: number): void => {
    for (const field of ['weight', 'bias', 'running_mean', 'running_var']) all[`${name}.${field}`] = [width];
  };
  let inputs = CHANNELS[0] as number;
  all['input_layer.0.weight'] = [inputs, 3, 3, 3];
  norm('input_layer.1', inputs);
  all['input_layer.2.weight'] = [inputs];
  let block = 0;
  for (const [stage, outputs] of CHANNELS.entries()) {
    for (let i = 0; i < (BLOCKS[stage] as number); i++, block++) {
      const name = `body.${block}.res_layer`;
      norm(`${name}.0`, inputs);
      all[`${name}.1.weight`] = [outputs, inputs, 3, 3];
      all[`${name}.2.weight`] = [outputs];
      all[`${name}.3.weight`] = [outputs, outputs, 3, 3];
      norm(`${name}.4`, outputs);
      all[`${name}.5.fc1.weight`] = [outputs / REDUCTION, outputs, 1, 1];
      all[`${name}.5.fc2.weight`] = [outputs, outputs / REDUCTION, 1, 1];
      if (inputs !== outputs) {
        all[`body.${block}.shortcut_layer.0.weight`] = [outputs, inputs, 1, 1];
        norm(`body.${block}.shortcut_layer.1`, outputs);
      }
      inputs = outputs;
    }
  }
  norm('output_layer.0', inputs);
  all['output_layer.3.weight'] = [EMBED, inputs * 7 * 7];
  all['output_layer.3.bias'] = [EMBED];
  norm('output_layer.4', EMBED);
  return all;
}

function ruleOf(name: string, shape: readonly number[], all: Readonly<Record<string, readonly number[]>>): Rule {
  const layer = name.slice(0, name.lastIndexOf('.'));
  if (all[`${layer}.running_mean`] !== undefined) {
    if (name.endsWith('.weight')) return (u) => 1 + 0.4 * u;
    if (name.endsWith('.running_var')) return (u) => 1 + u;
    return (u) => 0.2 * u; // bias and running_mean
  }
  if (shape.length === 1) return name.endsWith('.weight') ? (u) => 0.25 + 0.1 * u : (u) => 0.1 * u;
  const fanIn = shape.slice(1).reduce((product, size) => product * size, 1);
  return (u) => 0.7 * UNIT_VARIANCE * Math.sqrt(2 / fanIn) * u;
}
