/**
 * A section before it is written: the jobs it needs, and how it is written from whatever has become of them. Jobs that
 * several sections need are the same object, so they are done once.
 */
import type { BundleInfo } from '@styleclip/core';
import type { ReportConfig } from '../config.js';
import type { PlannedMethods } from '../methods/plan-methods.js';
import type { Section } from '../page/section.js';
import type { AskedPrompt } from '../prompts.js';
import type { Job, Outcomes } from '../jobs/job.js';
import type { Workbench } from '../workbench.js';
import type { SectionName } from './names.js';
import type { SharedJobs } from './shared-jobs.js';

export interface SectionPlan {
  name: SectionName;
  jobs: readonly Job[];
  /** Writes what there is, and names what there is not. */
  write(outcomes: Outcomes): Promise<Section> | Section;
}

/** What sections are planned from. */
export interface Planning extends PlannedMethods {
  config: ReportConfig;
  prompts: readonly AskedPrompt[];
  bench: Workbench;
  info: BundleInfo;
  /** Hashes of the bundle's networks, by kind. */
  bundleHashes: Readonly<Record<string, string>>;
  shared: SharedJobs;
}

/** Lines for jobs whose results are missing. */
export function missingOf(outcomes: Outcomes, jobs: readonly Job[]): string[] {
  return jobs.filter((job) => !outcomes.of(job)).map((job) => `${job.id}: ${outcomes.whyNot(job)}`);
}
