/**
 * From the relevance of every channel to a step in style space (StyleCLIP §6, eq. 8; official `GetBoundary`).
 *
 *     R_c  = ⟨Δi_c, Δt⟩                          Δt = unit( E(target) − E(neutral) )
 *     Δs_c = R_c / max|R| · σ_c   where |R_c| ≥ β (or among the k largest |R|), else 0          s' = s + α·Δs
 *
 * The paper leaves the division by the largest and σ out; its code has both, so the strongest channel moves by ±α·σ.
 * A direction Δi_c is a unit vector whether the channel changes much or little. `weigh: magnitude` puts its length back:
 * R_c·m_c is how far CLIP's feature goes along Δt when the channel is moved; it orders and scales channels in place of R_c.
 */
import { failure } from '@styleclip/core';

/** How channels are chosen: by a least |R|, or a number of them. */
export type Choice = { readonly beta: number } | { readonly topK: number };

/** What is known of each channel for one pair of texts. */
export interface Relevances {
  /** R_c, the cosine of the channel's direction with Δt. */
  readonly cosine: Float32Array;
  /** R_c, or R_c·m_c: what orders and scales the channels. */
  readonly weight: Float32Array;
  /** σ_c */
  readonly std: Float32Array;
}

/** A step in style space, toRGB left out. */
export interface StyleStep {
  /** Δs [channels] */
  readonly direction: Float32Array;
  /** Channels that are not 0, by falling size of their weight. */
  readonly channels: readonly number[];
  /** Their shares of the largest, ±1 … 0, in the same order. */
  readonly shares: readonly number[];
}

/** Δt: unit( target − neutral ). @throws UserError when the texts are the same to CLIP */
export function textStep(neutral: Float32Array, target: Float32Array): Float32Array {
  const step = target.map((value, i) => value - neutral[i]!);
  const length = Math.sqrt(step.reduce((sum, x) => sum + x * x, 0));
  if (!(length > 1e-6))
    throw failure('neutral and target are the same text to CLIP, so nothing leads from one to the other');
  return step.map((value) => value / length);
}

/** R_c of every channel. @param direction [channels,E], row-major */
export function cosinesWith(direction: Float32Array, step: Float32Array): Float32Array {
  const width = step.length;
  return Float32Array.from({ length: direction.length / width }, (_, c) => {
    let sum = 0;
    for (let i = 0; i < width; i++) sum += direction[c * width + i]! * step[i]!;
    return sum;
  });
}

/**
 * Δs.
 * @throws UserError when no channel is left, naming the largest β that leaves one
 */
export function styleStep({ cosine, weight, std }: Relevances, choice: Choice): StyleStep {
  // A channel that never varies can't be moved in units of its σ.
  const movable = [...weight.keys()].filter((c) => std[c]! > 0 && weight[c] !== 0);
  const byWeight = (a: number, b: number) => Math.abs(weight[b]!) - Math.abs(weight[a]!) || a - b;
  const channels =
    'topK' in choice
      ? movable.sort(byWeight).slice(0, choice.topK)
      : movable.filter((c) => Math.abs(cosine[c]!) >= choice.beta).sort(byWeight);
  const largest = Math.abs(weight[channels[0] ?? -1] ?? 0);
  if (channels.length === 0) throw noChannel(cosine, movable, choice);
  const direction = new Float32Array(weight.length);
  const shares = channels.map((c) => weight[c]! / largest);
  channels.forEach((c, i) => (direction[c] = shares[i]! * std[c]!));
  return { direction, channels, shares };
}

function noChannel(cosine: Float32Array, movable: readonly number[], choice: Choice): Error {
  const most = movable.reduce((largest, c) => Math.max(largest, Math.abs(cosine[c]!)), 0);
  if (most === 0) return failure('no channel has anything to do with this pair of texts');
  if ('topK' in choice) return failure(`top-k ${choice.topK} leaves no channel`);
  const rounded = Math.floor(most * 1e4) / 1e4;
  return failure(
    `beta ${choice.beta} leaves no channel: the largest that leaves one for these texts is ${rounded}; lower --beta, or take --top-k`,
  );
}

/** How many channels a β leaves. */
export function countAbove(cosine: Float32Array, beta: number): number {
  return cosine.reduce((count, value) => count + (Math.abs(value) >= beta ? 1 : 0), 0);
}

/**
 * The official program's β and α: the largest of 0.10 … 0.29 that leaves more than `least` channels (20 for faces, 100 for other
 * worlds), 0.1 where none does; α 3.
 */
export function officialStrength(cosine: Float32Array, least = 20): { beta: number; alpha: number } {
  for (let hundredth = 29; hundredth >= 10; hundredth--)
    if (countAbove(cosine, hundredth / 100) > least) return { beta: hundredth / 100, alpha: 3 };
  return { beta: 0.1, alpha: 3 };
}

/** α·Δs added up. */
export function addScaled(sum: Float32Array, direction: Float32Array, alpha: number): Float32Array {
  return sum.map((value, c) => value + alpha * direction[c]!);
}
