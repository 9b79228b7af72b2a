/**
 * What can be seen of an avatar: the rules by which one factor hides another.
 *
 * The renderer follows the same rules: a hidden factor is drawn as its first value. So where `visible` says no, changing
 * the factor changes no pixel, and where it says yes, each value changes the picture; a test draws them to make sure.
 */
import { is, type Avatar, type FactorName } from './factors.js';

/** Hats and scarves take the colour of the clothes and leave no hair to see. */
export const hasHat = (avatar: Avatar): boolean => is(avatar, 'hair', 'hat', 'beanie', 'turban', 'hijab');

/** Lenses that nothing is seen through. */
export const hasDarkLenses = (avatar: Avatar): boolean => is(avatar, 'glasses', 'sunglasses', 'shades');

/** Whether a hair style (not a hat, not a bald head) is drawn. */
export const hasHair = (avatar: Avatar): boolean => !hasHat(avatar) && !is(avatar, 'hair', 'bald');

/** Whether a beard or moustache is drawn; a hijab is drawn without one, as in DiceBear. */
export const hasBeard = (avatar: Avatar): boolean => !is(avatar, 'beard', 'none') && !is(avatar, 'hair', 'hijab');

/** Whether the value of `factor` can be read off the avatar's picture. */
export function visible(avatar: Avatar, factor: FactorName): boolean {
  switch (factor) {
    case 'hairColor':
      return hasHair(avatar) || hasBeard(avatar);
    case 'eyes':
      return !hasDarkLenses(avatar);
    case 'beard':
    case 'clothing':
      return !is(avatar, 'hair', 'hijab'); // the hijab covers collar and shoulders
    default:
      return true;
  }
}
