/**
 * The line that an error names, in programs as they are run: TypeScript through tsx, with its source maps; built
 * JavaScript in plain Node; one bundled file. (In vitest, see purity.test.ts.)
 */
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { build, transform } from 'esbuild';
import { afterAll, beforeAll, expect, it } from 'vitest';

const packageFolder = join(import.meta.dirname, '..');
const root = join(packageFolder, 'node_modules', '.cache');
let folder = '';

/** Errors are reported as `line in file`; the comments say which lines. */
const program = (jit: string, tfModule: string) => `import { compile } from '${jit}';
import { tf } from '${tfModule}';
const lineOf = (e) => /\\(at .*?([\\w-]+\\.\\w+):(\\d+):\\d+\\)+$/.exec(e.message)?.slice(1).join(' ') ?? e.message;
const report = (promise) => promise.then(() => console.log('passed'), (e) => console.log(lineOf(e)));
function loss(x) {
  const y = tf.square(x);
  return tf.sum(tf.mul(y, y.dataSync()[0])); // 7
}
const x = tf.tensor1d([1, 2]);
const v = tf.variable(x);
await report(compile((t) => tf.grad((u) => loss(u))(t))(x)); // 7
await report(compile((t) => tf.dropout(t, 0.5))(x)); // 12
await report(compile((t) => [1].map(() => tf.spectral.rfft(t)))(x)); // 13
await report(compile((t) => {
  return tf.mul(t, v); // 15
})(x));
await report(compile(async (t) => t)(x)); // 17, the call
`;
const lines = [7, 12, 13, 15, 17];

function linesOf(...args: string[]): string[] {
  const { stdout, stderr, status } = spawnSync(process.execPath, args, { encoding: 'utf8', cwd: folder });
  expect(status, stderr).toBe(0);
  return stdout.trim().split('\n');
}

beforeAll(() => {
  mkdirSync(root, { recursive: true });
  folder = mkdtempSync(join(root, 'call-site-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it('is the user’s in TypeScript run by tsx', () => {
  // Types that vanish move the lines of what runs.
  const types = 'interface Moved {\n  down: true;\n}\n';
  writeFileSync(join(folder, 'user.mts'), types + program('@styleclip/jit', '@styleclip/jit/tf'));
  expect(linesOf('--import', 'tsx', '--conditions=@styleclip/source', 'user.mts')).toEqual(
    lines.map((line) => `user.mts ${line + 3}`),
  );
});

it('is the user’s in plain Node, with source maps and without', async () => {
  for (const from of ['', 'kernels', 'runtime']) {
    mkdirSync(join(folder, 'built', 'dist', from), { recursive: true });
    for (const name of readdirSync(join(packageFolder, 'src', from)).filter((n) => /^[\w.-]+(?<!test)\.ts$/.test(n))) {
      const source = join(packageFolder, 'src', from, name);
      const { code } = await transform(await readFile(source, 'utf8'), { loader: 'ts' });
      writeFileSync(join(folder, 'built', 'dist', from, name.replace(/ts$/, 'js')), code);
    }
  }
  copyFileSync(join(packageFolder, 'package.json'), join(folder, 'built', 'package.json'));
  writeFileSync(join(folder, 'built', 'user.mjs'), program('./dist/index.js', './dist/tf.js'));
  const expected = lines.map((line) => `user.mjs ${line}`);
  expect(linesOf('built/user.mjs')).toEqual(expected);
  expect(linesOf('--enable-source-maps', 'built/user.mjs')).toEqual(expected);
});

it('is within the user’s function in a bundle, where all code is in one file', async () => {
  writeFileSync(join(folder, 'entry.js'), program('@styleclip/jit', '@styleclip/jit/tf'));
  await build({
    entryPoints: [join(folder, 'entry.js')],
    outfile: join(folder, 'bundle.mjs'),
    bundle: true,
    platform: 'node',
    format: 'esm',
    conditions: ['@styleclip/source'],
    external: ['onnxruntime-node'],
    banner: { js: `import { createRequire } from 'node:module';\nconst require = createRequire(import.meta.url);` },
    logLevel: 'error',
  });
  const text = (await readFile(join(folder, 'bundle.mjs'), 'utf8')).split('\n');
  const named = linesOf('bundle.mjs').map((line) => text[Number(line.split(' ').at(-1)) - 1]?.trim());
  // The first is where the traced function calls the loss.
  expect(
    named.map((line) => line?.replace(/^await report\(compile|;$/g, '').replaceAll(/\w+\.default\./g, 'tf.')),
  ).toEqual([
    '((t) => tf.grad((u) => loss(u))(t))(x))',
    '((t) => tf.dropout(t, 0.5))(x))',
    '((t) => [1].map(() => tf.spectral.rfft(t)))(x))',
    'return tf.mul(t, v)',
    '(async (t) => t)(x))',
  ]);
});
