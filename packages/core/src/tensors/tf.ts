/** TensorFlow.js, as the engine hands it out: every package imports it from here, so that it is loaded once and in one way. */
export { tf } from '@styleclip/jit/tf';
