/**
 * Line charts as PNG: losses over steps, hits over strengths, hits over leaks. Bars are in bar-chart.ts; axes on two sides and
 * interaction are nobody's business here.
 */
import { usageError } from '../errors.js';
import { axis, canvasOf, FAMILY, PALETTE, plugins } from './chart-style.js';

/** One line of a chart. */
export interface Series {
  /** Its name in the legend. */
  name: string;
  /** Its heights, one for each position; NaN leaves a gap. */
  y: ArrayLike<number>;
  /** Positions of its own, in place of the chart's. */
  x?: ArrayLike<number>;
  /** A CSS colour; one of the palette unless told. */
  colour?: string;
}

export interface LineChart {
  title: string;
  /** Horizontal positions, shared by all series that have none of their own. */
  x: ArrayLike<number>;
  series: readonly Series[];
  xLabel?: string;
  yLabel?: string;
  /** A logarithmic vertical axis, for losses that fall by orders of magnitude. */
  logarithmic?: boolean;
  /** Picture size in pixels, 900 x 500 unless told. */
  width?: number;
  height?: number;
}

/**
 * Draws a line chart.
 * @returns the bytes of a PNG picture
 * @throws UserError where a series has not one height for each position, or there is no canvas to draw on
 */
export async function renderLineChart(chart: LineChart): Promise<Buffer> {
  const { title, x, series, xLabel = '', yLabel = '', logarithmic = false, width = 900, height = 500 } = chart;
  for (const { name, y, x: own = x } of series) {
    if (y.length !== own.length)
      throw usageError(`chart "${title}": "${name}" has ${y.length} values for ${own.length} positions`);
  }
  return canvasOf(width, height).renderToBuffer({
    type: 'line',
    data: { datasets: series.map((line, index) => dataset(line, line.x ?? x, PALETTE[index % PALETTE.length])) },
    options: {
      devicePixelRatio: 1,
      font: { family: FAMILY, size: 14 },
      plugins: plugins(title, { legend: series.length > 1 }),
      scales: {
        x: axis('linear', xLabel),
        y: axis(logarithmic ? 'logarithmic' : 'linear', yLabel),
      },
    },
  });
}

function dataset(line: Series, x: ArrayLike<number>, colour: string | undefined) {
  const own = line.colour ?? colour;
  return {
    label: line.name,
    data: Array.from(x, (position, i) => ({ x: position, y: line.y[i] ?? NaN })),
    borderColor: own,
    backgroundColor: own,
    borderWidth: 2,
    // Points are shown where there are few enough to be told apart.
    pointRadius: x.length <= 30 ? 3 : 0,
  };
}
