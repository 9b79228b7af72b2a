/**
 * What the edits did, in numbers: the measures of core, text by text (and in a sweep point by point), from one look at each
 * row. The numbers of hit, leak, identity and CLIP gain are those of every other method.
 */
import {
  countLooks,
  disposeAll,
  openEditLooks,
  render,
  tf,
  type EditLook,
  type EditMeasures,
  type Run,
  type WPlus,
} from '@styleclip/core';
import type { Moved } from './move-rows.js';
import type { Prepared } from './prepare.js';
import { inBatches } from './rows.js';

/** How many more rows can be looked at in one go than moved: nothing is kept for a gradient. */
const MORE = 2;

/** What is seen of each row. @throws Interrupted after Ctrl-C: all rows are saved by then */
export async function lookAtRows(
  run: Run,
  prepared: Prepared,
  { rows, results, steps }: Pick<Moved, 'rows' | 'results' | 'steps'>,
): Promise<EditLook[]> {
  const { device, networks, space, start, text, batch: moved } = prepared;
  const looks = openEditLooks(device, networks, (wPlus: WPlus, free: tf.Tensor) => ({
    before: render(networks.generator, wPlus),
    after: render(networks.generator, space.code(free, wPlus)),
  }));
  const seen: EditLook[] = [];
  try {
    const numbered = rows.map((row, index) => ({ ...row, index }));
    for (const batch of inBatches(numbered, MORE * moved)) {
      if (await run.poll()) throw run.interruption(steps);
      const input = tf.tidy(() => {
        const of = (key: 'latent' | 'edit' | 'index') =>
          tf.tensor1d(
            batch.rows.map((row) => row[key]),
            'int32',
          );
        return {
          prompt: tf.gather(text.prompt, of('edit')),
          start: tf.gather(start.wPlus, of('latent')),
          code: tf.gather(results, of('index')),
        };
      });
      const batchSeen = await looks.look(input.prompt, input.start, input.code);
      seen.push(...batchSeen.filter((_, i) => !batch.padding[i]));
      disposeAll(input);
    }
  } finally {
    await looks.dispose();
  }
  return seen;
}

/** The measures of each text of a point, in their order. */
export function measuresOf(
  { networks, edits }: Prepared,
  { rows }: Pick<Moved, 'rows'>,
  looks: readonly EditLook[],
  point = 0,
): EditMeasures[] {
  return edits.map(({ ask, ignore }, edit) =>
    countLooks(
      looks.filter((_, i) => rows[i]!.point === point && rows[i]!.edit === edit),
      networks.attributes?.factors ?? [],
      { ask, ignore },
    ),
  );
}

/** Measures of several texts as one: the mean of each number over the texts that have it. */
export function meanMeasures(list: readonly EditMeasures[]): EditMeasures {
  if (list.length === 1) return list[0]!;
  const mean = (key: 'hit' | 'hitBefore' | 'leak' | 'identity' | 'clipGain' | 'clipBefore' | 'clipAfter') => {
    const values = list.flatMap((measures) => measures[key] ?? []);
    return values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length;
  };
  return {
    latents: list.reduce((sum, { latents }) => sum + latents, 0),
    ...{ hit: mean('hit'), hitBefore: mean('hitBefore'), leak: mean('leak'), leakByFactor: null },
    identity: mean('identity'),
    ...{ clipGain: mean('clipGain')!, clipBefore: mean('clipBefore')!, clipAfter: mean('clipAfter')! },
  };
}
