/** Figure 4 of the paper: one row of pictures before, and one for each prompt's edit of the same latents. */
import { grid, type RgbImage } from '@styleclip/core';
import type { MethodForPrompt } from '../methods/method.js';
import type { Figure, Section } from '../page/section.js';
import type { Outcomes } from '../jobs/job.js';
import { missingOf, type Planning, type SectionPlan } from './plan.js';
import { keptPictures } from './shared-jobs.js';
import type { SectionName } from './names.js';

/** Pictures are enlarged to about this many pixels, by a whole factor. */
const SHOWN_SIDE = 128;

export interface GalleryOptions {
  name: SectionName;
  title: string;
  text: readonly string[];
  differs: readonly string[];
  /** One row for each. */
  methods: readonly MethodForPrompt[];
  /** What stands over a row. */
  label: (method: MethodForPrompt) => string;
  /** What is missing from the start, such as a method that takes no part. */
  absent?: readonly string[];
}

/** A section that is a sheet of pictures. */
export function gallerySection(planning: Planning, options: GalleryOptions): SectionPlan {
  const { name, title, text, differs, methods, label, absent = [] } = options;
  const originals = planning.shared.originals();
  const jobs = methods.map((method) => planning.shared.gallery(method));
  return {
    name,
    jobs: methods.length > 0 ? [originals, ...jobs] : [],
    async write(outcomes) {
      const figure = await sheet(outcomes);
      return {
        name,
        title,
        text,
        tables: [],
        figures: figure ? [figure] : [],
        numbers: [],
        missing: [...absent, ...(methods.length > 0 ? missingOf(outcomes, [originals, ...jobs]) : [])],
        differs,
      } satisfies Section;
    },
  };

  async function sheet(outcomes: Outcomes): Promise<Figure | undefined> {
    const before = outcomes.of(originals);
    const rows = methods.flatMap((method, i) => {
      const after = outcomes.of(jobs[i]!);
      return after ? [{ label: label(method), pictures: keptPictures(after) }] : [];
    });
    if (!before || rows.length === 0) return undefined;
    return {
      file: `${name}.png`,
      png: await sheetOf([{ label: 'before', pictures: keptPictures(before) }, ...rows]),
      caption: `The same latents in every column. Rows, top to bottom: before; ${rows.map((row) => row.label).join('; ')}.`,
      alt: `Sheet of ${rows.length + 1} rows of pictures: the latents before, then each edit.`,
    };
  }
}

/** Rows of pictures, each with its label over the first picture; short rows are filled up with white. */
export async function sheetOf(rows: readonly { label: string; pictures: readonly RgbImage[] }[]): Promise<Buffer> {
  const columns = Math.max(...rows.map(({ pictures }) => pictures.length));
  const { width, height } = rows[0]!.pictures[0]!;
  const white: RgbImage = { data: new Uint8Array(width * height * 3).fill(255), width, height };
  return grid(
    rows.flatMap(({ pictures }) => Array.from({ length: columns }, (_, i) => pictures[i] ?? white)),
    {
      columns,
      labels: rows.flatMap(({ label }) => Array.from({ length: columns }, (_, i) => (i === 0 ? label : ''))),
      zoom: Math.max(1, Math.round(SHOWN_SIDE / width)),
    },
  );
}
