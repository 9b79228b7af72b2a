/**
 * `npm run pack:check`: does what would be published work for a stranger?
 *
 * Packs every published package, looks into the tarballs, installs them by name into an empty folder outside the workspace
 * (from a registry on this machine; other packages come from npm's), and there imports every entry, runs the command lines, draws a chart, runs the
 * examples of the READMEs and lets TypeScript read the types. Wants `dist` to be built and a network; takes about a minute.
 */
import { execFile, execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { publishedPackages, ROOT, type Package } from './packages.js';
import { tarballFaults, targets } from './tarball-faults.js';
import { openRegistry, type Tarball } from './tiny-registry.js';

/** Packages whose README's JavaScript runs in seconds. */
const EXAMPLES = ['jit', 'core', 'checkpoints', 'avatars'];

/** What `npm pack --json` says of a tarball. */
interface Packed {
  filename: string;
  integrity: string;
  size: number;
  files: { path: string }[];
}

const faults: string[] = [];
const folder = mkdtempSync(join(tmpdir(), 'styleclip-pack-'));
try {
  const tarballs = publishedPackages().map((published) => pack(published));
  if (faults.length === 0) {
    await install(tarballs);
    tryOut();
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
for (const fault of faults) process.stderr.write(`error: ${fault}\n`);
process.exitCode = faults.length === 0 ? 0 : 1;

/** Packs one package and looks into the tarball. */
function pack({ dir, manifest }: Package): Tarball {
  const json = execFileSync('npm', ['pack', '--json', '--pack-destination', folder], {
    cwd: dir,
    encoding: 'utf8',
    shell: process.platform === 'win32', // npm is a script there
  });
  const [packed] = JSON.parse(json) as Packed[];
  if (!packed) throw new Error(`npm pack said nothing about ${dir}`);
  const files = packed.files.map(({ path }) => path);
  for (const fault of tarballFaults(manifest, files, (path) => readFileSync(join(dir, path), 'utf8'))) {
    faults.push(`${manifest.name}: ${fault}`);
  }
  process.stdout.write(
    `${manifest.name}@${manifest.version}: ${files.length} files, ${Math.ceil(packed.size / 1000)} kB\n`,
  );
  return { path: join(folder, packed.filename), integrity: packed.integrity, manifest };
}

/** Makes the stranger's project. Install scripts stay off, as in this workspace: they download what only GPUs need. */
async function install(tarballs: readonly Tarball[]): Promise<void> {
  const started = performance.now();
  const registry = await openRegistry(tarballs);
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ name: 'stranger', private: true, type: 'module' }));
  writeFileSync(
    join(folder, '.npmrc'),
    `@styleclip:registry=${registry.url}\nignore-scripts=true\naudit=false\nfund=false\n`,
  );
  try {
    await promisify(execFile)(
      'npm',
      ['install', '--loglevel=error', ...tarballs.map(({ manifest }) => manifest.name)],
      {
        cwd: folder,
        shell: process.platform === 'win32',
      },
    );
  } finally {
    registry.close();
  }
  process.stdout.write(`installed in ${Math.round((performance.now() - started) / 1000)} s\n`);
}

function tryOut(): void {
  const specifiers = publishedPackages().flatMap(({ manifest }) => entryPoints(manifest.name, manifest.exports));
  expectToRun(`imports ${specifiers.join(', ')}`, [
    '--input-type=module',
    '--eval',
    specifiers.map((name) => `await import(${JSON.stringify(name)});`).join('\n'),
  ]);
  expectToRun('draws a chart on the canvas that npm chose', [
    '--input-type=module',
    '--eval',
    `import { createRequire } from 'node:module';
     import { readFileSync } from 'node:fs';
     import { renderLineChart } from '@styleclip/core/pictures';
     const charts = createRequire(createRequire(import.meta.url).resolve('chartjs-node-canvas'));
     const { name } = JSON.parse(readFileSync(charts.resolve('canvas/package.json')));
     if (name !== '@styleclip/canvas') throw new Error('chartjs-node-canvas got ' + name);
     const png = await renderLineChart({ title: 'x', x: [0, 1], series: [{ name: 'y', y: [0, 1] }] });
     if (png.length < 1000) throw new Error('no picture');`,
  ]);
  for (const { manifest } of publishedPackages()) {
    for (const path of Object.values(manifest.bin ?? {})) {
      expectToRun(`${manifest.name}: ${path} --help`, [join(folder, 'node_modules', manifest.name, path), '--help']);
    }
  }
  mkdirSync(join(folder, 'models'));
  cpSync(join(ROOT, 'models/avatars'), join(folder, 'models/avatars'), { recursive: true });
  cpSync(join(ROOT, 'packages/checkpoints/fixtures/stylegan2-small.pt'), join(folder, 'stylegan2.pt'));
  for (const { dir, manifest } of publishedPackages()) {
    if (!EXAMPLES.some((name) => dir === join(ROOT, 'packages', name))) continue;
    const [, example] = /```js\n(.*?)```/s.exec(readFileSync(join(dir, 'README.md'), 'utf8')) ?? [];
    if (example === undefined) faults.push(`${manifest.name}: its README has no example`);
    else expectToRun(`${manifest.name}: the README's example`, ['--input-type=module', '--eval', example]);
  }
  // No Node types are given: a stranger may have none.
  const imports = specifiers.map((name, i) => `import * as m${i} from '${name}'; export const t${i}: object = m${i};`);
  writeFileSync(join(folder, 'types.mts'), `${imports.join('\n')}\n`);
  expectToRun('has types', [
    createRequire(import.meta.url).resolve('typescript/bin/tsc'),
    ...'--noEmit --strict --skipLibCheck --target ES2022 --module NodeNext types.mts'.split(' '),
  ]);
}

/** What can be imported of a package; an export for this workspace alone (helpers of tests) leads nowhere outside. */
function entryPoints(name: string, exports: unknown): string[] {
  if (typeof exports !== 'object' || exports === null) return [];
  return Object.entries(exports).flatMap(([path, target]) =>
    targets(target).length > 0 ? [name + path.slice(1)] : [],
  );
}

/** Runs Node in the stranger's folder; a failure is a fault. */
function expectToRun(what: string, args: readonly string[]): void {
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd: folder, encoding: 'utf8' });
  process.stdout.write(`${status === 0 ? 'ok' : 'FAILED'}: ${what}\n`);
  if (status !== 0) faults.push(`${what}: exit code ${status}\n${stdout}${stderr}`);
}
