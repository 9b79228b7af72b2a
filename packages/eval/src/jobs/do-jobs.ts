/**
 * Does the jobs of a report, one after the other: what was done before is taken from the store, what fails is noted and the
 * others go on, and Ctrl-C ends it between two jobs (or where a training has saved itself).
 *
 * Progress is a line for each job that is begun, with what part of the whole it is and the time left.
 */
import { formatSeconds, Interrupted, oneLine, UserError } from '@styleclip/core';
import { Outcomes, type Job, type Made } from './job.js';
import { readResult, writeResult } from './store.js';

export interface DoOptions {
  /** Folder of the store. */
  root: string;
  /** Do everything anew. */
  fresh?: boolean;
  /** Notes of whatever is made: command, device … */
  made: Pick<Made, 'command' | 'device' | 'node' | 'commit'>;
  /** Whether the user wants to stop. */
  interrupted: () => boolean;
  /** Where lines of progress go. */
  say?: (line: string) => void;
}

/** What came of it. */
export interface Worked {
  outcomes: Outcomes;
  /** The user has stopped it before its end. */
  stopped: boolean;
  /** Jobs that failed, which is more than not having been begun. */
  failed: number;
}

/**
 * Does `jobs` in their order; what a job needs must stand before it.
 * @throws whatever is a defect of the program, and no UserError
 */
export async function doJobs(jobs: readonly Job[], options: DoOptions): Promise<Worked> {
  const { root, fresh = false, say = (line) => void process.stderr.write(`${line}\n`) } = options;
  const outcomes = new Outcomes();
  const open: Job[] = [];
  for (const job of jobs) {
    const kept = fresh ? undefined : await readResult(root, job);
    if (kept) outcomes.finish(job, kept);
    else open.push(job);
  }
  if (open.length < jobs.length) say(`${jobs.length - open.length} of ${jobs.length} parts are there from before`);

  const stop = (): void => {
    if (options.interrupted()) throw new Interrupted('stopped');
  };
  const total = open.reduce((sum, { seconds }) => sum + seconds, 0);
  let [done, failed, stopped] = [0, 0, false];
  const began = performance.now();
  for (const [i, job] of open.entries()) {
    const lack = job.needs?.find((needed) => !outcomes.of(needed));
    stopped ||= options.interrupted();
    if (stopped || lack) {
      outcomes.miss(job, stopped ? 'the report was stopped before' : `it needs ${lack!.id}, which is missing`);
      continue;
    }
    // The first jobs go by what they are reckoned to take, later ones by how long the earlier ones really took.
    const pace = done > 0 ? (performance.now() - began) / 1000 / done : 1;
    say(`[${i + 1}/${open.length}] ${job.label}; about ${formatSeconds((total - done) * pace)} left`);
    const started = performance.now();
    try {
      const { result, files = {} } = await job.run({ done: outcomes, stop });
      const seconds = (performance.now() - started) / 1000;
      const made: Made = { time: new Date().toISOString(), seconds, ...options.made };
      await writeResult(root, job, { result, made, files });
      const kept = await readResult(root, job);
      if (!kept) throw new Error(`${job.id}: its result can't be read back`);
      outcomes.finish(job, { ...kept, cached: false });
    } catch (error) {
      if (error instanceof Interrupted) {
        stopped = true;
        outcomes.miss(job, 'the report was stopped while it was made');
      } else if (error instanceof UserError) {
        failed++;
        outcomes.miss(job, oneLine(error));
        say(`  failed: ${oneLine(error)}`);
      } else {
        throw error;
      }
    }
    done += job.seconds;
  }
  return { outcomes, stopped, failed };
}
