/**
 * Ctrl-C in long work: the first one asks the loop to stop and save, a second one ends the process at once.
 *
 * A task runner passes the terminal's signal on to a process that has had it already, so a second signal counts only
 * when a second has gone by. SIGTERM (from a task runner or a machine that shuts down) is treated like the first Ctrl-C.
 */

/** Signals that come this soon after the first belong to the same key press. */
const SAME_PRESS_MS = 1000;

export class Interrupts {
  private at: number | undefined;
  private readonly listeners: (() => void)[] = [];
  private readonly handler = (signal: NodeJS.Signals): void => this.receive(signal);

  /** Begins to listen; `close` ends it. */
  constructor() {
    process.on('SIGINT', this.handler);
    process.on('SIGTERM', this.handler);
  }

  /** Whether the user has asked to stop. */
  get interrupted(): boolean {
    return this.at !== undefined;
  }

  /** Calls `listener` when the user asks to stop; at once if that has been. */
  onInterrupt(listener: () => void): void {
    this.listeners.push(listener);
    if (this.interrupted) listener();
  }

  /** Gives the default meaning back to the signals. */
  close(): void {
    process.off('SIGINT', this.handler);
    process.off('SIGTERM', this.handler);
  }

  private receive(signal: NodeJS.Signals): void {
    const now = performance.now();
    if (this.at === undefined) {
      this.at = now;
      process.stderr.write('\nstopping after this step and saving (press Ctrl-C again to quit at once)\n');
      for (const listener of this.listeners) listener();
    } else if (signal === 'SIGINT' && now - this.at > SAME_PRESS_MS) {
      process.exit(130);
    }
  }
}
