import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { publishedPackages, ROOT, workspacePackages, type Manifest } from './packages.js';
import { tarballFaults } from './tarball-faults.js';

const published = publishedPackages();
const versions = new Map(workspacePackages().map(({ manifest }) => [manifest.name, manifest.version]));

describe.each(published.map((each) => [each.manifest.name, each] as const))('%s', (_name, { dir, manifest }) => {
  it('says what a registry and its users want to know', () => {
    expect(manifest).toMatchObject({
      version: expect.stringMatching(/^\d+\.\d+\.\d+$/),
      description: expect.any(String),
      license: expect.stringMatching(/^MIT/),
      engines: { node: '>=20' },
      files: expect.any(Array),
      sideEffects: expect.anything(),
      type: 'module',
    });
    expect(readFileSync(join(dir, 'LICENSE'), 'utf8')).toBe(readFileSync(join(ROOT, 'LICENSE'), 'utf8'));
    expect(readFileSync(join(dir, 'README.md'), 'utf8')).toMatch(new RegExp(`^# ${manifest.name}\n`));
  });

  it('asks for the versions that stand beside it', () => {
    for (const [name, range] of Object.entries(manifest.dependencies ?? {})) {
      const alias = /^npm:(@?[^@]+)@(.*)$/.exec(range);
      const version = versions.get(alias?.[1] ?? name);
      if (version !== undefined) expect(`${name}@${alias?.[2] ?? range}`).toBe(`${name}@^${version}`);
    }
  });
});

describe('a tarball', () => {
  const manifest: Manifest = {
    name: 'x',
    version: '1.0.0',
    exports: { '.': { '@styleclip/source': './src/index.ts', import: './dist/index.js' } },
    dependencies: { zod: '^4.0.0', '@scope/y': '^1.0.0' },
  };
  const files = ['package.json', 'README.md', 'LICENSE', 'dist/index.js'];
  const code = `import { z } from 'zod';\nimport 'node:fs';\nexport * from './other.js';\nconst y = await import('@scope/y/deep');`;

  it('passes when all is there', () => {
    expect(tarballFaults(manifest, files, () => code)).toEqual([]);
    const testing = { './testing': { '@styleclip/source': './src/testing/index.ts' } };
    expect(
      tarballFaults({ ...manifest, exports: { ...(manifest.exports as object), ...testing } }, files, () => code),
    ).toEqual([]);
  });

  it.each([
    ['a lacking licence', manifest, files.slice(0, 2).concat('dist/index.js'), code, 'LICENSE is missing'],
    ['a test', manifest, [...files, 'dist/a.test.js'], code, 'dist/a.test.js is for developers only'],
    [
      'a helper of tests',
      manifest,
      [...files, 'dist/testing/a.d.ts'],
      code,
      'dist/testing/a.d.ts is for developers only',
    ],
    ['a fixture', manifest, [...files, 'fixtures/a.pt'], code, 'fixtures/a.pt is for developers only'],
    ['an export without a file', manifest, files.slice(0, 3), code, './dist/index.js, which is missing'],
    ['a version that is none', { ...manifest, dependencies: { zod: '*', '@scope/y': '1' } }, files, code, '"zod": "*"'],
    ['an import without a dependency', { ...manifest, dependencies: { zod: '1' } }, files, code, 'imports @scope/y'],
  ])('is refused for %s', (_what, itsManifest, itsFiles, itsCode, fault) => {
    expect(tarballFaults(itsManifest, itsFiles, () => itsCode)).toEqual([expect.stringContaining(fault)]);
  });
});

describe('commands', () => {
  it('never pass through a shell', () => {
    const manifests = [...workspacePackages().map(({ manifest }) => manifest), rootManifest()];
    const targets = manifests.flatMap(({ name, nx }) =>
      Object.entries(nx?.targets ?? {}).map(([target, { executor, command }]) => ({ name, target, executor, command })),
    );
    const commands = targets.filter(({ target }) => !['test', 'lint', 'typecheck', 'build'].includes(target));
    expect(commands.length).toBeGreaterThan(10);
    for (const { name, target, executor } of commands)
      expect(`${name} ${target} ${executor}`).toMatch(/ \.\/tools:cli$/);
  });
});

function rootManifest(): Manifest {
  return JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as Manifest;
}
