/**
 * One test run for the whole workspace: tests sit beside the code they test.
 *
 * The export condition `@styleclip/source` makes `@styleclip/*` mean the TypeScript sources of this tree, so nothing
 * has to be built before a test. It is set for Vite's resolver and, as a flag, for Node itself (workers that a test
 * starts inherit it).
 */
import { defineConfig } from 'vitest/config';
import { defaultServerConditions } from 'vite';

const conditions = ['@styleclip/source', ...defaultServerConditions];

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions, externalConditions: ['@styleclip/source', 'node'] } },
  test: {
    include: ['packages/*/src/**/*.test.ts', 'testing/**/*.test.ts'],
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
