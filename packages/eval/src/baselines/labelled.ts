/**
 * Latents with labels, as the supervised editors want them: W codes and styles of drawn latents, and how strongly the attribute
 * probe sees each attribute in their pictures. The paper's baselines had 100,000 faces labelled by classifiers of CelebA.
 */
import {
  disposeAll,
  flattenStyles,
  render,
  sampledLatents,
  styles,
  tf,
  usageError,
  type Factor,
  type WPlus,
} from '@styleclip/core';
import type { AskedPrompt } from '../prompts.js';
import { joinSeen, openEyes, type Rows, type Seen } from '../seen.js';
import { BATCH, type Workbench } from '../workbench.js';

export interface Labelled {
  count: number;
  /** [count,D] */
  w: Rows;
  /** [count,channels], toRGB left out. */
  s: Rows;
  seen: Seen;
}

/** Draws and labels latents; the first call does the work. */
export function labelled(
  bench: Workbench,
  { seed, truncation, count }: { seed: number; truncation: number; count: number },
): Promise<Labelled> {
  return bench.keep(`labelled/${seed}/${truncation}/${count}`, async () => {
    const { generator, layerGroups, ...networks } = await bench.networks();
    const device = await bench.device();
    const source = sampledLatents(generator, device, layerGroups, { seed, truncation, mixing: 0 });
    const eyes = openEyes(device, { ...networks });
    const look = device.compile(
      (wPlus: WPlus) => ({
        w: tf.slice(wPlus, [0, 0, 0], [-1, 1, -1]).reshape([wPlus.shape[0], wPlus.shape[2]]) as tf.Tensor2D,
        s: flattenStyles(styles(generator, wPlus), { toRGB: false }),
        images: render(generator, wPlus),
      }),
      { name: 'label' },
    );
    const [w, s, seen]: [Float32Array[], Float32Array[], Seen[]] = [[], [], []];
    let widths: [number, number] = [0, 0];
    try {
      for (let from = 0; from < count; from += BATCH) {
        const wPlus = await source.rows('train', from, Math.min(BATCH, count - from));
        const looked = await look(wPlus);
        w.push((await looked.w.data<'float32'>()).slice());
        s.push((await looked.s.data<'float32'>()).slice());
        seen.push(await eyes.see(looked.images));
        widths = [looked.w.shape[1], looked.s.shape[1]];
        disposeAll(wPlus, looked);
      }
    } finally {
      await Promise.all([source.dispose(), eyes.dispose(), look.dispose()]);
    }
    return {
      count,
      w: { data: joined(w), width: widths[0] },
      s: { data: joined(s), width: widths[1] },
      seen: joinSeen(seen),
    };
  });
}

/**
 * How strongly the probe sees what a prompt asks for, picture by picture: the logit of its probability,
 * ln( Σ exp(asked values) ) − ln( Σ exp(other values) ).
 * @throws UserError when nothing is asked, or the probe does not know it
 */
export function askedLogits(
  { logits }: Seen,
  { ask, name }: Pick<AskedPrompt, 'ask' | 'name'>,
  factors: readonly Factor[],
): number[] {
  const factor = factors.find((one) => one.name === ask?.factor);
  const rows = ask && logits?.[ask.factor];
  if (!ask || !factor || !rows) throw usageError(`${name}: the bundle's probe reads nothing of what it asks for`);
  const asked = new Set(ask.values.map((value) => factor.values.indexOf(value)));
  return Array.from({ length: rows.data.length / rows.width }, (_, row) => {
    const values = [...rows.data.subarray(row * rows.width, (row + 1) * rows.width)];
    const part = (wanted: boolean) => logSumExp(values.filter((_, i) => asked.has(i) === wanted));
    return part(true) - part(false);
  });
}

function logSumExp(values: readonly number[]): number {
  const most = Math.max(...values);
  return most + Math.log(values.reduce((sum, value) => sum + Math.exp(value - most), 0));
}

function joined(parts: readonly Float32Array[]): Float32Array {
  const all = new Float32Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
