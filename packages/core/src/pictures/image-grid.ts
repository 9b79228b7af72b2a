/**
 * Sheets of pictures: rows and columns with thin gaps and, if asked, a line of text over each picture.
 *
 * All pictures of a sheet have one size. Small pictures can be enlarged by a whole factor, pixel by pixel.
 */
import { drawText, fitText, TEXT_HEIGHT, textWidth } from './bitmap-text.js';
import { encodePng, type ImageBatch, type RgbImage, toRgbImages } from './image.js';

export interface GridOptions {
  /** Pictures in a row. */
  columns: number;
  /** A line of text over each picture, in the pictures' order; a row without any text takes no room for it. */
  labels?: readonly string[];
  /** Whole factor by which pictures are enlarged. */
  zoom?: number;
  /** Pixels between pictures and around the sheet. */
  gap?: number;
  /** 256 colours of the sheet's own: a third of the bytes. */
  palette?: boolean;
}

const PAPER = 255;
const INK = 32;

/** A sheet of pictures as a PNG file's bytes. */
export async function grid(images: ImageBatch | readonly RgbImage[], options: GridOptions): Promise<Buffer> {
  return encodePng(
    layOut(Array.isArray(images) ? (images as readonly RgbImage[]) : await toRgbImages(images as ImageBatch), options),
    { palette: options.palette },
  );
}

/** The sheet as pixels. */
export function layOut(
  images: readonly RgbImage[],
  { columns, labels = [], zoom = 1, gap = 4 }: GridOptions,
): RgbImage {
  const first = images[0];
  if (first === undefined) throw new Error('a grid needs at least one picture');
  if (!Number.isInteger(columns) || columns < 1) throw new Error(`columns must be a positive integer, got ${columns}`);
  if (!Number.isInteger(zoom) || zoom < 1) throw new Error(`zoom must be a positive integer, got ${zoom}`);
  if (labels.length > images.length) throw new Error(`${labels.length} labels for ${images.length} pictures`);
  const odd = images.find((image) => image.width !== first.width || image.height !== first.height);
  if (odd)
    throw new Error(
      `a grid needs pictures of one size, got ${first.width}×${first.height} and ${odd.width}×${odd.height}`,
    );

  const cellWidth = first.width * zoom;
  const cellHeight = first.height * zoom;
  const textScale = cellWidth >= 400 ? 3 : cellWidth >= 128 ? 2 : 1;
  const textBand = textScale * (TEXT_HEIGHT + 2);

  const tops: { text: number; picture: number }[] = [];
  let height = gap;
  for (let row = 0; row * columns < images.length; row++) {
    const labelled = labels.slice(row * columns, (row + 1) * columns).some((label) => label !== '');
    tops.push({ text: height + textScale, picture: height + (labelled ? textBand : 0) });
    height += (labelled ? textBand : 0) + cellHeight + gap;
  }
  const width = gap + Math.min(columns, images.length) * (cellWidth + gap);

  const data = new Uint8Array(width * height * 3).fill(PAPER);
  images.forEach((image, n) => {
    const left = gap + (n % columns) * (cellWidth + gap);
    const { text, picture } = tops[Math.floor(n / columns)] as { text: number; picture: number };
    for (let y = 0; y < cellHeight; y++) {
      const source = Math.floor(y / zoom) * image.width;
      for (let x = 0; x < cellWidth; x++) {
        const from = (source + Math.floor(x / zoom)) * 3;
        const to = ((picture + y) * width + left + x) * 3;
        data[to] = image.data[from] as number;
        data[to + 1] = image.data[from + 1] as number;
        data[to + 2] = image.data[from + 2] as number;
      }
    }
    const label = fitText(labels[n] ?? '', Math.floor(cellWidth / textScale));
    const indent = left + Math.floor((cellWidth - textWidth(label) * textScale) / 2);
    drawText(label, textScale, (x, y) =>
      data.fill(INK, ((text + y) * width + indent + x) * 3, ((text + y) * width + indent + x) * 3 + 3),
    );
  });
  return { data, width, height };
}
