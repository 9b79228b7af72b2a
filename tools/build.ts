/**
 * `npm run build`: each published package's `dist`, by its tsconfig.build.json, which leaves tests out.
 *
 * Old output goes first, so that nothing of a module that was renamed stays behind and gets into a tarball.
 */
import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { publishedPackages, ROOT } from './packages.js';

for (const { dir } of publishedPackages()) rmSync(join(dir, 'dist'), { recursive: true, force: true });

const tsc = createRequire(import.meta.url).resolve('typescript/bin/tsc');
const { status } = spawnSync(process.execPath, [tsc, '--build', 'tsconfig.build.json'], {
  cwd: ROOT,
  stdio: 'inherit',
});
process.exitCode = status ?? 1;
