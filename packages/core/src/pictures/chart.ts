/**
 * Line charts as PNG: losses over steps, hits over strengths.
 *
 * chart.js draws on a canvas of @napi-rs/canvas (packages/canvas), with a font that ships with this package, so a chart
 * looks the same on a machine without any font. A ChartJSNodeCanvas leaks a little with each new instance: there is one
 * for each picture size, and it is used again. Bar charts, axes on two sides and interaction are not its business.
 */
import { fileURLToPath } from 'node:url';
import { ChartJSNodeCanvas } from 'chartjs-node-canvas';
import { failure, usageError } from '../errors.js';

/** One line of a chart. */
export interface Series {
  /** Its name in the legend. */
  name: string;
  /** Its heights, one for each element of `x`; NaN leaves a gap. */
  y: ArrayLike<number>;
  /** A CSS colour; one of the palette unless told. */
  colour?: string;
}

export interface LineChart {
  title: string;
  /** Horizontal positions, shared by all series. */
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

/** The font of charts. */
export const FAMILY = 'Inter';
const FONT_FILES = ['inter-latin-400-normal.woff', 'inter-latin-600-normal.woff'];

/** Okabe and Ito's palette: told apart by colour-blind readers too. */
const PALETTE = ['#0072b2', '#d55e00', '#009e73', '#cc79a7', '#e69f00', '#56b4e9', '#000000'];

const canvases = new Map<string, ChartJSNodeCanvas>();

/**
 * Draws a line chart.
 * @returns the bytes of a PNG picture
 * @throws UserError where a series has not one height for each position, or there is no canvas to draw on
 */
export async function renderLineChart(chart: LineChart): Promise<Buffer> {
  const { title, x, series, xLabel = '', yLabel = '', logarithmic = false, width = 900, height = 500 } = chart;
  for (const { name, y } of series) {
    if (y.length !== x.length)
      throw usageError(`chart "${title}": "${name}" has ${y.length} values for ${x.length} positions`);
  }
  return canvasOf(width, height).renderToBuffer({
    type: 'line',
    data: { datasets: series.map((line, index) => dataset(line, x, PALETTE[index % PALETTE.length])) },
    options: {
      devicePixelRatio: 1,
      font: { family: FAMILY, size: 14 },
      plugins: {
        title: { display: true, text: title, font: { family: FAMILY, size: 18, weight: 600 } },
        legend: { display: series.length > 1, labels: { font: { family: FAMILY, size: 14 }, boxHeight: 2 } },
      },
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

/** An axis of a chart. */
export function axis<T extends 'linear' | 'logarithmic'>(type: T, label: string) {
  const font = { family: FAMILY, size: 14 };
  return { type, title: { display: label !== '', text: label, font }, ticks: { font: { family: FAMILY, size: 12 } } };
}

/** The one canvas of a size. */
export function canvasOf(width: number, height: number): ChartJSNodeCanvas {
  const key = `${width}x${height}`;
  let canvas = canvases.get(key);
  if (canvas === undefined) {
    canvas = createCanvas(width, height);
    for (const file of FONT_FILES) {
      canvas.registerFont(fileURLToPath(new URL(`../../fonts/${file}`, import.meta.url)), { family: FAMILY });
    }
    canvases.set(key, canvas);
  }
  return canvas;
}

/** chartjs-node-canvas loads its `canvas` here; outside this workspace it may have been given one that has no binary. */
function createCanvas(width: number, height: number): ChartJSNodeCanvas {
  try {
    return new ChartJSNodeCanvas({ width, height, backgroundColour: 'white' });
  } catch (error) {
    throw failure(
      'charts can\'t be drawn: the package "canvas" that chartjs-node-canvas was given does not load; let your package manager give it "npm:@styleclip/canvas@^3.2.0" (npm does so by itself, others by an override)',
      error,
    );
  }
}
