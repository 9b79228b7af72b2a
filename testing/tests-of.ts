/**
 * How tests run here: beside the code, each file in a process of its own, on sources.
 *
 * The export condition `@styleclip/source` makes `@styleclip/*` mean the TypeScript sources of this tree, so nothing
 * has to be built before a test. It is set for Vite's resolver and, as a flag, for Node itself (workers that a test
 * starts inherit it).
 *
 * The workspace's own vitest.config.ts runs everything in one go; each package has one for itself, so that Nx can run it
 * alone and remember the outcome.
 */
import { fileURLToPath } from 'node:url';
import { defaultServerConditions } from 'vite';
import { defineConfig, type ViteUserConfig } from 'vitest/config';

const conditions = ['@styleclip/source', ...defaultServerConditions];

/** The configuration for the tests of some folders, given from the workspace's root; globs are allowed. */
export function testsOf(...folders: string[]): ViteUserConfig {
  return defineConfig({
    // Wherever vitest is started, paths are the workspace's.
    root: fileURLToPath(new URL('..', import.meta.url)),
    resolve: { conditions },
    ssr: { resolve: { conditions, externalConditions: ['@styleclip/source', 'node'] } },
    test: {
      include: folders.map((folder) => `${folder}/**/*.test.ts`),
      setupFiles: ['testing/allclose.ts'],
      pool: 'forks',
      execArgv: ['--conditions=@styleclip/source'],
      // Numerical tests run whole networks; two cores that are busy with a training make them several times slower.
      testTimeout: 120_000,
      hookTimeout: 120_000,
      // TensorFlow.js greets every Node process with an advertisement of its native engine.
      onConsoleLog: (log) => (log.includes('Hi, looks like you are running TensorFlow.js') ? false : undefined),
    },
  });
}
