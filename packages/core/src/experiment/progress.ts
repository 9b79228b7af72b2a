/**
 * Progress of long work, on stderr: a bar with rate and time left on a terminal, plain lines otherwise.
 *
 * stdout stays free for results. Plain lines come at most once in ten seconds (and at the end), so a log of
 * hours stays readable.
 */
import { SingleBar } from 'cli-progress';

export interface ProgressOptions {
  /** Units of work in all. */
  total: number;
  /** What is being done, such as `train`. */
  label: string;
  /** Units done before this process began (after a resume); the rate does not count them. */
  start?: number;
  /** What one unit is called in the rate, such as `steps`. */
  unit?: string;
  /** Seconds between plain lines. */
  everySeconds?: number;
  /** Where to write; stderr by default. */
  stream?: NodeJS.WriteStream | NodeJS.WritableStream;
}

/** Values shown behind the bar, such as `{ loss: 0.71 }`. */
export type ProgressExtras = Readonly<Record<string, number | string>>;

export interface Progress {
  /** `done` is the number of units done in all, not since the last call. */
  update(done: number, extras?: ProgressExtras): void;
  /** Ends the bar, or writes a last plain line; harmless when called twice. */
  stop(): void;
}

export function progress({
  total,
  label,
  start = 0,
  unit = 'steps',
  everySeconds = 10,
  stream = process.stderr,
}: ProgressOptions): Progress {
  const began = performance.now();
  let done = start;
  let shown = '';
  let stopped = false;
  const numbers = () => {
    const rate = Math.max(0, done - start) / Math.max(1e-9, (performance.now() - began) / 1000);
    return { rate: formatRate(rate), left: rate > 0 ? formatSeconds(Math.max(0, total - done) / rate) : '?' };
  };

  if ('isTTY' in stream && stream.isTTY) {
    const bar = new SingleBar({
      format: `${label} {bar} {percentage}% {value}/{total} {rate} ${unit}/s, {left} left{extras}`,
      stream: stream as NodeJS.WriteStream,
      barCompleteChar: '█',
      barIncompleteChar: '░',
      barsize: 24,
      hideCursor: true,
    });
    bar.start(total, start, { rate: '–', left: '?', extras: '' });
    return {
      update(now, extras = {}) {
        done = now;
        shown = formatExtras(extras);
        bar.update(done, { ...numbers(), extras: shown });
      },
      stop() {
        if (!stopped) bar.stop();
        stopped = true;
      },
    };
  }

  let lastLine = began;
  let linedAt = -1;
  const line = () => {
    const { rate, left } = numbers();
    const percent = total > 0 ? Math.floor((100 * done) / total) : 100;
    stream.write(`${label}: ${done}/${total} (${percent} %), ${rate} ${unit}/s, ${left} left${shown}\n`);
    lastLine = performance.now();
    linedAt = done;
  };
  return {
    update(now, extras = {}) {
      done = now;
      shown = formatExtras(extras);
      if (done >= total || performance.now() - lastLine >= everySeconds * 1000) line();
    },
    stop() {
      if (!stopped && linedAt !== done) line();
      stopped = true;
    },
  };
}

/** 12 → `12 s`, 130 → `2 m 10 s`, 7500 → `2 h 5 m`. */
export function formatSeconds(seconds: number): string {
  const s = Math.round(seconds);
  if (s < 60) return `${s} s`;
  if (s < 3600) return `${Math.floor(s / 60)} m ${s % 60} s`;
  return `${Math.floor(s / 3600)} h ${Math.floor((s % 3600) / 60)} m`;
}

function formatRate(rate: number): string {
  return rate >= 100 ? rate.toFixed(0) : rate >= 10 ? rate.toFixed(1) : rate.toFixed(2);
}

function formatExtras(extras: ProgressExtras): string {
  const parts = Object.entries(extras).map(
    ([name, value]) => `${name} ${typeof value === 'number' ? formatNumber(value) : value}`,
  );
  return parts.length > 0 ? ` | ${parts.join(', ')}` : '';
}

function formatNumber(value: number): string {
  return Number.isInteger(value) ? String(value) : Math.abs(value) >= 1e-3 ? value.toFixed(4) : value.toExponential(2);
}
