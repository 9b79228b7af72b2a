/**
 * How well the generator does what a latent asks for, read by the attribute probe.
 *
 * Plain: z ~ N(0, I) at ψ = 1; the picture G(z) should show, for each factor, the value that z asks for (latents.ts).
 * Mixed: the coarse, medium and fine rows of W+ come from three latents; each group should show what its own latent
 * asks for. Only factors that are visible on the avatar that was asked for count.
 */
import {
  broadcastW,
  generatorSize,
  mapping,
  normals,
  Random,
  styles,
  synthesize,
  tf,
  type Device,
  type Weights,
  type WPlus,
  type Z,
} from '@styleclip/core';
import { FACTORS, type Avatar } from '../factors.js';
import { askedAvatars } from '../latents.js';
import { renderAvatar } from '../render.js';
import { FactorTally, openProbe, type PerFactor } from './attributes.js';

export interface GeneratorMeasure {
  /** Share of G(z) on which the probe reads what z asks for, per factor. */
  readonly plain: PerFactor;
  /** The same with the groups of W+ rows taken from three latents. */
  readonly mixed: PerFactor;
  /** Mean absolute error against the renderer's pictures, of a range of 2. */
  readonly error: number;
  readonly mixedError: number;
}

export interface GeneratorMeasureOptions {
  /** W+ rows where the medium and the fine group begin. */
  readonly layerGroups: readonly [number, number];
  /** How many latents. */
  readonly count?: number;
  readonly batch?: number;
  readonly seed?: number | string;
}

export async function measureGenerator(
  device: Device,
  generator: Weights,
  probe: Weights,
  options: GeneratorMeasureOptions,
): Promise<GeneratorMeasure> {
  const { layerGroups, count = 2000, batch = 50, seed = 'held-out latents' } = options;
  const { zDim, layers } = generatorSize(generator);
  const draw = device.compile(
    (groups: { coarse: Z; medium: Z; fine: Z }) => {
      const rows = (z: Z, from: number, to: number) =>
        tf.slice(broadcastW(mapping(generator, z), layers), [0, from, 0], [z.shape[0], to - from, -1]);
      const wPlus = tf.concat(
        [
          rows(groups.coarse, 0, layerGroups[0]),
          rows(groups.medium, ...layerGroups),
          rows(groups.fine, layerGroups[1], layers),
        ],
        1,
      );
      return synthesize(generator, styles(generator, wPlus as WPlus), { noise: 'stored' });
    },
    { name: 'generator' },
  );
  const reader = openProbe(device, probe);
  const random = new Random(seed);
  const plain = new FactorTally();
  const mixed = new FactorTally();
  const errors = [0, 0];
  for (let first = 0; first < count; first += batch) {
    const [coarse, medium, fine] = ['coarse', 'medium', 'fine'].map(
      (group) => normals(random.fork(`${group}/${first}`), [batch, zDim]) as Z,
    ) as [Z, Z, Z];
    for (const [k, tally, groups] of [
      [0, plain, { coarse, medium: coarse, fine: coarse }],
      [1, mixed, { coarse, medium, fine }],
    ] as const) {
      const asked = {
        coarse: askedAvatars(groups.coarse),
        medium: askedAvatars(groups.medium),
        fine: askedAvatars(groups.fine),
      };
      const images = await draw(groups);
      const seen = await reader.read(images as tf.Tensor4D);
      const wanted = seen.map(
        (_, n) => Object.fromEntries(FACTORS.map(({ name, group }) => [name, asked[group][n]![name]])) as Avatar,
      );
      seen.forEach((avatar, n) => tally.add(wanted[n]!, avatar));
      errors[k]! += (await meanError(images as tf.Tensor4D, wanted)) * (batch / count);
      images.dispose();
    }
    tf.dispose([coarse, medium, fine]);
  }
  await draw.dispose();
  await reader.dispose();
  return { plain: plain.shares(), mixed: mixed.shares(), error: errors[0]!, mixedError: errors[1]! };
}

/** Mean |G − x| over pictures in [-1,1] and the renders of the avatars. */
async function meanError(images: tf.Tensor4D, avatars: readonly Avatar[]): Promise<number> {
  const values = await images.data<'float32'>();
  const size = images.shape[1];
  const length = size * size * 3;
  const sum = avatars.reduce((total, avatar, n) => {
    const render = renderAvatar(avatar, size);
    for (let i = 0; i < length; i++) total += Math.abs(values[n * length + i]! - (render[i]! / 127.5 - 1));
    return total;
  }, 0);
  return sum / values.length;
}
