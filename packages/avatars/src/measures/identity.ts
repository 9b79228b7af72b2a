/**
 * How well the identity network tells whether two pictures show the same avatar.
 *
 * Verification as with faces: a pair counts as the same when its cosine passes a threshold, which is chosen on other
 * pairs. In a *same* pair everything that is not identity (hair, mouth, eyes, glasses, beard, hair colour) is drawn
 * anew; in a *different* pair everything is. The *close* pairs are the hard case: one single identity factor differs.
 * Pairs are rendered on the spot from a seed, so they are in no data set.
 */
import { identity, Random, tf, type Device, type Weights } from '@styleclip/core';
import { factor, sampleAvatar, type Avatar, type FactorName } from '../factors.js';
import { IDENTITY_FACTORS, identityOf, sampleView } from '../identities.js';
import { renderAvatar } from '../render.js';

export interface IdentityMeasure {
  /** Share of right decisions over same and different pairs, half each. */
  readonly accuracy: number;
  /** The cosine above which a pair counts as the same. */
  readonly threshold: number;
  /** Mean cosine of same and of different pairs. */
  readonly same: number;
  readonly different: number;
  /** For each identity factor: share of right decisions over same pairs and pairs that differ in it alone. */
  readonly close: Readonly<Record<string, number>>;
}

export interface IdentityMeasureOptions {
  /** Pairs of each kind; as many again choose the thresholds. */
  readonly pairs?: number;
  readonly size?: number;
  readonly seed?: number | string;
}

export async function measureIdentity(
  device: Device,
  weights: Weights,
  { pairs = 500, size = 64, seed = 'verification' }: IdentityMeasureOptions = {},
): Promise<IdentityMeasure> {
  const random = new Random(seed);
  const embed = openEmbedder(device, weights, { size });
  const cosines = async (label: string, other: (anchor: Avatar, random: Random) => Avatar): Promise<number[]> => {
    const draws = random.fork(label);
    const anchors = Array.from({ length: 2 * pairs }, () => sampleAvatar(draws));
    const others = anchors.map((anchor) => other(anchor, draws));
    const [a, b] = [await embed.embed(anchors), await embed.embed(others)];
    return a.map((row, i) => row.reduce((sum, value, k) => sum + value * b[i]![k]!, 0));
  };

  const same = await cosines('same', sampleView);
  const different = await cosines('different', differentAvatar);
  const { accuracy, threshold } = verify(same, different, pairs);
  const close: Record<string, number> = {};
  for (const name of IDENTITY_FACTORS) {
    const almost = await cosines(`close-${name}`, (anchor, draws) => ({
      ...sampleView(anchor, draws),
      [name]: anotherValue(anchor, name, draws),
    }));
    close[name] = verify(same, almost, pairs).accuracy;
  }
  await embed.dispose();
  return { accuracy, threshold, same: mean(same), different: mean(different), close };
}

function differentAvatar(anchor: Avatar, random: Random): Avatar {
  for (;;) {
    const other = sampleAvatar(random);
    if (identityOf(other) !== identityOf(anchor)) return other;
  }
}

function anotherValue(anchor: Avatar, name: FactorName, random: Random): number {
  const count = factor(name).values.length;
  return (anchor[name] + 1 + random.int(count - 1)) % count;
}

/** Chooses the threshold on the first `calibration` pairs of each kind and decides the others with it. */
function verify(
  same: readonly number[],
  different: readonly number[],
  calibration: number,
): { accuracy: number; threshold: number } {
  const right = (yes: readonly number[], no: readonly number[], threshold: number) =>
    (yes.filter((cosine) => cosine > threshold).length + no.filter((cosine) => cosine <= threshold).length) /
    (yes.length + no.length);
  const known = [same.slice(0, calibration), different.slice(0, calibration)] as const;
  const candidates = known.flat().sort((a, b) => a - b);
  let threshold = 0;
  let best = -1;
  candidates.slice(1).forEach((cosine, i) => {
    const between = (cosine + candidates[i]!) / 2;
    const share = right(...known, between);
    if (share > best) [best, threshold] = [share, between];
  });
  return { accuracy: right(same.slice(calibration), different.slice(calibration), threshold), threshold };
}

/** Renders avatars and embeds them in batches of one size. */
function openEmbedder(device: Device, weights: Weights, { size, batch = 100 }: { size: number; batch?: number }) {
  const forward = device.compile((images: tf.Tensor4D) => identity(weights, images), { name: 'identity' });
  return {
    async embed(avatars: readonly Avatar[]): Promise<number[][]> {
      const rows: number[][] = [];
      for (let first = 0; first < avatars.length; first += batch) {
        const chunk = avatars.slice(first, first + batch);
        const values = new Float32Array(batch * size * size * 3);
        chunk.forEach((avatar, n) =>
          renderAvatar(avatar, size).forEach((byte, i) => (values[n * size * size * 3 + i] = byte / 127.5 - 1)),
        );
        const images = tf.tensor4d(values, [batch, size, size, 3]);
        const embeddings = await forward(images);
        rows.push(...(embeddings.arraySync() as number[][]).slice(0, chunk.length));
        tf.dispose([images, embeddings]);
      }
      return rows;
    },
    dispose: () => forward.dispose(),
  };
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
