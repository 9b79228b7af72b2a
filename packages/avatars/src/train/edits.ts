/**
 * Edits of codes, as examples to train on: so that a step in style space has a picture that is known.
 *
 * A generator that only ever saw whole codes draws at random what lies between them: half of a value, two values at
 * once, one channel of a value. So most examples edit one factor of the avatar: γ times the vector of another value is
 * added to its code, in some a part of the old value is taken away, and only some style channels let the edit through
 * (ownership.ts counts them). What is asked for then is a cross-fade of the avatars before and after:
 *
 *     target = (1 − t)·before + t·after,     t = min(1, 1.6·e / (1 + e)),     e = γ · Σ|m ⊙ Δs| / Σ|Δs|
 *
 * so a little shows a little: a single channel shows, faintly, what it is for, which is what probing it by ±5σ looks
 * at. Taking away a value that is not there (γ < 0) changes nothing. A *mixture* goes a part of the way to another
 * avatar in all factors, with the cross-fade of the two as its target: what lies between two latents.
 */
import type { Random } from '@styleclip/core';
import { FACTORS, valueAt, type Avatar, type FactorName } from '../factors.js';
import { FIRST_COLUMN } from './codes.js';
import { channelsOf, type OwnedLayer } from './ownership.js';

/** Which style channels an edit acts through: all, a random share of all, or some of the value's own. */
export type Passage =
  | { readonly kind: 'all' }
  | { readonly kind: 'share'; readonly share: number }
  | { readonly kind: 'own'; readonly count: number };

/** One factor on its way to another value. */
export interface Edit {
  readonly factor: FactorName;
  readonly value: number;
  /** γ: how much of the new value's vector is added; negative where the value is absent and stays so. */
  readonly amount: number;
  /** Share of the old value's vector that is taken away. */
  readonly removed: number;
  /** Whether the codes of the other groups of layers are edited too. */
  readonly everywhere: boolean;
  readonly passage: Passage;
}

/** Of the channels that are not the value's own, how many an edit through its own passes too. */
const STRAY = 0.02;

const logUniform = (random: Random, low: number, high: number): number =>
  Math.exp(random.uniform(Math.log(low), Math.log(high)));

/** Draws an edit of an avatar: any factor, any value but the present one. */
export function drawEdit(avatar: Avatar, random: Random): Edit {
  const { name: factor, values } = FACTORS[random.int(FACTORS.length)]!;
  // Half by the world's shares, half evenly, so that rare values are practised too.
  let value = avatar[factor];
  while (value === avatar[factor])
    value = random.uniform() < 0.5 ? valueAt(factor, random.uniform()) : random.int(values.length);
  const backwards = random.uniform() < 0.15;
  const size = logUniform(random, 0.2, backwards ? 2 : 4);
  const removed = random.uniform() < 0.4 ? random.uniform() : 0;
  return {
    factor,
    value,
    amount: backwards ? -size : size,
    removed: backwards ? 0 : removed,
    everywhere: random.uniform() < 0.5,
    passage: drawPassage(random),
  };
}

function drawPassage(random: Random): Passage {
  const u = random.uniform();
  if (u < 0.5) return { kind: 'own', count: 1 + random.int(8) };
  if (u < 0.7) return { kind: 'all' };
  return { kind: 'share', share: logUniform(random, 0.01, 1) };
}

/** The avatar when the edit has done all it can; unchanged where the edit goes backwards. */
export function edited(avatar: Avatar, { factor, value, amount }: Edit): Avatar {
  return amount > 0 ? { ...avatar, [factor]: value } : avatar;
}

/** Adds the edit of a code to one-hot columns at `offset`. @param code the avatar that the code stands for */
export function writeChange(
  { factor, value, amount, removed }: Edit,
  code: Avatar,
  target: Float32Array,
  offset: number,
): void {
  target[offset + FIRST_COLUMN[factor] + value]! += amount;
  target[offset + FIRST_COLUMN[factor] + code[factor]]! -= removed;
}

/** Writes 1 for the channels that let the edit through; `target` is zero from `offset` on for all layers' channels. */
export function writeMask(
  { factor, value, passage }: Edit,
  layers: readonly OwnedLayer[],
  random: Random,
  target: Float32Array,
  offset: number,
): void {
  const width = layers.reduce((sum, { channels }) => sum + channels, 0);
  const share = passage.kind === 'all' ? 1 : passage.kind === 'share' ? passage.share : STRAY;
  for (let i = 0; i < width; i++) if (share === 1 || random.uniform() < share) target[offset + i] = 1;
  if (passage.kind !== 'own') return;
  const own = channelsOf(layers, FIRST_COLUMN[factor] + value);
  random.shuffle(own);
  for (const channel of own.slice(0, passage.count)) target[offset + channel] = 1;
}
