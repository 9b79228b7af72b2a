/** The seam for TensorFlow.js: the same `tf` in Node and in what bundlers make for browsers. */
import { runInNewContext } from 'node:vm';
import { build } from 'esbuild';
import { expect, it } from 'vitest';
import { tf } from '#tf';

const outside = '@styleclip/jit/tf'; // as other packages import it

it('is one module in Node', async () => {
  const { tf: exported } = (await import(outside)) as { tf: typeof tf };
  expect(exported).toBe(tf);
  expect(tf.add(1, 2).dataSync()[0]).toBe(3);
});

it.each([outside, '#tf'])('%s is there in a bundle for browsers, which takes the ES modules', async (from) => {
  const { outputFiles } = await build({
    stdin: {
      contents: `import { tf } from '${from}';
        export const sum = () => (tf.setBackend('cpu'), tf.add(1, 2).dataSync()[0]);
        export const { version } = tf;`,
      resolveDir: import.meta.dirname,
    },
    bundle: true,
    write: false,
    platform: 'browser',
    format: 'iife',
    globalName: 'bundle',
    conditions: ['@styleclip/source'],
    logLevel: 'error',
  });
  const { text } = outputFiles[0]!;
  expect(text).not.toContain('tf.node.js');
  // As a browser's worker does, with nothing of Node's at hand.
  const globals = {
    WorkerGlobalScope: {},
    console,
    performance,
    TextEncoder,
    TextDecoder,
    setTimeout,
    clearTimeout,
    URL,
    navigator: {},
  };
  const result = runInNewContext(
    `var self = globalThis; ${text}; ({ sum: bundle.sum(), tfjs: bundle.version.tfjs })`,
    globals,
  ) as unknown;
  expect(result).toEqual({ sum: 3, tfjs: tf.version.tfjs });
});
