/**
 * Where in the user's code something went wrong during a trace.
 *
 * The user's frames lie between the engine's boundary (`enter`) and the place that complains, mixed with TensorFlow.js's.
 * Names in a printed stack do not tell them apart: source maps show files as they lay where TensorFlow.js was built. So
 * frames are judged by the files that really run, and shown as the stack prints them, sources mapped.
 *
 * Stacks are V8's; in other engines there is no line.
 */

/** A function of the engine: frames from it inwards are not the user's. */
export type Entry = (...args: never[]) => unknown;

interface Frame {
  /** The file that really runs; undefined for native code. */
  readonly file: string | undefined;
  /** As the stack prints it: `at loss (file:///app/loss.ts:12:9)`. */
  readonly text: string;
}

/** The stack outside the innermost call of `entry`, the innermost frame first. */
function framesOutside(entry: Entry): Frame[] {
  if (typeof Error.captureStackTrace !== 'function') return [];
  const { stackTraceLimit } = Error;
  const before = Object.getOwnPropertyDescriptor(Error, 'prepareStackTrace');
  Error.stackTraceLimit = Infinity;
  try {
    const printed: { stack?: string } = {};
    Error.captureStackTrace(printed, entry);
    const lines = String(printed.stack)
      .split('\n')
      .filter((line) => /^\s+at /.test(line));
    const raw: { stack?: unknown } = {};
    Error.prepareStackTrace = (_, sites) => sites;
    Error.captureStackTrace(raw, entry);
    const sites = raw.stack as NodeJS.CallSite[];
    return sites.map((site, i) => {
      const file = site.getFileName() ?? undefined;
      const at = `at ${file}:${site.getLineNumber()}:${site.getColumnNumber()}`;
      return { file, text: lines.length === sites.length ? lines[i]!.trim() : at };
    });
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
    if (before) Object.defineProperty(Error, 'prepareStackTrace', before);
    else Reflect.deleteProperty(Error, 'prepareStackTrace');
  }
}

/** Depths of the stack that bound the user's frames, and the file in which TensorFlow.js runs. */
interface Boundary {
  readonly inside: number;
  readonly outside: number;
  readonly ownFile: string | undefined;
  readonly tensorflowFile: string | undefined;
}
let boundary: Boundary | undefined;

/**
 * Runs `fn`, which calls the user's code, as what `userLine` looks into.
 *
 * @param inTidy a function of TensorFlow.js that calls what it is given; so the file is known that TensorFlow.js runs from
 * @param outermost the engine's function that the user has called
 */
export function enter(inTidy: (run: () => void) => void, fn: () => void, outermost: Entry): void {
  const outside = framesOutside(outermost).length;
  const before = boundary;
  try {
    inTidy(function here() {
      const frames = framesOutside(here);
      boundary = {
        inside: frames.length + 2, // and those of `here` and `fn`
        outside,
        ownFile: framesOutside(framesOutside)[0]?.file,
        tensorflowFile: frames[0]?.file,
      };
      fn();
    });
  } finally {
    boundary = before;
  }
}

const isLibrary = ({ file }: Frame): boolean =>
  file === undefined ||
  file === boundary?.tensorflowFile ||
  file.startsWith('node:') ||
  /[\\/]node_modules[\\/](@tensorflow|seedrandom)[\\/]/.test(file);

/**
 * The user's line outside the innermost call of `entry`, in brackets: the innermost one of the traced function, or
 * where the compiled function was called. Where everything runs from one file, as in a bundle, it is the line of the
 * traced function itself. Empty where there is none.
 */
export function userLine(entry: Entry): string {
  const frames = framesOutside(entry);
  if (!boundary) return frames[0] ? ` (${frames[0].text})` : '';
  const traced = frames.slice(0, Math.max(0, frames.length - boundary.inside));
  const bundled = boundary.tensorflowFile === boundary.ownFile;
  const frame = traced.find((f) => !isLibrary(f)) ?? (bundled ? traced.at(-1) : undefined);
  const shown = frame ?? frames[frames.length - boundary.outside];
  return shown ? ` (${shown.text})` : '';
}
