/**
 * The one place that imports TensorFlow.js. In Node the package is CommonJS and comes as a default export; its build for
 * bundlers has named exports only, so they get `tf.browser.ts` in place of this file (package.json, `exports` and `imports`).
 */
export { default as tf } from '@tensorflow/tfjs';
