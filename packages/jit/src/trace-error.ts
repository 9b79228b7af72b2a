/** What went wrong in a trace, with the user's line. */
import { userLine, type Entry } from './call-site.js';

export class TraceError extends Error {
  override name = 'TraceError';
}

/** An error raised on behalf of `entry`, the engine's function that TensorFlow.js or the user has called. */
export const traceError = (message: string, entry: Entry): TraceError => new TraceError(message + userLine(entry));
