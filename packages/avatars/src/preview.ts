/**
 * A sheet that shows the whole world: for every factor a row of its values on one and the same avatar, then avatars drawn
 * at random, the first of them with captions. It is how a person judges whether values can be told apart at this size.
 */
import { layOut, encodePng, Random, type RgbImage } from '@styleclip/core';
import { caption } from './captions.js';
import { factor, FACTORS, valueIndex, type Avatar, type FactorName } from './factors.js';
import { renderAvatar } from './render.js';
import { avatarNumber } from './sample.js';

export interface PreviewOptions {
  /** Side of an avatar in pixels; 64 is what the bundle learns. */
  size?: number;
  /** Whole factor by which the sheet is enlarged. */
  zoom?: number;
  /** Seed of the random avatars. */
  seed?: number;
  /** Rows of random avatars. */
  rows?: number;
}

/** The avatar whose factors are changed one by one: nothing on it hides anything. */
const MODEL: Avatar = {
  hair: valueIndex('hair', 'short'),
  clothing: valueIndex('clothing', 'crewneck'),
  eyes: valueIndex('eyes', 'open'),
  brows: valueIndex('brows', 'neutral'),
  mouth: valueIndex('mouth', 'smile'),
  glasses: valueIndex('glasses', 'none'),
  beard: valueIndex('beard', 'none'),
  skin: valueIndex('skin', 'light'),
  hairColor: valueIndex('hairColor', 'brown'),
  clothesColor: valueIndex('clothesColor', 'blue'),
};

/** On a bob a hair colour shows better than on short hair. */
const SHOWN_ON: Partial<Record<FactorName, Partial<Avatar>>> = { hairColor: { hair: valueIndex('hair', 'bob') } };

/** A column for the factor's name, and as many as the factor of most values needs in two rows. */
const COLUMNS = 1 + Math.ceil(Math.max(...FACTORS.map(({ values }) => values.length)) / 2);

/** One avatar for each value of a factor, alike in everything else. */
export function factorRow(name: FactorName): Avatar[] {
  return factor(name).values.map((_, index) => ({ ...MODEL, ...SHOWN_ON[name], [name]: index }));
}

/** The sheet as a PNG file's bytes, and captions of the numbered avatars on it. */
export async function preview({ size = 64, zoom = 2, seed = 1, rows = 6 }: PreviewOptions = {}): Promise<{
  png: Buffer;
  captions: string[];
}> {
  const draw = (avatar: Avatar): RgbImage => ({ data: renderAvatar(avatar, size), width: size, height: size });
  const blank: RgbImage = { data: new Uint8Array(size * size * 3).fill(255), width: size, height: size };

  const images: RgbImage[] = [];
  const labels: string[] = [];
  const add = (image: RgbImage, label = ''): void => {
    images.push(image);
    labels.push(label);
  };
  for (const { name, values } of FACTORS) {
    factorRow(name).forEach((avatar, index) => {
      if (images.length % COLUMNS === 0) add(blank, index === 0 ? `${name}:` : '');
      add(draw(avatar), values[index]!);
    });
    while (images.length % COLUMNS !== 0) add(blank);
  }
  const captions: string[] = [];
  const random = new Random(seed).fork('captions');
  for (let i = 0; i < rows * COLUMNS; i++) {
    const avatar = avatarNumber(i, seed);
    if (i < COLUMNS) captions.push(caption(avatar, random).text);
    add(draw(avatar), i < COLUMNS ? String(i + 1) : '');
  }
  return { png: await encodePng(layOut(images, { columns: COLUMNS, labels, zoom })), captions };
}
