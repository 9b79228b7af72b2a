/**
 * Descent from beginning to end: batches of codes, one after the other, each moved by one compiled step until every row of
 * it has stopped. Latent optimization and inversion are both this, with different losses.
 *
 * A *leg* is one batch with its own start, number of steps and step; later legs may begin where earlier ones ended. All rows
 * of a batch move together, one learning rate for all, and those that have stopped early stay where they are.
 *
 * A checkpoint holds all results so far, the codes and Adam's moments of the leg that is under way, and where each row
 * stands; so a run that was stopped or killed goes on, on the CPU, to the same digits. A step reads nothing back but losses.
 */
import {
  disposeAll,
  failure,
  flattenState,
  initOptimizer,
  progress,
  tf,
  unflattenState,
  type Checkpoint,
  type Compiled,
  type OptimizerName,
  type Run,
  type Weights,
} from '@styleclip/core';
import { afterStep, beginRow, type RowState, type StopRule } from './early-stop.js';
import { beginDescent, type DescentState, type Fixed, type StepInput, type StepOutput } from './step.js';

/** One batch on its way. */
export interface Leg<F extends Fixed> {
  /** Its results are called `<name>/result` [B,…], and what was filmed `<name>/film-<step>` [filmed,…]. */
  name: string;
  /** Steps at most. */
  steps: number;
  /** Of a step, counted from 0. */
  learningRate: (step: number) => number;
  step: Compiled<[StepInput<F>], StepOutput>;
  /** Names of the terms, without `total`. */
  terms: readonly string[];
  keep: 'best' | 'last';
  rule: StopRule;
  /** The term that `rule.at` speaks of. */
  watched: string;
  /** How many of its first rows are filmed, and every how many steps. */
  film: { rows: number; every: number };
  /** Steps that came before in the same chart: where its first step is drawn; 0 unless told. */
  from?: number;
  /** Where it starts, made from the results of earlier legs. The tensors are taken over. */
  begin: (done: Weights) => Promise<{ code: tf.Tensor; fixed: F; padding: readonly boolean[] }>;
}

export interface DescentOptions {
  label: string;
  optimizer: OptimizerName;
  /** Steps between two lines of metrics.jsonl, and two checkpoints; 0: only at the end. */
  metricsEvery: number;
  checkpointEvery: number;
  /** What helps where a loss is not a number, in words that follow "lower". */
  lower: string;
}

/** What came out. */
export interface Descended {
  /** Results and films of all legs. The caller disposes them. */
  done: Weights;
  /** Where each row of each leg ended, padding included. */
  rows: RowState[][];
  /** Wall clock of all processes that worked on it, and of their steps alone. */
  seconds: number;
  stepSeconds: number;
  /** Steps made in all legs. */
  steps: number;
}

/** What a checkpoint remembers besides tensors. */
interface LoopState {
  leg: number;
  /** Steps made in this leg. */
  step: number;
  rows: RowState[];
  finished: RowState[][];
  seconds: number;
  stepSeconds: number;
  steps: number;
}

const AT_THE_START: LoopState = { leg: 0, step: 0, rows: [], finished: [], seconds: 0, stepSeconds: 0, steps: 0 };

/**
 * Walks all legs, from the run's newest checkpoint where there is one.
 * @throws UserError when a loss is not a number; Interrupted after Ctrl-C, when all is saved
 */
