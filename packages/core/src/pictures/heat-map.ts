/**
 * Heat maps as PNG: a number over two others, as coloured squares with the number in them. Places need not fill a grid, so
 * points that were strewn (Sobol) are shown as well as those of a table.
 */
import { axis, canvasOf, FAMILY } from './chart-style.js';

type Area = { readonly width: number; readonly height: number };

/** One direction of a heat map. */
export interface HeatAxis {
  label: string;
  /** Where each value stands. */
  at: ArrayLike<number>;
  /** 'steps' gives each different value a step of the same width, whatever lies between them (0 beside 0.1 beside 1). */
  kind: 'steps' | 'linear' | 'logarithmic';
}

export interface HeatMap {
  title: string;
  x: HeatAxis;
  y: HeatAxis;
  /** One for each place; NaN is left out. */
  values: ArrayLike<number>;
  /** What the coldest and the hottest colour stand for; 0 and 1 unless told. */
  range?: readonly [number, number];
  /** Picture size in pixels, 700 x 600 unless told. */
  width?: number;
  height?: number;
}

/** Viridis at five places: even steps to the eye, and told apart by colour-blind readers. */
const COLOURS = [
  [68, 1, 84],
  [59, 82, 139],
  [33, 145, 140],
  [94, 201, 98],
  [253, 231, 37],
] as const;

/** Squares of strewn points, in pixels. */
const STREWN = 34;

/** Between squares of a table, in pixels. */
const GAP = 3;

/** What is used of a canvas's context, whose type belongs to browsers. */
interface Pen {
  font: string;
  textAlign: string;
  textBaseline: string;
  fillStyle: string;
  fillText(text: string, x: number, y: number): void;
}

/** Draws a heat map. @returns the bytes of a PNG picture */
export async function renderHeatMap(map: HeatMap): Promise<Buffer> {
  const { title, x, y, values, range = [0, 1], width = 700, height = 600 } = map;
  const [across, up] = [placed(x), placed(y)];
  /** Side of the squares, in pixels: a table is filled, as far as squares do. */
  const sideIn = (area: Area | undefined): number =>
    across.names && up.names && area
      ? Math.min(area.width / across.names.length, area.height / up.names.length) - GAP
      : STREWN;
  const cells = Array.from(values, (value, i) => ({ x: across.at[i]!, y: up.at[i]!, value })).filter(
    ({ value }) => !Number.isNaN(value),
  );
  const colours = cells.map(({ value }) => colourOf((value - range[0]) / (range[1] - range[0])));
  return canvasOf(width, height).renderToBuffer({
    type: 'scatter',
    data: {
      datasets: [
        {
          data: cells.map((cell) => ({ x: cell.x, y: cell.y })),
          pointStyle: 'rect',
          pointRadius: ({ chart }: { chart: { chartArea: Area } }) => sideIn(chart.chartArea) / Math.SQRT2,
          backgroundColor: colours.map(({ css }) => css),
          borderWidth: 0,
        },
      ],
    },
    options: {
      devicePixelRatio: 1,
      layout: { autoPadding: false, padding: 12 },
      font: { family: FAMILY, size: 14 },
      plugins: {
        title: { display: true, text: title, font: { family: FAMILY, size: 18, weight: 600 } },
        legend: { display: false },
      },
      scales: { x: scale(x, across.names), y: scale(y, up.names) },
    },
    plugins: [
      {
        id: 'numbers',
        afterDatasetsDraw: (chart) => {
          const ctx = (chart as { ctx: unknown }).ctx as Pen;
          ctx.font = `${sideIn(chart.chartArea) >= 40 ? 16 : 11}px ${FAMILY}`;
          ctx.textAlign = 'center';
          ctx.textBaseline = 'middle';
          for (const [i, point] of chart.getDatasetMeta(0).data.entries()) {
            ctx.fillStyle = colours[i]!.bright ? 'black' : 'white';
            ctx.fillText(cells[i]!.value.toFixed(2), point.x, point.y);
          }
        },
      },
    ],
  });
}

/** Positions along an axis; with steps the number of each value's step, and the values in their order. */
function placed({ at, kind }: HeatAxis): { at: number[]; names?: number[] } {
  const values = Array.from(at);
  if (kind !== 'steps') return { at: values };
  const names = [...new Set(values)].sort((a, b) => a - b);
  return { at: values.map((value) => names.indexOf(value)), names };
}

function scale({ label, kind }: HeatAxis, names: readonly number[] | undefined) {
  const plain = axis(kind === 'logarithmic' ? 'logarithmic' : 'linear', label);
  if (names === undefined) return plain;
  return {
    ...plain,
    min: -0.5,
    max: names.length - 0.5,
    grid: { display: false },
    afterBuildTicks: (built: { ticks: { value: number }[] }) => {
      built.ticks = names.map((_, value) => ({ value }));
    },
    ticks: { ...plain.ticks, callback: (value: string | number) => String(names[Number(value)] ?? '') },
  };
}

/** A colour between cold (0) and hot (1), and whether black can be read on it. */
function colourOf(share: number): { css: string; bright: boolean } {
  const place = Math.min(1, Math.max(0, share)) * (COLOURS.length - 1);
  const below = Math.min(COLOURS.length - 2, Math.floor(place));
  const [a, b] = [COLOURS[below]!, COLOURS[below + 1]!];
  const rgb = a.map((from, i) => Math.round(from + (b[i]! - from) * (place - below)));
  return { css: `rgb(${rgb.join(', ')})`, bright: share > 0.6 };
}
