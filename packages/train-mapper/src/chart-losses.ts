/** The loss chart of a run: the terms over the steps, and the held-out loss where it was measured. */
import { renderLineChart, type Run } from '@styleclip/core';

const TERMS = ['total', 'clip', 'id', 'l2', 'heldOut'] as const;

/** PNG bytes, drawn from metrics.jsonl; undefined while it holds nothing to draw. */
export async function chartLosses(run: Run, title: string): Promise<Buffer | undefined> {
  const lines = await run.readMetrics();
  if (lines.length === 0) return undefined;
  const terms = TERMS.filter((term) => lines.some((line) => typeof line[term] === 'number' && line[term] !== 0));
  return renderLineChart({
    title,
    x: lines.map((line) => Number(line['step'])),
    series: terms.map((term) => ({ name: term, y: lines.map((line) => (typeof line[term] === 'number' ? line[term] : NaN)) })),
    xLabel: 'step',
    yLabel: 'loss',
  });
}