export async function descend<F extends Fixed>(
  run: Run,
  legs: readonly Leg<F>[],
  options: DescentOptions,
): Promise<Descended> {
  const began = performance.now();
  const checkpoint = await run.latestCheckpoint();
  const loop: LoopState = { ...AT_THE_START, ...(checkpoint?.state as Partial<LoopState> | undefined) };
  const secondsBefore = loop.seconds;
  const done: Weights = { ...checkpoint?.weights['done'] };
  const offsets = legs.map((_, i) => legs.slice(0, i).reduce((sum, { steps }) => sum + steps, 0));
  const total = legs.reduce((sum, { steps }) => sum + steps, 0);
  const bar = progress({ total, label: options.label, start: (offsets[loop.leg] ?? total) + loop.step });
  let held = stateOf(checkpoint); // of the leg under way, for checkpoints
  let fixed: F | undefined;
  let failed = true;

  try {
    for (; loop.leg < legs.length; loop.leg++) {
      const leg = legs[loop.leg]!;
      const offset = offsets[loop.leg]!;
      const names = ['total', ...leg.terms];
      const start = await leg.begin(done);
      fixed = start.fixed;
      if (held === undefined) {
        loop.rows = start.padding.map(beginRow);
        loop.step = 0;
      }
      let state: DescentState =
        held ?? beginDescent(start.code, initOptimizer(options.optimizer, { code: start.code }));
      held = state;
      start.code.dispose();

      while (loop.rows.some(({ stopped }) => stopped === undefined)) {
        const started = performance.now();
        if (leg.film.rows > 0 && loop.step % leg.film.every === 0) {
          done[`${leg.name}/film-${padded(loop.step)}`] = state.code.slice(0, leg.film.rows);
        }
        const live = tf.tensor1d(loop.rows.map(({ stopped }) => (stopped === undefined ? 1 : 0)));
        const rate = leg.learningRate(loop.step);
        const lr = tf.scalar(rate);
        const output: StepOutput = await leg.step({ state, fixed, live, lr });
        disposeAll(state, live, lr);
        held = state = output.state;
        const losses = (await output.losses.array()) as number[][]; // [1 + terms, B]
        output.losses.dispose();
        loop.step++;
        loop.steps++;
        loop.stepSeconds += (performance.now() - started) / 1000;
        loop.rows = loop.rows.map((row, i) => {
          const own = losses.map((term) => term[i]!);
          if (row.stopped === undefined) requireFinite(own, names, loop.step);
          const { keep, rule, steps } = leg;
          return afterStep(row, own, { rule, keep, watched: names.indexOf(leg.watched), steps });
        });

        const now = offset + loop.step;
        const moving = loop.rows.filter(({ stopped }) => stopped === undefined).length;
        const means = meansOf(loop.rows, names);
        if (moving === 0 || loop.step === 1 || isDue(loop.step, options.metricsEvery)) {
          await run.metrics({ step: now, leg: loop.leg, at: (leg.from ?? 0) + loop.step, moving, lr: rate, ...means });
        }
        bar.update(now, { loss: means['total']!, ...(means['clip'] !== undefined && { clip: means['clip'] }), moving });
        const stop = await run.poll();
        if (stop || isDue(now, options.checkpointEvery)) await save(now);
        if (stop) throw run.interruption(now);
      }

      done[`${leg.name}/result`] = state.result;
      const { result: _, ...rest } = state;
      disposeAll(rest, fixed);
      held = fixed = undefined;
      loop.finished = [...loop.finished, loop.rows];
      loop.rows = [];
      loop.step = 0;
      bar.update(offset + leg.steps);
    }
    await save(total);
    failed = false;
    const { finished: rows, stepSeconds, steps } = loop;
    return { done, rows, seconds: loop.seconds, stepSeconds, steps };
  } finally {
    bar.stop();
    disposeAll(held, fixed);
    if (failed) disposeAll(done);
  }

  async function save(now: number): Promise<void> {
    loop.seconds = secondsBefore + (performance.now() - began) / 1000;
    await run.saveCheckpoint(
      now,
      {
        ...(Object.keys(done).length > 0 && { done }),
        ...(held && { state: recordOf(held) }),
      },
      loop,
    );
  }

  function requireFinite(losses: readonly number[], names: readonly string[], step: number): void {
    const at = losses.findIndex((loss) => !Number.isFinite(loss));
    if (at < 0) return;
    throw failure(
      `the loss "${names[at]}" is ${losses[at]} at step ${step}: lower ${options.lower} and begin anew, by --force or under another --name`,
    );
  }
}

/** A state as a checkpoint holds it, and back. */
function recordOf({ code, result, resultLoss, optimizer }: DescentState): Weights {
  const moments = Object.entries(flattenState(optimizer)).map(([name, tensor]) => [`optimizer/${name}`, tensor]);
  return { code, result, resultLoss, ...(Object.fromEntries(moments) as Weights) };
}

function stateOf(checkpoint: Checkpoint | undefined): DescentState | undefined {
  const record = checkpoint?.weights['state'];
  if (record === undefined) return undefined;
  const { code, result, resultLoss, ...rest } = record;
  const moments = Object.entries(rest).map(([name, tensor]) => [name.slice('optimizer/'.length), tensor]);
  return {
    ...{ code: code!, result: result!, resultLoss: resultLoss as tf.Tensor1D },
    optimizer: unflattenState(Object.fromEntries(moments) as Weights),
  };
}

/** The mean of each term over the rows, of those that have stopped as they were then. */
function meansOf(rows: readonly RowState[], names: readonly string[]): Record<string, number> {
  const losses = rows.flatMap(({ last, stopped }) => (last === null || stopped === 'padding' ? [] : [last]));
  return Object.fromEntries(
    names.map((name, i) => [name, losses.reduce((sum, row) => sum + row[i]!, 0) / losses.length]),
  );
}

/** Whether something that happens every so many steps happens after this one; 0 means never. */
function isDue(step: number, every: number): boolean {
  return every > 0 && step % every === 0;
}

/** Zeros in front, so that names sort as numbers do. */
export function padded(step: number): string {
  return String(step).padStart(6, '0');
}
