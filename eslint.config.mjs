/**
 * Lint rules for the whole workspace.
 *
 * The important one is the module boundary: `jit <- core <- {checkpoints, avatars, optimize, train-mapper, directions}
 * <- eval`. A method never imports another one. Each package carries one tag, `package:<name>`, in its package.json.
 */
import { builtinModules } from 'node:module';
import eslint from '@eslint/js';
import nx from '@nx/eslint-plugin';
import tseslint from 'typescript-eslint';

/** What each package may import, besides packages from the registry. */
const arrows = {
  canvas: [],
  jit: [],
  core: ['jit', 'canvas'],
  bench: ['core'],
  checkpoints: ['core'],
  avatars: ['core'],
  optimize: ['core'],
  'train-mapper': ['core'],
  directions: ['core'],
  eval: ['core', 'checkpoints', 'avatars', 'optimize', 'train-mapper', 'directions'],
};

const depConstraints = Object.entries(arrows).map(([name, imports]) => ({
  sourceTag: `package:${name}`,
  onlyDependOnLibsWithTags: [name, ...imports].map((other) => `package:${other}`),
}));

const SEAM = {
  regex: '^@tensorflow/tfjs(?!-backend-wasm)',
  message: "Import tf from '@styleclip/core' (in jit: from '#tf').",
};
const NODE = {
  regex: `^(node:|(${builtinModules.join('|')})(/|$))`,
  message: 'This part of core runs in a browser, too.',
};
const AROUND = {
  regex: '/(files|experiment|pictures|relevance|latents|measure|testing)/',
  message: 'This part of core runs in a browser, too; what touches files, runs and pictures stands around it.',
};

export default tseslint.config(
  { ignores: ['**/dist/', '**/out-tsc/', '**/node_modules/', 'runs/', 'models/', 'datasets/', '.nx/'] },
  eslint.configs.recommended,
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.recommendedTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      // Numbers and shapes belong in messages.
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        { allowNumber: true, allowBoolean: true, allowArray: true },
      ],
      // An async function without `await` still promises; interfaces ask for that.
      '@typescript-eslint/require-await': 'off',
      // `tf.mul(a, b) as tf.Tensor4D` decides the generic result type; the rule takes such assertions for idle ones.
      '@typescript-eslint/no-unnecessary-type-assertion': 'off',
      // `x == null` means null or undefined.
      // Text that is cleaned of control characters names them.
      'no-control-regex': 'off',
      eqeqeq: ['error', 'always', { null: 'ignore' }],
      'prefer-const': 'error',
    },
  },
  {
    files: ['packages/**/*.ts'],
    plugins: { '@nx': nx },
    rules: {
      '@nx/enforce-module-boundaries': [
        'error',
        {
          // jit's own name for TensorFlow.js, which package.json resolves to one file in Node and another in bundles.
          allow: ['#tf'],
          enforceBuildableLibDependency: false,
          // A package that is loaded on demand in one file may be imported as usual in another (a test, say).
          checkDynamicDependenciesExceptions: ['.*'],
          depConstraints,
        },
      ],
    },
  },
  {
    files: ['**/*.test.ts'],
    rules: {
      // Tests look into values whose shape they have just asserted.
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-non-null-assertion': 'off',
    },
  },
  {
    // The engine's seam: TensorFlow.js is loaded in one place and in one way, for Node and for bundlers.
    files: ['packages/**/*.ts'],
    ignores: ['packages/jit/src/tf.ts', 'packages/jit/src/tf.browser.ts'],
    rules: { 'no-restricted-imports': ['error', { patterns: [SEAM] }] },
  },
  {
    // What `@styleclip/core/models` holds runs anywhere, a browser too. packages/core/src/models.test.ts follows the imports.
    files: ['packages/core/src/{tensors,models,losses,optim}/**/*.ts', 'packages/core/src/{models,errors}.ts'],
    ignores: ['**/*.test.ts'],
    rules: { 'no-restricted-imports': ['error', { patterns: [SEAM, NODE, AROUND] }] },
  },
  {
    files: ['**/*.{cjs,mjs,js}'],
    languageOptions: {
      globals: { require: 'readonly', module: 'writable', process: 'readonly', console: 'readonly', URL: 'readonly' },
    },
  },
);
