/**
 * Draws an avatar: ten value indices in, a small RGB picture out, the same bytes every time.
 *
 * DiceBear writes the SVG and resvg rasterises it, straight at the asked size. Three changes are made to DiceBear's
 * drawing so that a 64×64 picture carries as much of the face as possible: the frame is cropped to head and collar, the
 * features of the face are enlarged about their own middle, and shoulders and clothes are raised by ten units so that the
 * collar stays inside the frame. Shades sit lower and the beanie higher than in DiceBear, so that brows stay in sight.
 * Which value is drawn how is `look.ts`; what hides what is `visible.ts`: a hidden factor is drawn as its first value, so
 * that it has no influence on the picture at all.
 */
import { createAvatar } from '@dicebear/core';
import { avataaars } from '@dicebear/collection';
import { Resvg } from '@resvg/resvg-js';
import { factor, is, type Avatar, type FactorName } from './factors.js';
import * as look from './look.js';
import { visible } from './visible.js';

/** The part of DiceBear's 280×280 canvas that is shown: x, y, side. */
const FRAME = [30, 6, 220] as const;

/** Where DiceBear's SVG places the parts that are moved. */
const PLACES = {
  clothing: 'translate(0 170)',
  mouth: 'translate(78 134)',
  eyes: 'translate(76 90)',
  brows: 'translate(76 82)',
  hair: 'translate(-1)',
  glasses: 'translate(62 42)',
} as const satisfies Partial<Record<FactorName, string>>;

/** Where they go, before DiceBear's own placing. */
const MOVES: { readonly [part in keyof typeof PLACES]: (avatar: Avatar) => string } = {
  clothing: () => 'translate(0 -10)',
  mouth: () => zoom(132, 150, 1.2),
  eyes: () => zoom(132, 112, 1.2),
  brows: () => zoom(132, 112, 1.2),
  hair: (avatar) => (is(avatar, 'hair', 'beanie') ? 'translate(0 -8)' : ''),
  glasses: (avatar) => (is(avatar, 'glasses', 'shades') ? 'translate(0 6)' : zoom(132, 112, 1.12)),
};

/** Shoulders as wide as DiceBear's, raised with the clothes. */
const SHOULDERS = 'M108 189h-4a72 72 0 0 0-72 72v19h200v-19a72 72 0 0 0-72-72z';

/** Draws the avatar at `size`×`size` pixels. @returns RGB bytes, row by row, `size * size * 3` of them. */
export function renderAvatar(avatar: Avatar, size: number): Uint8Array {
  const image = new Resvg(avatarSvg(avatar), {
    fitTo: { mode: 'width', value: size },
    font: { loadSystemFonts: false },
    logLevel: 'off',
  }).render();
  const rgba = image.pixels;
  const rgb = new Uint8Array(size * size * 3);
  for (let from = 0, to = 0; to < rgb.length; from += 4, to += 3) {
    rgb[to] = rgba[from]!;
    rgb[to + 1] = rgba[from + 1]!;
    rgb[to + 2] = rgba[from + 2]!;
  }
  return rgb;
}

/** The avatar as an SVG document, cropped to the frame. */
export function avatarSvg(avatar: Avatar): string {
  const pick = <V extends string>(name: FactorName, table: Readonly<Record<V, string>>): string =>
    table[factor(name).values[visible(avatar, name) ? avatar[name] : 0] as V];
  const top = pick('hair', look.TOPS);
  const glasses = pick('glasses', look.GLASSES);
  const beard = pick('beard', look.BEARDS);
  const hairColor = pick('hairColor', look.HAIR_COLORS);
  const clothesColor = pick('clothesColor', look.CLOTHES_COLORS);
  const skin = pick('skin', look.SKIN);

  const svg = createAvatar(avataaars, {
    top: [top] as never[],
    topProbability: top ? 100 : 0,
    clothing: [pick('clothing', look.CLOTHING)] as never[],
    eyes: [pick('eyes', look.EYES)] as never[],
    eyebrows: [pick('brows', look.BROWS)] as never[],
    mouth: [pick('mouth', look.MOUTHS)] as never[],
    accessories: [glasses] as never[],
    accessoriesProbability: glasses ? 100 : 0,
    facialHair: [beard] as never[],
    facialHairProbability: beard ? 100 : 0,
    skinColor: [skin],
    hairColor: [hairColor],
    facialHairColor: [hairColor],
    clothesColor: [clothesColor],
    hatColor: [clothesColor],
    accessoriesColor: [look.GLASSES_COLOR],
  }).toString();

  const start = '<g transform="translate(8)">';
  const body = svg.slice(svg.indexOf(start) + start.length, svg.lastIndexOf('</g></svg>'));
  const [x, y, side] = FRAME;
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="${x} ${y} ${side} ${side}">` +
    `<rect x="${x}" y="${y}" width="${side}" height="${side}" fill="#${look.BACKGROUND}"/>` +
    `${start}<path d="${SHOULDERS}" fill="#${skin}"/>${move(body, avatar)}</svg>`
  );
}

/** Moves the parts of DiceBear's drawing. A part that is not where it was known to be is an error, not a silent no-op. */
function move(body: string, avatar: Avatar): string {
  let moved = body;
  for (const [part, place] of Object.entries(PLACES) as [keyof typeof PLACES, string][]) {
    const before = `<g transform="${place}">`;
    if (!moved.includes(before)) throw new Error(`DiceBear's avataaars no longer draws ${part} at "${place}"`);
    moved = moved.replace(before, `<g transform="${MOVES[part](avatar)} ${place}">`);
  }
  return moved;
}

/** The SVG transform that enlarges by `scale` and leaves (x, y) where it is. */
function zoom(x: number, y: number, scale: number): string {
  const shift = (at: number): string => (at * (1 - scale)).toFixed(3);
  return `translate(${shift(x)} ${shift(y)}) scale(${scale})`;
}
