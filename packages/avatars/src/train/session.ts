/**
 * What the trainings of the embedded networks share around their loops: where the state lives, when it is saved,
 * how it is resumed, what is logged. The loop itself stays in each trainer, to be read from top to bottom:
 *
 *     while (session.running()) {
 *       const rates = session.rates();
 *       const result = await step(session.state, batch, rates);
 *       await session.advance(result, [batch, rates]);
 *       if (session.due(evaluateEvery)) await session.report({ accuracy: … });
 *       await session.endStep();
 *     }
 *
 * A step is recorded first and saved last: a checkpoint's metrics.jsonl holds all that belongs to its step, and the losses
 * that no line tells yet travel in the checkpoint. So wherever a training is killed, going on from its newest checkpoint
 * leaves the same lines and the same weights as one that was never stopped (but for `seconds`).
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

/** What of a configuration the loop follows. */
export interface LoopConfig {
  /** Steps in all. */
  readonly steps: number;
  /** Highest learning rate, reached after `warmup` steps; it then falls to 0 along half a cosine. */
  readonly learningRate: number;
  readonly warmup: number;
  /** Steps between two lines of losses, and between two checkpoints. */
  readonly metricsEvery: number;
  readonly checkpointEvery: number;
}

export interface SessionOptions {
  readonly run: Run;
  readonly config: LoopConfig;
  /** Shown by the progress bar. */
  readonly label: string;
  /** First parameters; called only when there is no checkpoint to go on from. */
  readonly initial: () => Weights | Promise<Weights>;
}

/** What a checkpoint remembers besides tensors. */
interface LoopState {
  /** Losses since the last line that told them. */
  readonly losses: readonly number[];
  /** Seconds trained, by all processes together. */
  readonly seconds: number;
}

export class TrainingSession {
  state: TrainState;
  /** Steps done. */
  step: number;
  private readonly options: SessionOptions;
  private readonly bar: Progress;
  private readonly began = performance.now();
  private readonly secondsBefore: number;
  private readonly losses: number[];
  /** Whether the last step's `endStep` is still to come. */
  private unfinished = false;

  private constructor(options: SessionOptions, state: TrainState, step: number, { losses, seconds }: LoopState) {
    this.options = options;
    this.state = state;
    this.step = step;
    this.losses = [...losses];
    this.secondsBefore = seconds;
    this.bar = progress({ total: options.config.steps, label: options.label, start: step });
  }

  /** Goes on from the run's latest checkpoint, or begins with `initial()`. */
  static async open(options: SessionOptions): Promise<TrainingSession> {
    const found = await options.run.latestCheckpoint();
    if (!found)
      return new TrainingSession(options, initialState(await options.initial()), 0, { losses: [], seconds: 0 });
    return new TrainingSession(
      options,
      fromParts(found.weights, found.dir),
      found.step,
      loopState(found.state, found.dir),
    );
  }

  /** Whether another step is to be made; ends the progress bar after the last. */
  running(): boolean {
    if (this.unfinished) throw new Error('a training loop has to call endStep() at the end of every step');
    if (this.step < this.options.config.steps) return true;
    this.bar.stop();
    return false;
  }

  /** Learning rate of the coming step. */
  learningRate(): number {
    const { learningRate, steps, warmup } = this.options.config;
    return learningRate * warmupCosine(this.step, { steps, warmup });
  }

  /** The scalars that the step takes besides state and batch. The caller disposes them. */
  rates(): StepRates {
    return { lr: tf.scalar(this.learningRate()), averageDecay: tf.scalar(averageDecayAt(this.step)) };
  }

  /** Takes over the result of a step, disposes what went in, and logs the losses now and then. */
  async advance(result: StepResult, inputs: TensorTree): Promise<void> {
    const { label, config } = this.options;
    disposeAll(this.state, inputs);
    this.state = result.state;
    this.step++;
    this.unfinished = true;
    const loss = (await result.loss.data())[0]!;
    result.loss.dispose();
    if (!Number.isFinite(loss))
      throw failure(`${label}: the loss became ${loss} at step ${this.step}; lower the learning rate and start again`);
    this.losses.push(loss);
    this.bar.update(this.step, { loss });
    if (this.due(config.metricsEvery)) {
      await this.record({ loss: this.recentLoss(), learningRate: this.learningRate() });
    }
  }

  /**
   * Ends a step, after everything about it is recorded: saves a checkpoint when one is due.
   * @throws Interrupted after Ctrl-C, once the checkpoint is saved
   */
  async endStep(): Promise<void> {
    const { run, config } = this.options;
    this.unfinished = false;
    const stop = await run.poll();
    if (stop || this.due(config.checkpointEvery)) await this.save();
    if (stop) {
      this.bar.stop();
      throw run.interruption(this.step);
    }
  }

  /** Whether the number of steps done is a multiple of `every`, or the last step is done. */
  due(every: number): boolean {
    return this.step % every === 0 || this.step === this.options.config.steps;
  }

  /** Appends a line to metrics.jsonl. */
  async record(metrics: Record<string, number>): Promise<void> {
    await this.options.run.metrics({ step: this.step, seconds: Math.round(this.seconds() * 10) / 10, ...metrics });
  }

  /** Records an evaluation and shows it as a line on stderr. */
  async report(measured: Record<string, number>): Promise<void> {
    await this.record(measured);
    const numbers = Object.entries(measured).map(([name, value]) => `${name} ${value.toFixed(4)}`);
    process.stderr.write(`\n${this.options.label}, step ${this.step}: ${numbers.join(', ')}\n`);
  }

  /** Seconds trained, those of stopped processes included as far as they were saved. */
  seconds(): number {
    return this.secondsBefore + (performance.now() - this.began) / 1000;
  }

  /** Since the training began; take it before the last measurement. */
  stepsPerSecond(): number {
    return this.step / Math.max(1e-9, this.seconds());
  }

  /** Frees the state and ends the progress bar. */
  dispose(): void {
    this.bar.stop();
    disposeAll(this.state);
  }

  private recentLoss(): number {
    const recent = this.losses.splice(0);
    return recent.reduce((sum, loss) => sum + loss, 0) / Math.max(1, recent.length);
  }

  private async save(): Promise<void> {
    const { params, average, adam } = this.state;
    const loop: LoopState = { losses: this.losses, seconds: this.seconds() };
    await this.options.run.saveCheckpoint(
      this.step,
      { params, average, m: adam.m, v: adam.v, count: { step: adam.step } },
      loop,
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

function loopState(state: unknown, where: string): LoopState {
  const { losses, seconds } = (state ?? {}) as Partial<LoopState>;
  if (!Array.isArray(losses) || typeof seconds !== 'number')
    throw failure(
      `${where} was saved by an older version, without the losses since the last line; begin anew by --force`,
    );
  return { losses, seconds };
}
