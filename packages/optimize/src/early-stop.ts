/**
 * When a row has come far enough: each row of a batch is asked after each of its steps, by its own losses.
 *
 * Two rules, each can be off: the CLIP loss (or whichever term is watched) is at most `at`, or the total has not got better
 * by `tolerance` for `patience` steps. The original has neither; it always makes all steps.
 */

/** The group `stop` of a configuration. */
export interface StopRule {
  /** Steps without progress after which a row stops; 0: never. */
  patience: number;
  /** What counts as progress, in units of the total loss. */
  tolerance: number;
  /** A row stops as soon as the watched term is this low; undefined: never. */
  at?: number | undefined;
}

/** Where a row is. Plain data, part of checkpoints. */
export interface RowState {
  /** Losses looked at so far: steps made. */
  steps: number;
  /** Why it is not moved any more; undefined while it is. */
  stopped?: 'steps' | 'patience' | 'reached' | 'padding';
  /** The last loss that counted as progress, and its step. */
  mark: number | null;
  markedAt: number;
  /** Losses of the result: total first, then the terms. */
  result: number[] | null;
  /** Losses of the last step. */
  last: number[] | null;
}

export function beginRow(padding: boolean): RowState {
  return { steps: 0, ...(padding && { stopped: 'padding' }), mark: null, markedAt: 0, result: null, last: null };
}

/**
 * The row after one more step.
 *
 * @param losses total first, then the terms
 * @param watched index in `losses` of the term that `rule.at` speaks of
 * @param steps how many there are at most
 */
export function afterStep(
  row: RowState,
  losses: number[],
  { rule, keep, watched, steps }: { rule: StopRule; keep: 'best' | 'last'; watched: number; steps: number },
): RowState {
  if (row.stopped !== undefined) return row;
  const total = losses[0]!;
  const now = row.steps + 1;
  const progress = row.mark === null || total < row.mark - rule.tolerance;
  const mark = progress ? total : row.mark;
  const markedAt = progress ? now : row.markedAt;
  const better = keep === 'last' || row.result === null || total < row.result[0]!;
  const stopped =
    rule.at !== undefined && losses[watched]! <= rule.at
      ? 'reached'
      : rule.patience > 0 && now - markedAt >= rule.patience
        ? 'patience'
        : now >= steps
          ? 'steps'
          : undefined;
  return {
    ...{ steps: now, mark, markedAt, last: losses, result: better ? losses : row.result },
    ...(stopped !== undefined && { stopped }),
  };
}
