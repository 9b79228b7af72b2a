/**
 * The facts an avatar is made of.
 *
 * An avatar is ten small integers, one value index per factor. The factors fall into the three groups that the layers
 * of a StyleGAN2 are split into: *coarse* shapes, *medium* features of the face, *fine* colours (StyleCLIP's mapper uses
 * the same split). Factors are drawn independently of each other, so that a quantile per factor is enough to make an
 * avatar; what two factors do to each other (a hat hides the hair, dark lenses hide the eyes) is a matter of drawing,
 * and `visible` says what is left to see.
 *
 * Every value was kept only if it can be told from its neighbours at 64×64 pixels. How a value looks is `look.ts`; what
 * it is called in words is `words.ts`.
 */
import type { Random } from '@styleclip/core';

/** The group of generator layers that is responsible for a factor. */
export type FactorGroup = 'coarse' | 'medium' | 'fine';

/** The share of avatars that have a value; only the ratios within a factor count. */
type Shares = Record<string, number>;

const hair = {
  bald: 8,
  buzz: 5,
  short: 5,
  quiff: 5,
  undercut: 5,
  spiky: 5,
  shaggy: 5,
  mullet: 5,
  afro: 6,
  curly: 6,
  bob: 6,
  bun: 6,
  straight: 6,
  wavy: 6,
  dreadlocks: 6,
  hat: 4,
  beanie: 4,
  turban: 3.5,
  hijab: 3.5,
} satisfies Shares;

const clothing = { crewneck: 1, vneck: 1, scoop: 1, hoodie: 1, overalls: 1, collar: 1, blazer: 1 } satisfies Shares;

const eyes = { open: 1, smiling: 1, closed: 1, wide: 1, wink: 1, sideways: 1, tearful: 1 } satisfies Shares;

const brows = { neutral: 1, flat: 1, angry: 1, raised: 1, sad: 1, uneven: 1 } satisfies Shares;

const mouth = { smile: 1, grin: 1, serious: 1, frown: 1, open: 1, tongue: 1, grimace: 1 } satisfies Shares;

const glasses = { none: 50, round: 12.5, square: 12.5, sunglasses: 12.5, shades: 12.5 } satisfies Shares;

const beard = { none: 55, short: 11.25, full: 11.25, moustache: 11.25, handlebar: 11.25 } satisfies Shares;

const skin = { pale: 1, light: 1, tan: 1, brown: 1, dark: 1 } satisfies Shares;

const hairColor = {
  black: 1,
  brown: 1,
  blonde: 1,
  ginger: 1,
  silver: 1,
  red: 1,
  pink: 1,
  purple: 1,
  blue: 1,
  green: 1,
} satisfies Shares;

const clothesColor = { black: 1, gray: 1, red: 1, orange: 1, yellow: 1, green: 1, blue: 1, purple: 1 } satisfies Shares;

/** Value names and shares of every factor, in the order in which all tables of this package list them. */
export const WORLD = {
  hair: { group: 'coarse', shares: hair },
  clothing: { group: 'coarse', shares: clothing },
  eyes: { group: 'medium', shares: eyes },
  brows: { group: 'medium', shares: brows },
  mouth: { group: 'medium', shares: mouth },
  glasses: { group: 'medium', shares: glasses },
  beard: { group: 'medium', shares: beard },
  skin: { group: 'fine', shares: skin },
  hairColor: { group: 'fine', shares: hairColor },
  clothesColor: { group: 'fine', shares: clothesColor },
} as const satisfies Record<string, { group: FactorGroup; shares: Shares }>;

export type FactorName = keyof typeof WORLD;

/** The value names of one factor, as a union of string literals. */
export type ValueName<F extends FactorName = FactorName> = { [K in F]: keyof (typeof WORLD)[K]['shares'] & string }[F];

/** One avatar: for each factor the index of its value in `factor(name).values`. */
export type Avatar = Record<FactorName, number>;

export interface Factor {
  readonly name: FactorName;
  readonly group: FactorGroup;
  readonly values: readonly string[];
  /** The probability of each value; sums to 1. */
  readonly shares: readonly number[];
}

function makeFactor(name: FactorName): Factor {
  const { group, shares } = WORLD[name];
  const total = Object.values(shares).reduce((sum, share) => sum + share, 0);
  return { name, group, values: Object.keys(shares), shares: Object.values(shares).map((share) => share / total) };
}

/** All factors, in the order of the rows of a data set. */
export const FACTORS: readonly Factor[] = (Object.keys(WORLD) as FactorName[]).map(makeFactor);

const byName = Object.fromEntries(FACTORS.map((entry) => [entry.name, entry])) as Record<FactorName, Factor>;

/** The factor called `name`. @throws RangeError that lists the factors when there is none. */
export function factor(name: string): Factor {
  const found = Object.hasOwn(byName, name) ? byName[name as FactorName] : undefined;
  if (!found) throw new RangeError(`no factor is called "${name}"; there are ${FACTORS.map((f) => f.name).join(', ')}`);
  return found;
}

/** The index of a value. @throws RangeError that lists the values when there is none of that name. */
export function valueIndex<F extends FactorName>(name: F, value: ValueName<F>): number {
  const index = factor(name).values.indexOf(value);
  if (index < 0) throw new RangeError(`"${name}" has no value "${value}"; it has ${factor(name).values.join(', ')}`);
  return index;
}

/** The value of a factor at quantile `u` in [0,1): inverts the cumulative shares. */
export function valueAt(name: FactorName, u: number): number {
  const { shares } = factor(name);
  let rest = u;
  for (let index = 0; index < shares.length - 1; index++) {
    rest -= shares[index]!;
    if (rest < 0) return index;
  }
  return shares.length - 1;
}

/** Draws every factor independently by its shares; one uniform number per factor, in the order of `FACTORS`. */
export function sampleAvatar(random: Random): Avatar {
  return Object.fromEntries(FACTORS.map(({ name }) => [name, valueAt(name, random.uniform())])) as Avatar;
}

/** An avatar as the row of a data set: value indices in the order of `FACTORS`. */
export function toRow(avatar: Avatar): Uint8Array {
  return Uint8Array.from(FACTORS, ({ name }) => avatar[name]);
}

/** The inverse of `toRow`. @throws RangeError when the row has another length or an index past a factor's values. */
export function fromRow(row: ArrayLike<number>): Avatar {
  if (row.length !== FACTORS.length) throw new RangeError(`an avatar is ${FACTORS.length} values, not ${row.length}`);
  return Object.fromEntries(
    FACTORS.map(({ name, values }, i) => {
      const value = row[i]!;
      if (!(value < values.length))
        throw new RangeError(`"${name}" has ${values.length} values, the row asks for ${value}`);
      return [name, value];
    }),
  ) as Avatar;
}

/** Whether the avatar's factor has the value of that name. */
export function is<F extends FactorName>(avatar: Avatar, name: F, ...values: ValueName<F>[]): boolean {
  return values.some((value) => avatar[name] === valueIndex(name, value));
}
