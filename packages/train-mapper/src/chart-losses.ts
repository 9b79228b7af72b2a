/** The loss chart of a run: the terms over the steps, and the held-out loss where it was measured. */
import { renderLineChart, type Run } from '@styleclip/core';

const TERMS = ['total', 'clip', 'directional', 'id', 'l2', 'heldOut'] as const;

/** PNG bytes, drawn from metrics.jsonl; undefined while it holds nothing to draw. */
export async function chartLosses(run: Run, title: string): Promise<Buffer | undefined> {
  const lines = await run.readMetrics();
  if (lines.length === 0) return undefined;
  const terms = TERMS.filter((term) => lines.some((line) => typeof line[term] === 'number' && line[term] !== 0));
  return renderLineChart({
    title,
    x: lines.map((line) => Number(line['step'])),
    series: terms.map((term) => ({ name: term, y: held(lines.map((line) => line[term])) })),
    xLabel: 'step',
    yLabel: 'loss',
  });
}

/** Each value until the next one comes (the held-out loss is measured now and then); NaN before the first. */
function held(values: readonly unknown[]): number[] {
  let last = NaN;
  return values.map((value) => (last = typeof value === 'number' ? value : last));
}
