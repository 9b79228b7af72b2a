/** What a report is made of, before it is written as HTML or Markdown. */

export interface Table {
  caption: string;
  head: readonly string[];
  rows: readonly (readonly string[])[];
}

export interface Figure {
  /** Name of its file, such as `figure4.png`. */
  file: string;
  png: Uint8Array;
  caption: string;
  /** What a reader who can't see it should know. */
  alt: string;
}

/** One number of a report, as numbers.json and numbers.arrow have it. */
export interface NumberRow {
  section: string;
  method: string;
  prompt: string;
  name: string;
  value: number;
  /** Ends of its interval, or undefined. */
  low?: number;
  high?: number;
  std?: number;
  /** How many pictures, pairs or repeats it comes from. */
  n?: number;
  /** What the paper prints. */
  paper?: number;
  /** The job that made it. */
  job: string;
}

/** A table or figure of the report with all that is said about it. */
export interface Section {
  name: string;
  title: string;
  /** Paragraphs before it. */
  text: readonly string[];
  tables: readonly Table[];
  figures: readonly Figure[];
  numbers: readonly NumberRow[];
  /** What should stand here and does not, with the reason. */
  missing: readonly string[];
  /** In what it can't be held to the paper. */
  differs: readonly string[];
}

/** Digits after the point, a dash where there is no number. */
export function fixed(value: number | null | undefined, digits = 3): string {
  return value == null || !Number.isFinite(value) ? '–' : value.toFixed(digits);
}

/** A number with its interval: `0.93 [0.90, 0.96]`. */
export function withInterval(
  interval: { mean: number; low: number; high: number } | null | undefined,
  digits = 2,
): string {
  if (!interval) return '–';
  return `${fixed(interval.mean, digits)} [${fixed(interval.low, digits)}, ${fixed(interval.high, digits)}]`;
}

/** Seconds as a reader wants them: `12 ms`, `1.4 s`, `3 m 20 s`. */
export function duration(seconds: number | null | undefined): string {
  if (seconds == null) return '–';
  if (seconds < 1) return `${(seconds * 1000).toPrecision(2)} ms`;
  if (seconds < 60) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  return whole < 3600
    ? `${Math.floor(whole / 60)} m ${whole % 60} s`
    : `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} m`;
}
