/**
 * All rows of an optimization, moved: what `optimize` and `sweep` have in common.
 */
import {
  disposeAll,
  learningRate,
  sourceFeatures,
  tf,
  type Run,
  type SourceFeatures,
  type WPlus,
} from '@styleclip/core';
import type { OptimizeConfig } from './config.js';
import { descend, padded, type Leg } from './descend.js';
import type { RowState } from './early-stop.js';
import { editLoss, EDIT_TERMS, weightsOfRows, type EditFixed } from './edit-loss.js';
import type { Prepared } from './prepare.js';
import { inBatches, indexBatches, rowsOf, type Batch, type Row } from './rows.js';
import { descentStep } from './step.js';

/** Rows and where they came to, in the order of `rowsOf`. */
export interface Moved {
  rows: Row[];
  states: RowState[];
  /** Free numbers of the results: [R,L,D] or [R,S]. The caller disposes it, and the films'. */
  results: tf.Tensor;
  /** The first rows as they were before some steps, and as they came out. */
  film: { label: string; codes: tf.Tensor }[];
  seconds: number;
  stepSeconds: number;
  /** Steps of all batches, and rows moved in them. */
  steps: number;
}

/**
 * @param filmed rows, from the first, whose way is kept
 * @throws UserError when a loss is not a number; Interrupted after Ctrl-C
 */
export async function moveRows(
  run: Run,
  config: OptimizeConfig,
  prepared: Prepared,
  { filmed }: { filmed: number },
): Promise<Moved> {
  const { device, networks, start, edits, text, space, points, losses, batch: size } = prepared;
  const rows = rowsOf(points.length, edits.length, start.names.length);
  const batches = inBatches(rows, size);
  const step = device.compile(
    descentStep<EditFixed>({
      ...{ loss: editLoss(networks, losses, space), terms: EDIT_TERMS, mask: space.mask },
      ...{ optimizer: config.optimizer, keep: config.keep },
    }),
    { name: 'optimize' },
  );
  const source = await sourcesOf(prepared);
  const each = batches[0]!.rows.length;
  const legs = batches.map((batch, i): Leg<EditFixed> => ({
    name: `batch-${padded(i)}`,
    steps: config.steps,
    learningRate: (now) => learningRate(now, config.optimizer, config.steps),
    ...{ step, terms: EDIT_TERMS, keep: config.keep, rule: config.stop, watched: 'clip' },
    film: { rows: Math.max(0, Math.min(each, filmed - i * each)), every: config.filmEvery },
    begin: async () => tf.tidy(() => beginBatch(batch)),
  }));
  try {
    const {
      done,
      rows: states,
      ...times
    } = await descend(run, legs, {
      ...{ label: config.name, optimizer: config.optimizer.name, lower: `optimizer.lr (${config.optimizer.lr})` },
      ...{ metricsEvery: config.metricsEvery, checkpointEvery: config.checkpointEvery },
    });
    const moved = tf.tidy(() => ({
      results: tf.concat(legs.map(({ name }) => done[`${name}/result`]!)).slice(0, rows.length),
      film: developFilm(legs, done, config),
    }));
    disposeAll(done);
    return { rows, ...moved, states: states.flat().slice(0, rows.length), ...times };
  } finally {
    await step.dispose();
    disposeAll(source);
  }

  function beginBatch({ rows: own, padding }: Batch<Row>): { code: tf.Tensor; fixed: EditFixed; padding: boolean[] } {
    const latents = tf.tensor1d(
      own.map(({ latent }) => latent),
      'int32',
    );
    const texts = tf.tensor1d(
      own.map(({ edit }) => edit),
      'int32',
    );
    const begin = tf.gather(start.wPlus, latents); // [B,L,D]
    const fixed: EditFixed = {
      start: begin,
      prompt: tf.gather(text.prompt, texts),
      weights: weightsOfRows(own.map(({ point }) => points[point]!)),
      ...(text.direction && { direction: tf.gather(text.direction, texts) }),
      ...(source.id && { id: tf.gather(source.id, latents) }),
      ...(source.clip && { clip: tf.gather(source.clip, latents) }),
    };
    return { code: space.free(begin).clone(), fixed, padding };
  }
}

/** Features of the pictures before, one row a latent. */
async function sourcesOf({ device, networks, start, losses, space, batch: size }: Prepared): Promise<SourceFeatures> {
  if (losses.id === 0 && losses.directional === 0) return {};
  const look = device.compile(
    (wPlus: WPlus) => sourceFeatures(networks, losses, space.code(space.free(wPlus), wPlus)),
    { name: 'source-features' },
  );
  const parts: SourceFeatures[] = [];
  for (const { rows } of indexBatches(start.names.length, size)) {
    const wPlus = tf.tidy(() => tf.gather(start.wPlus, tf.tensor1d(rows, 'int32')));
    parts.push(await look(wPlus));
    wPlus.dispose();
  }
  await look.dispose();
  const joined = tf.tidy(() => {
    const join = (name: 'id' | 'clip') =>
      parts[0]?.[name] && (tf.concat(parts.map((part) => part[name]!)).slice(0, start.names.length) as tf.Tensor2D);
    const [id, clip] = [join('id'), join('clip')];
    return { ...(id && { id }), ...(clip && { clip }) };
  });
  disposeAll(parts);
  return joined;
}

/** The filmed rows moment by moment; rows that stopped before one are shown as they came out. */
function developFilm(
  legs: readonly Leg<EditFixed>[],
  done: Record<string, tf.Tensor>,
  config: OptimizeConfig,
): Moved['film'] {
  const filmed = legs.filter(({ film }) => film.rows > 0);
  if (filmed.length === 0) return [];
  const at = (moment: string) =>
    tf.concat(
      filmed.map(({ name, film }) => (done[`${name}/${moment}`] ?? done[`${name}/result`]!).slice(0, film.rows)),
    );
  const steps = Array.from({ length: Math.ceil(config.steps / config.filmEvery) }, (_, i) => i * config.filmEvery);
  const seen = steps.filter((step) => filmed.some(({ name }) => done[`${name}/film-${padded(step)}`]));
  return [
    ...seen.map((step) => ({ label: `step ${step}`, codes: at(`film-${padded(step)}`) })),
    { label: 'result', codes: at('result') },
  ];
}
