/** The body of a render thread: takes a task, answers with a block of pictures and factors. See `renderers.ts`. */
import { parentPort } from 'node:worker_threads';
import { FACTORS, toRow } from './factors.js';
import { renderAvatar } from './render.js';
import { avatarNumber } from './sample.js';
import type { RenderedBlock, RenderTask } from './renderers.js';

if (!parentPort) throw new Error('render-worker is started by renderers.ts, as a thread');
const port = parentPort;

port.on('message', ({ seed, size, first, count }: RenderTask) => {
  const bytes = size * size * 3;
  const images = new Uint8Array(count * bytes);
  const factors = new Uint8Array(count * FACTORS.length);
  for (let i = 0; i < count; i++) {
    const avatar = avatarNumber(first + i, seed);
    images.set(renderAvatar(avatar, size), i * bytes);
    factors.set(toRow(avatar), i * FACTORS.length);
  }
  port.postMessage({ images, factors } satisfies RenderedBlock, [images.buffer, factors.buffer]);
});
