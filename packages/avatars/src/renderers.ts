/**
 * Worker threads that draw avatars.
 *
 * Rendering is independent work on one core each; a thread returns a block of pictures at a time, moved and not copied.
 * The same file serves the built package (a `.js` worker) and the sources (a `.ts` worker, which Node loads through tsx,
 * whatever runs the main thread).
 */
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';

/** Avatars to draw at size×size. */
export interface RenderTask {
  /** Value indices, [count, factors], columns in the order of `FACTORS`. */
  rows: Uint8Array;
  size: number;
}

export interface Renderer {
  /** Draws a block of avatars; one call at a time. @returns RGB bytes, [count, size, size, 3] */
  render(task: RenderTask): Promise<Uint8Array>;
  stop(): Promise<void>;
}

/** Starts `count` threads; the caller stops them. */
export function startRenderers(count: number): Renderer[] {
  return Array.from({ length: count }, startRenderer);
}

function startRenderer(): Renderer {
  const worker = startThread();
  return {
    async render(task) {
      const stopped = new AbortController();
      try {
        worker.postMessage(task);
        return await Promise.race([
          once(worker, 'message', { signal: stopped.signal }).then(([images]) => images as Uint8Array),
          once(worker, 'exit', { signal: stopped.signal }).then(([code]) => {
            throw new Error(`a render thread ended with code ${code}`);
          }),
        ]);
      } finally {
        stopped.abort();
      }
    },
    async stop() {
      await worker.terminate();
    },
  };
}

function startThread(): Worker {
  if (!import.meta.url.endsWith('.ts')) return new Worker(new URL('./render-worker.js', import.meta.url));
  // tsx's `--import` hook does not reach into threads; its programming interface does.
  const tsx = import.meta.resolve('tsx/esm/api');
  const source = new URL('./render-worker.ts', import.meta.url).href;
  const start = `import(${JSON.stringify(tsx)}).then(({ register }) => { register(); return import(${JSON.stringify(source)}); })`;
  return new Worker(start, { eval: true, execArgv: ['--conditions=@styleclip/source'] });
}
