/**
 * What a step of the generator's training is given: codes, what is done to them, and the pictures to be drawn.
 *
 * A picture's factors fall into the groups coarse, medium, fine, and each group of layers gets a code of its own (codes.ts):
 * the code's own group of factors is the picture's, its other factors are, half of the time, those of another avatar. So
 * a layer learns to listen to its own group and to nothing else, and mixing the rows of W+ of two latents gives a clean
 * avatar. Codes are pulled towards the average by a random factor and get a little noise, with the same picture asked
 * for: the generator has to be right around a code too, which is where truncation and edits land.
 *
 * A share of the examples is edited or mixed with another avatar (edits.ts); the rest is left as it is.
 */
import { normalArray, tf, type Random } from '@styleclip/core';
import type { AvatarDataset } from '../dataset.js';
import { FACTORS, WORLD, type Avatar, type FactorGroup, type FactorName } from '../factors.js';
import { renderAvatar } from '../render.js';
import { COLUMNS, FIRST_COLUMN, writeOneHot } from './codes.js';
import type { DetailMaps } from './detail-maps.js';
import { drawEdit, edited, writeChange, writeMask } from './edits.js';
import { GROUPS, withGroup } from './groups.js';
import type { OwnedLayer } from './ownership.js';

/** Shares of the examples; the others are whole avatars. */
const EDITED = 0.68;
const MIXED = 0.12;

export type Examples = {
  /** Pictures [N,R,R,3] in [-1,1] before and after the edit, alike where there is none. */
  readonly before: tf.Tensor4D;
  readonly after: tf.Tensor4D;
  /** How much each pixel counts, [N,R,R,1], mean 1. */
  readonly weight: tf.Tensor4D;
  /** One-hot columns of each group's code, [3·N, COLUMNS], group-major. */
  readonly rows: tf.Tensor2D;
  /** What is added to them, [3·N, COLUMNS]. */
  readonly change: tf.Tensor2D;
  /** 1 for style channels that let the change through, [N, channels]. */
  readonly mask: tf.Tensor2D;
  /** γ of edits that show, else 0, [N,1]; a mixture's share of the other avatar, else 0, [N,1]. */
  readonly amount: tf.Tensor2D;
  readonly mixed: tf.Tensor2D;
  /** Factor of the distance from the average code, [3·N,1]. */
  readonly reach: tf.Tensor2D;
  /** Noise of the codes, [3·N,D]. */
  readonly noise: tf.Tensor2D;
};

export interface ExampleSource {
  readonly renders: AvatarDataset;
  readonly layers: readonly OwnedLayer[];
  readonly details: DetailMaps;
  readonly wDim: number;
  /** False: whole avatars only. */
  readonly edits: boolean;
}

/** Draws `count` examples; what they are depends on `random` alone. */
export function drawExamples(
  { renders, layers, details, wDim, edits }: ExampleSource,
  random: Random,
  count: number,
): Examples {
  const { size } = renders;
  const bytes = size * size * 3;
  const width = layers.reduce((sum, { channels }) => sum + channels, 0);
  const before = new Float32Array(count * bytes);
  const after = new Float32Array(count * bytes);
  const weight = new Float32Array(count * size * size);
  const rows = new Float32Array(3 * count * COLUMNS);
  const change = new Float32Array(3 * count * COLUMNS);
  const mask = new Float32Array(count * width);
  const amount = new Float32Array(count);
  const mixed = new Float32Array(count);
  const reach = new Float32Array(3 * count);

  for (let n = 0; n < count; n++) {
    const index = random.int(renders.count);
    const avatar = renders.factors(index);
    const picture = renders.image(index);
    const other = (): Avatar => renders.factors(random.int(renders.count));
    const codes = GROUPS.map((group) => (random.uniform() < 0.5 ? avatar : withGroup(group, avatar, other())));
    codes.forEach((code, k) => writeOneHot(code, rows, (k * count + n) * COLUMNS));

    let result = avatar;
    const kind = edits ? random.uniform() : 1;
    if (kind < EDITED) {
      const edit = drawEdit(avatar, random);
      result = edited(avatar, edit);
      codes.forEach((code, k) => {
        if (edit.everywhere || GROUPS[k] === groupOf(edit.factor))
          writeChange(edit, code, change, (k * count + n) * COLUMNS);
      });
      writeMask(edit, layers, random, mask, n * width);
      amount[n] = Math.max(0, edit.amount);
    } else if (kind < EDITED + MIXED) {
      result = other();
      const share = random.uniform();
      codes.forEach((code, k) => {
        const target = random.uniform() < 0.5 ? result : withGroup(GROUPS[k]!, result, other());
        addDifference(target, code, share, change, (k * count + n) * COLUMNS);
      });
      mask.fill(1, n * width, (n + 1) * width);
      mixed[n] = share;
    }
    const shown = result === avatar ? picture : renderAvatar(result, size);
    for (let i = 0; i < bytes; i++) {
      before[n * bytes + i] = picture[i]! / 127.5 - 1;
      after[n * bytes + i] = shown[i]! / 127.5 - 1;
    }
    details.add(avatar, 0.5, weight, n * size * size);
    details.add(result, 0.5, weight, n * size * size);
    toMeanOne(weight, n * size * size, size * size);

    // One reach for the whole picture most of the time, as truncation does it.
    const common = random.uniform(0.65, 1.1);
    for (let k = 0; k < 3; k++) reach[k * count + n] = random.uniform() < 0.8 ? common : random.uniform(0.65, 1.1);
  }
  const noise = normalArray(random, 3 * count * wDim).map((x) => x * 0.1);
  return {
    before: tf.tensor4d(before, [count, size, size, 3]),
    after: tf.tensor4d(after, [count, size, size, 3]),
    weight: tf.tensor4d(weight, [count, size, size, 1]),
    rows: tf.tensor2d(rows, [3 * count, COLUMNS]),
    change: tf.tensor2d(change, [3 * count, COLUMNS]),
    mask: tf.tensor2d(mask, [count, width]),
    amount: tf.tensor2d(amount, [count, 1]),
    mixed: tf.tensor2d(mixed, [count, 1]),
    reach: tf.tensor2d(reach, [3 * count, 1]),
    noise: tf.tensor2d(noise, [3 * count, wDim]),
  };
}

const groupOf = (name: FactorName): FactorGroup => WORLD[name].group;

/** share · (target − code), in one-hot columns. */
function addDifference(target: Avatar, code: Avatar, share: number, columns: Float32Array, offset: number): void {
  for (const { name } of FACTORS) {
    columns[offset + FIRST_COLUMN[name] + target[name]]! += share;
    columns[offset + FIRST_COLUMN[name] + code[name]]! -= share;
  }
}

function toMeanOne(values: Float32Array, from: number, count: number): void {
  let sum = 0;
  for (let i = from; i < from + count; i++) sum += values[i]!;
  for (let i = from; i < from + count; i++) values[i]! *= count / sum;
}
