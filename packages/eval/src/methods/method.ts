/**
 * A method as the evaluation sees it: something that edits the held-out latents for a prompt.
 *
 * The paper's three methods differ in when they work: a mapper is trained for its prompt, a direction is looked up in a table that
 * all prompts share, an optimization begins anew for every latent. Here each gives the jobs that make it ready, and an
 * editor that is opened from their results. Baselines are methods too.
 */
import type { tf } from '@styleclip/core';
import type { AskedPrompt } from '../prompts.js';
import type { Job, Outcomes } from '../jobs/job.js';
import type { Workbench } from '../workbench.js';

/** Methods of the paper. */
export const METHOD_NAMES = ['optimize', 'mapper', 'directions'] as const;
export type MethodName = (typeof METHOD_NAMES)[number];

/** Where work is kept and looked for. */
export interface Places {
  /** Folder of the store. */
  store: string;
  /** Folder of all runs. */
  runs: string;
}

/** What a method costs, for Table 1. */
export interface Cost {
  /** Seconds of work that all prompts share; null where there is none. */
  preprocessing: number | null;
  /** Seconds of work for one prompt, before any picture; null where there is none. */
  training: number | null;
  /** Whether the step depends on the picture that is edited. */
  inputDependent: boolean;
  /** Where it edits. */
  space: 'W+' | 'S';
}

/** A method that is ready for a prompt. */
export interface Editor {
  /**
   * Pictures [count,R,R,3] of held-out latents `from … from+count-1` after the edit. The caller disposes them.
   * @param factor on the method's own strength: 1 as it is meant, 0 is no edit
   */
  pictures(from: number, count: number, factor: number): Promise<tf.Tensor4D>;
  /** Frees what it holds. */
  dispose(): Promise<void>;
}

/** One of the methods, for one prompt. */
export interface MethodForPrompt {
  method: string;
  prompt: AskedPrompt;
  /** What has to be done before it can edit. */
  jobs: readonly Job[];
  /** How many of the held-out latents it edits; fewer where each takes long. */
  latents: number;
  cost(outcomes: Outcomes): Cost;
  /**
   * Seconds of one picture, several times over, for a method whose `pictures` only draws what a job has worked out; the others are
   * timed by `pictures`.
   */
  time?(bench: Workbench, repeats: number): Promise<number[]>;
  /** Opens it, once its jobs are done. */
  open(bench: Workbench, outcomes: Outcomes): Promise<Editor>;
}
