/** The body of a render thread: takes rows of factors, answers with pictures. See `renderers.ts`. */
import { parentPort } from 'node:worker_threads';
import { FACTORS, fromRow } from './factors.js';
import { renderAvatar } from './render.js';
import type { RenderTask } from './renderers.js';

if (!parentPort) throw new Error('render-worker is started by renderers.ts, as a thread');
const port = parentPort;

port.on('message', ({ rows, size }: RenderTask) => {
  const count = rows.length / FACTORS.length;
  const bytes = size * size * 3;
  const images = new Uint8Array(count * bytes);
  for (let i = 0; i < count; i++) {
    const avatar = fromRow(rows.subarray(i * FACTORS.length, (i + 1) * FACTORS.length));
    images.set(renderAvatar(avatar, size), i * bytes);
  }
  port.postMessage(images, [images.buffer]);
});
