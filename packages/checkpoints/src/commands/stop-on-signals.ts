/**
 * Ctrl-C asks work that can be dropped to stop; a second one ends the process at once. A task runner hands the terminal's
 * signal on to a process that has had it, so what comes within a second belongs to the same key press.
 */

const SAME_PRESS_MS = 1000;

/** Listens until `release`. */
export function stopOnSignals(): { readonly signal: AbortSignal; release(): void } {
  const stop = new AbortController();
  let at: number | undefined;
  const receive = (): void => {
    if (at === undefined) {
      at = performance.now();
      stop.abort();
    } else if (performance.now() - at > SAME_PRESS_MS) process.exit(130);
  };
  process.on('SIGINT', receive);
  process.on('SIGTERM', receive);
  return {
    signal: stop.signal,
    release() {
      process.off('SIGINT', receive);
      process.off('SIGTERM', receive);
    },
  };
}
