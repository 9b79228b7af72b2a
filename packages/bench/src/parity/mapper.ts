/** The three-level mapper of the paper at full size, with the official's PixelNorm over layers: M(w). */
import {
  disposeAll,
  fromOfficialMapper,
  mapperOffset,
  OFFICIAL_MAPPER_TABLE,
  type Device,
  type tf,
} from '@styleclip/core';
import { golden, measure, type Measured, type ParityCheck } from './check.js';
import { formulaWeights, UNIT_VARIANCE } from './weight-formula.js';

const W_DIM = 512;

export const mapperCheck: ParityCheck = {
  name: 'mapper',
  about: 'three-level latent mapper, 18 layers of 512, against the PyTorch original',
  run,
};

async function run(device: Device): Promise<Measured[]> {
  const want = await golden('mapper-levels-formula.io.safetensors');
  const names = Object.keys(OFFICIAL_MAPPER_TABLE);
  const shapes = Object.fromEntries(names.map((name) => [name, name.endsWith('weight') ? [W_DIM, W_DIM] : [W_DIM]]));
  const state = formulaWeights(shapes, (name) =>
    name.endsWith('weight') ? (u) => (UNIT_VARIANCE * u) / 0.01 : (u) => 20 * u,
  );
  const mapper = fromOfficialMapper(state);
  const offset = device.compile(
    (wPlus: tf.Tensor) => mapperOffset(mapper, wPlus as tf.Tensor3D, { pixelNorm: 'layers' }),
    {
      name: 'parity mapper',
    },
  );
  const got = await offset(want['w_plus'] as tf.Tensor);
  await offset.dispose();
  const measured = [measure('offset', got, want['offset'] as tf.Tensor)];
  disposeAll(state, mapper, want, got);
  return measured;
}
