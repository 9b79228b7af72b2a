/** What bundlers get in place of `tf.ts`: TensorFlow.js's ES modules have no default export. */
export * as tf from '@tensorflow/tfjs';
