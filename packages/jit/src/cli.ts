/** `jit bench`: how much faster a compiled StyleGAN2 step is than the same function on TensorFlow.js's WASM backend. */
import yargs from 'yargs';
import { hideBin } from 'yargs/helpers';
import { bench } from './bench.js';

await yargs(hideBin(process.argv))
  .scriptName('jit')
  .command(
    'bench',
    'time forward + backward of a 64×64 StyleGAN2 (128 channels), compiled and on WASM',
    (y) =>
      y
        .option('threads', { type: 'number', default: 2, describe: 'threads inside an operator' })
        .option('runs', {
          type: 'number',
          default: 10,
          describe: 'timed runs of the compiled function; the median counts',
        })
        .option('wasm-runs', { type: 'number', default: 1, describe: 'timed runs on WASM, which takes seconds each' }),
    async ({ threads, runs, wasmRuns }) => {
      const result = await bench({ threads, runs, wasmRuns });
      console.log(JSON.stringify(result));
    },
  )
  .demandCommand(1, 'name a command; --help lists them')
  .strict()
  .exitProcess(true)
  .fail((message, error) => {
    console.error(error ? `jit: ${error.message}` : `jit: ${message}`);
    process.exit(error ? 1 : 2);
  })
  .parseAsync();
