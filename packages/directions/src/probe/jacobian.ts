/**
 * Relevance by derivatives: backward passes instead of two pictures for each channel. Not in the paper.
 *
 *     J_c = ∂E/∂s_c        Δi_c = unit( mean over pictures of unit( σ_c·J_c ) )        E: the unit feature
 *
 * One backward pass gives uᵀJ, a direction u of CLIP's space against all channels at once. With u the dimensions of that
 * space in turn J is exact and costs as many passes a picture as a feature has numbers, whatever the number of channels. With a few
 * random u ~ N(0, I) the mean of u·(uᵀJ) is J again, with noise that pictures average out: they are then joined before
 * they are brought to length 1.
 *
 * A derivative says what a small step does, the paper's probe what a step of ±a·σ does, which is the integral of the
 * derivative along the way. With `groups` the derivative is taken along that way: in each pass one group of a
 * picture's channels is put somewhere between −a·σ and +a·σ of its own (evenly over the pictures), and only those
 * channels' derivatives are read. The other channels of the group blur it a little: more groups, less blur, more passes.
 */
import { disposeAll, normalArray, Random, tf } from '@styleclip/core';
import { withoutToRgb } from '../layout.js';
import { codeOf, look, repeatRow } from '../look.js';
import { batchSize } from './batch-size.js';
import type { Arrays, Part, Prober, ProbeSetting } from './prober.js';
import { toUnitRows, UnitSums } from './unit-steps.js';

/** A part is so many pictures. */
const PART_IMAGES = 4;

/** A pass is one forward and about two more for its derivative. */
const PASSES = 3;

interface ImagesPart extends Part {
  readonly from: number;
  readonly count: number;
}

