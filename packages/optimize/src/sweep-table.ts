/** What a sweep found, as CSV, as Markdown, and as charts of hit and leak over the weights that were tried. */
import { renderHeatMap, renderLineChart, type EditMeasures } from '@styleclip/core';
import type { Weighting } from './rows.js';
import type { AxisName, Plan } from './sweep-config.js';

/** One point: its weights, the measures of each text, and their means. */
export interface SweepPoint extends EditMeasures {
  weights: Weighting;
  edits: (EditMeasures & { prompt: string })[];
}

const WEIGHTS = ['clip', 'directional', 'id', 'l2'] as const;
const MEASURES = ['hit', 'leak', 'identity', 'clipGain'] as const;

/** A leak that an edit may have, where the best point is chosen. */
const LEAK_ALLOWED = 0.1;

/** One line a point and text, and one for the means of each point, whose prompt is empty. */
export function csvOf(points: readonly SweepPoint[]): string {
  const quote = (text: string) => (/[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
  const line = (index: number, { weights }: SweepPoint, prompt: string, measures: EditMeasures) =>
    [
      index,
      ...WEIGHTS.map((name) => weights[name]),
      quote(prompt),
      measures.latents,
      ...MEASURES.map((name) => measures[name] ?? ''),
    ].join(',');
  return [
    ['point', ...WEIGHTS, 'prompt', 'latents', ...MEASURES].join(','),
    ...points.flatMap((point, i) => [
      line(i, point, '', point),
      ...point.edits.map((edit) => line(i, point, edit.prompt, edit)),
    ]),
    '',
  ].join('\n');
}

/** The means of each point, the best one marked. */
export function markdownOf(points: readonly SweepPoint[], axes: readonly AxisName[]): string {
  const best = bestOf(points);
  const row = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  const head = ['point', ...axes, ...MEASURES];
  return [
    row(head),
    row(head.map(() => '---')),
    ...points.map((point, i) =>
      row([
        i === best ? `**${i}**` : String(i),
        ...axes.map((name) => String(point.weights[name])),
        ...MEASURES.map((name) => point[name]?.toFixed(3) ?? '–'),
      ]),
    ),
    '',
  ].join('\n');
}

/**
 * The point to take: of those with a leak of at most 0.1 the one with the highest hit, and of equals the one with the least
 * leak; where none leaks so little, the largest hit minus leak. Where nothing was asked, the largest CLIP gain.
 */
export function bestOf(points: readonly SweepPoint[]): number {
  const worth = ({ hit, leak, clipGain }: SweepPoint): [number, number, number] => {
    if (hit === null || leak === null) return [0, clipGain, 0];
    return leak <= LEAK_ALLOWED ? [1, hit, -leak] : [0, hit - leak, 0];
  };
  let best = 0;
  for (const [i, point] of points.entries()) {
    const [a, b] = [worth(point), worth(points[best]!)];
    const at = a.findIndex((value, k) => value !== b[k]);
    if (at >= 0 && a[at]! > b[at]!) best = i;
  }
  return best;
}

/** Pictures by name: lines over one weight, heat maps over the first two of several (means over the others). */
export async function chartsOf(
  points: readonly SweepPoint[],
  { axes, kind }: Plan,
  title: string,
): Promise<Record<string, Buffer>> {
  const shown = points[0]?.hit == null ? (['clipGain', 'identity'] as const) : (['hit', 'leak'] as const);
  const [first, second] = axes;
  if (second === undefined) {
    const sorted = [...points].sort((a, b) => a.weights[first!] - b.weights[first!]);
    const chart = await renderLineChart({
      ...{ title, xLabel: first!, x: sorted.map(({ weights }) => weights[first!]) },
      series: shown.map((name) => ({ name, y: sorted.map((point) => point[name] ?? NaN) })),
    });
    return { 'sweep.png': chart };
  }
  const cells = new Map<string, SweepPoint[]>();
  for (const point of points) {
    const key = `${point.weights[first!]}/${point.weights[second]}`;
    cells.set(key, [...(cells.get(key) ?? []), point]);
  }
  const charts: Record<string, Buffer> = {};
  for (const name of shown) {
    const groups = [...cells.values()];
    charts[`${name}.png`] = await renderHeatMap({
      title: `${name}, ${title}`,
      x: { label: first!, kind, at: groups.map(([point]) => point!.weights[first!]) },
      y: { label: second, kind, at: groups.map(([point]) => point!.weights[second]) },
      values: groups.map((group) => group.reduce((sum, point) => sum + (point[name] ?? NaN), 0) / group.length),
    });
  }
  return charts;
}
