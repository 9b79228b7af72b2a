/**
 * A job: one piece of a report's work, with a result that can be kept.
 *
 * What a result depends on is its `key`; a job of the same id and key is not done twice, not even by another report. A job's
 * files (pictures) are kept beside its result.
 */

/** Where a result came from. */
export interface Made {
  /** When, ISO 8601. */
  time: string;
  /** How long it took. */
  seconds: number;
  /** What was called. */
  command: string;
  device: string;
  commit?: string;
  node: string;
}

export interface Done<Result> {
  result: Result;
  /** Pictures by name, such as `gallery.png`. */
  files?: Readonly<Record<string, Uint8Array>>;
}

export interface Job<Result = unknown> {
  /** Such as `table2/purple-hair`: unique in a report. */
  id: string;
  /** What progress says of it. */
  label: string;
  /** About how long it takes on two cores, for the time left. */
  seconds: number;
  /** All that the result depends on besides the id: plain data. */
  key: unknown;
  /** Jobs whose results it uses; without them it is not begun. */
  needs?: readonly Job[];
  run(work: Work): Promise<Done<Result>>;
}

/** What a job works with. */
export interface Work {
  /** What became of the jobs before it. */
  done: Outcomes;
  /** Throws `Interrupted` once the user wants to stop; to be called between pieces of long work. */
  stop: () => void;
}

/** A job that was done, now or before. */
export interface Finished<Result = unknown> {
  result: Result;
  made: Made;
  /** Where it is kept. */
  dir: string;
  /** Bytes of its files. */
  files: Readonly<Record<string, Buffer>>;
  /** It was done before, and taken from the cache. */
  cached: boolean;
}

/** What became of the jobs of a report. */
export class Outcomes {
  private readonly finished = new Map<Job, Finished>();
  private readonly reasons = new Map<Job, string>();

  finish(job: Job, outcome: Finished): void {
    this.finished.set(job, outcome);
    this.reasons.delete(job);
  }

  miss(job: Job, reason: string): void {
    this.reasons.set(job, reason);
  }

  /** The outcome of a job, undefined where it is missing. */
  of<Result>(job: Job<Result>): Finished<Result> | undefined {
    return this.finished.get(job) as Finished<Result> | undefined;
  }

  /** Why a job's result is not there. */
  whyNot(job: Job): string {
    return this.reasons.get(job) ?? 'it was not made';
  }

  /** All that is missing. */
  get missing(): { job: Job; reason: string }[] {
    return [...this.reasons].map(([job, reason]) => ({ job, reason }));
  }

  /** All that is there. */
  get all(): { job: Job; outcome: Finished }[] {
    return [...this.finished].map(([job, outcome]) => ({ job, outcome }));
  }
}
