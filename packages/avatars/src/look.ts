/**
 * How each value of each factor is drawn: the names of DiceBear's *avataaars* components and the colours.
 *
 * The style is Pablo Stanley's "Avataaars", remixed by DiceBear. Of its parts these are left out: what reads as a joke
 * (vomit, hearts, crossed eyes, eyepatch), what differs from another part by a few pixels at 64×64 (most short hair, the
 * "natural" twins of brows, squinting eyes), and what brings its own fixed colours (flower crown, hair band).
 */
import type { FactorName, WORLD } from './factors.js';

type Look<F extends FactorName> = { readonly [V in keyof (typeof WORLD)[F]['shares']]: string };

/** DiceBear's `top`; bald is no top at all. */
export const TOPS: Look<'hair'> = {
  bald: '',
  buzz: 'theCaesar',
  short: 'shortFlat',
  quiff: 'shortWaved',
  undercut: 'frizzle',
  spiky: 'dreads02',
  shaggy: 'shaggy',
  mullet: 'shaggyMullet',
  afro: 'fro',
  curly: 'curly',
  bob: 'bob',
  bun: 'bun',
  straight: 'straightAndStrand',
  wavy: 'curvy',
  dreadlocks: 'dreads',
  hat: 'hat',
  beanie: 'winterHat03',
  turban: 'turban',
  hijab: 'hijab',
};

export const CLOTHING: Look<'clothing'> = {
  crewneck: 'shirtCrewNeck',
  vneck: 'shirtVNeck',
  scoop: 'shirtScoopNeck',
  hoodie: 'hoodie',
  overalls: 'overall',
  collar: 'collarAndSweater',
  blazer: 'blazerAndShirt',
};

export const EYES: Look<'eyes'> = {
  open: 'default',
  smiling: 'happy',
  closed: 'closed',
  wide: 'surprised',
  wink: 'wink',
  sideways: 'side',
  tearful: 'cry',
};

export const BROWS: Look<'brows'> = {
  neutral: 'default',
  flat: 'flatNatural',
  angry: 'angryNatural',
  raised: 'raisedExcited',
  sad: 'frownNatural',
  uneven: 'upDownNatural',
};

export const MOUTHS: Look<'mouth'> = {
  smile: 'twinkle',
  grin: 'smile',
  serious: 'serious',
  frown: 'sad',
  open: 'screamOpen',
  tongue: 'tongue',
  grimace: 'grimace',
};

/** DiceBear's `accessories`. */
export const GLASSES: Look<'glasses'> = {
  none: '',
  round: 'round',
  square: 'prescription02',
  sunglasses: 'wayfarers',
  shades: 'kurt',
};

export const BEARDS: Look<'beard'> = {
  none: '',
  short: 'beardMedium',
  full: 'beardMajestic',
  moustache: 'moustacheMagnum',
  handlebar: 'moustacheFancy',
};

export const SKIN: Look<'skin'> = {
  pale: 'ffe1cd',
  light: 'f2bf91',
  tan: 'd99a5b',
  brown: 'ae6c3a',
  dark: '825339',
};

export const HAIR_COLORS: Look<'hairColor'> = {
  black: '201c1e',
  brown: '4f2e1f',
  blonde: 'ecc965',
  ginger: 'd9702a',
  silver: 'b4bbc4',
  red: 'c21f30',
  pink: 'f583b6',
  purple: '8a3fc4',
  blue: '2f6fe4',
  green: '3c9f55',
};

export const CLOTHES_COLORS: Look<'clothesColor'> = {
  black: '2b3036',
  gray: '9aa1a8',
  red: 'e0403c',
  orange: 'f28a30',
  yellow: 'f5d54a',
  green: '43ad67',
  blue: '3f80e6',
  purple: '8e55cf',
};

/** Fixed in all pictures. */
export const BACKGROUND = 'eef1f4';
export const GLASSES_COLOR = '22282d';
