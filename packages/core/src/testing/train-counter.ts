/**
 * A training in miniature for run.test.ts: a random walk that saves every few steps and can be stopped and resumed.
 */
import { tf } from '../tensors/tf.js';
import { runCommand } from '../experiment/cli-main.js';
import { Random, type RandomState } from '../tensors/random.js';
import { createRun } from '../experiment/run.js';

const STEPS = 20;

await runCommand(async (argv) => {
  const option = (name: string): string => argv[argv.indexOf(name) + 1] ?? '';
  const run = await createRun({
    root: option('--root'),
    package: 'test',
    name: option('--name'),
    config: { steps: STEPS },
    resume: argv.includes('--resume'),
    force: argv.includes('--force'),
  });
  const found = await run.latestCheckpoint();
  let step = found?.step ?? 0;
  let w: tf.Tensor = found?.weights['params']?.['w'] ?? tf.scalar(0);
  const random = found ? Random.fromState(found.state as RandomState) : new Random(1);

  while (step < STEPS) {
    if (await run.poll()) {
      await run.saveCheckpoint(step, { params: { w } }, random.state());
      throw run.interruption(step);
    }
    w = w.add(random.normal());
    step++;
    await run.metrics({ step, w: w.dataSync()[0] ?? 0 });
    if (step % 6 === 0) await run.saveCheckpoint(step, { params: { w } }, random.state());
    process.stdout.write(`step ${step}\n`);
    if (argv.includes('--slow')) await new Promise((resolve) => setTimeout(resolve, 100));
  }
  await run.writeSummary({ w: w.dataSync()[0] });
  run.close();
});
