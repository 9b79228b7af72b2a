// Looks at the folder that a mapper training left: every file is there, every number is one, and training helped.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const dir = process.argv[2];
const problems = [];

for (const file of [
  'config.yaml',
  'environment.json',
  'metrics.jsonl',
  'summary.json',
  'before-after.png',
  'losses.png',
  'best.safetensors',
]) {
  if (!existsSync(join(dir, file))) problems.push(`${file} is missing`);
}

if (problems.length === 0) {
  const summary = JSON.parse(readFileSync(join(dir, 'summary.json'), 'utf8'));
  for (const key of ['hit', 'leak', 'identity', 'clipGain', 'seconds', 'stepsPerSecond']) {
    if (!Number.isFinite(summary[key])) problems.push(`summary.json: "${key}" is ${summary[key]}, not a number`);
  }
  if (!(summary.clipGain > 0))
    problems.push(`summary.json: the pictures came no nearer to the prompt, clipGain ${summary.clipGain}`);
  if (!(summary.identity > 0.5)) problems.push(`summary.json: the person was lost, identity ${summary.identity}`);
}

for (const problem of problems) console.error(`${dir}: ${problem}`);
process.exitCode = problems.length === 0 ? 0 : 1;
