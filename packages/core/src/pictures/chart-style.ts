/**
 * What all charts have in common: the canvas, the font, the colours, the axes.
 *
 * chart.js draws on a canvas of @napi-rs/canvas (packages/canvas), with a font that ships with this package, so a chart
 * looks the same on a machine without any font. A ChartJSNodeCanvas leaks a little with each new instance: there is one
 * for each picture size, and it is used again.
 */
import { fileURLToPath } from 'node:url';
import { ChartJSNodeCanvas } from 'chartjs-node-canvas';
import { failure } from '../errors.js';

export const FAMILY = 'Inter';
const FONT_FILES = ['inter-latin-400-normal.woff', 'inter-latin-600-normal.woff'];

/** Okabe and Ito's palette: told apart by colour-blind readers too. */
export const PALETTE = ['#0072b2', '#d55e00', '#009e73', '#cc79a7', '#e69f00', '#56b4e9', '#000000'];

const canvases = new Map<string, ChartJSNodeCanvas>();

/** Title and, where there is something to tell apart, a legend. */
export function plugins(title: string, { legend }: { legend: boolean }) {
  return {
    title: { display: true, text: title, font: { family: FAMILY, size: 18, weight: 600 as const } },
    legend: { display: legend, labels: { font: { family: FAMILY, size: 14 }, boxHeight: 2 } },
  };
}

/** An axis of numbers, or of names. */
export function axis<T extends 'linear' | 'logarithmic' | 'category'>(type: T, label: string) {
  const font = { family: FAMILY, size: 14 };
  return { type, title: { display: label !== '', text: label, font }, ticks: { font: { family: FAMILY, size: 12 } } };
}

/**
 * The canvas of this size.
 * @throws UserError where there is none to draw on
 */
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
