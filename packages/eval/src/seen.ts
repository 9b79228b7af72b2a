/**
 * What the measuring networks see of pictures, one row a picture, on the host.
 *
 * Pictures before an edit are the same for all methods and prompts, so they are looked at once and compared as often as there are
 * edits. The features are the attribute probe's last layer: no method sees that network, so none can please it.
 */
import {
  attributeFeatures,
  attributeLogits,
  clipFeatures,
  disposeAll,
  identityFeatures,
  type tf,
  unitRows,
  type Device,
  type Networks,
} from '@styleclip/core';

/** Rows of numbers. */
export interface Rows {
  /** [count,width], row-major. */
  data: Float32Array;
  width: number;
}

/** What is seen of some pictures; a field is absent where the bundle has no network for it. */
export interface Seen {
  count: number;
  /** Unit CLIP features. */
  clip: Rows;
  /** Unit face embeddings. */
  face?: Rows;
  /** The probe's last features. */
  features?: Rows;
  /** The probe's logits of each factor. */
  logits?: Readonly<Record<string, Rows>>;
}

/** Looks at pictures. */
export interface Eyes {
  /** @param images [N,R,R,3] in [-1,1]; they stay the caller's */
  see(images: tf.Tensor4D): Promise<Seen>;
  dispose(): Promise<void>;
}

type Looked = {
  clip: tf.Tensor2D;
  face?: tf.Tensor2D;
  features?: tf.Tensor2D;
  logits?: Record<string, tf.Tensor2D>;
};

/** Makes the networks that there are ready to look. CLIP sees pictures as it was trained to, whatever a loss fed it. */
export function openEyes(
  device: Device,
  { clip, clipInput, identity, attributes }: Pick<Networks, 'clip' | 'clipInput' | 'identity' | 'attributes'>,
): Eyes {
  const look = device.compile(
    (images: tf.Tensor4D): Looked => {
      const looked: Looked = { clip: unitRows(clipFeatures(clip, images, { input: clipInput })) };
      if (identity) looked.face = identityFeatures(identity.weights, images, identity.input);
      if (attributes) {
        const features = attributeFeatures(attributes.weights, images);
        looked.features = features;
        looked.logits = attributeLogits(attributes.weights, features);
      }
      return looked;
    },
    { name: 'see' },
  );
  return {
    async see(images) {
      const looked = await look(images);
      const seen: Seen = { count: images.shape[0], clip: await rowsOf(looked.clip) };
      if (looked.face) seen.face = await rowsOf(looked.face);
      if (looked.features) seen.features = await rowsOf(looked.features);
      if (looked.logits) {
        const logits: Record<string, Rows> = {};
        for (const [factor, tensor] of Object.entries(looked.logits)) logits[factor] = await rowsOf(tensor);
        seen.logits = logits;
      }
      disposeAll(looked);
      return seen;
    },
    dispose: () => look.dispose(),
  };
}

/** Several looks as one, in their order. */
export function joinSeen(parts: readonly Seen[]): Seen {
  const [first] = parts;
  if (!first) throw new Error('joinSeen: nothing was seen');
  const joined: Seen = {
    count: parts.reduce((sum, { count }) => sum + count, 0),
    clip: join(parts.map((p) => p.clip)),
  };
  if (first.face) joined.face = join(parts.map((part) => part.face!));
  if (first.features) joined.features = join(parts.map((part) => part.features!));
  if (first.logits)
    joined.logits = Object.fromEntries(
      Object.keys(first.logits).map((factor) => [factor, join(parts.map((part) => part.logits![factor]!))]),
    );
  return joined;
}

/** The first pictures of a look. */
export function firstSeen(seen: Seen, count: number): Seen {
  if (count === seen.count) return seen;
  const first = ({ data, width }: Rows): Rows => ({ data: data.subarray(0, count * width), width });
  return {
    count,
    clip: first(seen.clip),
    ...(seen.face && { face: first(seen.face) }),
    ...(seen.features && { features: first(seen.features) }),
    ...(seen.logits && {
      logits: Object.fromEntries(Object.entries(seen.logits).map(([factor, rows]) => [factor, first(rows)])),
    }),
  };
}

/** What the probe reads: for each factor the index of the likeliest value, picture by picture. */
export function readingsOf({ logits = {} }: Seen): Record<string, number[]> {
  return Object.fromEntries(Object.entries(logits).map(([factor, rows]) => [factor, likeliest(rows)]));
}

/** The dot products of matching rows; `b` may be a single row. */
export function dotRows(a: Rows, b: Rows): number[] {
  const repeat = b.data.length === b.width;
  return Array.from({ length: a.data.length / a.width }, (_, row) => {
    let sum = 0;
    for (let i = 0; i < a.width; i++) sum += a.data[row * a.width + i]! * b.data[(repeat ? 0 : row * b.width) + i]!;
    return sum;
  });
}

/** The distances of matching rows. */
export function distances(a: Rows, b: Rows): number[] {
  return Array.from({ length: a.data.length / a.width }, (_, row) => {
    let sum = 0;
    for (let i = row * a.width; i < (row + 1) * a.width; i++) sum += (a.data[i]! - b.data[i]!) ** 2;
    return Math.sqrt(sum);
  });
}

function likeliest({ data, width }: Rows): number[] {
  return Array.from({ length: data.length / width }, (_, row) => {
    let best = 0;
    for (let i = 1; i < width; i++) if (data[row * width + i]! > data[row * width + best]!) best = i;
    return best;
  });
}

function join(parts: readonly Rows[]): Rows {
  const data = new Float32Array(parts.reduce((sum, { data }) => sum + data.length, 0));
  let at = 0;
  for (const part of parts) {
    data.set(part.data, at);
    at += part.data.length;
  }
  return { data, width: parts[0]!.width };
}

async function rowsOf(tensor: tf.Tensor2D): Promise<Rows> {
  return { data: (await tensor.data<'float32'>()).slice(), width: tensor.shape[1] };
}
