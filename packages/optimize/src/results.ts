/**
 * What an optimization leaves behind besides its numbers:
 *
 *     latents-before.safetensors   w_plus [N,L,D]: where it began
 *     latents-after.safetensors    w_plus [R,L,D], or in S s [R,S], all styles side by side, toRGB too
 *     pictures/<latent>.png        before; pictures/<latent>-<n>.png after, n the text's number, from 1
 *     before-after.png             the first latents above their edits, a row for each text
 *     film.png                     the first rows on their way
 *     losses.png                   the terms over the steps, the mean of all batches
 *     rows.json                    each row: why it stopped, its losses, what the networks see
 */
import { join } from 'node:path';
import {
  chartLosses,
  encodePng,
  filmStrip,
  grid,
  saveWeights,
  tf,
  type EditLook,
  type RgbImage,
  type Run,
} from '@styleclip/core';
import type { OptimizeConfig } from './config.js';
import { openDrawer } from './draw.js';
import { EDIT_TERMS } from './edit-loss.js';
import type { Moved } from './move-rows.js';
import type { Prepared } from './prepare.js';

/** Pictures of a sheet are enlarged to about this many pixels, by a whole factor. */
const SHOWN_SIDE = 128;

/** Draws and writes all pictures. @returns the results as whole style codes, in S; the caller disposes them */
export async function savePictures(
  run: Run,
  config: OptimizeConfig,
  prepared: Prepared,
  { rows, results, film }: Moved,
): Promise<{ styles?: tf.Tensor2D }> {
  const { start, space } = prepared;
  const drawer = openDrawer(prepared);
  try {
    const free = space.free(start.wPlus);
    const { pictures: before } = await drawer.draw(free, start.wPlus);
    if (free !== start.wPlus) free.dispose();
    const starts = startsOf(
      prepared,
      rows.map(({ latent }) => latent),
    );
    const after = await drawer.draw(results, starts, { styles: config.space === 's' });
    starts.dispose();

    for (const [i, name] of start.names.entries()) await savePng(run, name, before[i]!);
    for (const [i, { latent, edit }] of rows.entries())
      await savePng(run, `${start.names[latent]}-${edit + 1}`, after.pictures[i]!);
    await saveSheet(run, config, prepared, before, after.pictures);

    if (film.length > 0) {
      const filmed = film[0]!.codes.shape[0]!;
      const same = startsOf(
        prepared,
        rows.slice(0, filmed).map(({ latent }) => latent),
      );
      const moments: { label: string; pictures: RgbImage[] }[] = [];
      for (const { label, codes } of film) moments.push({ label, pictures: (await drawer.draw(codes, same)).pictures });
      same.dispose();
      const strip = await filmStrip(moments);
      await run.saveFile('film.png', strip);
      await run.saveImage('film', strip);
    }
    return { ...(after.styles && { styles: after.styles }) };
  } finally {
    await drawer.dispose();
  }
}

async function saveSheet(
  run: Run,
  { samples }: OptimizeConfig,
  { start, edits }: Prepared,
  before: readonly RgbImage[],
  after: readonly RgbImage[],
): Promise<void> {
  const columns = Math.min(samples, start.names.length);
  const shown = [before, ...edits.map((_, edit) => after.slice(edit * before.length, (edit + 1) * before.length))];
  const sheet = await grid(
    shown.flatMap((row) => row.slice(0, columns)),
    { columns, labels: start.names.slice(0, columns), zoom: Math.max(1, Math.round(SHOWN_SIDE / before[0]!.width)) },
  );
  await run.saveFile('before-after.png', sheet);
  await run.saveImage('before-after', sheet);
}

async function savePng(run: Run, name: string, picture: RgbImage): Promise<void> {
  await run.saveFile(join('pictures', `${name}.png`), await encodePng(picture));
}

/** Writes both files of latents. @param styles in S, the results as whole style codes */
export async function saveLatents(
  run: Run,
  { start, edits, networks }: Prepared,
  { rows, results }: Moved,
  styles: tf.Tensor2D | undefined,
): Promise<void> {
  const about = { generatorSha256: networks.info.generator!.sha256 };
  await saveWeights(
    join(run.dir, 'latents-before.safetensors'),
    { w_plus: start.wPlus },
    { metadata: { ...about, names: JSON.stringify(start.names) } },
  );
  const told = rows.map(({ latent, edit }) => ({ latent: start.names[latent], prompt: edits[edit]!.prompt }));
  await saveWeights(join(run.dir, 'latents-after.safetensors'), styles ? { s: styles } : { w_plus: results }, {
    metadata: { ...about, rows: JSON.stringify(told) },
  });
}

/** The loss chart: each term over the steps of a batch, the mean over the batches. */
export async function saveLossChart(run: Run, title: string, terms: readonly string[] = EDIT_TERMS): Promise<void> {
  const lines = await run.readMetrics();
  const steps = [...new Set(lines.map((line) => Number(line['at'])))].sort((a, b) => a - b);
  const shown = ['total', ...terms];
  const means = steps.map((step) => {
    const same = lines.filter((line) => line['at'] === step);
    const mean = (name: string) => same.reduce((sum, line) => sum + Number(line[name]), 0) / same.length;
    return { step, ...Object.fromEntries(shown.map((name) => [name, mean(name)])) };
  });
  const png = await chartLosses(means, { title, terms: shown });
  if (png) await run.saveFile('losses.png', png);
}

/** rows.json. */
export function tellRows({ start, edits, networks }: Prepared, { rows, states }: Moved, looks: readonly EditLook[]) {
  const names = ['total', ...EDIT_TERMS];
  const factors = networks.attributes?.factors ?? [];
  const read = (readings: Record<string, number> | undefined) =>
    readings &&
    Object.fromEntries(factors.map(({ name, values }) => [name, values[readings[name] ?? -1] ?? null] as const));
  return rows.map(({ latent, edit }, i) => {
    const { steps, stopped, result } = states[i]!;
    const { before, after, ...numbers } = looks[i]!;
    return {
      latent: start.names[latent],
      prompt: edits[edit]!.prompt,
      ...{ steps, stopped },
      losses: result && Object.fromEntries(names.map((name, k) => [name, result[k]])),
      ...numbers,
      ...(before && { before: read(before), after: read(after) }),
    };
  });
}

/** The latents that rows began as, [R,L,D]. */
function startsOf({ start }: Prepared, latents: number[]): tf.Tensor3D {
  return tf.tidy(() => tf.gather(start.wPlus, tf.tensor1d(latents, 'int32')));
}
