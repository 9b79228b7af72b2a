/**
 * What the trainings of the embedded networks share around their loops: where the state lives, when it is saved,
 * how it is resumed, what is logged. The loop itself stays in each trainer, to be read from top to bottom:
 *
 *     while (session.running()) {
 *       const rates = session.rates();
 *       const result = await step(session.state, batch, rates);
 *       await session.advance(result, [batch, rates]);
 *       if (session.due(evaluateEvery)) await session.record({ accuracy: … });
 *     }
 *
 * Ctrl-C lets the step in progress end, saves a checkpoint and says how to go on.
 */
import {
  disposeAll,
  failure,
  progress,
  tf,
  warmupCosine,
  type Progress,
  type Run,
  type TensorTree,
  type Weights,
} from '@styleclip/core';
import { averageDecayAt, initialState, type StepRates, type StepResult, type TrainState } from './step.js';

export interface SessionOptions {
  readonly run: Run;
  /** Steps in all. */
  readonly steps: number;
  /** Highest learning rate, reached after `warmup` steps; it then falls to 0 along half a cosine. */
  readonly learningRate: number;
  readonly warmup: number;
  /** Shown by the progress bar. */
  readonly label: string;
  /** First parameters; called only when there is no checkpoint to go on from. */
  readonly initial: () => Weights | Promise<Weights>;
  readonly checkpointEvery?: number;
}

export class TrainingSession {
  state: TrainState;
  /** Steps done. */
  step: number;
  private readonly options: SessionOptions;
  private readonly bar: Progress;
  private readonly began = performance.now();
  private readonly startStep: number;
  private readonly losses: number[] = [];

  private constructor(options: SessionOptions, state: TrainState, step: number) {
    this.options = options;
    this.state = state;
    this.step = step;
    this.startStep = step;
    this.bar = progress({ total: options.steps, label: options.label, start: step });
  }

  /** Goes on from the run's latest checkpoint, or begins with `initial()`. */
  static async open(options: SessionOptions): Promise<TrainingSession> {
    const found = await options.run.latestCheckpoint();
    if (!found) return new TrainingSession(options, initialState(await options.initial()), 0);
    return new TrainingSession(options, fromParts(found.weights, found.dir), found.step);
  }

  /** Whether another step is to be made; ends the progress bar after the last. */
  running(): boolean {
    if (this.step < this.options.steps) return true;
    this.bar.stop();
    return false;
  }

  /** Learning rate of the coming step. */
  learningRate(): number {
    const { learningRate, steps, warmup } = this.options;
    return learningRate * warmupCosine(this.step, { steps, warmup });
  }

  /** The scalars that the step takes besides state and batch. The caller disposes them. */
  rates(): StepRates {
    return { lr: tf.scalar(this.learningRate()), averageDecay: tf.scalar(averageDecayAt(this.step)) };
  }

  /**
   * Takes over the result of a step, disposes what went in, logs its loss now and then, and saves a checkpoint when one is due.
   * @throws Interrupted after Ctrl-C, once the checkpoint is saved
   */
  async advance(result: StepResult, inputs: TensorTree): Promise<void> {
    disposeAll(this.state, inputs);
    this.state = result.state;
    this.step++;
    const loss = result.loss.dataSync()[0]!;
    result.loss.dispose();
    if (!Number.isFinite(loss))
      throw failure(
        `${this.options.label}: the loss became ${loss} at step ${this.step}; lower the learning rate and start again`,
      );
    this.losses.push(loss);
    this.bar.update(this.step, { loss });
    if (this.due(50)) await this.record({ loss: this.recentLoss(), learningRate: this.learningRate() });
    const stop = await this.options.run.poll();
    if (stop || this.due(this.options.checkpointEvery ?? 500)) await this.save();
    if (stop) {
      this.bar.stop();
      throw this.options.run.interruption(this.step);
    }
  }

  /** Whether the number of steps done is a multiple of `every`, or the last step is done. */
  due(every: number): boolean {
    return this.step % every === 0 || this.step === this.options.steps;
  }

  /** Appends a line to metrics.jsonl. */
  async record(metrics: Record<string, number>): Promise<void> {
    await this.options.run.metrics({ step: this.step, seconds: this.seconds(), ...metrics });
  }

  /** Records an evaluation and shows it as a line on stderr. */
  async report(measured: Record<string, number>): Promise<void> {
    await this.record(measured);
    const numbers = Object.entries(measured).map(([name, value]) => `${name} ${value.toFixed(4)}`);
    process.stderr.write(`\n${this.options.label}, step ${this.step}: ${numbers.join(', ')}\n`);
  }

  /** Seconds since this process began to train. */
  seconds(): number {
    return Math.round((performance.now() - this.began) / 100) / 10;
  }

  stepsPerSecond(): number {
    return (this.step - this.startStep) / Math.max(1e-9, (performance.now() - this.began) / 1000);
  }

  private recentLoss(): number {
    const recent = this.losses.splice(0);
    return recent.reduce((sum, loss) => sum + loss, 0) / Math.max(1, recent.length);
  }

  private async save(): Promise<void> {
    const { params, average, adam } = this.state;
    await this.options.run.saveCheckpoint(
      this.step,
      { params, average, m: adam.m, v: adam.v, count: { step: adam.step } },
      {},
    );
  }
}

/** A checkpoint's parts as the state of a training. */
function fromParts(parts: Record<string, Weights>, where: string): TrainState {
  const { params, average, m, v, count } = parts;
  const step = count?.['step'];
  if (!params || !average || !m || !v || !step) {
    throw failure(
      `${where} is not a checkpoint of this training: it needs the parts params, average, m, v and count, and has ${Object.keys(parts).join(', ') || 'none'}`,
    );
  }
  return { params, average, adam: { step, m, v } };
}
