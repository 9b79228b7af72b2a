/**
 * Bar charts as PNG: a number for each of a few things, by one or several methods, with its interval where it has one.
 *
 * chart.js has no error bars; an interval is a thin bar that floats over its own.
 */
import { usageError } from '../errors.js';
import { axis, canvasOf, FAMILY, PALETTE, plugins } from './chart-style.js';

/** One method's bars. */
export interface BarSeries {
  /** Its name in the legend. */
  name: string;
  /** One height for each of the chart's names; NaN leaves a gap. */
  y: ArrayLike<number>;
  /** Ends of the intervals, one pair for each name; undefined where there is none. */
  intervals?: readonly (readonly [number, number] | undefined)[];
}

export interface BarChart {
  title: string;
  /** What the bars stand for, left to right. */
  names: readonly string[];
  series: readonly BarSeries[];
  yLabel?: string;
  /** Picture size in pixels, 900 x 500 unless told. */
  width?: number;
  height?: number;
}

/** Pixels that a bar is wide at the most, and its interval. */
const BAR_WIDTH = 48;
const INTERVAL_WIDTH = 3;

/**
 * Draws a bar chart.
 * @returns the bytes of a PNG picture
 * @throws UserError where a series has not one height for each name, or there is no canvas to draw on
 */
export async function renderBarChart(chart: BarChart): Promise<Buffer> {
  const { title, names, series, yLabel = '', width = 900, height = 500 } = chart;
  for (const { name, y, intervals } of series) {
    if (y.length !== names.length || (intervals && intervals.length !== names.length))
      throw usageError(`chart "${title}": "${name}" has ${y.length} bars for ${names.length} names`);
  }
  // Every pair of datasets shares a stack, so that an interval lies over its bar; stacks stand side by side.
  const datasets = series.flatMap(({ name, y, intervals }, index) => {
    const bars = {
      label: name,
      data: Array.from(y, (value): number | [number, number] => value),
      backgroundColor: PALETTE[index % PALETTE.length],
      stack: name,
      barPercentage: 0.9,
      maxBarThickness: BAR_WIDTH,
      order: 1,
    };
    if (!intervals) return [bars];
    const drawn = intervals.map((interval): number | [number, number] => (interval ? [interval[0], interval[1]] : NaN));
    return [
      bars,
      { ...bars, label: '', data: drawn, backgroundColor: '#000000', maxBarThickness: INTERVAL_WIDTH, order: 0 },
    ];
  });
  const { legend, ...others } = plugins(title, { legend: series.length > 1 });
  return canvasOf(width, height).renderToBuffer({
    type: 'bar',
    data: { labels: [...names], datasets },
    options: {
      devicePixelRatio: 1,
      font: { family: FAMILY, size: 14 },
      plugins: {
        ...others,
        legend: { ...legend, labels: { ...legend.labels, filter: ({ text }: { text: string }) => text !== '' } },
      },
      scales: { x: axis('category', ''), y: { ...axis('linear', yLabel), beginAtZero: true, stacked: false } },
    },
  });
}
