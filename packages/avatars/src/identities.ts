/**
 * Who an avatar is: what stays when hair, mouth, eyes, glasses and beard change.
 *
 * An identity is one value of skin, brows, clothing and clothes colour, the factors that no edit of hair or expression
 * should touch; there are 1,680 of them. Class ids number them as digits of mixed radix, the first factor counting most,
 * so that a class can be taken apart again. A hijab hides the clothing but not the rest; such an avatar still has its
 * identity, with less to tell it by.
 */
import type { Random } from '@styleclip/core';
import { factor, sampleAvatar, type Avatar, type FactorName } from './factors.js';

/** The factors that make an identity. */
export const IDENTITY_FACTORS = ['skin', 'brows', 'clothing', 'clothesColor'] as const satisfies readonly FactorName[];

export type IdentityFactor = (typeof IDENTITY_FACTORS)[number];

/** The values of an identity's factors. */
export type Identity = Pick<Avatar, IdentityFactor>;

/** How many identities there are. */
export const IDENTITIES: number = IDENTITY_FACTORS.reduce((count, name) => count * factor(name).values.length, 1);

/** The class id of the avatar's identity, in 0 … IDENTITIES − 1. */
export function identityOf(avatar: Identity): number {
  return IDENTITY_FACTORS.reduce((id, name) => id * factor(name).values.length + avatar[name], 0);
}

/** The factor values of a class id. @throws RangeError for an id outside 0 … IDENTITIES − 1 */
export function identityValues(id: number): Identity {
  if (!(Number.isInteger(id) && id >= 0 && id < IDENTITIES))
    throw new RangeError(`identity ${id}; there are ${IDENTITIES}`);
  const values: Partial<Identity> = {};
  let rest = id;
  for (const name of IDENTITY_FACTORS.toReversed()) {
    const radix = factor(name).values.length;
    values[name] = rest % radix;
    rest = Math.floor(rest / radix);
  }
  return values as Identity;
}

/** Another view of an identity: every factor that is not part of it is drawn anew. */
export function sampleView(identity: Identity, random: Random): Avatar {
  const view = sampleAvatar(random);
  for (const name of IDENTITY_FACTORS) view[name] = identity[name];
  return view;
}

/**
 * `count` different identities with `views` avatars each.
 *
 * @returns one entry per identity, in random order
 * @throws RangeError when more identities are asked for than there are
 */
export function sampleIdentities(count: number, views: number, random: Random): { id: number; avatars: Avatar[] }[] {
  if (count > IDENTITIES) throw new RangeError(`${count} identities asked for; there are ${IDENTITIES}`);
  const ids = random.shuffle(Array.from({ length: IDENTITIES }, (_, id) => id)).slice(0, count);
  return ids.map((id) => {
    const identity = identityValues(id);
    return { id, avatars: Array.from({ length: views }, () => sampleView(identity, random)) };
  });
}
