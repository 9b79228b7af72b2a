/** The loss chart of a run: the terms over the steps, and the held-out loss where it was measured. */
import { renderLineChart } from './chart.js';

/** What a run's lines may hold, besides `step`; terms that are absent or always 0 are not drawn. */
export const LOSS_TERMS = ['total', 'clip', 'directional', 'id', 'l2', 'heldOut'] as const;

/** PNG bytes, drawn from the lines of metrics.jsonl; undefined while there is nothing to draw. */
export async function chartLosses(
  lines: readonly Readonly<Record<string, unknown>>[],
  { title, terms = LOSS_TERMS }: { title: string; terms?: readonly string[] },
): Promise<Buffer | undefined> {
  if (lines.length === 0) return undefined;
  const drawn = terms.filter((term) => lines.some((line) => typeof line[term] === 'number' && line[term] !== 0));
  return renderLineChart({
    title,
    x: lines.map((line) => Number(line['step'])),
    series: drawn.map((term) => ({ name: term, y: held(lines.map((line) => line[term])) })),
    xLabel: 'step',
    yLabel: 'loss',
  });
}

/** Each value until the next one comes (the held-out loss is measured now and then); NaN before the first. */
function held(values: readonly unknown[]): number[] {
  let last = NaN;
  return values.map((value) => (last = typeof value === 'number' ? value : last));
}
