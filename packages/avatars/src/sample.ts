/** The avatars of a data set by number: each has a random generator of its own, so any of them can be drawn alone. */
import { Random } from '@styleclip/core';
import { sampleAvatar, type Avatar } from './factors.js';

/** Avatar number `index` of the data set with this seed. */
export function avatarNumber(index: number, seed: number): Avatar {
  return sampleAvatar(new Random(seed).fork(`avatar/${index}`));
}
