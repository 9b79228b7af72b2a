/**
 * Applies a trained mapper to latents, at any strength, and writes pictures and latents.
 *
 *     ŵ = w + factor · strength · M(w)        strength as trained (0.1), factor 1 unless told
 *
 * The official inference script has no such factor; its author's advice was to scale the offset by hand (issue 81 of
 * the original). Seed n is the first z ~ N(0, I) that `new Random(n)` draws, through mapping network and truncation.
 */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import {
  applyMapper,
  disposeAll,
  failure,
  grid,
  imagesToPng,
  latentsOfSeeds,
  loadBundle,
  openDevice,
  progress,
  readLatents,
  render,
  saveWeights,
  tf,
  usageError,
  writeFileAtomic,
  writeJsonAtomic,
  type Weights,
} from '@styleclip/core';
import { loadMapper } from './mapper-file.js';

/** What to edit, by which mapper, and where to put it. */
export interface EditOptions {
  /** File of the mapper, such as runs/train-mapper/purple-hair/best.safetensors. */
  mapper: string;
  /** Seeds of latents to draw; or */
  seeds?: readonly number[];
  /** a safetensors file of latents. */
  latents?: string;
  /** Factors on the trained strength: 1 is as trained, 0 is no edit, below 0 the opposite. */
  strengths?: readonly number[];
  /** Folder of the results. */
  out: string;
  /** Another folder of the same generator than the one in the mapper's header. */
  bundle?: string;
  /** ψ of drawn latents; the training's unless told. */
  truncation?: number;
  device?: string;
}

/** Latents that are rendered at once. */
const BATCH = 16;

/** At most this many rows in sheet.png; every picture has its own file anyway. */
const SHEET_ROWS = 16;

/**
 * Edits latents and writes, for each, `<name>.png` and `<name>-x<factor>.png`, and for all sheet.png and
 * latents.safetensors (`w_plus` [N,L,D], and `edited/x<factor>` for each strength).
 * @returns the sheet's path and how many latents there were
 * @throws UserError when the mapper is for another generator, or a file is missing or of the wrong shape
 */
export async function edit(options: EditOptions): Promise<{ sheet: string; count: number }> {
  const { seeds, latents: file, strengths = [1], out } = options;
  if ((seeds === undefined) === (file === undefined)) throw usageError('say what to edit: either --seeds or --latents');
  const { mapper, header } = await loadMapper(options.mapper);
  const dir = options.bundle ?? header.bundle;
  const { generator, info } = await loadBundle(dir, { parts: ['generator'] });
  if (info.generator!.sha256 !== header.generatorSha256) {
    throw failure(
      `${options.mapper}: this mapper was trained for another generator than the one in ${dir}; give its bundle by --bundle`,
    );
  }
  const device = await openDevice(options.device ?? 'auto');
  const { pixelNorm, layerGroups, strength } = header;

  const wPlus =
    file !== undefined
      ? await readLatents(file, generator)
      : latentsOfSeeds(generator, seeds ?? [], options.truncation ?? header.truncation);
  const count = wPlus.shape[0];
  const names = Array.from({ length: count }, (_, i) => (seeds ? `seed-${pad(seeds[i]!)}` : `latent-${pad(i)}`));

  const draw = device.compile(
    (mapper: Weights, wPlus: tf.Tensor3D, factor: tf.Scalar) => {
      const full = applyMapper(mapper, wPlus, { pixelNorm, layerGroups, strength });
      const edited = tf.add(wPlus, tf.mul(tf.sub(full, wPlus), factor)) as tf.Tensor3D;
      return { edited, image: render(generator, edited) };
    },
    { name: 'edit' },
  );

  await mkdir(out, { recursive: true });
  const factors = [0, ...strengths];
  const columns: tf.Tensor4D[] = [];
  const saved: Weights = { w_plus: wPlus };
  const bar = progress({ total: count * factors.length, label: 'edit', unit: 'pictures' });
  let done = 0;
  for (const [column, factor] of factors.entries()) {
    const edited: tf.Tensor3D[] = [];
    const images: tf.Tensor4D[] = [];
    for (let from = 0; from < count; from += BATCH) {
      const batch = wPlus.slice([from, 0, 0], [Math.min(BATCH, count - from), -1, -1]);
      const scale = tf.scalar(factor);
      const result = await draw(mapper, batch, scale);
      disposeAll(batch, scale);
      edited.push(result.edited);
      images.push(result.image);
      for (const [i, png] of (await imagesToPng(result.image)).entries()) {
        await writeFileAtomic(join(out, `${names[from + i]}${column === 0 ? '' : `-x${factor}`}.png`), png);
      }
      bar.update((done += result.image.shape[0]));
    }
    if (column > 0) saved[`edited/x${factor}`] = tf.concat(edited);
    columns.push(tf.concat(images) as tf.Tensor4D);
    disposeAll(edited, images);
  }
  bar.stop();
  await draw.dispose();

  const rows = Math.min(count, SHEET_ROWS);
  const sheet = join(out, 'sheet.png');
  const cells = tf.tidy(() => {
    const stacked = tf.stack(
      columns.map((images) => images.slice(0, rows)),
      1,
    ); // [N,strengths,R,R,3]
    return stacked.reshape([-1, ...columns[0]!.shape.slice(1)]) as tf.Tensor4D;
  });
  const labels = factors.map((factor, i) => (i === 0 ? 'before' : `x${factor}`));
  await writeFileAtomic(
    sheet,
    await grid(cells, { columns: factors.length, labels, zoom: Math.max(1, Math.round(128 / cells.shape[1])) }),
  );
  await saveWeights(join(out, 'latents.safetensors'), saved, { metadata: { prompt: header.prompt } });
  await writeJsonAtomic(join(out, 'edit.json'), {
    ...options,
    strengths,
    prompt: header.prompt,
    mapperStrength: strength,
    names,
  });
  disposeAll(cells, columns, saved, mapper, generator);
  return { sheet, count };
}

function pad(index: number): string {
  return String(index).padStart(4, '0');
}
