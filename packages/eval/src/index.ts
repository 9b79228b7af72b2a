/** The evaluation: reports of the paper's tables and figures, and a check that numbers stay what they were. */

// Reports
export { reportSchema, type ReportConfig } from './config.js';
export { report, type ReportOptions, type ReportOutcome } from './report.js';
export { type Section, type Table, type Figure, type NumberRow } from './page/section.js';

// Statistics
export { bootstrapMean, median, quantile, type BootstrapOptions, type Interval } from './statistics/bootstrap.js';
export { frechetDistance } from './statistics/frechet.js';
export { pairwiseCosines, type PairStatistics } from './statistics/pairwise-cosines.js';

// The regression check
export { regress, type Regression, type RegressOptions } from './regress/regress.js';
export { regressSchema, type RegressConfig } from './regress/config.js';
export { type Baseline, type Moved } from './regress/baseline.js';

// Comparing runs
export { compareRuns, type FinishedRun } from './compare.js';
