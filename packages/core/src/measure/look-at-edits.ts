/**
 * What the measuring networks see of edited pictures, picture by picture: cosines to a text, the cosine between the faces
 * before and after, and what the attribute probe reads.
 *
 * It is apart from the counting (measure-edit.ts), so that pictures of many edits, each with a text of its own, can be
 * looked at by one compiled function and counted edit by edit. CLIP sees the picture as it was trained to (normalised)
 * here, whatever the loss fed it.
 */
import type { Device } from '../experiment/device.js';
import type { Networks } from '../experiment/networks.js';
import { clipFeatures } from '../losses/clip.js';
import { identityFeatures } from '../losses/identity.js';
import { readAttributes } from '../models/attributes.js';
import { cosineRows } from '../models/unit-rows.js';
import { disposeAll, type Weights } from '../tensors/weights.js';
import { tf } from '../tensors/tf.js';

/** What is seen of one picture's edit; a field is absent where the bundle has no network for it. */
export interface EditLook {
  /** Cosine to the text before and after. */
  clipBefore: number;
  clipAfter: number;
  /** Cosine between the faces. */
  identity?: number;
  /** For each factor the index of the likeliest value. */
  before?: Record<string, number>;
  after?: Record<string, number>;
}

/** Looks at pictures, batch by batch. */
export interface EditLooks<Input extends readonly unknown[]> {
  /** @param prompt unit CLIP features, [1,E] for all pictures of the batch or [N,E] */
  look(prompt: tf.Tensor2D, ...input: Input): Promise<EditLook[]>;
  dispose(): Promise<void>;
}

/** What comes out of the graph: [N] each. */
type Looked = {
  clipBefore: tf.Tensor1D;
  clipAfter: tf.Tensor1D;
  identity?: tf.Tensor1D;
  before?: Record<string, tf.Tensor>;
  after?: Record<string, tf.Tensor>;
};

/**
 * Makes the networks that there are ready to look.
 * @param pictures pictures [N,R,R,3] in [-1,1] before and after the edit, traced together with what looks at them
 */
export function openEditLooks<Input extends readonly unknown[]>(
  device: Device,
  { clip, clipInput, identity, attributes }: Pick<Networks, 'clip' | 'clipInput' | 'identity' | 'attributes'>,
  pictures: (...input: Input) => { before: tf.Tensor4D; after: tf.Tensor4D },
): EditLooks<Input> {
  const look = device.compile(
    (prompt: tf.Tensor2D, ...input: Input): Looked => {
      const { before, after } = pictures(...input); // [N,R,R,3]
      const likeness = (image: tf.Tensor4D) =>
        cosineRows(clipFeatures(clip, image, { input: clipInput }), prompt) as tf.Tensor1D;
      const looked: Looked = { clipBefore: likeness(before), clipAfter: likeness(after) };
      if (identity) {
        const face = (image: tf.Tensor4D) => identityFeatures(identity.weights, image, identity.input);
        looked.identity = cosineRows(face(before), face(after)) as tf.Tensor1D;
      }
      if (attributes) {
        looked.before = readings(attributes.weights, before);
        looked.after = readings(attributes.weights, after);
      }
      return looked;
    },
    { name: 'measure-edit' },
  );
  return {
    async look(prompt, ...input) {
      const looked = await look(prompt, ...input);
      const clipBefore = await looked.clipBefore.data();
      const clipAfter = await looked.clipAfter.data();
      const identity = await looked.identity?.data();
      const before = looked.before && (await columns(looked.before));
      const after = looked.after && (await columns(looked.after));
      disposeAll(looked);
      return Array.from(clipAfter, (value, i) => ({
        clipBefore: clipBefore[i]!,
        clipAfter: value,
        ...(identity && { identity: identity[i]! }),
        ...(before && { before: rowOf(before, i) }),
        ...(after && { after: rowOf(after, i) }),
      }));
    },
    dispose: () => look.dispose(),
  };
}

/** What the probe sees: the index of the likeliest value of every factor, [N] int32. */
function readings(probe: Weights, images: tf.Tensor4D): Record<string, tf.Tensor> {
  return Object.fromEntries(
    Object.entries(readAttributes(probe, images)).map(([factor, logits]) => [factor, tf.argMax(logits, 1)]),
  );
}

type Columns = Record<string, ArrayLike<number>>;

async function columns(tensors: Record<string, tf.Tensor>): Promise<Columns> {
  const read: Columns = {};
  for (const [factor, tensor] of Object.entries(tensors)) read[factor] = await tensor.data();
  return read;
}

function rowOf(columns: Columns, row: number): Record<string, number> {
  return Object.fromEntries(Object.entries(columns).map(([factor, values]) => [factor, values[row]!]));
}