export async function probeByJacobian(setting: ProbeSetting): Promise<Prober> {
  const { config, networks, device, source, statistics, layout, stopAt } = setting;
  const { images, amplitude, projections, groups } = config;
  const { all, channels } = layout;
  const codes = await source.styles('train', 0, images); // [images,all]
  const width = networks.clip['visual.proj']!.shape[1]!; // E
  const std = withoutToRgb(statistics.std, layout);
  const exact = projections === 0;
  const directions = exact ? width : projections;
  const batch = Math.min(directions, config.batch || Math.max(1, Math.floor(batchSize(networks.generator, stopAt) / 2)));
  const root = new Random(config.seed).fork('jacobian');

  const parts = Array.from({ length: Math.ceil(images / PART_IMAGES) }, (_, i): ImagesPart => {
    const from = i * PART_IMAGES;
    const count = Math.min(PART_IMAGES, images - from);
    const pictures = count * directions * Math.max(1, groups);
    return { id: `images-${from}`, from, count, pictures, passes: pictures * PASSES };
  });

  /** Σ u·(uᵀJ) over some u: flat [1,S], base [1,all], u [R,E] → [S,E] */
  const pullBack = device.compile(
    (flat: tf.Tensor2D, base: tf.Tensor2D, u: tf.Tensor2D) => {
      const seen = (styles: tf.Tensor2D): tf.Scalar =>
        tf.sum(tf.mul(look(networks, codeOf(networks, styles, base), { stopAt }), u));
      const grads = tf.grad((styles: tf.Tensor) => seen(styles as tf.Tensor2D))(repeatRow(flat, u.shape[0])); // [R,S]
      return tf.matMul(grads as tf.Tensor2D, u, true) as tf.Tensor2D; // [S,E]
    },
    { name: 'pull-back' },
  );

  /** J of a picture whose styles are `flat`, [S,E]; an estimate unless it is exact. */
  async function jacobian(
    flat: Float32Array,
    base: Float32Array,
    random: Random,
    tick: (pictures: number) => Promise<void>,
  ): Promise<Float32Array> {
    const sum = new Float32Array(channels * width);
    const [styles, code] = [tf.tensor2d(flat, [1, channels]), tf.tensor2d(base, [1, all])];
    for (let from = 0; from < directions; from += batch) {
      const count = Math.min(batch, directions - from);
      const rows = exact ? unitDirections(from, batch, width) : scaledNormals(random, count, batch, width, directions);
      const u = tf.tensor2d(rows, [batch, width]);
      const pulled = await pullBack(styles, code, u);
      (await pulled.data<'float32'>()).forEach((value, i) => (sum[i]! += value));
      disposeAll(u, pulled);
      await tick(count);
    }
    disposeAll(styles, code);
    return sum;
  }

  return {
    parts,

    async compute(part, tick) {
      const { from, count } = part as ImagesPart;
      const units = new UnitSums(channels, width);
      const raw = new Float64Array(channels * width);
      for (let image = from; image < from + count; image++) {
        const base = codes.slice(image * all, (image + 1) * all);
        const flat = withoutToRgb(base, layout);
        const random = root.fork(image);
        const steps = new Float32Array(channels * width); // σ_c·J_c
        for (let group = 0; group < Math.max(1, groups); group++) {
          const chosen = groups === 0 ? undefined : groupOf(random.fork('groups'), channels, groups, group);
          const moved = chosen ? displaced(flat, chosen, image) : flat;
          const found = await jacobian(moved, base, random.fork(`u/${group}`), tick);
          for (let c = 0; c < channels; c++) {
            if (chosen && !chosen[c]) continue;
            for (let i = c * width; i < (c + 1) * width; i++) steps[i] = found[i]! * std[c]!;
          }
        }
        for (let c = 0; c < channels; c++) {
          if (exact) units.add(c, (i) => 2 * amplitude * steps[c * width + i]!);
          else for (let i = c * width; i < (c + 1) * width; i++) raw[i]! += 2 * amplitude * steps[i]!;
        }
      }
      // What is joined over pictures: unit steps with their length, or steps as they are.
      const joined: Arrays = exact
        ? { sum: { shape: [channels, width], data: Float32Array.from(units.sums) } }
        : { sum: { shape: [channels, width], data: Float32Array.from(raw) } };
      if (exact) joined['lengths'] = { shape: [channels], data: Float32Array.from(units.lengths) };
      return joined;
    },

    async assemble(read) {
      const sum = new Float64Array(channels * width);
      const lengths = new Float64Array(channels);
      for (const part of parts) {
        const arrays = await read(part);
        arrays['sum']!.data.forEach((value, i) => (sum[i]! += value));
        arrays['lengths']?.data.forEach((value, c) => (lengths[c]! += value));
      }
      if (!exact) {
        for (let c = 0; c < channels; c++)
          lengths[c] = Math.sqrt(sum.subarray(c * width, (c + 1) * width).reduce((total, x) => total + x * x, 0));
      }
      return {
        direction: toUnitRows(sum, width),
        magnitude: Float32Array.from(lengths, (length) => Math.min(2, length / images)),
      };
    },

    dispose: () => pullBack.dispose(),
  };

  /** The chosen channels somewhere along their way, a different place for every picture of a channel. */
  function displaced(flat: Float32Array, chosen: Uint8Array, image: number): Float32Array {
    return flat.map((value, c) => {
      if (!chosen[c]) return value;
      const place = (image / images + root.fork(`phase/${c}`).uniform()) % 1; // evenly spaced over the pictures
      return value + amplitude * std[c]! * (2 * place - 1);
    });
  }
}

/** Dimensions `from … from+rows-1` of CLIP's space as rows [rows,width]; those past the last are 0. */
function unitDirections(from: number, rows: number, width: number): Float32Array {
  const u = new Float32Array(rows * width);
  for (let row = 0; row < rows && from + row < width; row++) u[row * width + from + row] = 1;
  return u;
}

/** `count` rows of N(0, 1/directions), filled up with rows of 0. */
function scaledNormals(random: Random, count: number, rows: number, width: number, directions: number): Float32Array {
  const u = new Float32Array(rows * width);
  u.set(normalArray(random, count * width).map((value) => value / Math.sqrt(directions)));
  return u;
}

/** Which channels belong to a group: a partition that is the same for the same random numbers. */
function groupOf(random: Random, channels: number, groups: number, group: number): Uint8Array {
  const order = random.shuffle(Array.from({ length: channels }, (_, c) => c));
  const chosen = new Uint8Array(channels);
  order.forEach((channel, place) => {
    if (place % groups === group) chosen[channel] = 1;
  });
  return chosen;
}
