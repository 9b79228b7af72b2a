/**
 * Film strips: how pictures change over time, one row a picture and one column a moment.
 */
import { grid } from './image-grid.js';
import { toRgbImages, type ImageBatch, type RgbImage } from './image.js';

/** Pictures are enlarged to about this many pixels, by a whole factor. */
const SHOWN_SIDE = 96;

/** One moment: all pictures [N,R,R,3] as they were then. */
export interface Moment {
  /** Written over the column, such as `step 20`. */
  label: string;
  pictures: ImageBatch | readonly RgbImage[];
}

/** The strip as a PNG file's bytes; every moment has the same number of pictures. */
export async function filmStrip(moments: readonly Moment[]): Promise<Buffer> {
  const columns = await Promise.all(
    moments.map(async ({ pictures }) => (isList(pictures) ? pictures : toRgbImages(pictures))),
  );
  const rows = columns[0]?.length ?? 0;
  const odd = columns.find((column) => column.length !== rows);
  if (odd) throw new Error(`a film strip needs the same pictures at every moment, got ${rows} and ${odd.length}`);
  const cells = Array.from({ length: rows }, (_, row) => columns.map((column) => column[row]!)).flat();
  return grid(cells, {
    columns: columns.length,
    labels: moments.map(({ label }) => label),
    zoom: Math.max(1, Math.round(SHOWN_SIDE / (cells[0]?.width ?? SHOWN_SIDE))),
  });
}

function isList(pictures: Moment['pictures']): pictures is readonly RgbImage[] {
  return Array.isArray(pictures);
}
